//! Amendments of a made policy.

use super::{DAYS, Dice, Made};
use std::fmt::Write as _;

impl Made {
    /// A file that amends `base.comity`, at once or from a day on.
    pub fn amendment(&self, dice: &mut Dice) -> String {
        let mut text = String::from("amends \"base.comity\"");
        if dice.one_in(2) {
            let _ = write!(text, " effective {}", dice.pick(&DAYS));
            if dice.one_in(2) {
                let _ = write!(text, " known from {}", dice.pick(&DAYS));
            }
        }
        text.push('\n');
        let mut rules = self.rules.clone();
        for _ in 0..1 + dice.below(2) {
            if rules.is_empty() {
                break;
            }
            let rule = rules.remove(dice.below(rules.len() as u64) as usize);
            let literal = ["250", "7.05", "0.5", "15%", "25%", "alpha", "800 USD"]
                .into_iter()
                .find(|literal| rule.text.matches(literal).count() == 1);
            let _ = match (literal, dice.below(3)) {
                (Some(literal), 0 | 1) => {
                    writeln!(text, "substitute {} for {literal} in rule {}", other(literal), rule.name)
                }
                (None, 0) => writeln!(text, "repeal rule {}", rule.name),
                _ => writeln!(text, "replace {}", rule.text),
            };
        }
        text
    }
}

fn other(literal: &str) -> &'static str {
    match literal {
        "250" => "240",
        "7.05" => "7.06",
        "0.5" => "0.25",
        "15%" => "12.5%",
        "25%" => "24%",
        "alpha" => "epsilon",
        _ => "750 USD",
    }
}
