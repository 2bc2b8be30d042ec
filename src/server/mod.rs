//! `comity lsp`: what an editor asks while a policy is written, answered from the texts as they stand in it.
//!
//! One fact's way: an edit changes an [`documents::OpenTexts`]; when the editor has said all it has to say, the policies of the
//! changed texts are read anew ([`view::PolicyView`]: compiled, with the index of its names), and what is said of them
//! goes out where it differs from what went out before. A request is answered by one module of its own, which looks at the
//! view alone. When nothing comes for a while, findings are looked for on a thread of their own ([`idle`]), which the next edit
//! stops.

mod actions;
mod capabilities;
mod complete;
mod diagnostics;
mod documents;
mod edits;
mod folding;
mod hints;
mod hover;
mod idle;
mod lenses;
mod navigate;
mod places;
mod rename;
mod requests;
mod roots;
mod session;
mod signature;
mod stated;
mod styled;
mod symbols;
mod tokens;
mod view;
mod why;

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests;

pub use documents::FolderFiles;

use crossbeam_channel::{Receiver, RecvTimeoutError, select};
use gen_lsp_types as lsp;
use gen_lsp_types::LspNotificationMethod as Method;
use gen_lsp_types::Notification as _;
use lsp_server::{Connection, Message, Notification};
use session::DeskSession;
use std::time::Duration;

/// For so long nothing must come before findings are looked for.
const IDLE: Duration = Duration::from_millis(400);

/// Speaks with one editor until it says goodbye.
///
/// # Errors
/// Why the conversation could not be begun, or was broken off.
pub fn serve(connection: &Connection, files: &dyn FolderFiles) -> Result<(), String> {
    let broken = |error: lsp_server::ProtocolError| error.to_string();
    let (id, params) = connection.initialize_start().map_err(broken)?;
    let params: lsp::InitializeParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
    let unit = capabilities::unit(&params);
    let result = serde_json::to_value(capabilities::capabilities(unit)).map_err(|error| error.to_string())?;
    connection.initialize_finish(id, result).map_err(broken)?;
    let mut session = DeskSession::new(files, unit);
    while let Some(first) = next(&mut session, connection) {
        // What is said together is heard together.
        for message in std::iter::once(first).chain(connection.receiver.try_iter()) {
            match message {
                Message::Request(request) => {
                    if connection.handle_shutdown(&request).map_err(broken)? {
                        return Ok(());
                    }
                    send(connection, requests::answer(&mut session, request).into())?;
                }
                Message::Notification(notification) => hear(&mut session, notification),
                Message::Response(_) => {}
            }
        }
        tell(&mut session, connection)?;
    }
    Ok(())
}

/// The next message; none: the editor is gone. While none comes, findings are looked for.
fn next(session: &mut DeskSession<'_>, connection: &Connection) -> Option<Message> {
    loop {
        if session.idle.is_going() {
            let found = session.idle.found.clone();
            select! {
                recv(connection.receiver) -> message => return message.ok(),
                recv(found) -> found => {
                    if let Ok(found) = found
                        && session.idle.ended(&found.root)
                    {
                        session.take_found(&found.root, found.said);
                        tell(session, connection).ok()?;
                    }
                }
            }
        } else if session.to_look_at().is_some() {
            match connection.receiver.recv_timeout(IDLE) {
                Ok(message) => return Some(message),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => session.look(),
            }
        } else {
            return waiting(&connection.receiver);
        }
    }
}

fn waiting(receiver: &Receiver<Message>) -> Option<Message> {
    receiver.recv().ok()
}

/// A text was opened, changed, closed.
fn hear(session: &mut DeskSession<'_>, notification: Notification) {
    let params = notification.params;
    match Method::from(notification.method.as_str()) {
        Method::TextDocumentDidOpen => {
            if let Ok(opened) = serde_json::from_value::<lsp::DidOpenTextDocumentParams>(params) {
                let text = opened.text_document;
                if session.texts.open(text.uri, text.version, text.text).is_some() {
                    session.reordered();
                }
            }
        }
        Method::TextDocumentDidChange => {
            if let Ok(changed) = serde_json::from_value::<lsp::DidChangeTextDocumentParams>(params) {
                let document = changed.text_document;
                let uri = &document.text_document_identifier.uri;
                let before =
                    places::path_of(uri).and_then(|path| Some(session.texts.get(&path)?.text.clone()));
                let unit = session.unit;
                let path = session.texts.change(uri, document.version, changed.content_changes, unit);
                if let (Some(path), Some(before)) = (path, before) {
                    session.changed(&path, &before);
                }
            }
        }
        Method::TextDocumentDidClose => {
            if let Ok(closed) = serde_json::from_value::<lsp::DidCloseTextDocumentParams>(params)
                && session.texts.close(&closed.text_document.uri).is_some()
            {
                session.reordered();
            }
        }
        // Files that are not open may have changed too.
        Method::TextDocumentDidSave | Method::WorkspaceDidChangeWatchedFiles => session.reordered(),
        _ => {}
    }
}

/// Says what the editor does not know yet.
fn tell(session: &mut DeskSession<'_>, connection: &Connection) -> Result<(), String> {
    for (shown, message) in std::mem::take(&mut session.to_show) {
        let kind = lsp::MessageType::Info;
        let method = |name: lsp::LspNotificationMethod<'_>| name.as_str().to_string();
        let whole = lsp::LogMessageParams { kind, message };
        send(connection, Notification::new(method(Method::WindowLogMessage), whole).into())?;
        let shown = lsp::ShowMessageParams { kind, message: shown };
        send(connection, Notification::new(method(Method::WindowShowMessage), shown).into())?;
    }
    for news in session.news() {
        let method = lsp::PublishDiagnosticsNotification::METHOD.as_str().to_string();
        send(connection, Notification::new(method, news).into())?;
    }
    Ok(())
}

fn send(connection: &Connection, message: Message) -> Result<(), String> {
    connection.sender.send(message).map_err(|_| "the editor is gone".to_string())
}
