//! From files to a checked policy, on one screen: read, take the rules out of a Markdown file, parse, follow `use`,
//! check.

use crate::check::{Checked, check};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Policy;
use crate::syntax;
use crate::text::{Files, SourceId, Sources, Span, beside};
use crate::tree::{Decl, File};

/// A policy that may be run, and the lints that were said of it.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub policy: Policy,
    pub lints: Vec<Diagnostic>,
}

/// Reads the policy whose root is the file at `path`. Every text read is entered into `sources`.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text; lints among it.
pub fn compile(path: &str, files: &dyn Files, sources: &mut Sources) -> Result<Compiled, Vec<Diagnostic>> {
    let mut said = Vec::new();
    let mut trees = Vec::new();
    let mut open = Vec::new();
    read(path, None, files, sources, &mut open, &mut trees, &mut said);
    let Checked { policy, said: more } = check(&trees, files, sources);
    let sound = said.is_empty();
    // A declaration that does not parse is missing from the tree: that its name is unknown is no news.
    // Nor are lints of what is left.
    let news =
        |one: &Diagnostic| sound || (one.is_error() && (one.fix.is_some() || !one.code.is_about_names()));
    said.extend(more.into_iter().filter(news));
    said.sort_by_key(Diagnostic::span);
    match policy {
        Some(policy) if sound => Ok(Compiled { policy, lints: said }),
        _ => Err(said),
    }
}

/// Whether a text has an `agreement` line, which makes its file the root of a folder.
pub fn is_root(name: &str, text: &str) -> bool {
    let text = if name.ends_with(".md") { syntax::literate(text) } else { text.to_string() };
    let (tree, _) = syntax::file_lossy(SourceId::default(), &text);
    tree.items.iter().any(|item| matches!(item.kind, Decl::Agreement(_)))
}

/// Reads one file and, before its own tree is put down, those it uses. `open` are the files being read.
fn read(
    path: &str,
    used_at: Option<Span>,
    files: &dyn Files,
    sources: &mut Sources,
    open: &mut Vec<String>,
    trees: &mut Vec<File>,
    said: &mut Vec<Diagnostic>,
) {
    if open.iter().any(|known| known == path) {
        // Named in the file that is read now, or somewhere up its chain of `use`s; a second `use` of a file that is
        // read already brings nothing new.
        return;
    }
    let text = match files.read(path) {
        Ok(text) => text,
        Err(why) => {
            let message = format!("{} cannot be read: {why}", tick(path));
            said.push(match used_at {
                Some(span) => Diagnostic::error(Code::FileUnreadable, span, message)
                    .help("paths are seen from the file in which they stand"),
                None => Diagnostic::general(Code::FileUnreadable, message),
            });
            return;
        }
    };
    open.push(path.to_string());
    let rules = if path.ends_with(".md") { syntax::literate(&text) } else { text.clone() };
    let source = sources.add(path, text);
    let (tree, errors) = syntax::file_lossy(source, &rules);
    said.extend(errors);
    for item in &tree.items {
        if let Decl::Use(other) = &item.kind {
            read(&beside(path, &other.text), Some(other.span), files, sources, open, trees, said);
        }
    }
    trees.push(tree);
}
