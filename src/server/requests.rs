//! One question of the editor, one answer.

use super::documents::OpenTexts;
use super::lenses::{self, RUN_SCENARIO, WHY_SCENARIO};
use super::session::DeskSession;
use super::{
    actions, complete, folding, hints, hover, navigate, rename, signature, stated, styled, symbols, tokens,
    why,
};
use gen_lsp_types as lsp;
use gen_lsp_types::LspRequestMethod as Method;
use lsp_server::{ErrorCode, Request, Response};

/// Answers a request. What is not known is refused.
pub(super) fn answer(session: &mut DeskSession<'_>, request: Request) -> Response {
    let method = request.method.clone();
    match Method::from(method.as_str()) {
        Method::TextDocumentHover => on::<lsp::HoverRequest>(request, |asked| {
            let place = &asked.text_document_position_params;
            if let Some((view, text, offset)) = session.in_facts(&place.text_document.uri, place.position) {
                return stated::hover(view, text, offset);
            }
            let (view, source, offset) = at(session, place)?;
            hover::hover(view, source, offset)
        }),
        Method::TextDocumentDefinition => on::<lsp::DefinitionRequest>(request, |asked| {
            let places = places(session, &asked.text_document_position_params, navigate::definition)?;
            Some(lsp::Definition::LocationList(places).into())
        }),
        Method::TextDocumentReferences => on::<lsp::ReferencesRequest>(request, |asked| {
            let with = asked.context.include_declaration;
            places(session, &asked.text_document_position_params, |view, source, offset, texts| {
                navigate::references(view, (source, offset), with, texts)
            })
        }),
        Method::TextDocumentDocumentHighlight => on::<lsp::DocumentHighlightRequest>(request, |asked| {
            let (view, source, offset) = at(session, &asked.text_document_position_params)?;
            Some(navigate::highlights(view, source, offset))
        }),
        Method::TextDocumentDocumentLink => on::<lsp::DocumentLinkRequest>(request, |asked| {
            session.refresh();
            let path = super::places::path_of(&asked.text_document.uri)?;
            let view = session.view_of_root(session.root(&path)?)?;
            Some(navigate::links(view, view.source(&path)?.0, &session.texts))
        }),
        Method::TextDocumentDocumentSymbol => on::<lsp::DocumentSymbolRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            Some(symbols::outline(view, source).into())
        }),
        Method::WorkspaceSymbol => on::<lsp::WorkspaceSymbolRequest>(request, |asked| {
            session.refresh();
            Some(symbols::of_workspace(session.views(), &asked.query, &session.texts).into())
        }),
        Method::TextDocumentFoldingRange => on::<lsp::FoldingRangeRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            Some(folding::folds(view, source))
        }),
        Method::TextDocumentFormatting => on::<lsp::DocumentFormattingRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            styled::edits(view, source)
        }),
        Method::TextDocumentSemanticTokensFull => on::<lsp::SemanticTokensRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            Some(lsp::SemanticTokens { result_id: None, data: tokens::tokens(view, source) })
        }),
        Method::TextDocumentInlayHint => on::<lsp::InlayHintRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            Some(hints::hints(view, source, asked.range))
        }),
        Method::TextDocumentCodeLens => on::<lsp::CodeLensRequest>(request, |asked| {
            let (view, source) = session.view(&asked.text_document.uri)?;
            Some(lenses::lenses(view, source))
        }),
        Method::TextDocumentCompletion => on::<lsp::CompletionRequest>(request, |asked| {
            let place = &asked.text_document_position_params;
            if let Some((view, text, offset)) = session.in_facts(&place.text_document.uri, place.position) {
                return Some(stated::complete(view, text, offset).into());
            }
            let (view, source, offset) = at(session, place)?;
            Some(complete::complete(view, source, offset).into())
        }),
        Method::TextDocumentSignatureHelp => on::<lsp::SignatureHelpRequest>(request, |asked| {
            let (view, source, offset) = at(session, &asked.text_document_position_params)?;
            signature::signature(view, source, offset)
        }),
        Method::TextDocumentCodeAction => on::<lsp::CodeActionRequest>(request, |asked| {
            session.refresh();
            let path = super::places::path_of(&asked.text_document.uri)?;
            let view = session.view_of_root(session.root(&path)?)?;
            let (source, _) = view.source(&path)?;
            let said = session.said(view);
            let wanted = |kind: &lsp::CodeActionKind| {
                asked.context.only.as_ref().is_none_or(|only| only.iter().any(|one| includes(one, kind)))
            };
            let mut actions = Vec::new();
            if wanted(&lsp::CodeActionKind::QuickFix) {
                actions.extend(actions::fixes(view, &said, (source, asked.range), &session.texts));
            }
            // It tries what it does, so it is done for whoever asks for it.
            if asked.context.only.is_some() && wanted(&lsp::CodeActionKind::SourceFixAll) {
                actions.extend(actions::fix_all(view, &session.texts));
            }
            Some(actions.into_iter().map(Into::into).collect())
        }),
        Method::TextDocumentPrepareRename => tried::<lsp::PrepareRenameRequest>(request, |asked| {
            let (view, source, offset) = at(session, &asked.text_document_position_params)
                .ok_or("this text is a part of no policy")?;
            let (one, thing) = rename::renamed(view, source, offset)?;
            let range = view.range(one.span);
            Ok(Some(lsp::PrepareRenamePlaceholder { range, placeholder: thing.name.clone() }.into()))
        }),
        Method::TextDocumentRename => tried::<lsp::RenameRequest>(request, |asked| {
            session.refresh();
            let place = &asked.text_document_position_params;
            let path = super::places::path_of(&place.text_document.uri).unwrap_or_default();
            let root = session.root(&path).ok_or("this text is a part of no policy")?;
            let view = session.view_of_root(root).ok_or("this text is a part of no policy")?;
            let (source, _) = view.source(&path).ok_or("this text is a part of no policy")?;
            let offset = view.offset(source, place.position);
            let others: Vec<_> = session.views().filter(|other| other.root != view.root).collect();
            let edits = rename::rename(view, &others, (source, offset), &asked.new_name, &session.texts)?;
            Ok(Some(edits.for_editor(&session.texts)))
        }),
        Method::WorkspaceExecuteCommand => tried::<lsp::ExecuteCommandRequest>(request, |asked| {
            let words = asked.arguments.unwrap_or_default();
            let words: Vec<&str> = words.iter().filter_map(|word| word.as_str()).collect();
            let [path, title] = words.as_slice() else {
                return Err("this command wants a file and the title of a scenario".to_string());
            };
            session.refresh();
            let root = session.root(path).ok_or("this text is not open")?;
            let view = session.view_of_root(root).ok_or("this text is a part of no policy")?;
            let (line, whole) = match asked.command.as_str() {
                RUN_SCENARIO => {
                    let told = lenses::run(view, title);
                    (told.lines().last().map(str::to_string), told)
                }
                WHY_SCENARIO => {
                    let told = why::told(view, title);
                    (told.lines().next().map(str::to_string), told)
                }
                _ => return Err("this command is not known".to_string()),
            };
            session.to_show.push((line.unwrap_or_default(), whole.clone()));
            Ok(Some(lsp::LspAny::from(whole)))
        }),
        _ => refused(request, ErrorCode::MethodNotFound, format!("`{method}` is not known")),
    }
}

/// Whether a kind of actions is another, or one of its kinds.
fn includes(all: &lsp::CodeActionKind, kind: &lsp::CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(all.as_str());
    rest.is_some_and(|rest| rest.is_empty() || all.as_str().is_empty() || rest.starts_with('.'))
}

type View<'s> = (&'s super::view::PolicyView, crate::text::SourceId, u32);

fn at<'s>(session: &'s mut DeskSession<'_>, place: &lsp::TextDocumentPositionParams) -> Option<View<'s>> {
    session.at(&place.text_document.uri, place.position)
}

fn places(
    session: &mut DeskSession<'_>,
    place: &lsp::TextDocumentPositionParams,
    find: impl Fn(&super::view::PolicyView, crate::text::SourceId, u32, &OpenTexts<'_>) -> Vec<lsp::Location>,
) -> Option<Vec<lsp::Location>> {
    session.refresh();
    let path = super::places::path_of(&place.text_document.uri)?;
    let view = session.view_of_root(session.root(&path)?)?;
    let (source, _) = view.source(&path)?;
    Some(find(view, source, view.offset(source, place.position), &session.texts))
}

fn on<R: lsp::Request>(request: Request, answer: impl FnOnce(R::Params) -> R::Result) -> Response {
    tried::<R>(request, |asked| Ok(answer(asked)))
}

/// The answer, or why there is none.
fn tried<R: lsp::Request>(
    request: Request,
    answer: impl FnOnce(R::Params) -> Result<R::Result, String>,
) -> Response {
    let (id, params) = (request.id.clone(), request.params.clone());
    match serde_json::from_value(params) {
        Ok(asked) => match answer(asked) {
            Ok(result) => Response::new_ok(id, result),
            Err(why) => refused(request, ErrorCode::RequestFailed, why),
        },
        Err(error) => refused(request, ErrorCode::InvalidParams, error.to_string()),
    }
}

fn refused(request: Request, code: ErrorCode, why: String) -> Response {
    Response::new_err(request.id, code as i32, why)
}
