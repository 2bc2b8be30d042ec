//! Running commands in this process.

use comity::cli::{Console, Disk, Kind, Terminal, World, run};
use comity::text::Files;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a command left behind.
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

/// `comity ARGS` on the real files, as if started in the root of the project.
pub fn comity(args: &[&str]) -> Ran {
    comity_in(&Disk, args)
}

pub fn comity_in(world: &dyn World, args: &[&str]) -> Ran {
    let args: Vec<String> = std::iter::once("comity").chain(args.iter().copied()).map(String::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(&args, &mut Console::new(&mut out, &mut err, world, Terminal::NONE));
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: exit.code(), out: text(out), err: text(err) }
}

/// Files in memory.
#[derive(Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Memory {
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Memory {
        self.0.insert(path.to_string(), text.into());
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_string())
    }
}

impl World for Memory {
    fn kind(&self, path: &str) -> Kind {
        if self.0.contains_key(path) { Kind::File } else { Kind::Missing }
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }

    fn stdin(&self) -> Result<String, String> {
        self.read("-")
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn write(&self, _: &str, _: &str) -> Result<(), String> {
        Err("permission is denied".to_string())
    }
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

/// A fenced block of a Markdown file.
pub struct Block {
    /// What follows the fence: `comity`, `console`, `csv name=rates.csv`.
    pub info: String,
    pub text: String,
    pub line: usize,
    /// The last heading above it.
    pub under: String,
}

impl Block {
    pub fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or("")
    }

    /// The second word: `ignore-fragment`, `name=rates.csv`.
    pub fn mark(&self) -> Option<&str> {
        self.info.split_whitespace().nth(1)
    }

    /// The file that it is: `csv name=rates.csv`.
    pub fn file(&self) -> Option<&str> {
        self.mark().and_then(|mark| mark.strip_prefix("name="))
    }
}

pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut under = String::new();
    for (number, line) in markdown.lines().enumerate() {
        match &mut open {
            None => {
                if let Some(info) = line.strip_prefix("```") {
                    let (info, under) = (info.trim().to_string(), under.clone());
                    open = Some(Block { info, text: String::new(), line: number + 1, under });
                } else if line.starts_with('#') {
                    under = line.trim_start_matches('#').trim().to_string();
                }
            }
            Some(block) => {
                if line.trim_end() == "```" {
                    blocks.extend(open.take());
                } else {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
        }
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}
