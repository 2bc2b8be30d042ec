//! A policy as it stands in the editor: its texts, its names, what is said of it, and itself if it is sound.

use super::documents::OpenTexts;
use super::places::ColumnCount;
use crate::amend::TextPart;
use crate::compile::compile_written;
use crate::diag::Diagnostic;
use crate::index::{NameId, NameIndex, NamePlace, NameUse, NamedThing};
use crate::policy::Policy;
use crate::scenarios;
use crate::text::{Source, SourceId, Sources, Span};
use gen_lsp_types::{Location, Position, Range};
use std::sync::Arc;

pub(super) struct PolicyView {
    pub root: String,
    pub sources: Sources,
    pub parts: Vec<TextPart>,
    pub index: NameIndex,
    pub said: Vec<Diagnostic>,
    pub policy: Option<Arc<Policy>>,
    pub unit: ColumnCount,
}

impl PolicyView {
    pub fn of(root: &str, texts: &OpenTexts<'_>, unit: ColumnCount) -> PolicyView {
        let mut sources = Sources::new();
        let (parts, compiled) = compile_written(root, texts, &mut sources);
        let trees: Vec<_> = parts.iter().map(|part| (part.source, &part.tree)).collect();
        let index = NameIndex::of(&trees, &sources);
        let (policy, said) = match compiled {
            Ok(compiled) => {
                let mut said = scenarios::unstated(&compiled.policy);
                said.extend(compiled.lints);
                (Some(Arc::new(compiled.policy)), said)
            }
            Err(said) => (None, said),
        };
        PolicyView { root: root.to_string(), sources, parts, index, said, policy, unit }
    }

    /// Whether a file is read for it, an annex as well.
    pub fn reads(&self, path: &str) -> bool {
        self.sources.read().any(|(_, source)| source.name == path)
    }

    pub fn source(&self, path: &str) -> Option<(SourceId, &Source)> {
        self.sources.read().find(|(_, source)| source.name == path)
    }

    pub fn part(&self, source: SourceId) -> Option<&TextPart> {
        self.parts.iter().find(|part| part.source == source)
    }

    /// The text of a file as policy: of a Markdown file its blocks alone.
    pub fn rules(&self, source: SourceId) -> String {
        let Some(source) = self.sources.get(source) else { return String::new() };
        match source.name.ends_with(".md") {
            true => crate::syntax::literate(&source.text),
            false => source.text.clone(),
        }
    }

    pub fn offset(&self, source: SourceId, at: Position) -> u32 {
        let text = self.sources.get(source).map_or("", |source| source.text.as_str());
        super::places::number(self.unit.offset(text, at))
    }

    pub fn range(&self, span: Span) -> Range {
        let span = self.sources.origin(span);
        self.sources.get(span.source).map_or_else(Range::default, |source| self.unit.range(source, span))
    }

    pub fn location(&self, span: Span, texts: &OpenTexts<'_>) -> Option<Location> {
        let span = self.sources.origin(span);
        let source = self.sources.get(span.source)?;
        Some(Location { uri: texts.uri(&source.name), range: self.unit.range(source, span) })
    }

    /// What the word at a place means, the likeliest first.
    pub fn meant(&self, source: SourceId, offset: u32) -> Vec<(&NameUse, &NamedThing)> {
        let uses = self.index.at(source, offset).into_iter();
        uses.filter_map(|one| Some((one, self.index.get(one.name)?))).collect()
    }

    /// Where a name is declared first.
    pub fn place(&self, id: NameId) -> Option<&NamePlace> {
        self.index.get(id)?.places.first()
    }

    pub fn name(&self, id: NameId) -> &str {
        self.index.get(id).map_or("", |thing| thing.name.as_str())
    }
}
