//! The fenced blocks of Markdown.

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
