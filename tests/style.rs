//! The one style, through the program: files are written and what they mean stays the same.

use crate::effort;
use crate::generator::{ANNEXES, Dice, Features, made};
use crate::memory::Memory;
use crate::support::{comity, comity_in};
use std::fs;

/// All files of a folder but those that do not parse, and nothing else.
#[test]
fn files_are_written_in_their_place() {
    let folder = std::env::temp_dir().join(format!("comity-style-{}", std::process::id()));
    let below = folder.join("below");
    fs::create_dir_all(&below).expect("a folder");
    let files = [
        (folder.join("a.comity"), "fact   a:USD\n", "fact a : USD\n"),
        (
            folder.join("b.comity.md"),
            "a   b\n```comity\nfact   a:USD\n```\n",
            "a   b\n```comity\nfact a : USD\n```\n",
        ),
        (folder.join("broken.comity"), "fct   a:USD\n", "fct   a:USD\n"),
        (folder.join("facts.yaml"), "a:   3 USD\n", "a:   3 USD\n"),
        (below.join("c.comity"), "fact c : USD\n", "fact c : USD\n"),
    ];
    for (path, text, _) in &files {
        fs::write(path, text).expect("a file");
    }
    let path = folder.to_string_lossy().into_owned();
    let looked = comity(&["fmt", &path, "--check"]);
    assert_eq!(looked.code, 2, "{}", looked.err);
    assert_eq!(looked.out, format!("{path}/a.comity\n{path}/b.comity.md\n"));
    for (path, text, _) in &files {
        assert_eq!(fs::read_to_string(path).expect("a file"), *text, "--check writes nothing");
    }
    let written = comity(&["fmt", &path]);
    assert_eq!((written.code, written.out.as_str()), (2, ""));
    assert!(written.err.contains("`fct`") && written.err.ends_with("changed 2 files\n"), "{}", written.err);
    for (path, _, wanted) in &files {
        assert_eq!(fs::read_to_string(path).expect("a file"), *wanted, "{}", path.display());
    }
    fs::remove_file(&files[2].0).expect("a file");
    let again = comity(&["fmt", &path]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", ""));
    fs::remove_dir_all(&folder).expect("a folder");
}

#[test]
fn a_text_from_standard_input_is_printed() {
    let world = Memory::default().with("-", "fact   a:USD\n");
    let ran = comity_in(&world, &["fmt", "-"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "fact a : USD\n", ""));
    let page = Memory::default().with("-", "a   b\n");
    let ran = comity_in(&page, &["fmt", "-", "--stdin-name", "page.comity.md"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "a   b\n", ""));
    let broken = Memory::default().with("-", "fct a\n");
    let ran = comity_in(&broken, &["fmt", "-"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
}

/// Clause by clause, by what `diff` takes for the same.
#[test]
fn nothing_changes_in_what_a_policy_means() {
    for seed in 0..effort::times(4, 400) {
        let policy = made(&mut Dice::new(seed), Features::ALL).policy;
        let world = Memory::default().with("-", policy.clone());
        let new = comity_in(&world, &["fmt", "-"]);
        assert_eq!(new.code, 0, "{}", new.err);
        assert_ne!(new.out, policy);
        let mut world = Memory::default().with("old.comity", policy).with("new.comity", new.out);
        for (name, text) in ANNEXES {
            world = world.with(name, text);
        }
        let ran = comity_in(&world, &["diff", "old.comity", "new.comity", "--format", "json"]);
        // Some of the dice go in a circle, and say so.
        if ran.code != 2 {
            assert_eq!(ran.code, 0, "{seed}: {}{}", ran.out, ran.err);
        }
    }
}
