//! What is open, the policies it belongs to, and what the editor has been told of them.

use super::diagnostics::by_file;
use super::documents::{FolderFiles, OpenTexts};
use super::idle::IdleSearch;
use super::places::{ColumnCount, path_of};
use super::roots::{policy_of_facts, root_of, states_facts};
use super::stated;
use super::view::PolicyView;
use crate::compile::{is_root, uses};
use crate::diag;
use crate::roots::is_policy;
use crate::text::{Files, SourceId};
use gen_lsp_types::{Diagnostic, Position, PublishDiagnosticsParams, Uri};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct DeskSession<'w> {
    pub texts: OpenTexts<'w>,
    pub unit: ColumnCount,
    pub idle: IdleSearch,
    /// What is to be shown to whoever asked for it, in a line, and what is to be written down.
    pub to_show: Vec<(String, String)>,
    /// The root of each text that is open.
    roots: BTreeMap<String, String>,
    /// The policies of the texts that are open, by their roots.
    views: BTreeMap<String, PolicyView>,
    /// Roots whose view is no longer what the texts say.
    stale: BTreeSet<String>,
    /// What was found of each policy since its texts last changed.
    found: BTreeMap<String, Vec<diag::Diagnostic>>,
    /// Whether the messages in the editor are those of the texts.
    told: bool,
    /// With the version of the text they were about.
    published: BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>,
}

impl<'w> DeskSession<'w> {
    pub fn new(files: &'w dyn FolderFiles, unit: ColumnCount) -> DeskSession<'w> {
        DeskSession {
            texts: OpenTexts::new(files),
            unit,
            idle: IdleSearch::new(),
            to_show: Vec::new(),
            roots: BTreeMap::new(),
            views: BTreeMap::new(),
            stale: BTreeSet::new(),
            found: BTreeMap::new(),
            told: true,
            published: BTreeMap::new(),
        }
    }

    /// A text was opened or closed, or a file was changed by others: everything is looked for anew.
    pub fn reordered(&mut self) {
        self.idle.stop();
        self.told = false;
        let open: Vec<String> = self.texts.paths().cloned().collect();
        self.roots.clear();
        for path in open {
            let root = if is_policy(&path) {
                Some(root_of(&path, &self.texts))
            } else if states_facts(&path) {
                policy_of_facts(&path, &self.texts)
            } else {
                None
            };
            self.roots.extend(root.map(|root| (path, root)));
        }
        let wanted: BTreeSet<String> = self.roots.values().cloned().collect();
        self.views.retain(|root, _| wanted.contains(root));
        self.found.retain(|root, _| wanted.contains(root));
        self.stale = wanted;
    }

    /// The text of a path was changed.
    pub fn changed(&mut self, path: &str, before: &str) {
        let after = self.texts.read(path).unwrap_or_default();
        let standing = |text: &str| (is_root(path, text), uses(path, text));
        // Whose part a text is may change with what it says.
        let names_files = |text: &str| ["use", "agreement", "amends"].iter().any(|word| text.contains(word));
        let line_changed = is_policy(path)
            && (names_files(before) || names_files(&after))
            && said_of_files(before) != said_of_files(&after)
            && standing(before) != standing(&after);
        if line_changed {
            return self.reordered();
        }
        self.idle.stop();
        self.told = false;
        let own = self.roots.get(path);
        let reading = self.views.iter().filter(|(_, view)| view.reads(path)).map(|(root, _)| root);
        let stale: Vec<String> = reading.chain(own).cloned().collect();
        for root in stale {
            self.found.remove(&root);
            self.stale.insert(root);
        }
    }

    /// Reads again what is no longer as it was.
    pub fn refresh(&mut self) {
        for root in std::mem::take(&mut self.stale) {
            let view = PolicyView::of(&root, &self.texts, self.unit);
            self.views.insert(root, view);
        }
    }

    pub fn views(&self) -> impl Iterator<Item = &PolicyView> {
        self.views.values()
    }

    /// The policy of a text, and the text in it.
    pub fn view(&mut self, uri: &Uri) -> Option<(&PolicyView, SourceId)> {
        self.refresh();
        let path = path_of(uri)?;
        let view = self.views.get(self.roots.get(&path)?)?;
        let (source, _) = view.source(&path)?;
        Some((view, source))
    }

    /// The same with a place in it.
    pub fn at(&mut self, uri: &Uri, position: Position) -> Option<(&PolicyView, SourceId, u32)> {
        let (view, source) = self.view(uri)?;
        Some((view, source, view.offset(source, position)))
    }

    /// The policy of a facts file, its text and the byte of a place in it; none: it is none.
    pub fn in_facts(&mut self, uri: &Uri, position: Position) -> Option<(&PolicyView, &str, usize)> {
        self.refresh();
        let path = path_of(uri)?;
        let text = self.texts.get(&path).filter(|_| !is_policy(&path)).map(|open| open.text.as_str())?;
        let view = self.views.get(self.roots.get(&path)?)?;
        Some((view, text, self.unit.offset(text, position)))
    }

    pub fn view_of_root(&self, root: &str) -> Option<&PolicyView> {
        self.views.get(root)
    }

    /// The root of a text, as it was last looked for.
    pub fn root(&self, path: &str) -> Option<&String> {
        self.roots.get(path)
    }

    /// What is said of a policy: of its text, and for all facts.
    pub fn said(&self, view: &PolicyView) -> Vec<diag::Diagnostic> {
        let found = self.found.get(&view.root).into_iter().flatten();
        view.said.iter().chain(found).cloned().collect()
    }

    pub fn take_found(&mut self, root: &str, said: Vec<diag::Diagnostic>) {
        self.found.insert(root.to_string(), said);
        self.told = false;
    }

    /// The first policy of which it is not known what holds for all facts.
    pub fn to_look_at(&self) -> Option<&PolicyView> {
        let unknown = |view: &&PolicyView| view.policy.is_some() && !self.found.contains_key(&view.root);
        self.views.values().filter(|view| !self.stale.contains(&view.root)).find(unknown)
    }

    /// Begins to look at it.
    pub fn look(&mut self) {
        let root = self.to_look_at().map(|view| view.root.clone());
        if let Some(view) = root.and_then(|root| self.views.get(&root)) {
            self.idle.begin(view);
        }
    }

    /// What the editor does not know yet, file by file.
    pub fn news(&mut self) -> Vec<PublishDiagnosticsParams> {
        if self.told {
            return Vec::new();
        }
        self.told = true;
        self.refresh();
        let mut files: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for view in self.views.values() {
            let said = self.said(view);
            merge(&mut files, by_file(&said, &view.sources, &view.root, (&self.texts, self.unit)));
        }
        for (path, root) in self.roots.iter().filter(|(path, _)| !is_policy(path)) {
            if let Some(view) = self.views.get(root) {
                let (said, sources) = stated::wrong(view, path, &self.texts);
                merge(&mut files, by_file(&said, &sources, path, (&self.texts, self.unit)));
            }
        }
        // What nothing is said of any more is cleared.
        for path in self.published.keys().chain(self.texts.paths()) {
            files.entry(path.clone()).or_default();
        }
        let mut news = Vec::new();
        for (path, diagnostics) in files {
            let version = self.texts.get(&path).map(|open| open.version);
            let now = (version, diagnostics);
            if self.published.get(&path) != Some(&now) {
                let (uri, diagnostics) = (self.texts.uri(&path), now.1.clone());
                news.push(PublishDiagnosticsParams { uri, version, diagnostics });
                self.published.insert(path, now);
            }
        }
        news
    }
}

/// The lines that may say which files belong together.
fn said_of_files(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| ["use", "agreement", "amends"].iter().any(|word| line.contains(word)))
        .collect()
}

fn merge(files: &mut BTreeMap<String, Vec<Diagnostic>>, more: BTreeMap<String, Vec<Diagnostic>>) {
    for (path, said) in more {
        let known = files.entry(path).or_default();
        for one in said {
            if !known.contains(&one) {
                known.push(one);
            }
        }
    }
}
