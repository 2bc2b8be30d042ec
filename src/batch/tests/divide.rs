//! Division by multiplication against division.

use crate::batch::divide::{Divider, long, short};
use crate::batch::graph::{RoundingMode, quotient};
use crate::batch::kernels::divide_long;
use crate::batch::lanes;
use crate::generator::Dice;

#[test]
fn quotients_are_exact() {
    let mut dice = Dice::new(7);
    let mut seen = (0, 0);
    for _ in 0..200_000 {
        let divisor = (dice.next() >> (2 + dice.below(61))).max(1);
        let most = dice.next() >> (1 + dice.below(62));
        let Some(divider) = Divider::new(divisor.into(), most.into()) else { continue };
        // Multiples of the divisor and their neighbours, and the greatest.
        let times = dice.below(most / divisor + 1);
        let near = (times * divisor).saturating_add(dice.below(3)).saturating_sub(1);
        for value in [0, most, near.min(most), dice.below(most)] {
            let found = match divider {
                Divider::Short { digit, magic, shift, divisor } => {
                    seen.0 += 1;
                    short(value, digit, magic, shift, divisor)
                }
                Divider::Long { magic, shift, divisor } => {
                    seen.1 += 1;
                    long(value, magic, shift, divisor)
                }
            };
            assert_eq!(found, (value / divisor, value % divisor), "{value} / {divisor} by {divider:?}");
        }
    }
    assert!(seen.0 > 10_000 && seen.1 > 10_000, "{seen:?}");
}

#[test]
fn columns_are_rounded_as_numbers_are() {
    let mut dice = Dice::new(8);
    let arch = pulp::Arch::new();
    for _ in 0..2_000 {
        let divisor = (dice.next() >> (2 + dice.below(61))).max(1);
        let most = dice.next() >> (1 + dice.below(62));
        let Some(by) = Divider::new(divisor.into(), most.into()) else { continue };
        let value = |dice: &mut Dice| {
            // Halves of the divisor and their neighbours, of either sign.
            let halves = dice.below(most / divisor.div_ceil(2) + 1) * divisor / 2;
            let size = halves.saturating_add(dice.below(3)).saturating_sub(1).min(most) as i64;
            if dice.one_in(2) { -size } else { size }
        };
        let values: Vec<i64> = (0..37).map(|_| value(&mut dice)).collect();
        for mode in [
            RoundingMode::HalfUp,
            RoundingMode::HalfEven,
            RoundingMode::HalfDown,
            RoundingMode::Up,
            RoundingMode::Down,
        ] {
            let mut out = vec![0; values.len()];
            let done = match mode {
                RoundingMode::HalfUp => divide_long::<lanes::HalfUp>(arch, &mut out, &values, by),
                RoundingMode::HalfEven => divide_long::<lanes::HalfEven>(arch, &mut out, &values, by),
                RoundingMode::HalfDown => divide_long::<lanes::HalfDown>(arch, &mut out, &values, by),
                RoundingMode::Up => divide_long::<lanes::Up>(arch, &mut out, &values, by),
                RoundingMode::Down => divide_long::<lanes::Down>(arch, &mut out, &values, by),
            };
            assert_eq!(done, Some(()));
            for (value, out) in values.iter().zip(out) {
                let exact = quotient((*value).into(), divisor.into(), mode);
                assert_eq!(Some(i128::from(out)), exact, "{value} / {divisor} {mode:?}");
            }
        }
    }
}
