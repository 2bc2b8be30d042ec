//! What is read is never written over, however it is spelled.

use super::{FILES, Folder, POLICY, writers};
use std::fs;

/// Every way to name a file of the folder that is called by its plain name.
fn spellings(folder: &Folder, name: &str) -> Vec<String> {
    let mut all = vec![name.to_string(), format!("./{name}"), format!("below/../{name}")];
    all.push(folder.0.join(name).to_string_lossy().into_owned());
    #[cfg(unix)]
    {
        let link = |path: &str, to: &str| {
            let path = folder.0.join(path);
            if !path.exists() {
                std::os::unix::fs::symlink(to, path).expect("a link");
            }
        };
        link("linked", ".");
        link(&format!("below/{name}"), &format!("../{name}"));
        all.extend([format!("linked/{name}"), format!("below/{name}")]);
    }
    let hard = format!("below/hard-{name}");
    if !folder.0.join(&hard).exists() {
        fs::hard_link(folder.0.join(name), folder.0.join(&hard)).expect("a link");
    }
    all.push(hard);
    all
}

#[test]
fn what_is_read_is_not_written_over_by_any_command_however_it_is_spelled() {
    let folder = Folder::new("own_input");
    fs::create_dir(folder.0.join("below")).expect("a folder");
    FILES.iter().for_each(|(name, _)| drop(spellings(&folder, name)));
    let names = folder.names();
    let mut tried = 0;
    for writer in writers().iter().filter(|writer| writer.args.contains(&"OUT")) {
        for input in POLICY.iter().chain(writer.reads) {
            for spelling in spellings(&folder, input) {
                let args = writer.with_out(&spelling);
                let (code, out, err) = folder.run(&args);
                assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
                assert!(err.contains("is read, and would be written over"), "{args:?}: {err}");
                assert!(err.contains("name another file"), "{args:?}: {err}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(folder.names(), names, "nothing is left behind");
    for (name, text) in FILES {
        assert_eq!(folder.get(name), text.as_bytes(), "{name}");
    }
}

/// The names of its files are known before they are written.
#[test]
fn examples_are_not_written_over_facts_that_are_read() {
    let folder = Folder::new("examples");
    let diff = |facts: &str, examples: &str| {
        folder.run(&["diff", "p.comity", "--with", "later.comity", "--facts", facts, "--examples", examples])
    };
    let (code, _, err) = diff("g.yaml", "made");
    assert_eq!(code, 1, "{err}");
    let name = "tariff-1.new.yaml";
    assert!(folder.0.join("made").join(name).exists());
    folder.put(&format!("made/{name}"), FILES[5].1);
    let mut folders = vec!["made", "./made/", "made/../made"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("made", folder.0.join("linked")).expect("a link");
        fs::create_dir(folder.0.join("other")).expect("a folder");
        std::os::unix::fs::symlink(format!("../made/{name}"), folder.0.join("other").join(name))
            .expect("a link");
        folders.extend(["linked", "other"]);
    }
    fs::create_dir(folder.0.join("hard")).expect("a folder");
    fs::hard_link(folder.0.join("made").join(name), folder.0.join("hard").join(name)).expect("a link");
    folders.push("hard");
    for examples in folders {
        let (code, out, err) = diff(&format!("made/{name}"), examples);
        assert_eq!((code, out.as_str()), (2, ""), "{examples}: {err}");
        assert!(err.contains("is read, and would be written over"), "{examples}: {err}");
        assert_eq!(folder.get(&format!("made/{name}")), FILES[5].1.as_bytes());
    }
}

#[test]
fn two_outputs_are_not_one_file() {
    let folder = Folder::new("two_outputs");
    folder.put("below/there.csv", "as it was");
    fs::hard_link(folder.0.join("below/there.csv"), folder.0.join("hard.csv")).expect("a link");
    for (one, other) in [
        ("new.csv", "./new.csv"),
        ("below/new.csv", "below/../below/new.csv"),
        ("below/there.csv", "hard.csv"),
    ] {
        let (code, _, err) = folder.run(&["run", "p.comity", "rows.csv", "--out", one, "--rejects", other]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("which is written already"), "{err}");
        assert_eq!(folder.get("below/there.csv"), b"as it was");
        assert!(!folder.0.join("new.csv").exists());
    }
}

/// `comity run p.comity - < rows.csv`
#[test]
fn what_stands_on_standard_input_is_read_too() {
    let folder = Folder::new("stdin");
    let rows = fs::File::open(folder.0.join("rows.csv")).expect("a file");
    let ran = folder.command(&["run", "p.comity", "-", "--out", "rows.csv"]).stdin(rows).output();
    let (code, _, err) = super::told(ran.expect("it starts"));
    assert_eq!((code, folder.get("rows.csv")), (2, FILES[7].1.as_bytes().to_vec()), "{err}");
}

/// A link keeps leading where it led; who may read a file stays as it was; what is read-only stands.
#[cfg(unix)]
#[test]
fn an_output_takes_the_place_of_what_was_there() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("place");
    folder.put("below/old.csv", "as it was");
    let mode = |mode| fs::set_permissions(folder.0.join("below/old.csv"), fs::Permissions::from_mode(mode));
    mode(0o600).expect("a mode");
    symlink("below/old.csv", folder.0.join("link.csv")).expect("a link");
    symlink("below/new.csv", folder.0.join("dangling.csv")).expect("a link");
    for name in ["link.csv", "dangling.csv"] {
        let (code, _, err) = folder.run(&["run", "p.comity", "rows.csv", "--out", name]);
        assert_eq!(code, 0, "{err}");
        assert!(fs::symlink_metadata(folder.0.join(name)).expect("a link").is_symlink());
    }
    assert_eq!(folder.get("below/old.csv"), folder.get("below/new.csv"));
    let about = fs::metadata(folder.0.join("below/old.csv")).expect("a file");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    mode(0o400).expect("a mode");
    let (code, _, err) = folder.run(&["consolidate", "p.comity", "--out", "link.csv"]);
    assert!(code == 2 && err.contains("`link.csv` cannot be written: it is read-only"), "{err}");
}
