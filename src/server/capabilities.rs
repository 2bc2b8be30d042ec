//! What the server can do, said when a conversation begins.

use super::lenses::{RUN_SCENARIO, WHY_SCENARIO};
use super::places::ColumnCount;
use super::tokens::legend;
use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeLensOptions, CompletionOptions, DocumentLinkOptions,
    ExecuteCommandOptions, InitializeParams, InitializeResult, PositionEncodingKind, RenameOptions,
    SaveOptions, SemanticTokensOptions, ServerCapabilities, ServerInfo, SignatureHelpOptions,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
};

/// Bytes, if the editor can count them; else what all editors count.
pub(super) fn unit(params: &InitializeParams) -> ColumnCount {
    let general = params.capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or(&[]);
    if offered.contains(&PositionEncodingKind::UTF8) { ColumnCount::Utf8 } else { ColumnCount::Utf16 }
}

pub(super) fn capabilities(unit: ColumnCount) -> InitializeResult {
    let plain = WorkDoneProgressOptions::default();
    let capabilities = ServerCapabilities {
        position_encoding: Some(match unit {
            ColumnCount::Utf8 => PositionEncodingKind::UTF8,
            ColumnCount::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::Incremental),
                save: Some(SaveOptions { include_text: Some(false) }.into()),
                ..TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        document_formatting_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        rename_provider: Some(
            RenameOptions { prepare_provider: Some(true), work_done_progress_options: plain }.into(),
        ),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".to_string()]),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(vec!["(".to_string(), ",".to_string()]),
            ..SignatureHelpOptions::default()
        }),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        code_lens_provider: Some(CodeLensOptions::default()),
        document_link_provider: Some(DocumentLinkOptions::default()),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: legend(),
                range: None,
                full: Some(true.into()),
                work_done_progress_options: plain,
            }
            .into(),
        ),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![RUN_SCENARIO.to_string(), WHY_SCENARIO.to_string()],
            work_done_progress_options: plain,
        }),
        ..ServerCapabilities::default()
    };
    let server_info =
        Some(ServerInfo { name: "comity".to_string(), version: Some(crate::VERSION.to_string()) });
    InitializeResult { capabilities, server_info }
}
