//! What a policy declares under a name, and by which word each is meant on both sides.

use crate::policy::{
    AnnexId, DefineId, DutyId, EntityId, EnumId, FactId, FieldId, FoldId, FunctionId, GuaranteeId, HolderId,
    InstrumentId, OutcomeId, Policy, PowerId, RuleId,
};
use std::collections::BTreeMap;

/// Something with a name. Rules without one have none to be found by (R10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
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
pub enum Kind {
    Agreement,
    Source,
    Holder,
    Unit,
    Calendar,
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

impl Kind {
    /// As it is written in a policy.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Agreement => "agreement",
            Kind::Source => "source",
            Kind::Holder => "office",
            Kind::Unit => "unit",
            Kind::Calendar => "calendar",
            Kind::Enum => "enum",
            Kind::Fact => "fact",
            Kind::Entity => "entity",
            Kind::Field => "field",
            Kind::Annex => "annex",
            Kind::Define => "define",
            Kind::Function => "function",
            Kind::Running => "running",
            Kind::Outcome => "outcome",
            Kind::Rule => "rule",
            Kind::Obligation => "obligation",
            Kind::Power => "power",
            Kind::Guarantee => "guarantee",
        }
    }
}

impl Item {
    pub fn kind(self) -> Kind {
        match self {
            Item::Instrument(_) => Kind::Source,
            Item::Holder(_) => Kind::Holder,
            Item::Enum(_) => Kind::Enum,
            Item::Fact(_) => Kind::Fact,
            Item::Entity(_) => Kind::Entity,
            Item::Field(..) => Kind::Field,
            Item::Annex(_) => Kind::Annex,
            Item::Define(_) => Kind::Define,
            Item::Function(_) => Kind::Function,
            Item::Fold(_) => Kind::Running,
            Item::Outcome(_) => Kind::Outcome,
            Item::Rule(_) => Kind::Rule,
            Item::Duty(_) => Kind::Obligation,
            Item::Power(_) => Kind::Power,
            Item::Guarantee(_) => Kind::Guarantee,
        }
    }

    /// Its name as written; of a field with its entity.
    pub fn name(self, policy: &Policy) -> String {
        match self {
            Item::Instrument(id) => policy.instruments[id].name.clone(),
            Item::Holder(id) => policy.holders[id].name.clone(),
            Item::Enum(id) => policy.enums[id].name.clone(),
            Item::Fact(id) => policy.facts[id].name.clone(),
            Item::Entity(id) => policy.entities[id].name.clone(),
            Item::Field(entity, field) => {
                let entity = &policy.entities[entity];
                format!("{}.{}", entity.name, entity.fields[field].name)
            }
            Item::Annex(id) => policy.annexes[id].name.clone(),
            Item::Define(id) => policy.defines[id].name.clone(),
            Item::Function(id) => policy.functions[id].name.clone(),
            Item::Fold(id) => policy.folds[id].name.clone(),
            Item::Outcome(id) => policy.outcomes[id].name.clone(),
            Item::Rule(id) => policy.rules[id].shown.clone(),
            Item::Duty(id) => policy.duties[id].name.clone(),
            Item::Power(id) => policy.powers[id].name.clone(),
            Item::Guarantee(id) => policy.guarantees[id].name.clone(),
        }
    }
}

/// Everything with a name, in the order of the tables. The rule that is the effect of a power is part of the power.
pub(super) fn items(policy: &Policy) -> Vec<Item> {
    let mut all = Vec::new();
    all.extend(policy.instruments.ids().map(Item::Instrument));
    all.extend(policy.holders.ids().map(Item::Holder));
    all.extend(policy.enums.ids().map(Item::Enum));
    all.extend(policy.facts.ids().map(Item::Fact));
    for (id, entity) in policy.entities.iter() {
        all.push(Item::Entity(id));
        all.extend(entity.fields.ids().map(|field| Item::Field(id, field)));
    }
    all.extend(policy.annexes.ids().map(Item::Annex));
    all.extend(policy.defines.ids().map(Item::Define));
    all.extend(policy.functions.ids().map(Item::Function));
    all.extend(policy.folds.ids().map(Item::Fold));
    all.extend(policy.outcomes.ids().map(Item::Outcome));
    let rules = policy.rules.iter().filter(|(_, rule)| rule.name.is_some() && rule.power.is_none());
    all.extend(rules.map(|(id, _)| Item::Rule(id)));
    all.extend(policy.duties.ids().map(Item::Duty));
    all.extend(policy.powers.ids().map(Item::Power));
    all.extend(policy.guarantees.ids().map(Item::Guarantee));
    all
}

/// The word by which each named thing is meant: the same word on both sides means the same thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    words: BTreeMap<Item, String>,
}

impl Tokens {
    pub fn set(&mut self, item: Item, word: String) {
        self.words.insert(item, word);
    }

    pub fn get(&self, item: Item) -> &str {
        self.words.get(&item).map_or("?", String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Item, &str)> {
        self.words.iter().map(|(item, word)| (*item, word.as_str()))
    }
}
