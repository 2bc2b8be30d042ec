//! A model: a value for every variable, and the plain evaluation of formulas at it.

use std::sync::Arc;

use super::formula::{Formula, FormulaNode, Formulas, TheoryAtom, Var};
use super::stop::Inconclusive;
use crate::value::{Code, Number};

/// What a variable is in a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Of a number or a whole number.
    Number(Number),
    /// The index of a choice.
    Choice(u32),
    Code(Code),
    Text(Arc<str>),
}

/// A value for every variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub(super) worths: Vec<Worth>,
    pub(super) spoken: Vec<bool>,
}

impl Model {
    /// A model with these values.
    #[cfg(test)]
    pub(crate) fn of(worths: Vec<Worth>) -> Model {
        let spoken = vec![true; worths.len()];
        Model { worths, spoken }
    }

    pub fn worth(&self, var: Var) -> Option<&Worth> {
        self.worths.get(var.place())
    }

    pub fn number(&self, var: Var) -> Option<&Number> {
        match self.worth(var) {
            Some(Worth::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub fn choice(&self, var: Var) -> Option<u32> {
        match self.worth(var) {
            Some(Worth::Choice(value)) => Some(*value),
            _ => None,
        }
    }

    /// Whether the model rests on this variable: if not, any other value of it would do as well.
    pub fn rests_on(&self, var: Var) -> bool {
        self.spoken.get(var.place()).copied().unwrap_or(false)
    }
}

/// Formulas at one model: each node is looked at once, however many are asked for.
pub struct Truths<'a> {
    formulas: &'a Formulas,
    model: &'a Model,
    /// By node: 0 not known yet, 1 false, 2 true.
    known: Vec<u8>,
}

impl<'a> Truths<'a> {
    pub fn new(formulas: &'a Formulas, model: &'a Model) -> Truths<'a> {
        Truths { formulas, model, known: vec![0; formulas.nodes.len()] }
    }

    fn read(&self, formula: Formula) -> Option<bool> {
        match self.known.get(formula.node()) {
            Some(1) => Some(formula.negated()),
            Some(2) => Some(!formula.negated()),
            _ => None,
        }
    }

    /// Whether the formula is true there.
    ///
    /// # Errors
    /// The model has no value for something in it, or a number becomes too large.
    pub fn holds(&mut self, formula: Formula) -> Result<bool, Inconclusive> {
        if let Some(known) = self.read(formula) {
            return Ok(known);
        }
        let mut open = vec![(formula.node(), 0usize)];
        while let Some((node, from)) = open.pop() {
            let value = match self.formulas.node(node) {
                FormulaNode::True => Some(true),
                FormulaNode::Atom(atom) => Some(self.formulas.atom_holds(atom, self.model)?),
                FormulaNode::And(parts) => {
                    let mut value = Some(true);
                    for (part, at) in parts.iter().zip(0..).skip(from) {
                        match self.read(*part) {
                            Some(true) => {}
                            Some(false) => {
                                value = Some(false);
                                break;
                            }
                            None => {
                                open.push((node, at));
                                open.push((part.node(), 0));
                                value = None;
                                break;
                            }
                        }
                    }
                    value
                }
            };
            if let (Some(value), Some(place)) = (value, self.known.get_mut(node)) {
                *place = if value { 2 } else { 1 };
            }
        }
        Ok(self.read(formula).unwrap_or(false))
    }
}

impl Formulas {
    /// Whether the formula is true at the model.
    pub fn holds(&self, formula: Formula, model: &Model) -> Result<bool, Inconclusive> {
        Truths::new(self, model).holds(formula)
    }

    /// The same, of a model of which more is asked: `known` is what was found before.
    pub fn holds_with(
        &self,
        formula: Formula,
        model: &Model,
        known: &mut Vec<u8>,
    ) -> Result<bool, Inconclusive> {
        let mut truths = Truths { formulas: self, model, known: std::mem::take(known) };
        truths.known.resize(self.nodes.len(), 0);
        let holds = truths.holds(formula);
        *known = truths.known;
        holds
    }

    fn atom_holds(&self, atom: &TheoryAtom, model: &Model) -> Result<bool, Inconclusive> {
        let worth = |var: Var| model.worth(var).ok_or(Inconclusive::Unsound);
        Ok(match atom {
            TheoryAtom::Below { term, at, strict } => {
                let parts =
                    self.terms.get(*term as usize).map(|term| term.parts.as_slice()).unwrap_or_default();
                let sum;
                let value = match parts {
                    // One alone has the coefficient 1.
                    [(var, _)] => model.number(*var).ok_or(Inconclusive::Unsound)?,
                    _ => {
                        let mut total = Number::ZERO;
                        for (var, factor) in parts {
                            total =
                                total.add(&model.number(*var).ok_or(Inconclusive::Unsound)?.mul(factor)?)?;
                        }
                        sum = total;
                        &sum
                    }
                };
                if *strict { value < at } else { value <= at }
            }
            TheoryAtom::Choice { var, value } => model.choice(*var).ok_or(Inconclusive::Unsound)? == *value,
            TheoryAtom::CodeIs { var, digits } => match worth(*var)? {
                Worth::Code(code) => code.bytes().eq(digits.iter().copied()),
                _ => return Err(Inconclusive::Unsound),
            },
            TheoryAtom::CodeUnder { var, digits } => match worth(*var)? {
                Worth::Code(code) => {
                    let mut mine = code.bytes();
                    digits.iter().all(|digit| mine.next() == Some(*digit))
                }
                _ => return Err(Inconclusive::Unsound),
            },
            TheoryAtom::TextIs { var, text } => match (worth(*var)?, self.texts.get(*text as usize)) {
                (Worth::Text(value), Some(text)) => value == text,
                _ => return Err(Inconclusive::Unsound),
            },
            TheoryAtom::TextSame { one, other } => worth(*one)? == worth(*other)?,
        })
    }
}
