//! What an expression of a row is in a column program.

use super::bad::Bad;
use super::graph::{Arg, Graph, Relation, RoundingMode, quotient};
use super::lanes::LaneType;
use super::quotient::Quotient;
use crate::value::{Number, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The compiler gives up: an expression is left to `run`, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bailout(pub &'static str);

/// Registers with the value of each row.
#[derive(Clone, Debug)]
pub(super) struct RowTerm {
    pub kind: TermKind,
    pub bad: Bad,
}

#[derive(Clone, Debug)]
pub(super) enum TermKind {
    Bit(Arg),
    /// Numbers times a constant; days as their numbers, and durations, times 1.
    Number(ScaledArg),
    Quotient(Quotient),
    Word(Word),
    /// The row itself.
    Row,
}

/// A number times `den`, which is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScaledArg {
    pub arg: Arg,
    pub den: i128,
}

/// A place in a list of values.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub arg: Arg,
    pub dictionary: Arc<[Value]>,
}

/// Larger denominators are not kept.
const LARGEST: i128 = 1_000_000_000_000_000_000_000_000;

pub(super) const TOO_LARGE: Bailout = Bailout("its numbers may be too large");

impl RowTerm {
    pub fn good(kind: TermKind) -> RowTerm {
        RowTerm { kind, bad: Bad::NONE }
    }

    pub fn bit(&self) -> Result<Arg, Bailout> {
        match self.kind {
            TermKind::Bit(arg) => Ok(arg),
            _ => Err(Bailout("it is no truth value")),
        }
    }

    pub fn number(&self) -> Result<ScaledArg, Bailout> {
        match self.kind {
            TermKind::Number(number) => Ok(number),
            TermKind::Quotient(_) => Err(Bailout("it divides by a number of the row")),
            _ => Err(Bailout("it is no number")),
        }
    }

    pub fn word(&self) -> Result<&Word, Bailout> {
        match &self.kind {
            TermKind::Word(word) => Ok(word),
            _ => Err(Bailout("it is no word")),
        }
    }

    /// A value that is the same for all rows.
    pub fn of(value: &Value) -> Result<RowTerm, Bailout> {
        Ok(RowTerm::good(match value {
            Value::Bool(value) => TermKind::Bit(Arg::bit(*value)),
            Value::Number(number) => TermKind::Number(ScaledArg::of(number)?),
            Value::Date(day) => TermKind::Number(ScaledArg { arg: Arg::Const(day.number().into()), den: 1 }),
            Value::Duration(count) => {
                TermKind::Number(ScaledArg { arg: Arg::Const((*count).into()), den: 1 })
            }
            word => TermKind::Word(Word { arg: Arg::Const(0), dictionary: Arc::from([word.clone()]) }),
        }))
    }
}

impl ScaledArg {
    /// A denominator that is kept.
    pub fn within(arg: Arg, den: i128) -> Result<ScaledArg, Bailout> {
        if den <= LARGEST { Ok(ScaledArg { arg, den }) } else { Err(TOO_LARGE) }
    }

    pub fn of(number: &Number) -> Result<ScaledArg, Bailout> {
        let den = number.whole_in().filter(|den| *den <= LARGEST).ok_or(TOO_LARGE)?;
        Ok(ScaledArg { arg: Arg::Const(number.times(den).ok_or(TOO_LARGE)?), den })
    }
}

pub(super) fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a.checked_abs().unwrap_or(1)
}

pub(super) fn common(a: i128, b: i128) -> Result<i128, Bailout> {
    let least = (a / gcd(a, b).max(1)).checked_mul(b).filter(|den| *den <= LARGEST);
    least.ok_or(TOO_LARGE)
}

/// Values with one denominator, and that denominator.
pub(super) fn together(values: &[Option<Number>]) -> Result<(Vec<i128>, i128), Bailout> {
    let mut den = 1;
    for number in values.iter().flatten() {
        den = common(den, number.whole_in().ok_or(TOO_LARGE)?)?;
    }
    let scaled = |number: &Option<Number>| match number {
        Some(number) => number.times(den).ok_or(TOO_LARGE),
        None => Ok(0),
    };
    Ok((values.iter().map(scaled).collect::<Result<_, Bailout>>()?, den))
}

impl Graph {
    /// V4, of several: false wins over what is bad, that over true.
    pub fn all(&mut self, terms: &[(Arg, Bad)]) -> (Arg, Bad) {
        let (mut value, mut bad, mut no, mut open) = (Arg::TRUE, Bad::NONE, Arg::FALSE, Arg::FALSE);
        let doubtful = terms.iter().any(|(_, bad)| bad.any != Arg::FALSE);
        for (term, wrong) in terms {
            value = self.and(value, *term);
            bad = self.strict(bad, *wrong);
            if doubtful {
                let not = self.not(*term);
                let surely = self.except(not, wrong.any);
                no = self.or(no, surely);
                let unknown = self.open(*wrong);
                open = self.or(open, unknown);
            }
        }
        // What is open may be false, and then the whole is no error.
        let fails = self.except(bad.fails, open);
        (value, Bad { any: self.except(bad.any, no), fails: self.except(fails, no) })
    }

    pub fn any(&mut self, terms: &[(Arg, Bad)]) -> (Arg, Bad) {
        let turned: Vec<(Arg, Bad)> = terms.iter().map(|(term, bad)| (self.not(*term), *bad)).collect();
        let (none, bad) = self.all(&turned);
        let value = terms.iter().fold(Arg::FALSE, |value, (term, _)| self.or(value, *term));
        // The same thing, said so that fewer operations are left.
        if bad == Bad::NONE { (value, bad) } else { (self.not(none), bad) }
    }

    pub fn rescale(&mut self, number: ScaledArg, den: i128) -> Result<Arg, Bailout> {
        let factor = Arg::Const(den / number.den.max(1));
        self.times(number.arg, factor).ok_or(TOO_LARGE)
    }

    /// Two numbers with one denominator.
    pub fn align(&mut self, a: ScaledArg, b: ScaledArg) -> Result<(Arg, Arg, i128), Bailout> {
        let den = common(a.den, b.den)?;
        Ok((self.rescale(a, den)?, self.rescale(b, den)?, den))
    }

    pub fn sum(&mut self, a: ScaledArg, b: ScaledArg) -> Result<ScaledArg, Bailout> {
        let (a, b, den) = self.align(a, b)?;
        Ok(ScaledArg { arg: self.plus(a, b).ok_or(TOO_LARGE)?, den })
    }

    pub fn difference(&mut self, a: ScaledArg, b: ScaledArg) -> Result<ScaledArg, Bailout> {
        let (a, b, den) = self.align(a, b)?;
        Ok(ScaledArg { arg: self.minus(a, b).ok_or(TOO_LARGE)?, den })
    }

    pub fn product(&mut self, a: ScaledArg, b: ScaledArg) -> Result<ScaledArg, Bailout> {
        let den = a.den.checked_mul(b.den).ok_or(TOO_LARGE)?;
        let arg = self.times(a.arg, b.arg).ok_or(TOO_LARGE)?;
        Ok(self.reduced(ScaledArg::within(arg, den)?))
    }

    fn reduced(&self, number: ScaledArg) -> ScaledArg {
        match number.arg {
            Arg::Const(value) => {
                let common = gcd(value, number.den).max(1);
                ScaledArg { arg: Arg::Const(value / common), den: number.den / common }
            }
            Arg::Reg(_) => number,
        }
    }

    /// By a constant that is not 0.
    pub fn quotient(&mut self, a: ScaledArg, by: i128, by_den: i128) -> Result<ScaledArg, Bailout> {
        let common = gcd(by, by_den).max(1);
        let (by, by_den) = (by / common, by_den / common);
        let arg = self.times(a.arg, Arg::Const(by_den * by.signum())).ok_or(TOO_LARGE)?;
        let den = a.den.checked_mul(by.checked_abs().ok_or(TOO_LARGE)?).filter(|den| *den <= LARGEST);
        Ok(self.reduced(ScaledArg { arg, den: den.ok_or(TOO_LARGE)? }))
    }

    pub fn lesser(&mut self, a: ScaledArg, b: ScaledArg) -> Result<ScaledArg, Bailout> {
        let (a, b, den) = self.align(a, b)?;
        Ok(ScaledArg { arg: self.least(a, b).ok_or(TOO_LARGE)?, den })
    }

    pub fn greater(&mut self, a: ScaledArg, b: ScaledArg) -> Result<ScaledArg, Bailout> {
        let (a, b, den) = self.align(a, b)?;
        Ok(ScaledArg { arg: self.greatest(a, b).ok_or(TOO_LARGE)?, den })
    }

    /// To the nearest multiple of a step above 0 (M4).
    pub fn round(&mut self, a: ScaledArg, step: &Number, mode: RoundingMode) -> Result<ScaledArg, Bailout> {
        let step_den = step.whole_in().ok_or(TOO_LARGE)?;
        let step_num = step.times(step_den).filter(|num| *num > 0).ok_or(TOO_LARGE)?;
        // a / den / (num / step_den), made whole, times num / step_den
        let divisor = a.den.checked_mul(step_num).ok_or(TOO_LARGE)?;
        let common = gcd(divisor, step_den).max(1);
        let whole = self.times(a.arg, Arg::Const(step_den / common)).ok_or(TOO_LARGE)?;
        let times = match whole {
            Arg::Const(value) => Arg::Const(quotient(value, divisor / common, mode).ok_or(TOO_LARGE)?),
            _ => self.divide(whole, divisor / common, mode).ok_or(TOO_LARGE)?,
        };
        let arg = self.times(times, Arg::Const(step_num)).ok_or(TOO_LARGE)?;
        Ok(ScaledArg { arg, den: step_den })
    }

    /// Two words with one list.
    pub fn join(&mut self, a: &Word, b: &Word) -> Result<(Arg, Arg, Arc<[Value]>), Bailout> {
        if Arc::ptr_eq(&a.dictionary, &b.dictionary) || a.dictionary == b.dictionary {
            return Ok((a.arg, b.arg, a.dictionary.clone()));
        }
        if a.dictionary.is_empty() {
            return Ok((Arg::Const(0), b.arg, b.dictionary.clone()));
        }
        if b.dictionary.is_empty() {
            return Ok((a.arg, Arg::Const(0), a.dictionary.clone()));
        }
        let mut known: BTreeMap<&Value, usize> = BTreeMap::new();
        for (at, value) in a.dictionary.iter().enumerate() {
            known.entry(value).or_insert(at);
        }
        let mut all = a.dictionary.to_vec();
        // Of a constant one value is enough.
        let wanted = match b.arg {
            Arg::Const(at) => usize::try_from(at).ok().map_or(0..0, |at| at..at.saturating_add(1)),
            Arg::Reg(_) => 0..b.dictionary.len(),
        };
        let mut moved = vec![0i128; b.dictionary.len()];
        for at in wanted {
            let (Some(value), Some(place)) = (b.dictionary.get(at), moved.get_mut(at)) else { continue };
            let new = *known.entry(value).or_insert_with(|| {
                all.push(value.clone());
                all.len().saturating_sub(1)
            });
            *place = i128::try_from(new).map_err(|_| TOO_LARGE)?;
        }
        // Values that stand twice in the first list are one.
        let same: Vec<i128> =
            a.dictionary.iter().map(|value| known.get(value).map_or(0, |at| *at as i128)).collect();
        let plain = same.iter().enumerate().all(|(at, place)| at as i128 == *place);
        let left = if plain { a.arg } else { self.look_up(a.arg, LaneType::Key, &same).ok_or(TOO_LARGE)? };
        let right = self.look_up(b.arg, LaneType::Key, &moved).ok_or(TOO_LARGE)?;
        Ok((left, right, all.into()))
    }

    /// `when ? yes : no`
    pub fn choose_term(&mut self, when: Arg, yes: &RowTerm, no: &RowTerm) -> Result<RowTerm, Bailout> {
        match when {
            Arg::TRUE => return Ok(yes.clone()),
            Arg::FALSE => return Ok(no.clone()),
            _ => {}
        }
        let bad = self.choose_bad(when, yes.bad, no.bad);
        // What is never good is of no account, whatever it is.
        if yes.bad.any == Arg::TRUE {
            return Ok(RowTerm { kind: no.kind.clone(), bad });
        }
        if no.bad.any == Arg::TRUE {
            return Ok(RowTerm { kind: yes.kind.clone(), bad });
        }
        let kind = match (&yes.kind, &no.kind) {
            (TermKind::Bit(yes), TermKind::Bit(no)) => TermKind::Bit(self.choose_bit(when, *yes, *no)),
            (TermKind::Number(_) | TermKind::Quotient(_), TermKind::Number(_) | TermKind::Quotient(_)) => {
                self.choose_quotient(when, yes.kind.quotient()?, no.kind.quotient()?)?.into()
            }
            (TermKind::Word(yes), TermKind::Word(no)) => {
                // The one with more values first: it is left as it is.
                if yes.dictionary.len() > no.dictionary.len() {
                    let (yes, no, dictionary) = self.join(yes, no)?;
                    TermKind::Word(Word { arg: self.choose_key(when, yes, no), dictionary })
                } else {
                    let (no, yes, dictionary) = self.join(no, yes)?;
                    TermKind::Word(Word { arg: self.choose_key(when, yes, no), dictionary })
                }
            }
            (TermKind::Row, TermKind::Row) => TermKind::Row,
            _ => return Err(Bailout("its values are of different kinds")),
        };
        Ok(RowTerm { kind, bad })
    }

    /// Whether two values of one type are equal.
    pub fn equal(&mut self, a: &TermKind, b: &TermKind) -> Result<Arg, Bailout> {
        self.related(Relation::Equal, a, b)
    }

    pub fn related(&mut self, relation: Relation, a: &TermKind, b: &TermKind) -> Result<Arg, Bailout> {
        match (a, b) {
            (TermKind::Bit(a), TermKind::Bit(b)) => Ok(match (relation, *a, *b) {
                (Relation::Equal, a, Arg::TRUE) | (Relation::Equal, Arg::TRUE, a) => a,
                (Relation::Equal, a, Arg::FALSE) | (Relation::Equal, Arg::FALSE, a) => self.not(a),
                (Relation::Different, a, b) => {
                    let equal = self.related(Relation::Equal, &TermKind::Bit(a), &TermKind::Bit(b))?;
                    self.not(equal)
                }
                // false is less than true
                (Relation::Less, a, b) => self.except(b, a),
                (Relation::AtMost, a, b) => {
                    let not = self.not(a);
                    self.or(not, b)
                }
                (Relation::Equal, a, b) => self.compare(Relation::Equal, a, b),
            }),
            (TermKind::Number(_) | TermKind::Quotient(_), TermKind::Number(_) | TermKind::Quotient(_)) => {
                self.ordered(relation, a.quotient()?, b.quotient()?)
            }
            (TermKind::Word(a), TermKind::Word(b)) => {
                let (a, b, dictionary) = self.join(a, b)?;
                match relation {
                    Relation::Equal | Relation::Different => {
                        // A list may have a value twice.
                        let (a, b) = (self.first_place(a, &dictionary)?, self.first_place(b, &dictionary)?);
                        Ok(self.key_is(relation, a, b, dictionary.len()))
                    }
                    Relation::Less | Relation::AtMost => {
                        let ranks = ranks(&dictionary);
                        let a = self.look_up(a, LaneType::Key, &ranks).ok_or(TOO_LARGE)?;
                        let b = self.look_up(b, LaneType::Key, &ranks).ok_or(TOO_LARGE)?;
                        Ok(self.compare(relation, a, b))
                    }
                }
            }
            _ => Err(Bailout("it compares values of different kinds")),
        }
    }

    /// The place of a word in the order of words.
    pub fn rank(&mut self, word: &Word) -> Result<Arg, Bailout> {
        self.look_up(word.arg, LaneType::Key, &ranks(&word.dictionary)).ok_or(TOO_LARGE)
    }

    fn first_place(&mut self, key: Arg, dictionary: &[Value]) -> Result<Arg, Bailout> {
        let mut first: BTreeMap<&Value, usize> = BTreeMap::new();
        let places: Vec<i128> = dictionary
            .iter()
            .enumerate()
            .map(|(at, value)| *first.entry(value).or_insert(at) as i128)
            .collect();
        if places.iter().enumerate().all(|(at, place)| at as i128 == *place) {
            return Ok(key);
        }
        self.look_up(key, LaneType::Key, &places).ok_or(TOO_LARGE)
    }

    fn key_is(&mut self, relation: Relation, a: Arg, b: Arg, _size: usize) -> Arg {
        self.compare(relation, a, b)
    }
}

/// The places of values in the order of values.
fn ranks(dictionary: &[Value]) -> Vec<i128> {
    let mut sorted: Vec<&Value> = dictionary.iter().collect();
    sorted.sort();
    sorted.dedup();
    dictionary.iter().map(|value| sorted.partition_point(|other| *other < value) as i128).collect()
}
