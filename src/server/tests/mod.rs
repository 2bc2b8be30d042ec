//! An editor of our own at the other end of the conversation.

mod completion;
mod diagnostics;
mod edits;
mod findings;
mod names;
mod outline;
mod random;
mod shown;

use super::{FolderFiles, places, serve};
use crate::text::Files;
use gen_lsp_types as lsp;
use gen_lsp_types::{Notification as _, Position, Range, Uri};
use lsp_server::{Connection, Message, Notification, Request};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Files that are on no disk.
#[derive(Clone, Default)]
pub struct FolderInMemory(BTreeMap<String, String>);

impl FolderInMemory {
    fn of(files: &[(&str, &str)]) -> FolderInMemory {
        FolderInMemory(files.iter().map(|(path, text)| (format!("/{path}"), text.to_string())).collect())
    }

    /// All policies of the repository, with what they name.
    fn policies() -> FolderInMemory {
        let mut files = BTreeMap::new();
        below(Path::new("policies"), &mut files);
        FolderInMemory(files)
    }
}

fn below(folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            below(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(format!("/{}", path.display()), text);
        }
    }
}

impl Files for FolderInMemory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_string())
    }
}

impl FolderFiles for FolderInMemory {
    fn list(&self, folder: &str) -> Vec<String> {
        let inside = |path: &String| {
            path.rsplit_once('/').filter(|(own, _)| *own == folder).map(|(_, name)| name.to_string())
        };
        self.0.keys().filter_map(inside).collect()
    }
}

/// An editor with some texts open.
struct Editor {
    connection: Connection,
    server: Option<JoinHandle<Result<(), String>>>,
    files: Arc<FolderInMemory>,
    next: i32,
    open: BTreeMap<String, (i32, String)>,
    said: BTreeMap<String, (Option<i32>, Vec<lsp::Diagnostic>)>,
    unit: places::ColumnCount,
    /// What was shown or written down.
    shown: Vec<String>,
}

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(100);

impl Editor {
    fn new(files: FolderInMemory) -> Editor {
        Editor::counting(files, places::ColumnCount::Utf16)
    }

    fn counting(files: FolderInMemory, unit: places::ColumnCount) -> Editor {
        let (own, connection) = Connection::memory();
        let files = Arc::new(files);
        let shared = Arc::clone(&files);
        let served = move || serve(&own, shared.as_ref());
        let server = std::thread::Builder::new().stack_size(16 << 20).spawn(served).expect("a thread");
        let mut editor = Editor {
            connection,
            server: Some(server),
            files,
            next: 0,
            open: BTreeMap::new(),
            said: BTreeMap::new(),
            unit,
            shown: Vec::new(),
        };
        let mut params = lsp::InitializeParams::default();
        if unit == places::ColumnCount::Utf8 {
            let offered = vec![lsp::PositionEncodingKind::UTF8, lsp::PositionEncodingKind::UTF16];
            let general =
                lsp::GeneralClientCapabilities { position_encodings: Some(offered), ..Default::default() };
            params.capabilities.general = Some(general);
        }
        let answer = editor.ask::<lsp::InitializeRequest>(params);
        let chosen = answer.capabilities.position_encoding.expect("an encoding");
        assert_eq!(chosen == lsp::PositionEncodingKind::UTF8, unit == places::ColumnCount::Utf8);
        editor.tell::<lsp::InitializedNotification>(lsp::InitializedParams {});
        editor
    }

    /// An editor with texts, all of which are open.
    fn with(files: &[(&str, &str)]) -> Editor {
        let mut editor = Editor::new(FolderInMemory::of(files));
        files.iter().for_each(|(path, _)| editor.open(path));
        editor
    }

    /// The policies of the repository, with one open.
    fn japan(file: &str) -> Editor {
        let mut editor = Editor::new(FolderInMemory::policies());
        editor.open(&format!("policies/japan/{file}"));
        editor
    }

    fn tell<N: lsp::Notification>(&self, params: N::Params) {
        let told = Notification::new(N::METHOD.as_str().to_string(), params);
        self.connection.sender.send(told.into()).expect("a server");
    }

    fn answer<R: lsp::Request>(&mut self, params: R::Params) -> Result<R::Result, String> {
        self.next += 1;
        let request = Request::new(self.next.into(), R::METHOD.as_str().to_string(), params);
        let id = request.id.clone();
        self.connection.sender.send(request.into()).expect("a server");
        loop {
            match self.connection.receiver.recv_timeout(PATIENCE).expect("an answer") {
                Message::Response(response) => {
                    assert_eq!(response.id, id);
                    return match response.response_result {
                        Ok(value) => Ok(serde_json::from_value(value).expect("an answer of its type")),
                        Err(error) => Err(error.message),
                    };
                }
                Message::Notification(told) => self.hear(told),
                Message::Request(_) => panic!("the server asks nothing"),
            }
        }
    }

    fn ask<R: lsp::Request>(&mut self, params: R::Params) -> R::Result {
        self.answer::<R>(params).expect("an answer")
    }

    fn hear(&mut self, told: Notification) {
        if told.method != lsp::PublishDiagnosticsNotification::METHOD.as_str() {
            assert!(told.method.starts_with("window/"), "{told:?}");
            return self.shown.push(told.params["message"].as_str().expect("words").to_string());
        }
        let news: lsp::PublishDiagnosticsParams = serde_json::from_value(told.params).expect("diagnostics");
        let path = places::path_of(&news.uri).expect("a path");
        self.said.insert(path, (news.version, news.diagnostics));
    }

    fn uri(path: &str) -> Uri {
        places::uri_of(&format!("/{path}"))
    }

    fn open(&mut self, path: &str) {
        let text = self.files.read(&format!("/{path}")).expect("a file");
        let document = lsp::TextDocumentItem {
            uri: Editor::uri(path),
            language_id: lsp::LanguageKind::from("comity".to_string()),
            version: 1,
            text: text.clone(),
        };
        self.open.insert(path.to_string(), (1, text));
        self.tell::<lsp::DidOpenTextDocumentNotification>(lsp::DidOpenTextDocumentParams {
            text_document: document,
        });
    }

    fn close(&mut self, path: &str) {
        self.open.remove(path);
        let text_document = lsp::TextDocumentIdentifier { uri: Editor::uri(path) };
        self.tell::<lsp::DidCloseTextDocumentNotification>(lsp::DidCloseTextDocumentParams { text_document });
    }

    fn text(&self, path: &str) -> &str {
        &self.open[path].1
    }

    /// New words in place of some bytes.
    fn change(&mut self, path: &str, bytes: std::ops::Range<usize>, new: &str) {
        let range = Range { start: self.position(path, bytes.start), end: self.position(path, bytes.end) };
        let (version, text) = self.open.get_mut(path).expect("an open text");
        *version += 1;
        text.replace_range(bytes, new);
        let version = *version;
        #[allow(deprecated)]
        let change =
            lsp::TextDocumentContentChangePartial { range, range_length: None, text: new.to_string() };
        self.tell::<lsp::DidChangeTextDocumentNotification>(lsp::DidChangeTextDocumentParams {
            text_document: lsp::VersionedTextDocumentIdentifier {
                version,
                text_document_identifier: lsp::TextDocumentIdentifier { uri: Editor::uri(path) },
            },
            content_changes: vec![change.into()],
        });
    }

    /// The first of these words is replaced.
    fn replace(&mut self, path: &str, old: &str, new: &str) {
        let start = self.text(path).find(old).expect("these words");
        self.change(path, start..start + old.len(), new);
    }

    fn position(&self, path: &str, offset: usize) -> Position {
        let before = &self.text(path)[..offset];
        let line = before.matches('\n').count() as u32;
        let column = self.unit.length(before.rsplit('\n').next().unwrap_or_default());
        Position { line, character: column }
    }

    /// The place of `|` in words of a text, which it is no part of.
    fn place(&self, path: &str, words: &str) -> lsp::TextDocumentPositionParams {
        let (before, after) = words.split_once('|').expect("a place");
        let start =
            self.text(path).find(&format!("{before}{after}")).unwrap_or_else(|| panic!("no `{words}`"));
        lsp::TextDocumentPositionParams {
            text_document: lsp::TextDocumentIdentifier { uri: Editor::uri(path) },
            position: self.position(path, start + before.len()),
        }
    }

    fn document(path: &str) -> lsp::TextDocumentIdentifier {
        lsp::TextDocumentIdentifier { uri: Editor::uri(path) }
    }

    /// The words at a range.
    fn words(&self, path: &str, range: Range) -> &str {
        let text = self.text(path);
        &text[self.unit.offset(text, range.start)..self.unit.offset(text, range.end)]
    }

    /// What is said of a text as it stands now.
    fn diagnostics(&mut self, path: &str) -> Vec<lsp::Diagnostic> {
        let version = self.open[path].0;
        self.wait(|editor| {
            editor.said.get(&format!("/{path}")).is_some_and(|(known, _)| *known == Some(version))
        });
        self.said[&format!("/{path}")].1.clone()
    }

    fn codes(&mut self, path: &str) -> Vec<String> {
        self.diagnostics(path).iter().map(code).collect()
    }

    /// Listens until it is so.
    fn wait(&mut self, until: impl Fn(&Editor) -> bool) {
        while !until(self) {
            match self.connection.receiver.recv_timeout(PATIENCE).expect("news") {
                Message::Notification(told) => self.hear(told),
                other => panic!("{other:?}"),
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.ask::<lsp::ShutdownRequest>(());
        self.tell::<lsp::ExitNotification>(());
        let ended = self.server.take().expect("a server").join().expect("no panic");
        assert_eq!(ended, Ok(()));
    }
}

fn code(said: &lsp::Diagnostic) -> String {
    match &said.code {
        Some(lsp::Code::String(code)) => code.clone(),
        other => panic!("{other:?}"),
    }
}

fn message(said: &lsp::Diagnostic) -> &str {
    match &said.message {
        lsp::Message::String(text) => text,
        other => panic!("{other:?}"),
    }
}
