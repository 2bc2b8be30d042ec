use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use proptest::prelude::*;

use crate::value::{Number, Rounding, Total, Trouble, decimal, human, rate, wire};

/// A number as written in tests: `-1_000.5`, `1/3`.
pub(super) fn n(text: &str) -> Number {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (num, den) = text.split_once('/').unwrap_or((text, "1"));
    let value = Number::parse_decimal(num).unwrap().div(&Number::parse_decimal(den).unwrap()).unwrap();
    if negative { value.neg() } else { value }
}

/// The value through its text, so that the model shares nothing with the small path.
fn model(value: &Number) -> RBig {
    let num = IBig::from_str_radix(&value.numerator(), 10).unwrap();
    RBig::from_parts(num, UBig::from_str_radix(&value.denominator(), 10).unwrap())
}

fn agree(ours: Result<Number, Trouble>, theirs: RBig) {
    let fits = theirs.numerator().bit_len() <= 1024 && theirs.denominator().bit_len() <= 1024;
    match ours {
        Ok(ours) => {
            assert!(fits);
            assert_eq!(model(&ours), theirs);
            // Canonical: a value that fits two words is small.
            let small = i64::try_from(theirs.numerator()).is_ok_and(|num| num != i64::MIN)
                && theirs.denominator().bit_len() <= 48;
            assert_eq!(ours.small_parts().is_some(), small);
        }
        Err(trouble) => assert!(trouble == Trouble::Overflow && !fits, "{trouble} for {theirs}"),
    }
}

fn hash(value: &Number) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn numbers() -> impl Strategy<Value = Number> {
    let edges = prop::sample::select(vec![
        0,
        1,
        -1,
        2,
        10,
        100,
        (1 << 48) - 1,
        1 << 48,
        5i64.pow(20),
        i64::MAX,
        i64::MAX - 1,
        i64::MIN,
        i64::MIN + 1,
    ]);
    let ratio = |(num, den): (i64, i64)| Number::from_ratio(num, if den == 0 { 1 } else { den }).unwrap();
    let huge = (1u32..1024, -9i64..10, 1i64..10).prop_map(|(bits, num, den)| {
        let power = (0..bits).fold(Number::ONE, |power, _| power.add(&power).unwrap());
        let value = power.mul(&Number::from_ratio(num, den).unwrap()).unwrap_or(power);
        if num % 2 == 0 { Number::ONE.div(&value).unwrap_or(value) } else { value }
    });
    prop_oneof![
        4 => (-50i64..50, 1i64..30).prop_map(ratio),
        3 => (any::<i64>(), prop::sample::select(vec![1, 10, 100, 10_000, 1_000_000_000])).prop_map(ratio),
        2 => (any::<i64>(), any::<i64>()).prop_map(ratio),
        2 => (edges.clone(), edges).prop_map(ratio),
        1 => huge,
    ]
}

const MODES: [Rounding; 5] =
    [Rounding::HalfUp, Rounding::HalfEven, Rounding::HalfDown, Rounding::Up, Rounding::Down];

/// M4, from its words: of the two multiples around |x|, the nearer; of a tie, the one the mode names.
fn rounded(value: &RBig, step: &RBig, mode: Rounding) -> RBig {
    let negative = *value < RBig::ZERO;
    let size = if negative { -value.clone() } else { value.clone() };
    let below = RBig::from((&size / step).floor()) * step;
    let above = &below + step;
    let even = (&below / step).numerator().bit(0);
    let nearer = (&size - &below).cmp(&(&above - &size));
    let up = match (mode, nearer) {
        (Rounding::Up, _) => size != below,
        (Rounding::Down, _) => false,
        (_, Ordering::Greater) => true,
        (_, Ordering::Less) => false,
        (Rounding::HalfUp, _) => true,
        (Rounding::HalfEven, _) => even,
        (Rounding::HalfDown, _) => false,
    };
    let size = if up { above } else { below };
    if negative { -size } else { size }
}

proptest! {
    #[test]
    fn m1_operators_are_those_of_fractions(a in numbers(), b in numbers()) {
        let (x, y) = (model(&a), model(&b));
        agree(a.add(&b), &x + &y);
        agree(a.sub(&b), &x - &y);
        agree(a.mul(&b), &x * &y);
        if b.is_zero() {
            prop_assert_eq!(a.div(&b), Err(Trouble::DivisionByZero));
        } else {
            agree(a.div(&b), &x / &y);
        }
        agree(Ok(a.neg()), -x.clone());
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
        prop_assert_eq!(a.is_negative(), x < RBig::ZERO);
        prop_assert_eq!(a.is_integer(), x.is_int());
        prop_assert_eq!(a.abs().is_negative(), false);
    }

    #[test]
    fn m1_one_value_has_one_form(a in numbers(), b in numbers()) {
        if let Ok(back) = a.add(&b).and_then(|sum| sum.sub(&b)) {
            prop_assert_eq!(hash(&back), hash(&a));
            prop_assert_eq!(back, a);
        }
    }

    #[test]
    fn m4_rounding_is_by_magnitude(a in numbers(), step in numbers()) {
        let step = if step.is_zero() { Number::ONE } else { step.abs() };
        for mode in MODES {
            agree(a.round(&step, mode), rounded(&model(&a), &model(&step), mode));
            prop_assert_eq!(a.neg().round(&step, mode), a.round(&step, mode).map(|x| x.neg()));
        }
    }

    #[test]
    fn m4_ties(half in -40i64..40, step in 1i64..12) {
        let step = Number::from_ratio(step, 4).unwrap();
        let value = Number::from_ratio(half, 2).unwrap().mul(&step).unwrap();
        for mode in MODES {
            agree(value.round(&step, mode), rounded(&model(&value), &model(&step), mode));
        }
    }

    #[test]
    fn m1_sums_are_checked_on_their_result_only(terms in prop::collection::vec(numbers(), 0..12)) {
        let sum = terms.iter().fold(RBig::ZERO, |sum, term| sum + model(term));
        let (mut forth, mut back, mut halves) = (Total::new(), Total::new(), (Total::new(), Total::new()));
        for (at, term) in terms.iter().enumerate() {
            forth.add(term);
            if at % 2 == 0 { halves.0.add(term) } else { halves.1.add(term) }
        }
        terms.iter().rev().for_each(|term| back.add(term));
        halves.0.merge(&halves.1);
        prop_assert_eq!(forth.finish(), back.finish());
        prop_assert_eq!(forth.finish(), halves.0.finish());
        agree(forth.finish(), sum.clone());
        match terms.len() {
            0 => prop_assert_eq!(forth.average(0), Err(Trouble::NothingToChooseFrom)),
            count => agree(forth.average(count as u64), sum / RBig::from(count as u64)),
        }
    }

    #[test]
    fn m6_what_is_shown_on_the_wire_is_the_value(a in numbers()) {
        prop_assert_eq!(n(&wire(&a)), a.clone());
        prop_assert_eq!(decimal(&a).is_some(), !wire(&a).contains('/'));
        if let Some(text) = decimal(&a) {
            prop_assert!(!text.contains('.') || !text.ends_with('0'), "{}", text);
            prop_assert_eq!(human(&a, false, true).replace(',', ""), text);
        }
        let _ = (human(&a, true, true), rate(&a));
    }

    #[test]
    fn m1_literals_of_any_length(whole in "[1-9][0-9]{0,320}", places in "[0-9]{0,1100}") {
        let text = if places.is_empty() { whole.clone() } else { format!("{whole}.{places}") };
        let num = IBig::from_str_radix(&format!("{whole}{places}"), 10).unwrap();
        let exact = RBig::from_parts(num, UBig::from(10u8).pow(places.len()));
        agree(Number::parse_decimal(&text).ok_or(Trouble::Overflow), exact);
    }
}

#[test]
fn m1_a_third_three_times_is_one() {
    assert_eq!(n("1/3").mul(&n("3")), Ok(Number::ONE));
    assert!(n("549_999_999_999.99") < n("550_000_000_000"));
}

#[test]
fn m1_the_bound_is_two_to_the_1024() {
    let mut power = Number::ONE;
    for _ in 0..1023 {
        power = power.add(&power).unwrap();
    }
    assert_eq!(power.add(&power), Err(Trouble::Overflow));
    let largest = power.sub(&Number::ONE).unwrap().add(&power).unwrap();
    assert_eq!(largest.add(&Number::ONE), Err(Trouble::Overflow));
    assert_eq!(largest.neg().sub(&Number::ONE), Err(Trouble::Overflow));
    assert!(Number::ONE.div(&largest).is_ok());
    assert_eq!(Number::ONE.div(&power).unwrap().div(&n("2")), Err(Trouble::Overflow));
    let mut total = Total::new();
    [&power, &power, &power.neg()].into_iter().for_each(|term| total.add(term));
    assert_eq!(total.finish(), Ok(power));
}

#[test]
fn m2_division_by_zero_is_named() {
    assert_eq!(Number::ZERO.div(&Number::ZERO), Err(Trouble::DivisionByZero));
    assert_eq!(Number::from_ratio(1, 0), Err(Trouble::DivisionByZero));
    assert_eq!(Trouble::DivisionByZero.to_string(), "division by zero");
}

#[test]
fn m4_examples() {
    assert_eq!(n("65_205.48").round(&Number::ONE, Rounding::Down), Ok(n("65205")));
    assert_eq!(n("2.345").round(&n("0.01"), Rounding::HalfUp), Ok(n("2.35")));
    assert_eq!(n("2.345").round(&n("0.01"), Rounding::HalfEven), Ok(n("2.34")));
    assert_eq!(n("-2.345").round(&n("0.01"), Rounding::HalfDown), Ok(n("-2.34")));
    assert_eq!(n("7").round(&n("5"), Rounding::Up), Ok(n("10")));
    assert_eq!(n("7").round(&Number::ZERO, Rounding::Up), Err(Trouble::DivisionByZero));
    assert_eq!(Rounding::HalfEven.to_string(), "half even");
}

#[test]
fn m6_shown_to_people() {
    for (value, money, grouped, shown) in [
        ("549_999_999_999.99", true, true, "549,999,999,999.99"),
        ("549_999_999_999.99", true, false, "549999999999.99"),
        ("-1234.5", true, true, "-1,234.50"),
        ("-123", true, true, "-123"),
        ("0.125", true, true, "0.125"),
        ("1000", false, true, "1,000"),
        ("0.5", false, false, "0.5"),
        ("1/3", false, false, "1/3"),
        ("-1/3", true, false, "-0.33…"),
        ("100000/3", true, true, "33,333.33…"),
        ("1234567/9999", false, false, "123.469046…"),
        ("1/300", true, false, "1/300"),
    ] {
        assert_eq!(human(&n(value), money, grouped), shown, "{value}");
    }
    assert_eq!(wire(&n("-2/6")), "-1/3");
    assert_eq!(decimal(&n("1/1024")).as_deref(), Some("0.0009765625"));
    assert_eq!(rate(&n("0.15")), "15%");
    assert_eq!(rate(&n("0.0025")), "0.25%");
    assert_eq!(rate(&n("1/3")), "33.333333…%");
}

#[test]
fn literals_are_digits() {
    assert_eq!(n("550_000").to_i64(), Some(550_000));
    assert_eq!(n("007.50"), n("7.5"));
    for wrong in
        ["", ".", "1.", ".5", "1..5", "_1", "1_", "1__0", "1_.5", "1._5", "-1", "+1", "1e5", "１", "1.2.3"]
    {
        assert_eq!(Number::parse_decimal(wrong), None, "{wrong}");
    }
    assert_eq!(Number::parse_decimal(&"9".repeat(400)), None);
    assert_eq!(Number::parse_decimal(&format!("1.{}", "0".repeat(5000))), Some(Number::ONE));
    assert_eq!(Number::parse_decimal(&format!("{}1", "0".repeat(5000))), Some(Number::ONE));
    assert_eq!(Number::parse_decimal(&format!("0.{}1", "0".repeat(2000))), None);
    assert_eq!(Number::from(i64::MIN).to_i64(), Some(i64::MIN));
    assert_eq!(Number::from(i64::MIN).neg().to_i64(), None);
}

#[test]
fn a_whole_number_over_a_power_of_ten_is_in_lowest_terms() {
    let mut sizes: Vec<i128> = vec![0, 1, 3, i64::MAX.into(), i128::from(i64::MAX) + 1, i128::MAX / 2];
    for power in 0..=18u32 {
        for times in [1, 3, 7, 1024, 15_625] {
            for base in [2i128, 5, 10] {
                sizes.extend([-1, 0, 1].map(|more| base.pow(power) * times + more));
            }
        }
    }
    for scale in 0..=18u8 {
        let den = Number::parse_decimal(&format!("1{}", "0".repeat(scale.into()))).unwrap();
        for size in &sizes {
            for value in [*size, -size] {
                let whole = Number::parse_decimal(&value.unsigned_abs().to_string()).unwrap();
                let whole = if value < 0 { whole.neg() } else { whole };
                assert_eq!(Number::scaled(value, scale), whole.div(&den).ok(), "{value} over 10^{scale}");
            }
        }
    }
    assert_eq!(
        (Number::scaled(0, 19), Number::scaled(1, 19), Number::scaled(i128::MAX, 19)),
        (None, None, None)
    );
}
