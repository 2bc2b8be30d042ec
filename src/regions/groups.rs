//! The groups of facts for which two versions answer differently: one witness is searched, the rules that decide at it are
//! read off, the group of all facts with these rules is set aside, and the search goes on until there is no more (G5).

use super::Question;
use super::differs::differs;
use super::exprs::{SymbolicPoint, SymbolicReader};
use super::found::{Group, OutcomeRegions, SideAnswer};
use super::names::sum;
use super::ranges::ranges;
use super::rules::RuleVerdict;
use super::space::{Kindred, Lin, Linear, SpaceQuantity, number_of};
use super::told::{Told, told};
use super::tried::{TriedWitness, multiplied, tried};
use crate::policy::{EntityId, Expr, Fact, OutcomeId, Policy};
use crate::solve::{Comparison, Formula, Inconclusive, Model, Satisfiability, Solver};
use crate::value::{Day, Value};

/// More groups than this of one outcome are not looked for.
const MOST: usize = 200;
/// After so many that are not proven, one after the other, no more are looked for.
const DOUBTS: usize = 12;

/// What is compared: the same outcome of two policies.
pub(super) struct Pair {
    pub ids: [OutcomeId; 2],
    pub verdicts: [RuleVerdict; 2],
    pub own: [Option<EntityId>; 2],
}

/// A comparison with the formulas of its groups, each true of its facts alone, and what they are made of.
pub(super) type Compared<'p> = (OutcomeRegions, Vec<Formula>, SymbolicReader<'p>, Solver);

/// Compares one outcome of two versions.
/// Of the first `detailed` groups witnesses are made as plain as they come, and ranges are worked out.
pub(super) fn compare<'p>(question: &Question<'p>, ids: [OutcomeId; 2], detailed: usize) -> Compared<'p> {
    let policies = question.policies;
    let (groups, left, outside) = (Vec::new(), Vec::new(), Vec::new());
    let mut made = OutcomeRegions { outcome: (ids[0], ids[1]), groups, left, outside };
    let mut reader = SymbolicReader::new(policies.to_vec());
    reader.known = question.known;
    reader.same = question.same.clone();
    reader.fixed = question.fixed.to_vec();
    let own = [policies[0].outcomes[ids[0]].for_each, policies[1].outcomes[ids[1]].for_each];
    let read = |reader: &mut SymbolicReader<'_>, side: usize| -> Linear<RuleVerdict> {
        let entity = own.get(side).copied().flatten();
        let at: SymbolicPoint = reader.start(side, entity);
        reader.verdict(side, if side == 0 { ids[0] } else { ids[1] }, &at)
    };
    let mut keys = Vec::new();
    let solver = Solver::new(crate::solve::Formulas::new());
    let verdicts = match (read(&mut reader, 0), read(&mut reader, 1)) {
        (Ok(old), Ok(new)) => [old, new],
        _ => {
            made.left.push("the value is outside what can be decided".to_owned());
            return (made, keys, reader, solver);
        }
    };
    let pair = Pair { ids, verdicts, own };
    let Ok(differs) = differs(&mut reader, &pair) else {
        made.left.push("the values cannot be compared".to_owned());
        return (made, keys, reader, solver);
    };
    if differs == Formula::FALSE {
        return (made, keys, reader, solver);
    }
    reader.space.laws_of_dated(|entity, name| never_falls(&policies, entity, name));
    made.outside = reader.outside.clone();
    let mut solver = Solver::new(std::mem::take(&mut reader.space.forms));
    solver.set_budget(question.steps);
    if let Some(today) = reader.space.today() {
        solver.prefer(today, number_of(near(policies)));
    }
    for (var, quantity) in &reader.space.quantities {
        if matches!(quantity, SpaceQuantity::Stated { ty: Kindred::Day, .. }) {
            solver.prefer(*var, number_of(near(policies)));
        }
    }
    if let Some(today) = reader.space.today() {
        for (comparison, day) in
            [(Comparison::AtLeast, question.days.0), (Comparison::AtMost, question.days.1)]
        {
            let law = solver.formulas.compare(today, comparison, &number_of(day));
            reader.space.laws.extend(law);
        }
    }
    let mut open = reader.space.laws_for(&solver.formulas, &[differs]);
    open.push(differs);
    let mut doubts = 0usize;
    loop {
        if made.groups.len() >= MOST {
            made.left.push(format!("more than {MOST} groups"));
            break;
        }
        if detailed > 0 && doubts >= DOUBTS {
            made.left.push("more groups that rest on what is taken as unknown".to_owned());
            break;
        }
        let model = match solver.check(&open) {
            Satisfiability::Unsat => break,
            Satisfiability::Unknown(left) => {
                made.left.push(why(left).to_owned());
                break;
            }
            Satisfiability::Sat(model) => model,
        };
        let told = told(&mut reader, &pair, &model, differs, &mut solver);
        if solver.formulas.holds(told.key, &model) != Ok(true) {
            // It speaks of products that were not met before: with what is known of them the model may be none.
            open.sort_unstable();
            open.dedup();
            let before = open.len();
            open.extend(reader.space.laws_for(&solver.formulas, &told.lemmas));
            open.extend(&told.lemmas);
            open.sort_unstable();
            open.dedup();
            if open.len() > before {
                continue;
            }
        }
        if told.key == Formula::FALSE || solver.formulas.holds(told.key, &model) != Ok(true) {
            made.left.push("a group that could not be told from the others".to_owned());
            break;
        }
        open.push(!told.key);
        keys.push(told.key);
        let plain = made.groups.len() < detailed;
        let group = group((&reader, question), &pair, &model, told, plain, &mut solver);
        doubts = if group.doubt.is_some() { doubts.saturating_add(1) } else { 0 };
        made.groups.push(group);
    }
    // Those that are proven first.
    let mut both: Vec<(Group, Formula)> = made.groups.into_iter().zip(keys).collect();
    both.sort_by_key(|(group, _)| group.doubt.is_some());
    (made.groups, keys) = both.into_iter().unzip();
    (made, keys, reader, solver)
}

fn why(left: Inconclusive) -> &'static str {
    match left {
        Inconclusive::Steps => "the steps allowed were used up",
        Inconclusive::Size => "a number became too large",
        Inconclusive::Unsound => "a model did not pass its check",
    }
}

/// A day on which most of what is written is in force: witnesses are asked for near it.
fn near(policies: [&Policy; 2]) -> Day {
    let days = policies.iter().flat_map(|policy| {
        policy.rules.values().filter_map(|rule| match policy.exprs.node(rule.from.as_ref()?.day) {
            Expr::Const(Value::Date(day)) if !day.is_never() => Some(*day),
            _ => None,
        })
    });
    days.max().or_else(|| Day::from_ymd(2026, 1, 1)).unwrap_or(Day::FIRST)
}

/// Whether a fact of that name never falls (T3): in one version it may not, and no default makes it fall.
pub(super) fn never_falls(policies: &[&Policy], entity: Option<&str>, name: &str) -> bool {
    let mut declared = policies.iter().filter_map(|policy| Some((policy, declared(policy, entity, name)?)));
    declared.clone().any(|(_, fact)| fact.cumulative)
        && declared.all(|(policy, fact)| !fact.cumulative || policy.never_falls(fact))
}

fn declared<'p>(policy: &'p Policy, entity: Option<&str>, name: &str) -> Option<&'p Fact> {
    let named = |fact: &&Fact| fact.name == name;
    match entity {
        None => policy.facts.values().find(named),
        Some(entity) => policy.entities[policy.entity(entity)?].fields.values().find(named),
    }
}

/// The group with its ranges and its witness.
fn group(
    (reader, question): (&SymbolicReader<'_>, &Question<'_>),
    pair: &Pair,
    model: &Model,
    told: Told,
    plain: bool,
    solver: &mut Solver,
) -> Group {
    let Told { old, new, change, key, .. } = told;
    let change = change.map(|change| sum(reader, model, &change));
    let rounded = old.answer.rounded || new.answer.rounded;
    let values: Vec<&Lin> = [&old, &new].into_iter().filter_map(|side| side.lin()).collect();
    let mut assumed = reader.space.laws_for_values(&solver.formulas, &[key], &values);
    assumed.push(key);
    let ranges = if plain { ranges(reader, model, (key, &assumed), solver) } else { Vec::new() };
    let sides = [(&old.answer, old.lin()), (&new.answer, new.lin())];
    let (witness, at, doubt) = witness(reader, question, pair, model, (assumed, plain), sides, solver);
    let [mut old_side, mut new_side] = [old.answer, new.answer];
    [old_side.at_witness, new_side.at_witness] = at;
    Group { old: old_side, new: new_side, change, rounded, ranges, witness, doubt }
}

/// Facts of the group that both versions answer as it says: the plainest first.
fn witness(
    reader: &SymbolicReader<'_>,
    question: &Question<'_>,
    pair: &Pair,
    model: &Model,
    (assumed, plain): (Vec<Formula>, bool),
    sides: [(&SideAnswer, Option<&Lin>); 2],
    solver: &mut Solver,
) -> TriedWitness {
    let plainly = reader.space.plainly.iter().copied();
    let mut also = reader.space.laws_for(&solver.formulas, &reader.space.plainly);
    also.extend(&assumed);
    also.extend(plainly);
    also.sort_unstable();
    also.dedup();
    let mut models = Vec::new();
    for asked in if reader.space.plainly.is_empty() { vec![&assumed] } else { vec![&also, &assumed] } {
        let found = if plain { solver.plainest(asked) } else { solver.check(asked) };
        if let Satisfiability::Sat(found) = found {
            models.push(multiplied(reader, asked, found, solver));
        }
    }
    models.push(model.clone());
    let mut first = None;
    for model in &models {
        let tried = tried((reader, question), pair, model, sides);
        if tried.2.is_none() {
            return tried;
        }
        first = first.or(Some(tried));
    }
    first.unwrap_or_else(|| tried((reader, question), pair, model, sides))
}
