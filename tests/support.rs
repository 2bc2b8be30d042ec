//! Running commands in this process.

use comity::cli::{Console, Disk, Terminal, World, run};
use std::path::{Path, PathBuf};

/// What a command left behind.
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

/// `comity ARGS` on the real files, as if started in the root of the project.
pub fn comity(args: &[&str]) -> Ran {
    comity_in(&Disk::default(), args)
}

pub fn comity_in(world: &dyn World, args: &[&str]) -> Ran {
    let args: Vec<String> = std::iter::once("comity").chain(args.iter().copied()).map(String::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(&args, &mut Console::new(&mut out, &mut err, world, Terminal::NONE));
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: exit.code(), out: text(out), err: text(err) }
}

/// The words of a command line; quotes hold some together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for sign in line.chars() {
        match (sign, quote) {
            ('"' | '\'', None) => {
                quote = Some(sign);
                word.get_or_insert_default();
            }
            (sign, Some(open)) if sign == open => quote = None,
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(sign),
        }
    }
    words.extend(word);
    words
}

/// Every file below a folder, sorted, as paths from the root of the project.
pub fn files_under(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(Path::new(folder), &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the project").flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}
