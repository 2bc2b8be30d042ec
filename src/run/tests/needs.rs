//! N1–N3, the story, and what differs from day to day.

use super::build::*;
use crate::facts::Facts;
use crate::outcome::{Fate, JudgedKind, Need, Needs, Origin, Possibility, ReadOf, SlotRef, Way, WayAnswer};
use crate::policy::*;
use crate::run::{Evaluator, depends_on_day};
use crate::tree::{AggregateKind, CompareOp::*};
use crate::value::{Dates, Possible, Value};

fn needs(policy: &Policy, facts: &Facts, outcome: OutcomeId, text: &str) -> Needs {
    Evaluator::new(policy, facts).answer(outcome, None, on(text)).needs.unwrap()
}

/// `a=false → 15`, or `a=true, b=true → 25`, by the names of the facts that the atoms read.
fn show(policy: &Policy, way: &Way) -> String {
    let name = |expr: ExprId| match policy.exprs.node(expr) {
        Expr::Fact(fact) => policy.facts[*fact].name.clone(),
        Expr::Op(Op::Compare { left, op, .. }) => match policy.exprs.node(*left) {
            Expr::Fact(fact) => format!("{} {op:?}", policy.facts[*fact].name),
            _ => "comparison".to_owned(),
        },
        _ => format!("{expr:?}"),
    };
    let when: Vec<String> = way.when.iter().map(|atom| format!("{}={}", name(atom.atom), atom.is)).collect();
    let then = match &way.then {
        WayAnswer::Is(Possibility::Value(Possible::One(Value::Number(number)))) => number.to_string(),
        WayAnswer::Is(other) => format!("{other:?}"),
        WayAnswer::Open(_) => "open".to_owned(),
    };
    format!("{} → {then}", when.join(", "))
}

#[test]
fn n3_the_example() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let (x, y) = (b.b("a"), b.b("b"));
    let (both, n25, n15) = (b.and(&[x, y]), b.n(25), b.n(15));
    b.rule("r", &[], vec![(Some(both), vec![(tariff, n25)]), (None, vec![(tariff, n15)])]);
    let policy = b.finish();
    let needs = needs(&policy, &Facts::none(&policy), tariff, "2026-01-01");
    let (a, b) = (SlotRef::Fact(FactId(0), None), SlotRef::Fact(FactId(1), None));
    let need = |slot: &SlotRef| Need { slot: slot.clone(), then_ask_again: false };
    assert_eq!(needs.all, [need(&a), need(&b)]);
    assert!(needs.complete);
    let ways: Vec<String> = needs.ways.iter().map(|way| show(&policy, way)).collect();
    assert_eq!(ways, ["a=false → 15", "b=false → 15", "a=true, b=true → 25"]);
    let facts: Vec<&[SlotRef]> = needs.ways.iter().map(|way| way.facts.as_slice()).collect();
    assert_eq!(facts, [&[a.clone()][..], &[b.clone()][..], &[a, b][..]]);
}

#[test]
fn n2_skips_rules_and_operands_that_are_decided() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::number());
    let (off, open) = (b.c(Value::Bool(false)), b.b("open"));
    let (hidden, shown) = (b.x("hidden"), b.x("shown"));
    let decided = b.and(&[off, open]);
    let (zero, one) = (b.n(0), b.n(1));
    let nothing = b.mul(zero, hidden);
    let low = b.clause("low", &[], None, tariff, hidden);
    let value = b.add(nothing, shown);
    let high = b.clause("high", &[low], None, tariff, value);
    b.clause("never", &[high], Some(decided), tariff, one);
    let policy = b.finish();
    let needs = needs(&policy, &Facts::none(&policy), tariff, "2026-01-01");
    let shown = SlotRef::Fact(policy.fact("shown").unwrap(), None);
    assert_eq!(needs.all, [Need { slot: shown.clone(), then_ask_again: false }]);
    // The value is all there is to settle.
    assert_eq!(needs.ways, [Way { when: vec![], then: WayAnswer::Open(value), facts: vec![shown] }]);
}

#[test]
fn n2_an_open_day_hides_what_is_read_on_it() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::number());
    let (paid, deadline) = (b.dated_fact("paid", Type::number()), b.fact("deadline", Type::Date));
    let (read, day_read, due, one) = (b.f(paid), b.f(deadline), b.n(100), b.n(1));
    let short = b.cmp(read, Less, due);
    let breached = b.by(short, day_read);
    b.clause("r", &[], Some(breached), tariff, one);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let all = needs(&policy, &facts, tariff, "2026-01-01").all;
    assert_eq!(all, [Need { slot: SlotRef::Fact(deadline, None), then_ask_again: true }]);
    state(&mut facts, deadline, Value::Date(day("2025-06-30")));
    let needs = needs(&policy, &facts, tariff, "2026-01-01");
    let slot = SlotRef::Fact(paid, Some(day("2025-06-30")));
    assert_eq!(needs.all, [Need { slot, then_ask_again: false }]);
    // The atom stands for its day.
    let points: Vec<_> = needs.ways.iter().map(|way| (way.when[0].point, way.when[0].is)).collect();
    assert_eq!(points, [(on("2025-06-30"), true), (on("2025-06-30"), false)]);
    // The deadline has not passed for certain: nothing to ask.
    let range = Dates::between(day("2026-01-01"), day("2027-01-01")).unwrap();
    state(&mut facts, deadline, Possible::dates(range));
    assert_eq!(ask(&policy, &facts, tariff, on("2026-01-01")), "gap");
}

#[test]
fn n3_drops_what_cannot_hold_together_and_joins_equal_text() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::number());
    let x = b.fact("x", Type::number());
    let (x1, x2, x3) = (b.f(x), b.f(x), b.f(x));
    let (five, ten, again) = (b.n(5), b.n(10), b.n(5));
    let (low, high, low_again) = (b.cmp(x1, Less, five), b.cmp(x2, AtLeast, ten), b.cmp(x3, Less, again));
    let (one, two, three, four) = (b.n(1), b.n(2), b.n(3), b.n(4));
    let both = b.and(&[low, high]);
    let standing = b.clause("standing", &[], None, tariff, one);
    let a = b.clause("a", &[standing], Some(both), tariff, two);
    let c = b.clause("c", &[a], Some(low_again), tariff, three);
    let _ = (c, four);
    let policy = b.finish();
    let needs = needs(&policy, &Facts::none(&policy), tariff, "2026-01-01");
    let ways: Vec<String> = needs.ways.iter().map(|way| show(&policy, way)).collect();
    // x < 5 is one atom in both rules; it cannot be true together with x >= 10.
    assert_eq!(ways, ["x Less=true → 3", "x Less=false → 1"]);
    assert!(needs.complete);
}

#[test]
fn n3_looks_through_defines_outcomes_and_values() {
    let mut b = Build::new();
    let (base, total) = (b.outcome("base", Type::number()), b.outcome("total", Type::number()));
    let (kept, extra) = (b.b("kept"), b.b("extra"));
    let define = b.define("pledge_kept", kept, None);
    let (guard, n15, n25) = (b.d(define, None), b.n(15), b.n(25));
    b.rule("base", &[], vec![(Some(guard), vec![(base, n15)]), (None, vec![(base, n25)])]);
    let (read, two, zero) = (b.o(base, None), b.n(2), b.n(0));
    let more = b.iff(extra, two, zero);
    let sum = b.add(read, more);
    b.clause("total", &[], None, total, sum);
    let policy = b.finish();
    let needs = needs(&policy, &Facts::none(&policy), total, "2026-01-01");
    let ways: Vec<String> = needs.ways.iter().map(|way| show(&policy, way)).collect();
    assert_eq!(
        ways,
        [
            "kept=true, extra=true → 17",
            "kept=true, extra=false → 15",
            "kept=false, extra=true → 27",
            "kept=false, extra=false → 25"
        ]
    );
}

#[test]
fn the_story_tells_every_rule() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let paid = b.dated_fact("paid", Type::number());
    let pledged = b.fact("pledged", Type::number());
    let default = b.n(550);
    b.policy.facts[pledged].default = Some(default);
    let (read, promised, deadline) = (b.f(paid), b.f(pledged), b.date("2029-01-19"));
    let short = b.cmp(read, Less, promised);
    let breached = b.by(short, deadline);
    let (n25, n15, again, n10) = (b.n(25), b.n(15), b.n(25), b.n(10));
    let standing = b.clause("standing", &[], None, tariff, n25);
    let ceiling = b.clause("ceiling", &[standing], None, tariff, n15);
    let (from, known) = (b.date("2025-08-07"), b.date("2025-09-04"));
    b.from(ceiling, from, Some(known));
    b.clause("snapback", &[ceiling], Some(breached), tariff, again);
    let later = b.clause("later", &[ceiling], None, tariff, n10);
    let start = b.date("2030-01-01");
    b.from(later, start, None);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    facts.facts[paid] = series(&[("2026-01-01", "", num(100).into())]);
    let mut run = Evaluator::new(&policy, &facts);
    let fates = |run: &mut Evaluator, text: &str| {
        run.story(tariff, None, on(text)).rules.into_iter().map(|rule| rule.fate).collect::<Vec<_>>()
    };
    let snapback = policy.rules.ids().nth(2).unwrap();
    let date = |text: &str| Some(Possible::date(day(text)));
    let not_yet = Fate::NotYetInForce { from: date("2030-01-01"), known: None };
    assert_eq!(
        fates(&mut run, "2028-01-01"),
        [Fate::Displaced { by: vec![ceiling] }, Fate::Decides, Fate::NotMet, not_yet.clone()]
    );
    let by = |rule| Fate::Displaced { by: vec![rule] };
    assert_eq!(fates(&mut run, "2029-01-20"), [by(snapback), by(snapback), Fate::Decides, not_yet]);
    assert_eq!(fates(&mut run, "2025-08-06")[0], Fate::Decides);
    let story = run.story(tariff, None, on("2029-01-20"));
    let clause = &story.rules[2].clauses[0];
    let condition = clause.condition.as_ref().unwrap();
    assert_eq!((condition.mask, condition.point), (crate::value::Mask::TRUE, on("2029-01-19")));
    let JudgedKind::Atom(reads) = &condition.kind else { panic!("{:?}", condition.kind) };
    let told: Vec<_> = reads
        .iter()
        .map(|read| match &read.what {
            ReadOf::Slot(slot, origin) => {
                (slot.clone(), matches!(origin, Origin::Assumed), read.value.clone())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            (SlotRef::Fact(paid, Some(day("2029-01-19"))), false, num(100).into()),
            (SlotRef::Fact(pledged, None), true, num(550).into())
        ]
    );
    assert_eq!(story.answer.assumed, [SlotRef::Fact(pledged, None)]);
}

#[test]
fn what_differs_from_day_to_day() {
    let mut b = Build::new();
    let (fixed, dated) = (b.fact("fixed", Type::number()), b.dated_fact("dated", Type::number()));
    let (fixed_read, dated_read, day_then) = (b.f(fixed), b.f(dated), b.date("2026-01-01"));
    let (today, then) = (b.today(), b.as_of(dated_read, day_then));
    let moving = b.as_of(dated_read, today);
    let define = b.define("d", dated_read, None);
    let through = b.d(define, None);
    let (still, windowed) = (b.outcome("still", Type::number()), b.outcome("windowed", Type::number()));
    b.clause("s", &[], None, still, fixed_read);
    let rule = b.clause("w", &[], None, windowed, fixed_read);
    b.from(rule, day_then, None);
    let policy = b.finish();
    let differs = depends_on_day(&policy, None);
    let exprs = [fixed_read, dated_read, then, moving, through].map(|expr| differs.expr(expr));
    assert_eq!(exprs, [false, true, false, true, true]);
    assert_eq!((differs.outcome(still), differs.outcome(windowed)), (false, true));
    let mut facts = Facts::none(&policy);
    state(&mut facts, dated, num(1));
    assert!(!depends_on_day(&policy, Some(&facts)).expr(through));
    facts.stated_through = Some(day("2026-06-30"));
    assert!(depends_on_day(&policy, Some(&facts)).expr(through));
}

/// `running left over entry by entry.key starting start: number := left; left := left + step`, of each entry and summed.
fn carried() -> (Policy, EntityId, OutcomeId, OutcomeId) {
    let mut b = Build::new();
    let entity = b.entity("entry");
    let row = b.local(0, Type::Row(entity));
    let keys = vec![b.get(entity, row, FieldId(0))];
    let (starting, step) = (b.x("start"), b.x("step"));
    let read = b.push(Expr::Running(FoldId(0)), Type::number());
    let number = b.define("number", read, Some(entity));
    b.policy.defines[number].block = Some((FoldId(0), 0));
    let next = b.add(read, step);
    let span = b.span();
    let (name, doc, per, defines) = ("left".to_owned(), None, Vec::new(), vec![number]);
    let ty = Type::number();
    b.policy.folds.push(Fold {
        name,
        doc,
        entity,
        keys,
        per,
        starting,
        next,
        defines,
        ty,
        whole: false,
        span,
    });
    let (own, total) = (b.outcome("own", Type::number()), b.outcome("total", Type::number()));
    b.policy.outcomes[own].for_each = Some(entity);
    let value = b.d(number, Some(row));
    let rule = b.clause("own", &[], None, own, value);
    b.policy.rules[rule].for_each = Some(entity);
    let sum = b.aggregate(AggregateKind::Sum, entity, 0, Some(value), None);
    b.clause("total", &[], None, total, sum);
    (b.finish(), entity, own, total)
}

#[test]
fn n2_the_first_row_of_a_running_total_needs_where_it_starts() {
    let (policy, entity, own, _) = carried();
    let mut facts = Facts::none(&policy);
    table(&mut facts, entity, &[("a", vec![]), ("b", vec![])]);
    let of =
        |row| Evaluator::new(&policy, &facts).answer(own, Some(row), on("2026-01-01")).needs.unwrap().all;
    let need =
        |name: &str| Need { slot: SlotRef::Fact(policy.fact(name).unwrap(), None), then_ask_again: false };
    assert_eq!(of(0), [need("start")]);
    assert_eq!(of(1), [need("start"), need("step")]);
}

#[test]
fn n2_a_running_total_over_a_table_not_stated_needs_what_is_of_no_row() {
    let (policy, entity, _, total) = carried();
    let slots: Vec<SlotRef> = needs(&policy, &Facts::none(&policy), total, "2026-01-01")
        .all
        .into_iter()
        .map(|need| need.slot)
        .collect();
    let fact = |name: &str| SlotRef::Fact(policy.fact(name).unwrap(), None);
    for slot in [SlotRef::Table(entity), fact("start"), fact("step")] {
        assert!(slots.contains(&slot), "{slot:?} of {slots:?}");
    }
}
