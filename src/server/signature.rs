//! The parameters of what is being called.

use super::view::PolicyView;
use crate::index::NameKind;
use crate::syntax::{Token, TokenKind, scan};
use crate::text::SourceId;
use gen_lsp_types::{
    ActiveParameter, ParameterInformation, ParameterInformationLabel, SignatureHelp, SignatureInformation,
};

pub(super) fn signature(view: &PolicyView, source: SourceId, offset: u32) -> Option<SignatureHelp> {
    let text = view.rules(source);
    let before = text.get(..offset as usize)?;
    let tokens: Vec<Token> = scan(before).collect();
    let (called, past) = open_call(&tokens, before)?;
    let id = view.index.global(called)?;
    let thing = view.index.get(id)?;
    let wanted = match thing.kind {
        NameKind::Function | NameKind::Power => NameKind::Parameter,
        _ => return None,
    };
    let place = thing.places.first()?;
    let members = view.index.members_declared(id).into_iter().filter_map(|id| view.index.get(id));
    let heads = members.filter(|member| member.kind == wanted).filter_map(|member| member.places.first());
    let parameter = |label: &str| ParameterInformation {
        label: ParameterInformationLabel::String(label.to_string()),
        documentation: None,
    };
    let parameters: Vec<ParameterInformation> =
        heads.map(|place| parameter(view.sources.text(place.head))).collect();
    let label = view.sources.text(place.head).lines().next().unwrap_or("").trim().to_string();
    let active = Some(ActiveParameter::Int(past));
    let documentation = place.doc.clone().map(Into::into);
    let signature =
        SignatureInformation { label, documentation, parameters: Some(parameters), active_parameter: active };
    Some(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active })
}

/// The name before the innermost open bracket, and how many commas stand since.
fn open_call<'t>(tokens: &[Token], text: &'t str) -> Option<(&'t str, u32)> {
    let (mut depth, mut commas) = (0usize, 0u32);
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.text(text) {
            ")" | "}" => depth += 1,
            "(" if depth == 0 => {
                let name = tokens.get(at.checked_sub(1)?)?;
                return (name.kind == TokenKind::Word).then(|| (name.text(text), commas));
            }
            "{" if depth == 0 => return None,
            "(" | "{" => depth -= 1,
            "," if depth == 0 => commas = commas.saturating_add(1),
            _ => {}
        }
    }
    None
}
