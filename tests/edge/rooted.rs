//! `--root` is a fence around the files of a policy; and `git` reads what is there, without fetching or starting anything.

#![cfg(unix)]

use super::{Folder, told};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const OUTSIDE: &str = "in which `--root` keeps the files of a policy";

#[test]
fn what_texts_name_stays_in_the_root() {
    let folder = Folder::new("rooted");
    folder.put("in/own.comity", "use \"sub/more.comity\"\noutcome o : rate\nrule r: o := 1%\n");
    folder.put("in/sub/more.comity", "fact f : rate\n");
    folder.put("secret.csv", "hts\n3004\n");
    folder.put("in/use.comity", "use \"../part.comity\"\n");
    folder.put("in/annex.comity", "annex a from \"../secret.csv\" (code)\n");
    folder.put("in/amends.comity", "amends \"../p.comity\"\n");
    folder.put(
        "in/absolute.comity",
        format!("annex a from \"{}\" (code)\n", folder.0.join("secret.csv").display()),
    );
    folder.put("in/link.comity", "annex a from \"link.csv\" (code)\n");
    symlink("../secret.csv", folder.0.join("in/link.csv")).expect("a link");
    folder.put("in/folder.comity", "annex a from \"linked/secret.csv\" (code)\n");
    symlink("..", folder.0.join("in/linked")).expect("a link");
    folder.put(
        "in/table.comity",
        "entity entry keyed by line { line : text }\noutcome o : rate otherwise 1%\n",
    );
    folder.put("in/table.yaml", "rows:\n  entry: ../entries.csv\n");
    for name in ["use", "annex", "amends", "absolute", "link", "folder"] {
        let path = format!("in/{name}.comity");
        let (code, _, err) = folder.run(&["--root", "in", "check", &path]);
        assert!(code == 2 && err.contains(OUTSIDE), "{name}: {err}");
    }
    let (code, _, err) = folder.run(&["--root", "in", "eval", "in/table.comity", "in/table.yaml"]);
    assert!(code == 2 && err.contains(OUTSIDE), "{err}");
    let (code, _, err) = folder.run(&["--root", "in", "check", "p.comity"]);
    assert!(code == 2 && err.contains(OUTSIDE), "{err}");
    for root in ["in", "./in/", "in/linked/in", "."] {
        let (code, _, err) = folder.run(&["check", "in/own.comity", "--root", root]);
        assert_eq!((code, err.as_str()), (0, ""), "{root}");
    }
    let (code, _, err) = folder.run(&["--root", "nowhere", "check", "p.comity"]);
    assert!(code == 2 && err.contains("`nowhere` cannot be read"), "{err}");
    let (code, _, err) = folder.run(&["--root", "p.comity", "check", "p.comity"]);
    assert!(code == 2 && err.contains("it is no folder"), "{err}");
}

fn git(folder: &Path, args: &[&str]) {
    let own = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let ran =
        Command::new("git").current_dir(folder).args(own).args(args).output().expect("git is installed");
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// A repository of its own, with two revisions of `s.comity`.
fn repository(folder: &Folder, name: &str) -> std::path::PathBuf {
    let place = folder.0.join(name);
    for rate in [1, 2] {
        folder.put(&format!("{name}/s.comity"), format!("outcome t : rate\nrule r: t := {rate}%\n"));
        folder.put(&format!("{name}/in/u.comity"), "use \"../s.comity\"\n");
        git(&place, &["init", "--quiet"]);
        git(&place, &["add", "."]);
        git(&place, &["commit", "--quiet", "--message", "x"]);
    }
    place
}

#[test]
fn a_revision_stays_in_the_root() {
    let folder = Folder::new("rooted_revision");
    let place = repository(&folder, "here");
    let diff = |root: &str, from: &str, old: &str, new: &str| {
        let mut command = folder.command(&["--root", root, "diff", old, new, "--no-regions"]);
        told(command.current_dir(place.join(from)).output().expect("it starts"))
    };
    for (root, from, old, new) in [
        ("in", ".", "HEAD~1:in/u.comity", "HEAD:in/u.comity"),
        ("in", ".", "HEAD~1:./in/u.comity", "HEAD:in/u.comity"),
        (".", "in", "HEAD~1:in/u.comity", "HEAD:s.comity"),
    ] {
        let (code, _, err) = diff(root, from, old, new);
        assert!(code == 2 && err.contains(OUTSIDE), "{root} {old}: {err}");
    }
    let (code, out, err) = diff(".", ".", "HEAD~1:in/u.comity", "HEAD:in/u.comity");
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
}

/// A clone that left objects out, whose remote is a program; and helpers of every kind.
#[test]
fn a_revision_starts_no_program_and_fetches_nothing() {
    let folder = Folder::new("lazy");
    let far = repository(&folder, "far");
    git(&far, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", far.display());
    git(&folder.0, &["clone", "--quiet", "--filter=blob:none", &url, "near"]);
    let near = folder.0.join("near");
    let touch = |name: &str| format!("touch {}", folder.0.join(format!("ran-{name}")).display());
    for (setting, name) in [
        ("core.fsmonitor", "fsmonitor"),
        ("core.pager", "pager"),
        ("core.sshCommand", "ssh"),
        ("core.askPass", "askpass"),
        ("credential.helper", "credential"),
        ("diff.external", "diff"),
        ("diff.c.textconv", "textconv"),
        ("filter.c.smudge", "smudge"),
    ] {
        git(&near, &["config", setting, &format!("{} #", touch(name))]);
    }
    std::fs::write(near.join(".git/info/attributes"), "*.comity diff=c filter=c\n").expect("written");
    git(&near, &["config", "remote.origin.uploadpack", &format!("{}; git-upload-pack", touch("uploadpack"))]);
    let diff = |old: &str, new: &str| {
        let mut command = folder.command(&["diff", old, new, "--no-regions"]);
        command.env("GIT_EXTERNAL_DIFF", "false").env("GIT_SSH_COMMAND", touch("ssh"));
        told(command.current_dir(&near).output().expect("it starts"))
    };
    let (code, _, err) = diff("HEAD:s.comity", "s.comity");
    assert_eq!((code, err.as_str()), (0, ""));
    let (code, _, err) = diff("HEAD~1:s.comity", "s.comity");
    assert!(code == 2 && err.contains("this clone left it out, and nothing is fetched"), "{err}");
    let ran: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with("ran-")).collect();
    assert_eq!(ran, [""; 0]);
}

/// Each of the files is small, and so is each policy but the last.
#[test]
fn a_policy_of_too_many_files_is_too_large() {
    let policy = |parts: usize| {
        let mut world = crate::memory::Memory::default();
        let mut root = String::new();
        for part in 0..parts {
            let name = format!("part{part}.comity");
            root.push_str(&format!("use \"{name}\"\n"));
            world = world.with(&name, format!("fact f{part} : rate\n"));
        }
        crate::support::comity_in(&world.with("p.comity", root), &["check", "p.comity"])
    };
    assert_eq!(policy(999).code, 0);
    let ran = policy(1_000);
    assert_eq!(ran.code, 2);
    let err = ran.err.replace("\n  │ ", " ");
    assert!(err.starts_with("too-large") && err.contains("is larger than Comity reads: 1000 files"), "{err}");
}
