//! What a change does to a table, in words that every look shares.

use super::Report;
use crate::answers::VersionDiff;
use crate::compare::{Delta, Effect, HistogramBin, Mover, PolicySide, Population, Sums, summable};
use crate::diag::{Style, count, list_and};
use crate::facts::Facts;
use crate::policy::Type;
use crate::report::page::Look;
use crate::text::shown;
use crate::value::{Number, Total, Value};
use crate::words::{Audience, Words, delta_said};

/// The effect on one outcome.
pub(super) struct EffectText {
    pub title: String,
    /// `7 of 10 rows change: 2 up, 5 down`
    pub counts: String,
    /// What is summed: `total`, `average`; none: no numbers.
    pub measure: Option<&'static str>,
    pub all: SumsText,
    /// `country, sector`; empty: no groups.
    pub by: String,
    pub groups: Vec<SumsText>,
    pub steps: Vec<StepText>,
    pub movers: Vec<MoverText>,
}

/// Sums over some rows.
#[derive(Default)]
pub(super) struct SumsText {
    pub name: String,
    pub rows: u64,
    pub changed: u64,
    pub old: String,
    pub new: String,
    pub delta: String,
    /// Of the differences of all groups, for bars.
    pub number: Option<Number>,
}

/// A step of the histogram.
pub(super) struct StepText {
    pub label: String,
    pub rows: u64,
    pub down: bool,
}

pub(super) struct MoverText {
    pub row: String,
    pub old: String,
    pub new: String,
    pub delta: String,
    pub who_old: String,
    pub who_new: String,
}

/// How much a number is up or down.
fn moved(words: &Words<'_>, ty: &Type, delta: &Number) -> String {
    if delta.is_zero() {
        return String::new();
    }
    let said = delta_said(words, ty, &Delta::Number(delta.clone()));
    let word = if delta.is_negative() { "down" } else { "up" };
    format!("{word} {}", said.trim_start_matches('-'))
}

pub(super) fn told(diffed: &VersionDiff<'_>, population: &Population) -> Vec<EffectText> {
    let nothing = Facts::default();
    let words = diffed.words(PolicySide::New, &nothing, Audience::People);
    let old =
        Report::new(diffed.words(PolicySide::Old, &nothing, Audience::People), Look::Text(Style::PLAIN));
    let new = Report::new(words, Look::Text(Style::PLAIN));
    let entity = &diffed.frame.new.entities[population.entity.1];
    let by: Vec<&str> = population.by.iter().map(|field| entity.fields[*field].name.as_str()).collect();
    let effect = |effect: &Effect| {
        let outcome = &diffed.frame.new.outcomes[effect.outcome.1];
        let ty = &outcome.ty;
        let numbers = matches!(ty, Type::Number { .. });
        let measure = match (numbers, summable(ty)) {
            (false, _) => None,
            (true, true) => Some("total"),
            (true, false) => Some("average"),
        };
        let line = |name: String, sums: &Sums| line(&words, ty, name, sums);
        let mover = |mover: &Mover| MoverText {
            row: shown(&mover.key).into_owned(),
            old: old.said(effect.outcome.0, &mover.old),
            new: new.said(effect.outcome.1, &mover.new),
            delta: moved(&words, ty, &mover.delta),
            who_old: old.who(&mover.old),
            who_new: new.who(&mover.new),
        };
        EffectText {
            title: outcome.name.clone(),
            counts: counts(&effect.all, &entity.name),
            measure,
            all: line(String::new(), &effect.all),
            by: by.join(", "),
            groups: effect
                .groups
                .iter()
                .map(|(name, sums)| line(shown(&name.join(", ")).into_owned(), sums))
                .collect(),
            steps: effect.histogram.iter().map(|step| bar(&words, ty, step)).collect(),
            movers: effect.up.iter().chain(&effect.down).map(mover).collect(),
        }
    };
    population.outcomes.iter().map(effect).collect()
}

fn counts(sums: &Sums, entity: &str) -> String {
    let all = format!("{} of {} {}", sums.changed, sums.rows, if sums.rows == 1 { "row" } else { "rows" });
    let verb = if sums.changed == 1 { "changes" } else { "change" };
    let mut parts = Vec::new();
    for (many, word) in [(sums.up, "up"), (sums.down, "down")] {
        if many > 0 {
            parts.push(format!("{many} {word}"));
        }
    }
    let mut text = format!("{all} of {entity} {verb}");
    if !parts.is_empty() {
        text.push_str(&format!(": {}", list_and(&parts)));
    }
    if sums.open > 0 {
        let open = count(usize::try_from(sums.open).unwrap_or(usize::MAX), "row");
        text.push_str(&format!("; {open} not determined on both sides, and in no sum"));
    }
    text
}

/// The sum, or the average where sums mean nothing.
fn measured(ty: &Type, total: &Total, rows: u64) -> Option<Number> {
    if !matches!(ty, Type::Number { .. }) {
        return None;
    }
    if summable(ty) { total.finish().ok() } else { total.average(rows).ok() }
}

fn line(words: &Words<'_>, ty: &Type, name: String, sums: &Sums) -> SumsText {
    let old = measured(ty, &sums.old, sums.summed());
    let new = measured(ty, &sums.new, sums.summed());
    let said = |number: &Option<Number>| {
        number
            .as_ref()
            .map_or_else(|| "–".to_string(), |number| words.value(ty, &Value::Number(number.clone())))
    };
    let number = old.as_ref().zip(new.as_ref()).and_then(|(old, new)| new.sub(old).ok());
    SumsText {
        name,
        rows: sums.rows,
        changed: sums.changed,
        old: said(&old),
        new: said(&new),
        delta: number.as_ref().map(|delta| moved(words, ty, delta)).unwrap_or_default(),
        number,
    }
}

fn bar(words: &Words<'_>, ty: &Type, step: &HistogramBin) -> StepText {
    let down = step.least.is_negative();
    let said = |number: &Number| delta_said(words, ty, &Delta::Number(number.abs()));
    let (least, most) = (said(&step.least), said(&step.most));
    // `5,000 to 10,000 USD`
    let unit = most.split_once(' ').map(|(_, unit)| unit).unwrap_or("");
    let least = least
        .split_once(' ')
        .filter(|(_, own)| *own == unit || unit == "points")
        .map_or(least.as_str(), |(number, _)| number)
        .to_string();
    StepText {
        label: format!("{} {least} to {most}", if down { "down" } else { "up" }),
        rows: step.rows,
        down,
    }
}
