//! `comity lsp`

use super::{Console, Disk, Exit, PathKind, Reported, World};
use crate::diag::{Code, Diagnostic};
use crate::server::{FolderFiles, serve};
use crate::text::Files;
use lsp_server::{Connection, Message};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::thread;

/// Speak with an editor: messages, names, completion and proofs while a policy is written
///
/// An editor starts it and speaks the language server protocol over its standard input and output.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What editors say of the way they speak: it is the only way
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let _ = args.stdio;
    let files = EditorFiles { root: console.world().root().map(PathBuf::from) };
    let input = console.world().open("-").map_err(|why| console.report(failed(&why)))?;
    let (own, editor) = Connection::memory();
    let ended = thread::scope(|scope| {
        let server = scope.spawn(move || serve(&own, &files));
        let Connection { sender, receiver } = editor;
        scope.spawn(move || {
            let mut input = BufReader::new(input);
            while let Ok(Some(message)) = heard(&mut input) {
                let exit = matches!(&message, Message::Notification(one) if one.method == "exit");
                if sender.send(message).is_err() || exit {
                    break;
                }
            }
        });
        for message in receiver {
            let mut bytes = Vec::new();
            let sent = message.write(&mut bytes).and_then(|()| console.send(&bytes));
            sent.map_err(|error| error.to_string())?;
        }
        server.join().unwrap_or_else(|_| Err("the server stopped in the middle of an answer".to_string()))
    });
    match ended {
        Ok(()) => Ok(Exit::Fine),
        Err(why) => Err(console.report(failed(&why))),
    }
}

fn heard(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    Message::read(input)
}

fn failed(why: &str) -> Diagnostic {
    Diagnostic::general(Code::Usage, format!("the conversation with the editor ended: {why}"))
        .help("`comity lsp` is started by an editor, not by hand")
}

/// Files as they are at the moment, for as long as an editor is open: what changes meanwhile is read anew.
struct EditorFiles {
    /// The folder in which all files must be.
    root: Option<PathBuf>,
}

impl EditorFiles {
    fn within(&self, disk: &Disk, path: &str) -> Result<(), String> {
        match &self.root {
            Some(root) if !disk.real_path(path)?.starts_with(root) => {
                Err(super::rooted::outside(&root.to_string_lossy()))
            }
            _ => Ok(()),
        }
    }
}

impl Files for EditorFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        let disk = Disk::default();
        self.within(&disk, path)?;
        disk.read(path)
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        let disk = Disk::default();
        self.within(&disk, path)?;
        disk.read_at_most(path, most)
    }
}

impl FolderFiles for EditorFiles {
    fn list(&self, folder: &str) -> Vec<String> {
        let disk = Disk::default();
        match disk.kind(folder) {
            PathKind::Folder if self.within(&disk, folder).is_ok() => disk.list(folder).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}
