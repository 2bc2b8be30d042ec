//! Where two versions answer differently: a formula that looks only where something changed decides.

use super::exprs::SymbolicReader;
use super::groups::Pair;
use super::rules::{RuleCase, RulePiece, RuleVerdict, SymbolicOffer};
use super::space::Linear;
use crate::solve::Formula;
use crate::tree::CompareOp;
use std::collections::{BTreeMap, BTreeSet};

/// So many values are compared each with each of the other side; of more, both values as wholes. Few in tests, which so meet
/// both ways.
const PAIRS: usize = if cfg!(test) { 12 } else { 20_000 };

/// Where the two answers are not the same.
pub(super) fn differs(reader: &mut SymbolicReader<'_>, pair: &Pair) -> Linear<Formula> {
    let [old, new] = &pair.verdicts;
    let changed = changed(reader, pair);
    let mut touched = Vec::new();
    for (verdict, changed) in [(old, &changed[0]), (new, &changed[1])] {
        touched.extend(changed.iter().filter_map(|place| Some(verdict.offers.get(*place)?.decides)));
    }
    if old.otherwise != new.otherwise {
        touched.extend([old.silence, new.silence]);
    }
    let touched = reader.space.forms.or(touched);
    if touched == Formula::FALSE {
        return Ok(Formula::FALSE);
    }
    let apart = apart(reader, pair, &changed)?;
    let (had, has) = (old.valued(reader), new.valued(reader));
    let forms = &mut reader.space.forms;
    let same = [
        forms.and([old.gap, new.gap]),
        forms.and([old.conflict, new.conflict]),
        forms.and([old.fails, new.fails]),
        forms.and([had, has, !apart]),
    ];
    let same = forms.or(same);
    Ok(forms.and([touched, !same]))
}

/// Where the values differ, if both have one and something changed decides.
fn apart(reader: &mut SymbolicReader<'_>, pair: &Pair, changed: &[Vec<usize>; 2]) -> Linear<Formula> {
    let [old, new] = &pair.verdicts;
    let mut said: [Vec<RuleCase>; 2] = Default::default();
    for ((verdict, changed), said) in [(old, &changed[0]), (new, &changed[1])].into_iter().zip(&mut said) {
        for offer in changed.iter().filter_map(|place| verdict.offers.get(*place)) {
            for RulePiece { applies, sym, .. } in &offer.pieces {
                let when = reader.space.forms.and([offer.decides, *applies]);
                said.push(RuleCase { when, sym: sym.clone() });
            }
        }
        if old.otherwise != new.otherwise
            && let Some(otherwise) = &verdict.otherwise
        {
            said.push(RuleCase { when: verdict.silence, sym: otherwise.sym.clone() });
        }
    }
    let [was, is] = said;
    let pairs = was.len().saturating_mul(new.cases.len());
    if pairs.saturating_add(is.len().saturating_mul(old.cases.len())) > PAIRS {
        return match (reader.value_of(&old.cases)?, reader.value_of(&new.cases)?) {
            (Some(old), Some(new)) => reader.compare(CompareOp::NotEqual, &old, &new),
            _ => Ok(Formula::FALSE),
        };
    }
    let mut apart = Vec::new();
    for (said, others) in [(was, &new.cases), (is, &old.cases)] {
        for RuleCase { when, sym } in said {
            let mut same = Vec::new();
            for other in others {
                let equal = reader.compare(CompareOp::Equal, &sym, &other.sym)?;
                same.push(reader.space.forms.and([other.when, equal]));
            }
            let same = reader.space.forms.or(same);
            apart.push(reader.space.forms.and([when, !same]));
        }
    }
    Ok(reader.space.forms.or(apart))
}

/// On each side the places of the offers that are not the same on the other. Elsewhere the same rules decide, and say the same: a
/// rule that is displaced hides nothing that the one above it does not hide as well (R5).
fn changed(reader: &SymbolicReader<'_>, pair: &Pair) -> [Vec<usize>; 2] {
    let [old, new] = &pair.verdicts;
    let name = |side: usize, offer: &SymbolicOffer| reader.policy(side).rules[offer.rule].shown.clone();
    let names: [Vec<String>; 2] = [(0, old), (1, new)]
        .map(|(side, verdict)| verdict.offers.iter().map(|offer| name(side, offer)).collect());
    let [names_old, names_new] = &names;
    let places: BTreeMap<&str, usize> =
        names_new.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let says_same = |before: &SymbolicOffer, after: &SymbolicOffer| {
        (before.says, before.fails, &before.pieces) == (after.says, after.fails, &after.pieces)
    };
    // Old place → new place of those that say the same.
    let alike: BTreeMap<u32, u32> = (0u32..)
        .zip(old.offers.iter().zip(names_old))
        .filter_map(|(at, (offer, name))| {
            let other = *places.get(name.as_str())?;
            let same = says_same(offer, new.offers.get(other)?);
            same.then_some(at).zip(u32::try_from(other).ok())
        })
        .collect();
    let back: BTreeSet<u32> = alike.values().copied().collect();
    let aligned = names_old == names_new;
    let ordered_same = |(at, other): (&u32, &u32)| {
        // In one order on both sides there is nothing to look up.
        let same_place = aligned && at == other;
        let both = old.offers.get(*at as usize).zip(new.offers.get(*other as usize));
        if same_place && both.is_some_and(|(before, after)| before.above == after.above) {
            return true;
        }
        let above = |verdict: &RuleVerdict, at: u32| {
            verdict.offers.get(at as usize).map(|offer| offer.above.clone()).unwrap_or_default()
        };
        let mut before: Vec<u32> =
            above(old, *at).iter().filter_map(|upper| alike.get(&upper).copied()).collect();
        before.sort_unstable();
        before.into_iter().eq(above(new, *other).iter().filter(|upper| back.contains(upper)))
    };
    let kept: Vec<(u32, u32)> =
        alike.iter().filter(|pair| ordered_same(*pair)).map(|(at, other)| (*at, *other)).collect();
    let olds: BTreeSet<usize> = kept.iter().map(|(at, _)| *at as usize).collect();
    let news: BTreeSet<usize> = kept.iter().map(|(_, at)| *at as usize).collect();
    [(old, olds), (new, news)]
        .map(|(verdict, kept)| (0..verdict.offers.len()).filter(|at| !kept.contains(at)).collect())
}
