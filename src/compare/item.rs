//! What a policy declares under a name, and by which word each is meant on both sides.

use crate::policy::{
    AnnexId, DefineId, DutyId, EntityId, EnumId, FactId, FieldId, FoldId, FunctionId, GuaranteeId, HolderId,
    InstrumentId, OutcomeId, Policy, PowerId, RuleId,
};
use std::collections::BTreeMap;

/// Something with a name. Rules without one have none to be found by (R10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NamedItem {
    Instrument(InstrumentId),
    Holder(HolderId),
    Enum(EnumId),
    Fact(FactId),
    Entity(EntityId),
    Field(EntityId, FieldId),
    Annex(AnnexId),
    Define(DefineId),
    Function(FunctionId),
    Fold(FoldId),
    Outcome(OutcomeId),
    Rule(RuleId),
    Duty(DutyId),
    Power(PowerId),
    Guarantee(GuaranteeId),
}

/// What kind of clause it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClauseKind {
    Agreement,
    Source,
    Holder,
    Unit,
    Calendar,
    Period,
    Enum,
    Fact,
    Entity,
    Field,
    Annex,
    Define,
    Function,
    Running,
    Outcome,
    Rule,
    Obligation,
    Power,
    Guarantee,
}

impl ClauseKind {
    /// As it is written in a policy.
    pub fn word(self) -> &'static str {
        match self {
            ClauseKind::Agreement => "agreement",
            ClauseKind::Source => "source",
            ClauseKind::Holder => "office",
            ClauseKind::Unit => "unit",
            ClauseKind::Calendar => "calendar",
            ClauseKind::Period => "period",
            ClauseKind::Enum => "enum",
            ClauseKind::Fact => "fact",
            ClauseKind::Entity => "entity",
            ClauseKind::Field => "field",
            ClauseKind::Annex => "annex",
            ClauseKind::Define => "define",
            ClauseKind::Function => "function",
            ClauseKind::Running => "running",
            ClauseKind::Outcome => "outcome",
            ClauseKind::Rule => "rule",
            ClauseKind::Obligation => "obligation",
            ClauseKind::Power => "power",
            ClauseKind::Guarantee => "guarantee",
        }
    }
}

impl NamedItem {
    pub fn kind(self) -> ClauseKind {
        match self {
            NamedItem::Instrument(_) => ClauseKind::Source,
            NamedItem::Holder(_) => ClauseKind::Holder,
            NamedItem::Enum(_) => ClauseKind::Enum,
            NamedItem::Fact(_) => ClauseKind::Fact,
            NamedItem::Entity(_) => ClauseKind::Entity,
            NamedItem::Field(..) => ClauseKind::Field,
            NamedItem::Annex(_) => ClauseKind::Annex,
            NamedItem::Define(_) => ClauseKind::Define,
            NamedItem::Function(_) => ClauseKind::Function,
            NamedItem::Fold(_) => ClauseKind::Running,
            NamedItem::Outcome(_) => ClauseKind::Outcome,
            NamedItem::Rule(_) => ClauseKind::Rule,
            NamedItem::Duty(_) => ClauseKind::Obligation,
            NamedItem::Power(_) => ClauseKind::Power,
            NamedItem::Guarantee(_) => ClauseKind::Guarantee,
        }
    }

    /// Its name as written; of a field with its entity.
    pub fn name(self, policy: &Policy) -> String {
        match self {
            NamedItem::Instrument(id) => policy.instruments[id].name.clone(),
            NamedItem::Holder(id) => policy.holders[id].name.clone(),
            NamedItem::Enum(id) => policy.enums[id].name.clone(),
            NamedItem::Fact(id) => policy.facts[id].name.clone(),
            NamedItem::Entity(id) => policy.entities[id].name.clone(),
            NamedItem::Field(entity, field) => {
                let entity = &policy.entities[entity];
                format!("{}.{}", entity.name, entity.fields[field].name)
            }
            NamedItem::Annex(id) => policy.annexes[id].name.clone(),
            NamedItem::Define(id) => policy.defines[id].name.clone(),
            NamedItem::Function(id) => policy.functions[id].name.clone(),
            NamedItem::Fold(id) => policy.folds[id].name.clone(),
            NamedItem::Outcome(id) => policy.outcomes[id].name.clone(),
            NamedItem::Rule(id) => policy.rules[id].shown.clone(),
            NamedItem::Duty(id) => policy.duties[id].name.clone(),
            NamedItem::Power(id) => policy.powers[id].name.clone(),
            NamedItem::Guarantee(id) => policy.guarantees[id].name.clone(),
        }
    }
}

/// Everything with a name, in the order of the tables. The rule that is the effect of a power is part of the power.
pub(super) fn items(policy: &Policy) -> Vec<NamedItem> {
    let mut all = Vec::new();
    all.extend(policy.instruments.ids().map(NamedItem::Instrument));
    all.extend(policy.holders.ids().map(NamedItem::Holder));
    all.extend(policy.enums.ids().map(NamedItem::Enum));
    all.extend(policy.facts.ids().map(NamedItem::Fact));
    for (id, entity) in policy.entities.iter() {
        all.push(NamedItem::Entity(id));
        all.extend(entity.fields.ids().map(|field| NamedItem::Field(id, field)));
    }
    all.extend(policy.annexes.ids().map(NamedItem::Annex));
    all.extend(policy.defines.ids().map(NamedItem::Define));
    all.extend(policy.functions.ids().map(NamedItem::Function));
    all.extend(policy.folds.ids().map(NamedItem::Fold));
    all.extend(policy.outcomes.ids().map(NamedItem::Outcome));
    let rules = policy.rules.iter().filter(|(_, rule)| rule.name.is_some() && rule.power.is_none());
    all.extend(rules.map(|(id, _)| NamedItem::Rule(id)));
    all.extend(policy.duties.ids().map(NamedItem::Duty));
    all.extend(policy.powers.ids().map(NamedItem::Power));
    all.extend(policy.guarantees.ids().map(NamedItem::Guarantee));
    all
}

/// The word by which each named thing is meant: the same word on both sides means the same thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    words: BTreeMap<NamedItem, String>,
}

impl Tokens {
    pub fn set(&mut self, item: NamedItem, word: String) {
        self.words.insert(item, word);
    }

    pub fn get(&self, item: NamedItem) -> &str {
        self.words.get(&item).map_or("?", String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (NamedItem, &str)> {
        self.words.iter().map(|(item, word)| (*item, word.as_str()))
    }
}
