//! What a change does to a table, as JSON.

use super::{RowsFrom, SideAnswerDoc, VersionDiff, answer_doc};
use crate::compare::{Effect, HistogramBin, Mover, PolicySide, Population, Sums, summable};
use crate::facts::Facts;
use crate::policy::Type;
use crate::value::{Number, Total, Value};
use crate::words::{Audience, Words};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct PopulationDoc {
    entity: String,
    files: Vec<String>,
    facts: Option<String>,
    rows: u64,
    changed: u64,
    by: Vec<String>,
    outcomes: Vec<EffectDoc>,
}

#[derive(Serialize)]
struct EffectDoc {
    name: String,
    all: SumsDoc,
    groups: Vec<SumsDoc>,
    histogram: Vec<StepDoc>,
    up: Vec<MoverDoc>,
    down: Vec<MoverDoc>,
}

#[derive(Serialize)]
struct SumsDoc {
    group: Vec<String>,
    rows: u64,
    changed: u64,
    up: u64,
    down: u64,
    /// Not determined on both sides, and in no sum.
    open: u64,
    old: Option<MeasureDoc>,
    new: Option<MeasureDoc>,
    delta: Option<String>,
}

#[derive(Serialize)]
struct MeasureDoc {
    total: Option<String>,
    average: Option<String>,
}

#[derive(Serialize)]
struct StepDoc {
    least: String,
    most: String,
    rows: u64,
}

#[derive(Serialize)]
struct MoverDoc {
    row: String,
    old: SideAnswerDoc,
    new: SideAnswerDoc,
    delta: String,
}

pub(super) fn population_doc(
    diffed: &VersionDiff<'_>,
    from: &RowsFrom,
    population: &Population,
) -> PopulationDoc {
    let nothing = Facts::default();
    let (old, new) = (
        diffed.words(PolicySide::Old, &nothing, Audience::Machine),
        diffed.words(PolicySide::New, &nothing, Audience::Machine),
    );
    let entity = &new.policy.entities[population.entity.1];
    let effect = |effect: &Effect| {
        let outcome = &new.policy.outcomes[effect.outcome.1];
        let ty = &outcome.ty;
        let number = |number: &Number| new.value(ty, &Value::Number(number.clone()));
        let mover = |mover: &Mover| MoverDoc {
            row: mover.key.to_string(),
            old: answer_doc(&old, effect.outcome.0, &mover.old),
            new: answer_doc(&new, effect.outcome.1, &mover.new),
            delta: number(&mover.delta),
        };
        let step = |step: &HistogramBin| StepDoc {
            least: number(&step.least),
            most: number(&step.most),
            rows: step.rows,
        };
        EffectDoc {
            name: outcome.name.clone(),
            all: sums_doc(&new, ty, &[], &effect.all),
            groups: effect.groups.iter().map(|(group, sums)| sums_doc(&new, ty, group, sums)).collect(),
            histogram: effect.histogram.iter().map(step).collect(),
            up: effect.up.iter().map(mover).collect(),
            down: effect.down.iter().map(mover).collect(),
        }
    };
    PopulationDoc {
        entity: entity.name.clone(),
        files: from.files.clone(),
        facts: from.facts.clone(),
        rows: population.rows,
        changed: population.changed,
        by: population.by.iter().map(|field| entity.fields[*field].name.clone()).collect(),
        outcomes: population.outcomes.iter().map(effect).collect(),
    }
}

fn sums_doc(words: &Words<'_>, ty: &Type, group: &[String], sums: &Sums) -> SumsDoc {
    let numbers = matches!(ty, Type::Number { .. });
    let said = |number: &Number| words.value(ty, &Value::Number(number.clone()));
    let measure = |total: &Total| {
        numbers.then(|| MeasureDoc {
            total: total.finish().ok().filter(|_| summable(ty)).map(|number| said(&number)),
            average: total.average(sums.summed()).ok().map(|number| said(&number)),
        })
    };
    let measured = |total: &Total| {
        let number = if summable(ty) { total.finish() } else { total.average(sums.summed()) };
        number.ok().filter(|_| numbers)
    };
    let delta = measured(&sums.old).zip(measured(&sums.new)).and_then(|(old, new)| new.sub(&old).ok());
    SumsDoc {
        group: group.to_vec(),
        rows: sums.rows,
        changed: sums.changed,
        up: sums.up,
        down: sums.down,
        open: sums.open,
        old: measure(&sums.old),
        new: measure(&sums.new),
        delta: delta.map(|delta| said(&delta)),
    }
}
