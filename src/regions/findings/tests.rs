//! Findings against the evaluator, on policies of a few rules: what is claimed of all facts holds at every point tried, what is
//! claimed of some is so at the case shown, and what is not claimed is missed nowhere.

use super::ask::{Ask, May};
use super::clauses::{self, ReadClause, SeenClauses};
use super::{Findings, Open, STEPS, SearchEffort, What, look};
use crate::effort;
use crate::facts::Facts;
use crate::generator::Dice;
use crate::outcome::{Fate, Point, Status, Story};
use crate::policy::{Expr, ExprId, GuaranteeId, OutcomeId, Policy, RuleId};
use crate::regions::names::worth_of;
use crate::regions::space::day_of;
use crate::regions::tests::brute::{DAYS, condition, facts, points, rules, whole};
use crate::regions::witness;
use crate::run::Evaluator;
use crate::solve::{Formula, Model};
use crate::value::{Day, Mask, Value};
use crate::worlds::policy;

const O: OutcomeId = OutcomeId(0);
const G: GuaranteeId = GuaranteeId(0);

/// How often each kind was found, so that no kind is tested on nothing.
#[derive(Debug, Default)]
struct Counts {
    gaps: usize,
    conflicts: usize,
    never: usize,
    displaced: usize,
    redundant: usize,
    settled: usize,
    idle: usize,
    proved: usize,
    broken: usize,
}

fn guarantee(dice: &mut Dice) -> String {
    let head = match dice.below(4) {
        0 => format!(" from {}", dice.pick(&DAYS)),
        1 => format!(" until {}", dice.pick(&DAYS)),
        _ => String::new(),
    };
    let about = match dice.below(6) {
        0 => "o >= 0".to_owned(),
        1 => "o <= 3".to_owned(),
        2 => format!("o < 2 or {}", condition(dice, 1)),
        3 => format!("not ({}) or o >= 1", dice.pick(&["flag", "x < 1", "kind = b", "hts under 87"])),
        4 => format!("{} or {}", condition(dice, 1), condition(dice, 1)),
        _ => "x >= 0 or o != x or today < 2026-01-02 or flag".to_owned(),
    };
    format!("guarantee g{head}: {about}\n")
}

/// Some heads are known later than they apply.
fn with_knowledge(dice: &mut Dice, rule: &str) -> String {
    let mut text = rule.to_owned();
    for word in [" from ", " until "] {
        if let Some(at) = text.find(word)
            && at < text.find(':').unwrap_or(0)
            && dice.below(3) == 0
        {
            let end = at + word.len() + DAYS[0].len();
            text.insert_str(end, &format!(" known from {}", dice.pick(&DAYS)));
        }
    }
    text
}

struct One {
    policy: Policy,
    text: String,
    rules: Vec<String>,
    otherwise: String,
    made: Findings,
    exact: bool,
}

fn one(seed: u64, dice: &mut Dice) -> One {
    let rules = rules(dice);
    let rules: Vec<String> = rules.iter().map(|rule| with_knowledge(dice, rule)).collect();
    let otherwise = dice.pick(&["", "", " otherwise 0", " otherwise y"]).to_owned();
    let text = whole(&rules, &otherwise) + &guarantee(dice);
    let policy = policy(&text);
    let exact = !text.contains(" / ") && !text.contains(" * ");
    let made = look(&policy, 20 * STEPS);
    assert!(!exact || made.left.is_empty(), "seed {seed}: {:?}\n{text}", made.left);
    One { policy, text, rules, otherwise, made, exact }
}

impl One {
    /// The same policy in which a rule says nothing and is above or below none.
    fn muted(&self, rule: usize) -> Policy {
        let struck = format!(" notwithstanding r{rule}");
        let mut rules: Vec<String> = self.rules.iter().map(|text| text.replace(&struck, "")).collect();
        let (head, _) = rules[rule].split_once(": ").unwrap();
        let (before, after) = head.split_once(" notwithstanding ").unwrap_or((head, ""));
        let after = after.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
        rules[rule] = format!("{before}{after}: if x < 0 and x > 0 then o := 0\n");
        policy(&(whole(&rules, &self.otherwise) + "guarantee g: true\n"))
    }

    fn claims(&self, is: impl Fn(&What) -> bool) -> bool {
        self.made.found.iter().any(|one| is(&one.what))
    }

    /// LineAnswer not to be decided, for a term outside the fragment.
    fn leaves(&self, is: impl Fn(&Open) -> bool) -> bool {
        !self.exact && self.made.left.iter().any(|left| is(&left.what))
    }

    /// A rule that is said never to decide.
    fn is_dead(&self, rule: RuleId) -> bool {
        self.claims(|what| match what {
            What::NeverApplies { rule: of, branch: None, .. }
            | What::Displaced { rule: of, branch: None, .. } => *of == rule,
            _ => false,
        })
    }
}

fn story(policy: &Policy, facts: &Facts, point: Point) -> Story {
    Evaluator::new(policy, facts).story(O, None, point)
}

fn answer(policy: &Policy, facts: &Facts, point: Point) -> (Status, Option<Value>) {
    let answer = Evaluator::new(policy, facts).bare_answer(O, None, point);
    (answer.status, answer.value().cloned())
}

fn mask(policy: &Policy, facts: &Facts, expr: ExprId, point: Point) -> Mask {
    Evaluator::new(policy, facts).value(expr, None, point).mask()
}

fn written(policy: &Policy, expr: Option<ExprId>) -> Option<Day> {
    match policy.exprs.node(expr?) {
        Expr::Const(Value::Date(day)) => Some(*day),
        other => panic!("{other:?}"),
    }
}

/// Gaps, conflicts and broken guarantees: the case shows it, and less does not.
fn cases_are_so(one: &One, counts: &mut Counts) {
    let policy = &one.policy;
    for finding in &one.made.found {
        let Some(case) = &finding.case else { continue };
        let point = Point::new(case.on, Day::NEVER);
        let shows = |facts: &Facts| match &finding.what {
            What::Gap(_) => answer(policy, facts, point).0 == Status::Gap,
            What::Conflict { rules, .. } => {
                let answer = Evaluator::new(policy, facts).bare_answer(O, None, point);
                answer.status == Status::Conflict
                    && rules
                        .iter()
                        .all(|(rule, _)| answer.reasons.iter().any(|reason| reason.rule == Some(*rule)))
            }
            What::Fails { at, .. } => {
                let answer = Evaluator::new(policy, facts).bare_answer(O, None, point);
                answer.status == Status::Error && answer.fault.is_some_and(|fault| fault.span == *at)
            }
            What::Violated { guarantee, .. } => {
                let decl = &policy.guarantees[*guarantee];
                let from = written(policy, decl.from).is_none_or(|from| from <= point.day);
                let until = written(policy, decl.until).is_none_or(|until| point.day < until);
                from && until && !mask(policy, facts, decl.what, point).may_be_true()
            }
            other => panic!("a case of {other:?}"),
        };
        assert!(shows(&case.facts), "{:?}\n{}", finding.what, one.text);
        for id in policy.facts.ids() {
            let mut less = case.facts.clone();
            if !std::mem::take(&mut less.facts[id]).statements.is_empty() {
                assert!(!shows(&less), "{:?} without {id:?}\n{}", finding.what, one.text);
            }
        }
        match finding.what {
            What::Gap(_) => counts.gaps += 1,
            What::Conflict { .. } => counts.conflicts += 1,
            _ => counts.broken += 1,
        }
    }
}

/// Between the first day of any rule and the last.
fn is_meant(policy: &Policy, day: Day) -> bool {
    let days = |rule: &crate::policy::Rule| {
        let day =
            |dated: &Option<crate::policy::Dated>| written(policy, dated.as_ref().map(|dated| dated.day));
        (day(&rule.from), day(&rule.until))
    };
    policy.rules.values().any(|rule| days(rule).0.is_none_or(|from| from <= day))
        && policy.rules.values().any(|rule| days(rule).1.is_none_or(|until| day < until))
}

/// Nothing that is claimed of all facts fails at a point, and what is seen at a point is claimed.
fn agrees(one: &One, muted: &[Option<Policy>], facts: &Facts, point: Point) {
    let policy = &one.policy;
    let told = story(policy, facts, point);
    let said = |what: &str| format!("{what} on {} known {}\n{}", point.day, point.known, one.text);
    let known = point.known == Day::NEVER;
    if known && told.answer.status == Status::Gap && is_meant(policy, point.day) {
        let left = one.leaves(|open| *open == Open::Gap(O));
        assert!(left || one.claims(|what| *what == What::Gap(O)), "{}", said("gap missed"));
    }
    if known && told.answer.status == Status::Error && is_meant(policy, point.day) {
        let left = one.made.left.iter().any(|left| left.what == Open::Fails(O));
        let beyond = one.made.beyond.is_some();
        assert!(
            left || beyond || one.claims(|what| matches!(what, What::Fails { .. })),
            "{}",
            said("error missed")
        );
    }
    let deciding: Vec<RuleId> =
        told.rules.iter().filter(|rule| rule.fate == Fate::Decides).map(|rule| rule.rule).collect();
    if known && told.answer.status == Status::Conflict {
        let value = |rule: RuleId| {
            told.answer
                .reasons
                .iter()
                .find(|reason| reason.rule == Some(rule))
                .and_then(|reason| reason.value.clone())
        };
        for (at, a) in deciding.iter().enumerate() {
            for b in deciding.iter().take(at) {
                let pair = |what: &What| match what {
                    What::Conflict { rules: [(c, _), (d, _)], .. } => {
                        (c == a && d == b) || (c == b && d == a)
                    }
                    _ => false,
                };
                if value(*a) != value(*b) {
                    let left = one.leaves(|open| match open {
                        Open::Conflict(_, rules) => rules.contains(a) && rules.contains(b),
                        _ => false,
                    });
                    assert!(left || one.claims(pair), "{}", said("conflict missed"));
                }
            }
        }
    }
    for rule in &told.rules {
        let applied = matches!(rule.fate, Fate::Decides | Fate::Displaced { .. });
        let branch = rule.clauses.iter().find(|clause| clause.applies.is_true()).map(|clause| clause.branch);
        for finding in &one.made.found {
            match &finding.what {
                What::NeverApplies { rule: of, branch: which, .. } if *of == rule.rule && applied => {
                    assert!(which.is_some() && *which != branch, "{}", said("never applies"));
                }
                What::Displaced { rule: of, branch: which, by, .. } if *of == rule.rule => {
                    let meant = which.is_none() || *which == branch;
                    assert!(!meant || rule.fate != Fate::Decides, "{}", said("displaced"));
                    if let Fate::Displaced { by: uppers } = &rule.fate
                        && meant
                    {
                        let above = |upper: &RuleId| {
                            told.rules.iter().any(|other| {
                                other.rule == *upper
                                    && matches!(other.fate, Fate::Decides | Fate::Displaced { .. })
                            })
                        };
                        assert!(
                            by.iter().any(|upper| uppers.contains(upper) || above(upper)),
                            "{}",
                            said("by")
                        );
                    }
                }
                _ => {}
            }
        }
    }
    for finding in &one.made.found {
        match &finding.what {
            What::Redundant { rule, .. } => {
                let muted = muted[rule.0 as usize].as_ref().unwrap();
                assert_eq!(
                    answer(policy, facts, point),
                    answer(muted, facts, point),
                    "{}",
                    said("redundant")
                );
            }
            What::Settled { condition, is } => {
                let mask = mask(policy, facts, *condition, point);
                assert!(if *is { mask.is_true() } else { !mask.may_be_true() }, "{}", said("settled"));
            }
            What::Idle { part, whole } => {
                let (list, any) = match policy.exprs.node(*whole) {
                    Expr::And(list) => (list, false),
                    Expr::Or(list) => (list, true),
                    other => panic!("{other:?}"),
                };
                let gone = |id: &ExprId| {
                    one.claims(
                        |what| matches!(what, What::Idle { part, whole: of } if part == id && of == whole),
                    )
                };
                assert!(list.contains(part));
                let mut rest = Mask::of(!any);
                for part in list.iter().filter(|part| !gone(part)) {
                    let mask = mask(policy, facts, *part, point);
                    rest = if any { rest.or(mask) } else { rest.and(mask) };
                }
                assert_eq!(rest, mask(policy, facts, *whole, point), "{}", said("idle"));
            }
            _ => {}
        }
    }
    let decl = &policy.guarantees[G];
    let judged = written(policy, decl.from).is_none_or(|from| from <= point.day)
        && written(policy, decl.until).is_none_or(|until| point.day < until);
    if known && judged && one.made.proved.contains(&G) {
        assert!(mask(policy, facts, decl.what, point).is_true(), "{}", said("proved"));
    }
}

/// A model as a point of the evaluator.
fn stated(ask: &Ask<'_>, model: &Model) -> (Facts, Point) {
    let facts = witness::facts(&ask.reader.space, model, ask.policy, None, true).unwrap();
    let day = ask.reader.space.today().and_then(|var| model.number(var)).and_then(day_of).unwrap();
    let known = worth_of(model, &ask.at.known).as_ref().and_then(day_of).unwrap();
    (facts, Point::new(day, known))
}

/// What is not claimed of a rule: there are facts that show the contrary.
fn missed_nowhere(one: &One, muted: &[Option<Policy>]) {
    // Of products only the sign is known: a model need not be one.
    if one.text.contains(" * ") || one.text.contains(" / ") {
        return;
    }
    let policy = &one.policy;
    let mut ask = Ask::new(policy, None, SearchEffort { steps: 20 * STEPS, goes_on: &|| true });
    let read: ReadClause = clauses::read(&mut ask, O, &mut SeenClauses::default()).unwrap();
    ask.ready();
    let model = |ask: &mut Ask<'_>, formula: Formula| match ask.may(&[formula]) {
        May::Be(model) => *model,
        May::Never => panic!("not claimed\n{}", one.text),
        May::Open(why) => panic!("{why:?}\n{}", one.text),
    };
    for (place, offer) in read.verdict.offers.iter().enumerate() {
        if one.is_dead(offer.rule) {
            continue;
        }
        let found = model(&mut ask, offer.decides);
        let (facts, point) = stated(&ask, &found);
        let told = story(policy, &facts, point);
        let fate = told.rules.iter().find(|rule| rule.rule == offer.rule).map(|rule| &rule.fate);
        assert_eq!(fate, Some(&Fate::Decides), "{:?}\n{}", offer.rule, one.text);
        let redundant = |what: &What| matches!(what, What::Redundant { rule, .. } if *rule == offer.rule);
        if one.claims(redundant) {
            continue;
        }
        let found = model(&mut ask, read.matters[place].unwrap());
        let (facts, point) = stated(&ask, &found);
        let muted = muted[offer.rule.0 as usize].as_ref().unwrap();
        assert_ne!(
            answer(policy, &facts, point),
            answer(muted, &facts, point),
            "{:?}\n{}",
            offer.rule,
            one.text
        );
    }
}

fn holds(seed: u64, counts: &mut Counts) {
    let mut dice = Dice::new(seed);
    let one = one(seed, &mut dice);
    cases_are_so(&one, counts);
    let rules: Vec<RuleId> = one.policy.rules.ids().collect();
    let muted: Vec<Option<Policy>> = rules.iter().map(|rule| Some(one.muted(rule.0 as usize))).collect();
    for point in points(&mut dice).into_iter().take(12) {
        let facts = facts(&one.policy, &point);
        let other = Day::parse(dice.pick(&DAYS)).unwrap();
        for known in [Day::NEVER, other] {
            agrees(&one, &muted, &facts, Point::new(point.day, known));
        }
    }
    if one.exact {
        missed_nowhere(&one, &muted);
    }
    for finding in &one.made.found {
        match finding.what {
            What::NeverApplies { .. } => counts.never += 1,
            What::Displaced { .. } => counts.displaced += 1,
            What::Redundant { .. } => counts.redundant += 1,
            What::Settled { .. } => counts.settled += 1,
            What::Idle { .. } => counts.idle += 1,
            _ => {}
        }
    }
    counts.proved += one.made.proved.len();
}

#[test]
fn nothing_is_missed_and_nothing_is_invented() {
    let mut counts = Counts::default();
    let policies = effort::times(300, 30_000);
    (0..policies).for_each(|seed| holds(seed, &mut counts));
    let Counts { gaps, conflicts, never, displaced, redundant, settled, idle, proved, broken } = counts;
    let least = [gaps, conflicts, never, displaced, redundant, settled, idle, proved, broken];
    assert!(least.iter().all(|count| *count as u64 >= policies / 300), "{least:?}");
}
