//! What a name of a policy stands for.

use super::Checker;
use super::errors;
use crate::policy::{
    AnnexId, DefineId, DutyId, EntityId, EnumId, FactId, FoldId, FunctionId, GuaranteeId, InstrumentId,
    OutcomeId, PowerId, RuleId, Type,
};
use crate::text::Span;
use crate::tree::Name;
use crate::value::OwnYear;
use indexmap::IndexMap;

/// One namespace holds all declarations: a name means one thing wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Fact(FactId),
    Entity(EntityId),
    Annex(AnnexId),
    Define(DefineId),
    Function(FunctionId),
    Running(FoldId),
    Outcome(OutcomeId),
    Enum(EnumId),
    Rule(RuleId),
    Duty(DutyId),
    Power(PowerId),
    Guarantee(GuaranteeId),
    Instrument(InstrumentId),
    Office,
    Calendar,
    Period(OwnYear),
    Agreement,
    /// Declared, but wrongly: said once, at its declaration.
    Waiting,
}

impl Symbol {
    /// Whether it can stand in an expression.
    pub(super) fn is_value(self) -> bool {
        match self {
            Symbol::Fact(_)
            | Symbol::Entity(_)
            | Symbol::Annex(_)
            | Symbol::Define(_)
            | Symbol::Function(_)
            | Symbol::Running(_)
            | Symbol::Outcome(_)
            | Symbol::Enum(_)
            | Symbol::Duty(_)
            | Symbol::Power(_)
            | Symbol::Waiting => true,
            Symbol::Rule(_)
            | Symbol::Guarantee(_)
            | Symbol::Instrument(_)
            | Symbol::Office
            | Symbol::Calendar
            | Symbol::Period(_)
            | Symbol::Agreement => false,
        }
    }

    /// What it is, in a sentence.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Symbol::Fact(_) => "a fact",
            Symbol::Entity(_) => "an entity",
            Symbol::Annex(_) => "an annex",
            Symbol::Define(_) => "a define",
            Symbol::Function(_) => "a function",
            Symbol::Running(_) => "a running total",
            Symbol::Outcome(_) => "an outcome",
            Symbol::Enum(_) => "an enum",
            Symbol::Rule(_) => "a rule",
            Symbol::Duty(_) => "an obligation",
            Symbol::Power(_) => "a power",
            Symbol::Guarantee(_) => "a guarantee",
            Symbol::Instrument(_) => "a source",
            Symbol::Office => "an office",
            Symbol::Calendar => "a calendar",
            Symbol::Period(_) => "a year of its own",
            Symbol::Agreement => "the agreement",
            Symbol::Waiting => "a declaration that is wrong",
        }
    }
}

/// All names of a policy, in the order of the text, each with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) list: IndexMap<String, (Symbol, Span)>,
}

/// Words that always mean themselves where a value stands.
pub(super) const TAKEN: [&str; 3] = ["today", "never", "unknown"];

impl Names {
    pub(super) fn get(&self, name: &str) -> Option<Symbol> {
        self.list.get(name).map(|(symbol, _)| *symbol)
    }
}

impl Checker<'_> {
    /// The type of the value that a name stands for, where it is one.
    pub(super) fn type_of_symbol(&self, symbol: Symbol) -> Option<&Type> {
        match symbol {
            Symbol::Fact(id) => Some(&self.policy.facts[id].ty),
            Symbol::Define(id) => Some(&self.policy.defines[id].ty),
            Symbol::Outcome(id) => Some(&self.policy.outcomes[id].ty),
            Symbol::Running(id) => Some(&self.policy.folds[id].ty),
            _ => None,
        }
    }

    /// Enters a name; an error if it is taken.
    pub(super) fn enter(&mut self, name: &Name, symbol: Symbol) {
        if TAKEN.contains(&name.text.as_str()) {
            self.say(errors::name_reserved(name));
            return;
        }
        match self.names.list.get(&name.text) {
            Some((known, span)) => {
                let error = errors::name_taken(name, *known, *span);
                self.say(error);
            }
            None => {
                self.names.list.insert(name.text.clone(), (symbol, name.span));
            }
        }
    }
}
