//! Numbers: every term is a line with cuts in it, `term <= c` and `term < c`, sorted. A bound settles all cuts beyond it
//! at once, each by one literal: for policies that compare facts with constants this is all the arithmetic there is.
//! Sums of several variables go to the simplex besides.

use super::dense::Dense;
use super::fans::Fans;
use super::formula::{Formula, Formulas, TheoryAtom, VarSort};
use super::pair::DeltaNumber;
use super::simplex::{AssertedBound, BoundSide, Simplex};
use super::stop::{Budget, Inconclusive};
use super::term::floor;
use crate::value::Number;

#[derive(Clone)]
struct Cut {
    at: Number,
    /// Below rather than at most.
    strict: bool,
    node: u32,
}

impl Cut {
    fn key(&self) -> (&Number, bool) {
        (&self.at, !self.strict)
    }
}

#[derive(Clone, Copy, Default)]
struct Home {
    term: u32,
    rank: u32,
}

#[derive(Default)]
pub(super) struct Lines {
    /// By term.
    cuts: Dense<Vec<Cut>>,
    /// By node.
    homes: Dense<Home>,
    /// Terms whose cuts are to be sorted again.
    unsorted: Vec<u32>,
    fans: Fans,
    /// Cuts of sums in fans that were not set against those of their neighbours.
    fresh: Vec<u32>,
    pub(super) simplex: Simplex,
    /// Terms bounded without assumptions.
    rooted: Vec<u32>,
    /// Whether a sum is bounded at all.
    sums: bool,
}

impl Lines {
    pub(super) fn load(&mut self, formulas: &Formulas, node: u32, atom: &TheoryAtom) {
        let TheoryAtom::Below { term, at, strict } = atom else { return };
        if self.fans.load(formulas, *term) {
            self.fresh.push(node);
        }
        self.cuts.at_mut(*term as usize).push(Cut { at: at.clone(), strict: *strict, node });
        self.homes.at_mut(node as usize).term = *term;
        self.unsorted.push(*term);
    }

    /// How many cuts a term has, which is what one more costs.
    pub(super) fn size(&self, term: u32) -> usize {
        self.cuts.at(term as usize).len().saturating_add(1)
    }

    /// Puts new cuts into their places; the literals that hold already because of bounds, some of which may not have
    /// mattered when those were set.
    pub(super) fn sort(&mut self) -> Vec<(Formula, Formula)> {
        let mut terms = std::mem::take(&mut self.unsorted);
        terms.extend(&self.rooted);
        terms.sort_unstable();
        terms.dedup();
        let mut implied = Vec::new();
        for term in terms {
            let cuts = self.cuts.at_mut(term as usize);
            cuts.sort_by(|one, other| one.key().cmp(&other.key()));
            for (cut, rank) in cuts.iter().zip(0..) {
                self.homes.at_mut(cut.node as usize).rank = rank;
            }
            for side in [BoundSide::Low, BoundSide::High] {
                let Some(why) = self.simplex.bound(term, side).map(|bound| bound.why) else { continue };
                let rank = self.homes.at(why.node()).rank as usize;
                let cuts = self.cuts.at(term as usize).as_slice();
                let beyond = if side == BoundSide::Low { cuts.get(..rank) } else { cuts.get(rank..) };
                for cut in beyond.unwrap_or_default() {
                    let literal = Formula::of(cut.node);
                    implied.push((if side == BoundSide::Low { !literal } else { literal }, why));
                }
            }
        }
        implied
    }

    /// What holds between new cuts and the nearest ones of the terms beside theirs, as clauses true of all facts.
    pub(super) fn lemmas(&mut self, formulas: &Formulas) -> Vec<Vec<Formula>> {
        let mut lemmas = Vec::new();
        for node in std::mem::take(&mut self.fresh) {
            let home = *self.homes.at(node as usize);
            let Some(beside) = self.fans.neighbours(formulas, home.term) else { continue };
            let Some(cut) = self.cuts.at(home.term as usize).get(home.rank as usize) else { continue };
            let this = Formula::of(node);
            let (positive, negative) = self.signs(beside.line);
            // Where the sign is such, the lower term is never above this one, and the upper one never below it.
            let ways = [(positive, beside.less, beside.more), (negative, beside.more, beside.less)];
            for (sign, lower, upper) in ways {
                let Some(sign) = sign else { continue };
                if let Some(next) = lower.and_then(|term| self.next_from(term, cut)) {
                    lemmas.push(vec![!sign, !this, next]);
                }
                if let Some(last) = upper.and_then(|term| self.last_to(term, cut)) {
                    lemmas.push(vec![!sign, !last, this]);
                }
            }
        }
        lemmas
    }

    /// Literals that say that a term is not negative, and not positive: the weakest that were met.
    fn signs(&self, term: u32) -> (Option<Formula>, Option<Formula>) {
        let cuts = self.cuts.at(term as usize);
        let least = cuts.get(cuts.partition_point(|cut| cut.at.is_negative()));
        let most = cuts.partition_point(|cut| !cut.at.is_positive()).checked_sub(1);
        let most = most.and_then(|at| cuts.get(at));
        (least.map(|cut| !Formula::of(cut.node)), most.map(|cut| Formula::of(cut.node)))
    }

    /// The first cut of a term that is not below a cut of another.
    fn next_from(&self, term: u32, from: &Cut) -> Option<Formula> {
        let cuts = self.cuts.at(term as usize);
        let next = cuts.get(cuts.partition_point(|cut| cut.key() < from.key()));
        next.map(|cut| Formula::of(cut.node))
    }

    /// The last cut of a term that is not above a cut of another.
    fn last_to(&self, term: u32, to: &Cut) -> Option<Formula> {
        let cuts = self.cuts.at(term as usize);
        let last = cuts.partition_point(|cut| cut.key() <= to.key()).checked_sub(1);
        last.and_then(|at| cuts.get(at)).map(|cut| Formula::of(cut.node))
    }

    /// Whether a bound follows from that of a neighbour in a fan, which the simplex knows of already.
    fn follows(&self, formulas: &Formulas, term: u32, side: BoundSide, at: &DeltaNumber) -> bool {
        let Some(beside) = self.fans.neighbours(formulas, term) else { return false };
        let bound = |term: u32, side: BoundSide| self.simplex.bound(term, side).map(|bound| &bound.at);
        let positive = bound(beside.line, BoundSide::Low).is_some_and(|low| *low >= DeltaNumber::default());
        let negative =
            bound(beside.line, BoundSide::High).is_some_and(|high| *high <= DeltaNumber::default());
        let ways = [(positive, beside.less, beside.more), (negative, beside.more, beside.less)];
        ways.into_iter().filter(|(holds, ..)| *holds).any(|(_, lower, upper)| match side {
            BoundSide::Low => lower.and_then(|term| bound(term, side)).is_some_and(|low| low >= at),
            BoundSide::High => upper.and_then(|term| bound(term, side)).is_some_and(|high| high <= at),
        })
    }

    /// Takes up a literal that has become true: all cuts beyond it follow from it.
    pub(super) fn assigned(
        &mut self,
        formulas: &Formulas,
        literal: Formula,
        bottom: bool,
        implied: &mut Vec<Formula>,
    ) -> Result<(), Inconclusive> {
        let home = *self.homes.at(literal.node());
        let term = home.term;
        let rank = home.rank as usize;
        let side = if literal.negated() { BoundSide::Low } else { BoundSide::High };
        let old = self.simplex.bound(term, side).map(|bound| self.homes.at(bound.why.node()).rank as usize);
        let cuts = self.cuts.at(term as usize).as_slice();
        let Some(cut) = cuts.get(rank) else { return Ok(()) };
        let between = match (side, old) {
            (BoundSide::High, Some(old)) if old <= rank => return Ok(()),
            (BoundSide::Low, Some(old)) if old >= rank => return Ok(()),
            (BoundSide::High, old) => cuts.get(rank.saturating_add(1)..old.unwrap_or(cuts.len())),
            (BoundSide::Low, old) => cuts.get(old.map_or(0, |old| old.saturating_add(1))..rank),
        };
        for cut in between.unwrap_or_default() {
            let beyond = Formula::of(cut.node);
            implied.push(if side == BoundSide::Low { !beyond } else { beyond });
        }
        let known = formulas.terms.get(term as usize);
        let whole = known.is_some_and(|term| term.whole);
        let at = limit(&cut.at, cut.strict, whole, side)?;
        if let Some(known) = known.filter(|known| !known.rows.is_empty())
            && !self.simplex.is_row(term)
            && !self.follows(formulas, term, side, &at)
        {
            self.sums = true;
            self.simplex.activate(term, &known.rows)?;
        }
        if bottom {
            self.rooted.push(term);
        }
        self.simplex.tighten(term, side, AssertedBound { at, why: literal })
    }

    /// Bounds that contradict each other, as false literals.
    pub(super) fn check(&mut self, steps: &mut Budget) -> Result<Option<Vec<Formula>>, Inconclusive> {
        if self.sums { self.simplex.check(steps) } else { Ok(None) }
    }

    /// Forgets the sums of the last search.
    pub(super) fn restart(&mut self, formulas: &Formulas) -> Result<(), Inconclusive> {
        self.simplex.clear_rows();
        self.sums = false;
        self.rooted.sort_unstable();
        self.rooted.dedup();
        for term in &self.rooted {
            if let Some(known) = formulas.terms.get(*term as usize).filter(|term| !term.rows.is_empty()) {
                self.sums = true;
                self.simplex.activate(*term, &known.rows)?;
            }
        }
        Ok(())
    }

    /// Where sums are within their bounds: a whole variable that is not whole, as the cut below its value, or false
    /// literals that together leave it no whole value.
    pub(super) fn fraction(&self, formulas: &Formulas) -> Result<Option<Fraction>, Inconclusive> {
        if !self.sums {
            return Ok(None);
        }
        if let Some(clause) = self.indivisible(formulas)? {
            return Ok(Some(Fraction::Conflict(clause)));
        }
        let whole = formulas.terms.iter().zip(0u32..).filter(|(term, _)| {
            term.whole && term.alone().is_some_and(|var| formulas.kind(var) == Some(VarSort::Whole))
        });
        for (_, line) in whole {
            let value = self.simplex.value(line);
            if !value.is_whole() {
                let at = floor(&value.real)?;
                // Just below a whole number belongs to the one before.
                let short = value.real.is_integer() && value.tiny.is_negative();
                let at = if short { at.sub(&Number::ONE)? } else { at };
                return Ok(Some(Fraction::Split { term: line, at }));
            }
        }
        Ok(None)
    }

    /// A row of whole terms whose fixed part no whole values of the others can make up for.
    fn indivisible(&self, formulas: &Formulas) -> Result<Option<Vec<Formula>>, Inconclusive> {
        let is_whole = |line: u32| formulas.terms.get(line as usize).is_some_and(|term| term.whole);
        'rows: for row in self.simplex.rows() {
            if !is_whole(row.basic) {
                continue;
            }
            let mut fixed = Number::ZERO;
            let mut clause = Vec::new();
            // All factors are whole multiples of 1/den; those that vary share the divisor `top`.
            let (mut top, mut den) = (0u64, 1u64);
            let mut factors = Vec::new();
            for (line, times) in &row.sum {
                let (low, high) =
                    (self.simplex.bound(*line, BoundSide::Low), self.simplex.bound(*line, BoundSide::High));
                match (low, high) {
                    (Some(low), Some(high)) if low.at == high.at && low.at.tiny.is_zero() => {
                        fixed = fixed.add(&times.mul(&low.at.real)?)?;
                        clause.extend([!low.why, !high.why]);
                    }
                    _ if !is_whole(*line) => continue 'rows,
                    _ => {
                        let Some((num, by)) = times.small_parts() else { continue 'rows };
                        factors.push((num.unsigned_abs(), by.unsigned_abs()));
                    }
                }
            }
            for (_, by) in &factors {
                let step = by.checked_div(super::term::gcd(den, *by)).unwrap_or(1);
                match den.checked_mul(step) {
                    Some(next) => den = next,
                    None => continue 'rows,
                }
            }
            for (num, by) in &factors {
                match den.checked_div(*by).and_then(|up| num.checked_mul(up)) {
                    Some(scaled) => top = super::term::gcd(top, scaled),
                    None => continue 'rows,
                }
            }
            // basic itself is a whole multiple of den/den.
            top = super::term::gcd(top, den);
            let (Ok(top), Ok(den)) = (i64::try_from(top), i64::try_from(den)) else { continue };
            let parts = fixed.mul(&Number::from(den))?.div(&Number::from(top.max(1)))?;
            if !parts.is_integer() {
                clause.sort_unstable();
                clause.dedup();
                return Ok(Some(clause));
            }
        }
        Ok(None)
    }
}

pub(super) enum Fraction {
    Conflict(Vec<Formula>),
    /// The term is at most `at`, or at least the next whole number.
    Split {
        term: u32,
        at: Number,
    },
}

/// What a cut says of its line: from above if it holds, from below if not.
pub(super) fn limit(
    at: &Number,
    strict: bool,
    whole: bool,
    side: BoundSide,
) -> Result<DeltaNumber, Inconclusive> {
    Ok(match (side, strict) {
        (BoundSide::High, strict) => DeltaNumber::new(at.clone(), if strict { -1 } else { 0 }),
        (BoundSide::Low, _) if whole => DeltaNumber::from(at.add(&Number::ONE)?),
        (BoundSide::Low, strict) => DeltaNumber::new(at.clone(), if strict { 0 } else { 1 }),
    })
}
