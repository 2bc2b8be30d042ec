//! On random policies: layout, remarks, names, order, flipped comparisons and conjunctions split or joined change no
//! clause and no answer; anything more changes a clause.

use super::*;
use crate::amend::visit::{self, TreeVisitor};
use crate::effort;
use crate::generator::{Dice, Features, Outcome, Type};
use crate::tree::{AddOp, CompareOp, Decl, Expr, ExprKind, Item, Rule, Step, Suffix};
use crate::value::Number;
use crate::worlds::{bound, world};
use proptest::prelude::*;

/// What is quickly gone through day by day, over small tables.
const SMALL: Features = Features { words: false, rounding: false, rows: 2, ..Features::ALL };

/// Writes every condition otherwise: `a < b` as `b > a`, operands of `and`, `or`, `+` in another order, chains bracketed
/// otherwise, `not` driven in.
struct Otherwise<'d>(&'d mut Dice);

impl Otherwise<'_> {
    /// `a and b and c` as `(a and b) and c`.
    fn bracket(&mut self, list: &mut Vec<Expr>, chain: fn(Vec<Expr>) -> ExprKind) {
        if list.len() > 2 && self.0.below(2) == 0 {
            let rest = list.split_off(2);
            let first = std::mem::take(list);
            let span = first[0].span;
            list.push(Expr { kind: chain(first), span });
            list.extend(rest);
        }
    }
}

impl TreeVisitor for Otherwise<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        let span = expr.span;
        match &mut expr.kind {
            ExprKind::Compare { left, op, right } if self.0.below(2) == 0 => {
                std::mem::swap(left, right);
                *op = match *op {
                    CompareOp::Less => CompareOp::Greater,
                    CompareOp::AtMost => CompareOp::AtLeast,
                    CompareOp::Greater => CompareOp::Less,
                    CompareOp::AtLeast => CompareOp::AtMost,
                    same => same,
                };
            }
            ExprKind::And(list) => {
                self.0.shuffle(list);
                self.bracket(list, ExprKind::And);
            }
            ExprKind::Or(list) => {
                self.0.shuffle(list);
                self.bracket(list, ExprKind::Or);
            }
            ExprKind::Not(inner) => {
                if let ExprKind::And(list) = &mut inner.kind {
                    let not = |one| Expr { kind: ExprKind::Not(Box::new(one)), span };
                    expr.kind = ExprKind::Or(std::mem::take(list).into_iter().map(not).collect());
                }
            }
            ExprKind::Sum { first, rest } => {
                // A day plus days is not days plus a day.
                let counts = |one: &Expr| match &one.kind {
                    ExprKind::Quantity(it) => !matches!(it.suffix, Suffix::None),
                    ExprKind::Path(path) => {
                        path.head.text == "wait"
                            || path
                                .steps
                                .iter()
                                .any(|step| matches!(step, Step::Field(name) if name.text == "term"))
                    }
                    _ => false,
                };
                if let Some((AddOp::Plus, other)) = rest.first_mut().filter(|(_, other)| !counts(other)) {
                    std::mem::swap(&mut **first, other);
                }
            }
            _ => {}
        }
    }
}

/// `requires a and b` as two. Together with what names a parameter it would be judged otherwise (O5).
fn requirements(dice: &mut Dice, item: &mut Item) {
    let Decl::Power(power) = &mut item.kind else { return };
    if dice.below(2) == 0 {
        let split = std::mem::take(&mut power.requires).into_iter().flat_map(|one| match one.kind {
            ExprKind::And(list) => list,
            _ => vec![one],
        });
        power.requires = split.collect();
    }
}

/// Other names for everything that has one.
const NAMES: &[(&str, &str)] = &[
    ("a", "first_fact"),
    ("b", "second_fact"),
    ("rising", "growing"),
    ("open", "ajar"),
    ("sure", "certain"),
    ("d", "one_day"),
    ("e", "other_day"),
    ("moved", "shifted"),
    ("v0", "first_define"),
    ("v1", "second_define"),
    ("twice", "doubled"),
    ("k1", "duty_one"),
    ("k2", "duty_two"),
    ("stop", "halt"),
    ("room", "left_over"),
    ("o0_r0", "rule_one"),
    ("o1_r0", "rule_two"),
    ("o1_r1", "rule_three"),
    ("p0_r0", "rule_four"),
    ("good", "ware"),
    ("w", "mass"),
];

/// Whole words that are in the table, as they are called there.
fn rename(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for sign in text.chars().chain(std::iter::once(' ')) {
        if sign.is_alphanumeric() || sign == '_' {
            word.push(sign);
            continue;
        }
        let other = NAMES.iter().find(|(name, _)| *name == word).map(|(_, other)| *other);
        out.push_str(other.unwrap_or(&word));
        word.clear();
        out.push(sign);
    }
    out
}

/// Line breaks for spaces inside brackets, more spaces elsewhere, remarks between declarations.
fn lay_out(dice: &mut Dice, text: &str) -> String {
    let mut out = String::from("### laid out otherwise\n");
    let mut quoted = false;
    for line in text.lines() {
        if !line.starts_with(' ') && dice.below(2) == 0 {
            out.push_str("\n# a remark: a < b\n");
        }
        let mut deep = 0;
        for (at, word) in line.split(' ').enumerate() {
            // A unit stands on the line of its number.
            let unit = ["day", "business", "months", "rounding", "up", "down", "USD", "thousand", "bp"]
                .iter()
                .any(|unit| word.starts_with(unit));
            match dice.below(6) {
                _ if at == 0 => {}
                _ if quoted => out.push(' '),
                0 if deep > 0 && !unit => out.push_str("\n      "),
                1 => out.push_str("  "),
                _ => out.push(' '),
            }
            out.push_str(word);
            let count = |sign| word.matches(sign).count();
            quoted ^= count('"') % 2 == 1;
            deep += count('(');
            deep -= count(')');
        }
        out.push_str(if dice.below(3) == 0 { "   # and another\n" } else { "\n" });
    }
    out
}

fn same(old: &Policy, new: &Policy, facts: (Facts, Facts), text: &str) {
    let found = clauses(old, new);
    let real: Vec<_> = found.real().collect();
    assert!(real.is_empty(), "{:?}\n{text}", told(&found));
    assert_eq!(found.unaffected, found.rules);
    let moved = answers(old, new, facts, true);
    assert!(moved.changes.is_empty(), "{:?}\n{text}", moved.changes);
}

/// The rule of that name, in an article or not.
fn rule_of<'t>(item: &'t mut Item, name: &str) -> Option<&'t mut Rule> {
    match &mut item.kind {
        Decl::Rule(rule) if rule.name.as_ref().is_some_and(|known| known.text == name) => Some(rule),
        Decl::Article(article) => article.items.iter_mut().find_map(|item| rule_of(item, name)),
        _ => None,
    }
}

/// Whether it was a policy at all.
fn holds(seed: u64) -> bool {
    let mut dice = Dice::new(seed);
    let Some((made, old)) = world(&mut dice, SMALL) else { return false };
    let text = made.policy.clone();
    let facts = |policy: &Policy| bound(policy, &made.facts);

    let laid_out = lay_out(&mut dice, &text);
    let new = policy(&laid_out);
    same(&old, &new, (facts(&old), facts(&new)), &laid_out);

    let otherwise = policy_with(&text, |file| {
        dice.shuffle(&mut file.items);
        for item in &mut file.items {
            visit::item(item, &mut Otherwise(&mut dice));
            requirements(&mut dice, item);
        }
    });
    let new = otherwise.unwrap_or_else(|said| panic!("{said}\n{text}"));
    same(&old, &new, (facts(&old), facts(&new)), &text);

    let renamed = rename(&text);
    let new = policy(&renamed);
    // In the same places they are counted alike.
    same(&old, &new, (facts(&old), facts(&old)), &renamed);

    // And what is more than that is seen, where it is.
    let is_counted = |one: &&Outcome| one.row.is_none() && matches!(one.ty, Type::Number | Type::Rate);
    let Some(counted) = made.outcomes.iter().find(is_counted) else { return true };
    let name = format!("{}_r0", counted.name);
    let other = policy_with(&text, |file| {
        let rule = file.items.iter_mut().find_map(|item| rule_of(item, &name));
        let value = &mut rule.expect("a rule").body.branches[0].assigns[0].value;
        let first = Box::new(value.clone());
        let seven = crate::tree::Quantity {
            spelled: "7".to_owned(),
            number: Number::from(7),
            multiplied: false,
            suffix: Suffix::None,
            suffix_span: None,
        };
        let seven = Expr { kind: ExprKind::Quantity(seven), span: value.span };
        value.kind = ExprKind::Sum { first, rest: vec![(AddOp::Plus, seven)] };
    });
    let other = other.expect("a policy");
    let found = clauses(&old, &other);
    assert_eq!(found.changes.len(), 1, "{:?}\n{text}", told(&found));
    assert!(found.changes[0].bears());
    // What the change cannot reach stays as it was.
    let some = answers(&old, &other, (facts(&old), facts(&other)), false);
    let all = answers(&old, &other, (facts(&old), facts(&other)), true);
    assert_eq!(format!("{:?}", some.changes), format!("{:?}", all.changes), "{text}");
    true
}

proptest! {
    #![proptest_config(effort::config(8, 480))]

    #[test]
    fn what_is_only_written_otherwise_is_no_change(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn fixed_seeds() {
    let texts = effort::times(10, 600);
    let policies = (0..texts).filter(|seed| holds(*seed)).count() as u64;
    assert!(policies > texts * 2 / 5, "only {policies} of the texts are policies");
}
