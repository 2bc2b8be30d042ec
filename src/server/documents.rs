//! The texts that are open in the editor, in place of the files.

use super::places::{ColumnCount, path_of, uri_of};
use crate::text::{Files, StandIn};
use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;

/// The files of a folder, for whoever looks for the policy of a text.
pub trait FolderFiles: Files + Sync {
    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Vec<String>;
}

pub(super) struct OpenText {
    /// As the editor calls it.
    pub uri: Uri,
    pub version: i32,
    pub text: String,
}

/// The files, but for those that are open.
pub(super) struct OpenTexts<'w> {
    files: &'w dyn FolderFiles,
    open: BTreeMap<String, OpenText>,
}

impl<'w> OpenTexts<'w> {
    pub fn new(files: &'w dyn FolderFiles) -> OpenTexts<'w> {
        OpenTexts { files, open: BTreeMap::new() }
    }

    /// Takes a text in; its path, if it is that of a file.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) -> Option<String> {
        let path = path_of(&uri)?;
        self.open.insert(path.clone(), OpenText { uri, version, text });
        Some(path)
    }

    pub fn close(&mut self, uri: &Uri) -> Option<String> {
        let path = path_of(uri)?;
        self.open.remove(&path).map(|_| path)
    }

    /// Makes changes, each in the text that those before it leave.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        unit: ColumnCount,
    ) -> Option<String> {
        let path = path_of(uri)?;
        let open = self.open.get_mut(&path)?;
        open.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let start = unit.offset(&open.text, part.range.start);
                    let end = unit.offset(&open.text, part.range.end).max(start);
                    open.text.replace_range(start..end, &part.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    open.text = whole.text;
                }
            }
        }
        Some(path)
    }

    pub fn get(&self, path: &str) -> Option<&OpenText> {
        self.open.get(path)
    }

    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.open.keys()
    }

    /// As the editor calls a file.
    pub fn uri(&self, path: &str) -> Uri {
        self.open.get(path).map_or_else(|| uri_of(path), |open| open.uri.clone())
    }

    /// The names in a folder, sorted; those of texts that are not saved yet among them.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let mut names = self.files.list(folder);
        let inside = self.open.keys().filter_map(|path| path.rsplit_once('/'));
        names.extend(inside.filter(|(own, _)| *own == folder).map(|(_, name)| name.to_string()));
        names.sort();
        names.dedup();
        names
    }
}

impl Files for OpenTexts<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.open.get(path) {
            Some(open) => Ok(open.text.clone()),
            None => self.files.read(path),
        }
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        match self.open.get(path) {
            Some(open) => Ok((open.text.len() <= most).then(|| open.text.clone())),
            None => self.files.read_at_most(path, most),
        }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.files.annex(name)
    }
}
