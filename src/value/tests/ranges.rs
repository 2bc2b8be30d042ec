use proptest::prelude::*;

use super::numbers::{n, numbers};
use crate::value::{Interval, Mask, Number, Ranged, Rounding, Trouble};

type Range = Interval<Number>;

fn range(text: &str) -> Range {
    match text.split_once("..") {
        None => Interval::point(n(text)),
        Some((lo, hi)) => {
            let end = |text: &str| (!text.is_empty()).then(|| n(text));
            Interval::new(end(lo), end(hi)).unwrap()
        }
    }
}

/// Plain numbers with many zeros, ones and equal values among them.
fn plain() -> impl Strategy<Value = Number> {
    (-6i64..7, 1i64..4).prop_map(|(num, den)| Number::from_ratio(num, den).unwrap())
}

fn ranges() -> impl Strategy<Value = Range> {
    (plain(), plain(), 0u8..8).prop_map(|(a, b, shape)| {
        let (lo, hi) = (a.clone().min(b.clone()), a.max(b));
        match shape {
            0 => Interval::all(),
            1 => Interval::at_least(lo),
            2 => Interval::at_most(hi),
            3 | 4 => Interval::point(lo),
            _ => Interval::between(lo, hi).unwrap(),
        }
    })
}

/// Points of a range: its ends, values between, and far away where it is open.
fn inside(range: &Range) -> Vec<Number> {
    let far = Number::from(1_000_000);
    let mut points =
        vec![Number::ZERO, n("1/7"), n("-1/7"), n("1"), n("-1"), n("2.5"), n("-2.5"), far.clone(), far.neg()];
    points.extend(range.lo().cloned());
    points.extend(range.hi().cloned());
    if let (Some(lo), Some(hi)) = (range.lo(), range.hi()) {
        points.push(lo.add(hi).unwrap().div(&n("2")).unwrap());
    }
    points.retain(|point| range.contains(point));
    points
}

type Op =
    (&'static str, fn(&Range, &Range) -> Ranged<Number>, fn(&Number, &Number) -> Result<Number, Trouble>);

const OPS: [Op; 6] = [
    ("add", Range::add, Number::add),
    ("sub", Range::sub, Number::sub),
    ("mul", Range::mul, Number::mul),
    ("div", Range::div, Number::div),
    ("min", |a, b| (Some(a.min(b)), None), |a, b| Ok(a.min(b).clone())),
    ("max", |a, b| (Some(a.max(b)), None), |a, b| Ok(a.max(b).clone())),
];

type Test = (&'static str, fn(&Range, &Range) -> Mask, fn(&Number, &Number) -> bool);

const TESTS: [Test; 6] = [
    ("<", Range::less, |a, b| a < b),
    ("<=", Range::less_or_equal, |a, b| a <= b),
    (">", Range::greater, |a, b| a > b),
    (">=", Range::greater_or_equal, |a, b| a >= b),
    ("=", Range::equal, |a, b| a == b),
    ("!=", Range::not_equal, |a, b| a != b),
];

fn within<T: Ord + Clone>(small: &Ranged<T>, large: &Ranged<T>) -> bool {
    let range = match (&small.0, &large.0) {
        (Some(small), Some(large)) => small.is_within(large),
        (None, _) => true,
        (Some(_), None) => false,
    };
    range && (small.1.is_none() || large.1.is_some())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn v3_operators_are_sound(a in ranges(), b in ranges()) {
        for (name, lifted, point) in OPS {
            let (range, trouble) = lifted(&a, &b);
            for x in inside(&a) {
                for y in inside(&b) {
                    match point(&x, &y) {
                        Ok(value) => prop_assert!(
                            range.as_ref().is_some_and(|range| range.contains(&value)), "{x} {name} {y} = {value}: {range:?}"
                        ),
                        Err(error) => prop_assert_eq!(trouble, Some(error), "{} {} {}", x, name, y),
                    }
                }
            }
        }
    }

    #[test]
    fn v3_operators_are_monotone(a in ranges(), b in ranges(), i in any::<prop::sample::Index>(), j in any::<prop::sample::Index>()) {
        let shrink = |range: &Range| {
            let points = inside(range);
            let (x, y) = (i.get(&points), j.get(&points));
            Interval::between(x.min(y).clone(), x.max(y).clone()).unwrap()
        };
        let (small_a, small_b) = (shrink(&a), shrink(&b));
        for (name, lifted, _) in OPS {
            let (small, large) = (lifted(&small_a, &small_b), lifted(&a, &b));
            prop_assert!(within(&small, &large), "{name}: {small:?} in {large:?}");
        }
        for (name, lifted, _) in TESTS {
            let (small, large) = (lifted(&small_a, &small_b), lifted(&a, &b));
            prop_assert!(small.is_within(large), "{name}: {small:?} in {large:?}");
        }
        let step = n("0.5");
        prop_assert!(within(&small_a.round(&step, Rounding::HalfUp), &a.round(&step, Rounding::HalfUp)));
        prop_assert!(small_a.neg().is_within(&a.neg()));
    }

    #[test]
    fn v6_comparisons_are_the_hull_of_the_points(a in ranges(), b in ranges()) {
        for (name, lifted, point) in TESTS {
            // The ends of one range are points of the other, if they lie in it.
            let points = |of: &Range, other: &Range| {
                let mut points = inside(of);
                points.extend(inside(other).into_iter().filter(|point| of.contains(point)));
                points
            };
            let seen = points(&a, &b).iter().fold(Mask::EMPTY, |seen, x| {
                points(&b, &a).iter().fold(seen, |seen, y| seen.join(Mask::of(point(x, y))))
            });
            let mask = lifted(&a, &b);
            prop_assert!(seen.is_within(mask), "{a:?} {name} {b:?}");
            // Not only sound: the ends and what lies between them show every possibility there is.
            prop_assert_eq!(seen, mask, "{:?} {} {:?}", a, name, b);
        }
    }

    #[test]
    fn v3_one_value_is_the_point_result(x in plain(), y in plain()) {
        for (_, lifted, point) in OPS {
            let one = lifted(&Interval::point(x.clone()), &Interval::point(y.clone()));
            let expected = match point(&x, &y) {
                Ok(value) => (Some(Interval::point(value)), None),
                Err(error) => (None, Some(error)),
            };
            prop_assert_eq!(one, expected);
        }
    }

    #[test]
    fn v3_values_of_any_size_stay_inside(ends in prop::collection::vec(numbers(), 4)) {
        let [a, b, c, d] = ends.as_slice() else { return Ok(()) };
        let (first, second) = (Interval::point(a.clone()).hull(&Interval::point(b.clone())), Interval::point(c.clone()).hull(&Interval::point(d.clone())));
        for (name, lifted, point) in OPS {
            let range = lifted(&first, &second).0;
            for (x, y) in [(a, c), (a, d), (b, c), (b, d)] {
                if let Ok(value) = point(x, y) {
                    prop_assert!(range.as_ref().is_some_and(|range| range.contains(&value)), "{x} {name} {y} in {range:?}");
                }
            }
        }
    }

    #[test]
    fn hull_holds_both_and_intersection_is_in_both(a in ranges(), b in ranges()) {
        prop_assert!(a.is_within(&a.hull(&b)) && b.is_within(&a.hull(&b)));
        if let Some(both) = a.intersect(&b) {
            prop_assert!(both.is_within(&a) && both.is_within(&b));
        } else {
            prop_assert!(a.equal(&b).is_false());
        }
    }
}

#[test]
fn v3_ranges_by_example() {
    let show = |(range, trouble): Ranged<Number>| {
        let end = |end: Option<&Number>| end.map_or(String::new(), Number::to_string);
        let range =
            range.map_or("none".to_owned(), |range| format!("{}..{}", end(range.lo()), end(range.hi())));
        trouble.map_or(range.clone(), |trouble| format!("{range} or {trouble}"))
    };
    for (a, op, b, expected) in [
        ("1..2", "add", "3..", "4.."),
        ("1..2", "sub", "3..", "..-1"),
        ("0", "mul", "..", "0..0"),
        ("..", "mul", "0", "0..0"),
        ("-1..2", "mul", "3..4", "-4..8"),
        ("1..", "mul", "..-2", "..-2"),
        ("0..", "mul", "..", ".."),
        ("0", "div", "..", "0..0 or division by zero"),
        ("1", "div", "0", "none or division by zero"),
        ("..", "div", "0", "none or division by zero"),
        ("1..2", "div", "2..4", "0.25..1"),
        ("1..2", "div", "0..4", "0.25.. or division by zero"),
        ("1..2", "div", "-4..0", "..-0.25 or division by zero"),
        ("1..2", "div", "-1..1", ".. or division by zero"),
        ("1..2", "div", "4..", "0..0.5"),
        ("..", "min", "5", "..5"),
        ("..", "max", "5", "5.."),
    ] {
        let (_, lifted, _) = OPS.into_iter().find(|(name, ..)| *name == op).unwrap();
        assert_eq!(show(lifted(&range(a), &range(b))), expected, "{a} {op} {b}");
    }
    assert_eq!(show(range("1.2..3.7").round(&Number::ONE, Rounding::Down)), "1..3");
}

#[test]
fn v3_an_end_beyond_the_bound_becomes_infinite() {
    let huge = (0..1023).fold(Number::ONE, |power, _| power.add(&power).unwrap());
    let wide = Interval::between(Number::ONE, huge.clone()).unwrap();
    assert_eq!(wide.add(&wide), (Some(Interval::at_least(n("2"))), Some(Trouble::Overflow)));
    assert_eq!(wide.mul(&wide), (Some(Interval::at_least(n("1"))), Some(Trouble::Overflow)));
    assert_eq!(wide.mul(&wide.neg()), (Some(Interval::at_most(n("-1"))), Some(Trouble::Overflow)));
    // Past the bound on both sides nothing is left, and what is too finely divided stays where it is.
    let (top, fine) = (
        Interval::at_least(huge.clone()),
        Interval::between(Number::ONE.div(&huge).unwrap(), n("1/3")).unwrap(),
    );
    assert_eq!(top.mul(&top.add(&top).0.unwrap_or(top.clone())), (None, Some(Trouble::Overflow)));
    assert_eq!(fine.mul(&fine), (Some(range("0..1/9")), Some(Trouble::Overflow)));
    // Two values are one result: then there is nothing but the error.
    assert_eq!(Interval::point(huge.clone()).add(&Interval::point(huge)), (None, Some(Trouble::Overflow)));
}

#[test]
fn v6_a_bound_may_be_enough() {
    let disbursed = Interval::at_least(n("550_000_000_000"));
    assert!(disbursed.less(&Interval::point(n("550_000_000_000"))).is_false());
    assert_eq!(disbursed.less(&Interval::point(n("550_000_000_000.01"))), Mask::BOTH);
}

#[test]
fn v4_masks_are_the_tables_lifted() {
    let and = |a: Mask, b: Mask| {
        if a.is_false() || b.is_false() {
            Mask::FALSE
        } else if a.is_error() || b.is_error() {
            Mask::ERROR
        } else {
            Mask::TRUE
        }
    };
    let or = |a: Mask, b: Mask| {
        if a.is_true() || b.is_true() {
            Mask::TRUE
        } else if a.is_error() || b.is_error() {
            Mask::ERROR
        } else {
            Mask::FALSE
        }
    };
    let points =
        |mask: Mask| [Mask::TRUE, Mask::FALSE, Mask::ERROR].into_iter().filter(move |p| p.is_within(mask));
    for a in (0..8).map(Mask::from_bits) {
        for b in (0..8).map(Mask::from_bits) {
            let lift = |point: &dyn Fn(Mask, Mask) -> Mask| {
                points(a).flat_map(|x| points(b).map(move |y| point(x, y))).fold(Mask::EMPTY, Mask::join)
            };
            assert_eq!(a.and(b), lift(&and), "{a:?} and {b:?}");
            assert_eq!(a.or(b), lift(&or), "{a:?} or {b:?}");
        }
        assert_eq!(a.not().not(), a);
        assert_eq!(a.is_decided(), points(a).count() == 1);
    }
    assert_eq!(Mask::BOTH.and(Mask::ERROR), Mask::FALSE.or_error());
    assert_eq!(Mask::ERROR.not(), Mask::ERROR);
    assert_eq!(format!("{:?}", Mask::TRUE.or_error()), "{true, error}");
}
