//! What a name is, where it is declared, where it is used.

use crate::text::Span;
use std::collections::BTreeMap;

/// A name of a [`super::NameIndex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    Agreement,
    Party,
    Source,
    Calendar,
    Period,
    Office,
    Unit,
    Enum,
    Choice,
    Fact,
    Entity,
    Field,
    Annex,
    Column,
    Define,
    Function,
    /// Of a function or a power.
    Parameter,
    Outcome,
    Rule,
    Article,
    Obligation,
    Power,
    Running,
    Guarantee,
    Scenario,
    /// `other` in `for each other in entry`.
    Row,
}

impl NameKind {
    /// What it is called before people.
    pub fn noun(self) -> &'static str {
        match self {
            NameKind::Agreement => "agreement",
            NameKind::Party => "party",
            NameKind::Source => "source",
            NameKind::Calendar => "calendar",
            NameKind::Period => "period",
            NameKind::Office => "office",
            NameKind::Unit => "unit",
            NameKind::Enum => "enum",
            NameKind::Choice => "choice",
            NameKind::Fact => "fact",
            NameKind::Entity => "entity",
            NameKind::Field => "field",
            NameKind::Annex => "annex",
            NameKind::Column => "column",
            NameKind::Define => "define",
            NameKind::Function => "function",
            NameKind::Parameter => "parameter",
            NameKind::Outcome => "outcome",
            NameKind::Rule => "rule",
            NameKind::Article => "article",
            NameKind::Obligation => "obligation",
            NameKind::Power => "power",
            NameKind::Running => "running total",
            NameKind::Guarantee => "guarantee",
            NameKind::Scenario => "scenario",
            NameKind::Row => "row",
        }
    }

    /// Whether it stands for a value wherever a value is wanted.
    pub fn is_value(self) -> bool {
        matches!(
            self,
            NameKind::Fact
                | NameKind::Define
                | NameKind::Outcome
                | NameKind::Function
                | NameKind::Annex
                | NameKind::Entity
                | NameKind::Enum
                | NameKind::Running
                | NameKind::Choice
                | NameKind::Parameter
                | NameKind::Row
        )
    }
}

#[derive(Clone, Debug)]
pub struct NamedThing {
    pub name: String,
    pub kind: NameKind,
    /// The entity of a field, the enum of a choice, the function of a parameter.
    pub owner: Option<NameId>,
    /// The first is the one to go to; versions of a rule, and what an amendment puts in its place, follow.
    pub places: Vec<NamePlace>,
    /// The one word that its type is written with: an entity or an enum may be meant.
    pub(super) type_word: Option<String>,
}

/// One declaration of a name.
#[derive(Clone, Debug)]
pub struct NamePlace {
    pub name: Span,
    /// The whole declaration.
    pub whole: Span,
    /// Its beginning, up to where a body begins.
    pub head: Span,
    pub doc: Option<String>,
    pub title: Option<String>,
    /// The type, as it is written.
    pub ty: Option<Span>,
    /// What it cites, with the place in the source; those of its article, if it has none.
    pub cites: Vec<(String, Option<String>)>,
    pub article: Option<u32>,
}

impl NamePlace {
    pub(super) fn plain(name: Span, whole: Span) -> NamePlace {
        NamePlace {
            name,
            whole,
            head: whole,
            doc: None,
            title: None,
            ty: None,
            cites: Vec::new(),
            article: None,
        }
    }
}

/// What is done with a name where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseRole {
    Declares,
    Reads,
    /// `tariff := 15%`
    Decides,
    /// A word of a stretch that could not be read.
    Unread,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameUse {
    pub name: NameId,
    pub span: Span,
    pub role: UseRole,
}

/// A declaration in the outline of its text.
#[derive(Clone, Debug)]
pub struct OutlineItem {
    /// A rule without a name goes by what it decides.
    pub name: String,
    pub kind: NameKind,
    pub detail: Option<String>,
    pub name_span: Span,
    pub whole: Span,
    pub inner: Vec<OutlineItem>,
}

/// The names and how they are found.
#[derive(Clone, Debug, Default)]
pub(super) struct NameTable {
    things: Vec<NamedThing>,
    globals: BTreeMap<String, NameId>,
    choices: BTreeMap<String, Vec<NameId>>,
    parties: BTreeMap<String, NameId>,
    articles: BTreeMap<u32, NameId>,
    scenarios: BTreeMap<String, NameId>,
    members: BTreeMap<NameId, Vec<NameId>>,
}

impl NameTable {
    pub fn get(&self, id: NameId) -> Option<&NamedThing> {
        self.things.get(usize::try_from(id.0).ok()?)
    }

    pub fn iter(&self) -> impl Iterator<Item = (NameId, &NamedThing)> {
        (0u32..).map(NameId).zip(&self.things)
    }

    pub fn global(&self, name: &str) -> Option<NameId> {
        self.globals.get(name).copied()
    }

    pub fn choices(&self, name: &str) -> &[NameId] {
        self.choices.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn article(&self, number: u32) -> Option<NameId> {
        self.articles.get(&number).copied()
    }

    pub fn scenario(&self, title: &str) -> Option<NameId> {
        self.scenarios.get(title).copied()
    }

    pub fn party(&self, name: &str) -> Option<NameId> {
        self.parties.get(name).copied()
    }

    /// An office or a party.
    pub fn holder(&self, name: &str) -> Option<NameId> {
        let office = |id: &NameId| self.get(*id).is_some_and(|thing| thing.kind == NameKind::Office);
        self.global(name).filter(office).or_else(|| self.parties.get(name).copied())
    }

    fn push(&mut self, name: &str, kind: NameKind, owner: Option<NameId>) -> NameId {
        let id = NameId(u32::try_from(self.things.len()).unwrap_or(u32::MAX));
        self.things.push(NamedThing {
            name: name.to_string(),
            kind,
            owner,
            places: Vec::new(),
            type_word: None,
        });
        if let Some(owner) = owner {
            self.members.entry(owner).or_default().push(id);
        }
        id
    }

    /// Another declaration of a name; the first says what it is.
    pub fn declare(&mut self, name: &str, kind: NameKind, place: NamePlace) -> NameId {
        let key = name.to_string();
        let known = match kind {
            NameKind::Article => name.parse().ok().and_then(|number| self.article(number)),
            NameKind::Party => self.parties.get(name).copied(),
            NameKind::Scenario => self.scenario(name),
            _ => self.global(name),
        };
        let id = known.unwrap_or_else(|| self.push(name, kind, None));
        match kind {
            NameKind::Article => {
                if let Ok(number) = name.parse() {
                    self.articles.insert(number, id);
                }
            }
            NameKind::Party => drop(self.parties.insert(key, id)),
            NameKind::Scenario => drop(self.scenarios.insert(key, id)),
            _ => drop(self.globals.insert(key, id)),
        }
        self.place(id, place);
        id
    }

    /// A field, a column, a choice or a parameter.
    pub fn declare_in(&mut self, owner: NameId, name: &str, kind: NameKind, place: NamePlace) -> NameId {
        let known = self.member(owner, name);
        let id = known.unwrap_or_else(|| self.push(name, kind, Some(owner)));
        if kind == NameKind::Choice && known.is_none() {
            self.choices.entry(name.to_string()).or_default().push(id);
        }
        self.place(id, place);
        id
    }

    /// The name of a row, which is known in its declaration alone.
    pub fn declare_row(&mut self, name: &str, entity: &str, place: NamePlace) -> NameId {
        let id = self.push(name, NameKind::Row, None);
        self.place(id, place);
        self.typed(id, entity);
        id
    }

    fn place(&mut self, id: NameId, place: NamePlace) {
        if let Some(thing) = usize::try_from(id.0).ok().and_then(|at| self.things.get_mut(at)) {
            thing.places.push(place);
        }
    }

    pub fn typed(&mut self, id: NameId, word: &str) {
        if let Some(thing) = usize::try_from(id.0).ok().and_then(|at| self.things.get_mut(at)) {
            thing.type_word = Some(word.to_string());
        }
    }

    pub fn member(&self, owner: NameId, name: &str) -> Option<NameId> {
        let members = self.members.get(&owner)?;
        members.iter().copied().find(|id| self.get(*id).is_some_and(|thing| thing.name == name))
    }

    /// Whose members stand after a dot behind this: its own, or those of its type.
    pub fn whose(&self, id: NameId) -> Option<NameId> {
        let thing = self.get(id)?;
        match thing.kind {
            NameKind::Entity | NameKind::Annex | NameKind::Enum | NameKind::Power => Some(id),
            _ => thing.type_word.as_deref().and_then(|word| self.global(word)).filter(|id| {
                self.get(*id).is_some_and(|of| matches!(of.kind, NameKind::Entity | NameKind::Enum))
            }),
        }
    }

    pub fn members_declared(&self, id: NameId) -> Vec<NameId> {
        self.members.get(&id).cloned().unwrap_or_default()
    }

    pub fn members_of(&self, id: NameId) -> Vec<NameId> {
        self.whose(id).and_then(|owner| self.members.get(&owner)).cloned().unwrap_or_default()
    }
}
