//! From files to a checked policy, on one screen: read, take the rules out of a Markdown file, parse, follow `use`,
//! follow `amends` and change the trees, check.

use crate::amend::{self, TextPart};
use crate::check::{Checked, check};
use crate::diag::{Code, Diagnostic, tick};
use crate::limits::PolicyFiles;
use crate::policy::Policy;
use crate::syntax;
use crate::text::{Files, SourceId, Sources, Span, StandIn, beside};
use crate::tree::{Decl, File};
use std::collections::BTreeSet;

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
    compile_with(path, &[], files, sources)
}

/// The same with more amendments on top, the first of them first; whatever base they name, it is this policy.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile_with(
    path: &str,
    with: &[String],
    files: &dyn Files,
    sources: &mut Sources,
) -> Result<Compiled, Vec<Diagnostic>> {
    let files = &PolicyFiles::new(files);
    PolicyTexts::read(path, with, files, sources).compile(files, sources)
}

/// The same with the files as they are written, before they are amended: those of a base first, in each text the root last.
pub fn compile_written(
    path: &str,
    files: &dyn Files,
    sources: &mut Sources,
) -> (Vec<TextPart>, Result<Compiled, Vec<Diagnostic>>) {
    let files = &PolicyFiles::new(files);
    let texts = PolicyTexts::read(path, &[], files, sources);
    let written = texts.layers.iter().flatten().cloned().collect();
    (written, texts.compile(files, sources))
}

/// The files of a policy as they are written: of each amendment its own.
struct PolicyTexts {
    layers: Vec<Vec<TextPart>>,
    said: Vec<Diagnostic>,
    lints: Vec<Diagnostic>,
}

impl PolicyTexts {
    fn read(path: &str, with: &[String], files: &PolicyFiles<'_>, sources: &mut Sources) -> PolicyTexts {
        let mut reader = FileReader { files, sources, said: Vec::new(), lints: Vec::new() };
        let mut layers = reader.layers(path);
        for amendment in with {
            reader.amendment(amendment, &mut layers);
        }
        PolicyTexts { layers, said: reader.said, lints: reader.lints }
    }

    fn compile(self, files: &PolicyFiles<'_>, sources: &mut Sources) -> Result<Compiled, Vec<Diagnostic>> {
        let PolicyTexts { layers, mut said, lints } = self;
        let layers = layers.into_iter().map(trees).collect::<Vec<_>>();
        said.extend(layers.iter().flat_map(|own| amend::misplaced(own)));
        if let Some(why) = files.exceeded() {
            return Err(vec![too_large(why)]);
        }
        let mut layers = layers.into_iter();
        let mut trees = layers.next().unwrap_or_default();
        // Of a text that cannot be read in full it is not known what an amendment finds there.
        let amending = layers.len() > 0;
        for own in layers.take_while(|_| said.is_empty()) {
            match amend::amended(trees, &own, sources) {
                Ok(amended) => trees = amended,
                Err(more) => return Err(sorted(more, sources)),
            }
        }
        if amending && !said.is_empty() {
            return Err(sorted(said, sources));
        }
        let Checked { policy, said: more } = check(&trees, files, sources);
        if let Some(why) = files.exceeded() {
            return Err(vec![too_large(why)]);
        }
        let sound = said.is_empty();
        let unread = Unread::of(&trees, &said, sources);
        said.extend(more.into_iter().filter(|one| unread.leaves(one, sources)));
        said.extend(lints);
        let said = sorted(said, sources);
        match policy {
            Some(policy) if sound => Ok(Compiled { policy, lints: said }),
            _ => Err(said),
        }
    }
}

/// What a text that cannot be read in full may hold: nothing follows from it.
struct Unread {
    /// Nothing is missing.
    sound: bool,
    /// A whole file is missing.
    files: bool,
    /// The words of the stretches that could not be read, one of which may declare a name.
    words: BTreeSet<String>,
}

impl Unread {
    fn of(trees: &[File], said: &[Diagnostic], sources: &Sources) -> Unread {
        let stretches = trees.iter().flat_map(|tree| &tree.unread);
        Unread {
            sound: said.is_empty(),
            files: said.iter().any(|one| matches!(one.code, Code::FileUnreadable | Code::TooLarge)),
            words: stretches.flat_map(|span| names_in(sources.text(*span))).collect(),
        }
    }

    /// Whether a message of the checker is news: lints are none while anything is missing, nor is an unknown name that may
    /// be declared in what is.
    fn leaves(&self, one: &Diagnostic, sources: &Sources) -> bool {
        if self.sound {
            return true;
        }
        let missing = || {
            let text = one.span().map_or("", |span| sources.text(span));
            self.files || syntax::words(text).any(|word| self.words.contains(word))
        };
        one.is_error() && !(one.code.is_about_names() && missing())
    }
}

/// The words of a text, and what they are together: a name may be written with a hyphen or in two words.
fn names_in(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = syntax::words(text).collect();
    (1..=3).flat_map(|long| words.windows(long)).map(|words| words.join("_")).collect()
}

fn too_large(why: String) -> Diagnostic {
    Diagnostic::general(Code::TooLarge, why)
        .help("leave out what its rules do not need; a schedule is one annex, not one for each line")
}

fn trees(parts: Vec<TextPart>) -> Vec<File> {
    parts.into_iter().map(|part| part.tree).collect()
}

/// The policy of [`compile`] as one text with all amendments done in it, to stand beside the file at `path`: of a Markdown
/// file the prose becomes remarks.
///
/// # Errors
/// What is wrong with the policy, or with the text, which is compiled before it is handed out.
pub fn consolidate(path: &str, files: &dyn Files, sources: &mut Sources) -> Result<String, Vec<Diagnostic>> {
    // Paths are compared, and the same one may be written in several ways.
    let path = beside("", path);
    let amended = compile(&path, files, sources)?.policy;
    let mut again = sources.clone();
    let mut reader = FileReader { files, sources: &mut again, said: Vec::new(), lints: Vec::new() };
    let layers = reader.layers(&path);
    let seat = path.strip_suffix(".md").unwrap_or(&path);
    let text = amend::consolidated(&layers, seat, &again)?;
    let whole = compile(seat, &Instead { path: seat, text: &text, files }, sources)?.policy;
    // A calendar is looked for beside its file, and no path says so.
    if amended.calendars != whole.calendars {
        let message = format!("beside {} there is another calendar than the one that is meant", tick(seat));
        return Err(vec![
            Diagnostic::general(Code::BadCalendar, message)
                .help("copy the folder `calendars` of the file that declares it"),
        ]);
    }
    Ok(text)
}

/// The files, but for one.
struct Instead<'a> {
    path: &'a str,
    text: &'a str,
    files: &'a dyn Files,
}

impl Files for Instead<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.path { Ok(self.text.to_string()) } else { self.files.read(path) }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.files.annex(name)
    }
}

fn sorted(mut said: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    said.sort_by_key(|one| one.span().map(|span| sources.origin(span)));
    said
}

/// Whether a text has an `agreement` line or amends another, which makes its file the root of a folder.
pub fn is_root(name: &str, text: &str) -> bool {
    let text = if name.ends_with(".md") { syntax::literate(text) } else { text.to_string() };
    let (tree, _) = syntax::file_lossy(SourceId::default(), &text);
    amend::amends(&tree).is_some() || tree.items.iter().any(|item| matches!(item.kind, Decl::Agreement(_)))
}

/// Whether a text amends another.
pub fn is_amending(name: &str, text: &str) -> bool {
    let text = if name.ends_with(".md") { syntax::literate(text) } else { text.to_string() };
    amend::amends(&syntax::file_lossy(SourceId::default(), &text).0).is_some()
}

/// The files that a text `use`s, as seen from where it was seen.
pub fn uses(name: &str, text: &str) -> Vec<String> {
    let text = if name.ends_with(".md") { syntax::literate(text) } else { text.to_string() };
    let (tree, _) = syntax::file_lossy(SourceId::default(), &text);
    let used = tree.items.iter().filter_map(|item| match &item.kind {
        Decl::Use(other) => Some(beside(name, &other.text)),
        _ => None,
    });
    used.collect()
}

struct FileReader<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    said: Vec<Diagnostic>,
    lints: Vec<Diagnostic>,
}

impl FileReader<'_> {
    /// The files of the text that amends nothing, then those of each amendment, the last that of `path`. In each the
    /// root is the last.
    fn layers(&mut self, path: &str) -> Vec<Vec<TextPart>> {
        let mut layers: Vec<Vec<TextPart>> = Vec::new();
        let mut roots: Vec<String> = Vec::new();
        let (mut path, mut at) = (path.to_string(), None);
        loop {
            roots.push(path.clone());
            let mut own = Vec::new();
            self.read(&path, at, &mut own);
            let root = own.iter().find(|part| part.path == path);
            let base = root.and_then(|part| amend::amends(&part.tree)).map(|amends| amends.base.clone());
            layers.push(own);
            let Some(base) = base else { break };
            path = beside(&path, &base.text);
            at = Some(base.span);
            if roots.contains(&path) {
                self.said.push(amend::loop_of_amendments(base.span, &path));
                break;
            }
        }
        // What the base uses is the base's, whoever uses it too.
        let mut known: Vec<String> = Vec::new();
        let new = |mut layer: Vec<TextPart>| {
            layer.retain(|part| !known.contains(&part.path));
            known.extend(layer.iter().map(|part| part.path.clone()));
            layer
        };
        layers.into_iter().rev().map(new).collect()
    }

    /// One more layer.
    fn amendment(&mut self, path: &str, layers: &mut Vec<Vec<TextPart>>) {
        let mut own = Vec::new();
        self.read(path, None, &mut own);
        own.retain(|part| !layers.iter().flatten().any(|known| known.path == part.path));
        layers.push(own);
    }

    /// Reads one file and, before its own tree is put down, those it uses.
    fn read(&mut self, path: &str, named_at: Option<Span>, trees: &mut Vec<TextPart>) {
        let mut open = Vec::new();
        self.read_into(path, named_at, &mut open, trees);
    }

    /// `open` are the files that are being read, or have been.
    fn read_into(
        &mut self,
        path: &str,
        named_at: Option<Span>,
        open: &mut Vec<String>,
        trees: &mut Vec<TextPart>,
    ) {
        if open.iter().any(|known| known == path) {
            // Named in the file that is read now, or somewhere up its chain of `use`s; a second `use` of a file that is
            // read already brings nothing new.
            return;
        }
        let text = match self.files.read(path) {
            Ok(text) => text,
            Err(why) => {
                let message = format!("{} cannot be read: {why}", tick(path));
                self.said.push(match named_at {
                    Some(span) => Diagnostic::error(Code::FileUnreadable, span, message)
                        .help("paths are seen from the file in which they stand"),
                    None => Diagnostic::general(Code::FileUnreadable, message),
                });
                return;
            }
        };
        open.push(path.to_string());
        let rules = if path.ends_with(".md") { syntax::literate(&text) } else { text.clone() };
        let source = self.sources.add(path, text);
        let (tree, errors) = syntax::file_lossy(source, &rules);
        self.lints.extend(syntax::hidden_text(source, &rules));
        self.said.extend(errors);
        for item in &tree.items {
            if let Decl::Use(other) = &item.kind {
                self.read_into(&beside(path, &other.text), Some(other.span), open, trees);
            }
        }
        trees.push(TextPart { path: path.to_string(), source, tree });
    }
}
