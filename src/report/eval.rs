//! The answers of `eval`.

use super::Report;
use super::page::{Page, Tint};
use crate::diag::{Style, count};
use crate::outcome::{Answer, Point, SlotRef, Status, Story};
use crate::policy::{EntityId, FieldId, OutcomeId};
use crate::value::Day;
use crate::wire::{Answers, Asked, Reader, Words, assumed};
use std::collections::BTreeMap;

/// Keys are named one by one up to this many.
const KEYS: usize = 4;

/// What was answered, and the stories of answers that are gaps.
#[derive(Debug)]
pub struct Told<'a> {
    pub asked: Asked<'a>,
    pub gaps: BTreeMap<(OutcomeId, Option<u32>), Story>,
}

/// Every answer with the rules that decide it, then what was assumed.
pub fn eval(told: &Told, style: Style) -> String {
    let asked = &told.asked;
    let words =
        Words { policy: asked.policy, facts: asked.facts, sources: asked.sources, reader: Reader::People };
    let mut report = Report { words, page: Page::new(style) };
    report.when(asked.on, asked.known);
    report.singles(told);
    report.rows(told);
    report.assumed(&assumed(asked));
    report.page.finish()
}

impl Report<'_> {
    /// `on 2029-01-20, as known on 2029-01-25`
    fn when(&mut self, on: Option<Day>, known: Option<Day>) {
        let parts = [on.map(|day| format!("on {day}")), known.map(|day| format!("as known on {day}"))];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            self.page.line(0, &parts.join(", "));
            self.page.gap();
        }
    }

    fn singles(&mut self, told: &Told) {
        let singles: Vec<(OutcomeId, Point, &Answer)> = told
            .asked
            .outcomes
            .iter()
            .filter_map(|(id, answers)| match answers {
                Answers::One(point, answer) => Some((*id, *point, answer)),
                Answers::Rows(_) => None,
            })
            .collect();
        let width = self.width(singles.iter().map(|(id, _, _)| *id));
        for (id, point, answer) in singles {
            self.answer(0, width, id, None, point, answer, told);
        }
    }

    /// One block for each row, in the order the rows are stated.
    fn rows(&mut self, told: &Told) {
        let policy = self.words.policy;
        for (entity, decl) in policy.entities.iter() {
            let mine: Vec<(OutcomeId, &Vec<(u32, Option<Point>, Answer)>)> = told
                .asked
                .outcomes
                .iter()
                .filter(|(id, _)| policy.outcomes[*id].for_each == Some(entity))
                .filter_map(|(id, answers)| match answers {
                    Answers::Rows(rows) => Some((*id, rows)),
                    Answers::One(..) => None,
                })
                .collect();
            let width = self.width(mine.iter().map(|(id, _)| *id));
            let longest = mine.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
            for at in 0..longest {
                self.page.gap();
                let mut headed = false;
                for (id, rows) in &mine {
                    let Some((row, point, answer)) = rows.get(at) else { continue };
                    if !headed {
                        let dated = if decl.dated.is_some() { *point } else { None };
                        self.row_head(entity, *row, dated);
                        headed = true;
                    }
                    let point = point.unwrap_or(Point { day: Day::NEVER, known: Day::NEVER });
                    self.answer(2, width, *id, Some(*row), point, answer, told);
                }
            }
            if !mine.is_empty() && longest == 0 {
                self.page.gap();
                self.page.line(0, &format!("{} has no rows", decl.name));
            }
        }
    }

    fn row_head(&mut self, entity: EntityId, row: u32, dated: Option<Point>) {
        let name = &self.words.policy.entities[entity].name;
        let head = format!("{name} \"{}\"", self.words.key(entity, row));
        let day = dated.map_or(String::new(), |point| format!(", {}", point.day));
        let head = self.page.tint(Tint::Strong, &head);
        self.page.line(0, &format!("{head}{day}"));
    }

    fn width(&self, ids: impl Iterator<Item = OutcomeId>) -> usize {
        ids.map(|id| self.words.policy.outcomes[id].name.chars().count()).max().unwrap_or(0)
    }

    #[expect(clippy::too_many_arguments, reason = "an answer, where it stands, and where it is asked")]
    fn answer(
        &mut self,
        indent: usize,
        width: usize,
        id: OutcomeId,
        row: Option<u32>,
        point: Point,
        answer: &Answer,
        told: &Told,
    ) {
        let outcome = &self.words.policy.outcomes[id];
        let name = &outcome.name;
        let inner = indent + 4;
        match answer.status {
            Status::Determined => {
                let value = answer.value().map_or_else(String::new, |value| self.words.value(&outcome.ty, value));
                let value = self.page.tint(Tint::Strong, &value);
                let nobody = answer.reasons.iter().all(|reason| reason.rule.is_none());
                let nobody = if nobody { " (no rule applies)" } else { "" };
                self.page.line(indent, &format!("{name:width$} = {value}{nobody}"));
                for reason in answer.reasons.iter().filter(|_| nobody.is_empty()) {
                    let reason = self.reason(reason);
                    self.page.line(inner, &reason);
                }
            }
            Status::Undetermined => {
                let status = self.page.tint(Tint::Open, "undetermined");
                let possible = self.possibilities(id, answer);
                self.page.line(indent, &format!("{name:width$}   {status}: {possible}"));
                self.needs(inner, id, point, answer);
            }
            Status::Gap => {
                let status = self.page.tint(Tint::Bad, "gap");
                self.page.line(indent, &format!("{name:width$}   {status}: no rule applies"));
                if let Some(story) = told.gaps.get(&(id, row)) {
                    self.closest(inner, story);
                }
            }
            Status::Conflict => {
                let status = self.page.tint(Tint::Bad, "conflict");
                self.page.line(indent, &format!("{name:width$}   {status}: the rules that apply disagree"));
                self.conflict(inner, id, answer);
            }
            Status::Error => {
                let status = self.page.tint(Tint::Bad, "error");
                self.page.line(indent, &format!("{name:width$}   {status}: it cannot be worked out"));
                if let Some(fault) = &answer.fault {
                    self.fault(inner, fault);
                }
                for reason in &answer.reasons {
                    let reason = self.reason(reason);
                    self.page.line(inner, &reason);
                }
            }
        }
    }

    /// The defaults that answers rest on; one field of many rows is one line.
    fn assumed(&mut self, slots: &[SlotRef]) {
        if slots.is_empty() {
            return;
        }
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut fields: BTreeMap<(EntityId, FieldId), Vec<u32>> = BTreeMap::new();
        let mut days: BTreeMap<String, ()> = BTreeMap::new();
        for slot in slots {
            match slot {
                SlotRef::Field { entity, row, field, .. } => {
                    let rows = fields.entry((*entity, *field)).or_default();
                    if rows.last() != Some(row) {
                        rows.push(*row);
                    }
                }
                SlotRef::Fact(fact, _) => {
                    let name = self.words.policy.facts[*fact].name.clone();
                    if days.insert(name.clone(), ()).is_none() {
                        rows.push(vec![name, self.default_of(slot), String::new()]);
                    }
                }
                SlotRef::Table(_) => {}
            }
        }
        for ((entity, field), mine) in fields {
            let decl = &self.words.policy.entities[entity];
            let slot = SlotRef::Field { entity, row: 0, field, day: None };
            let name = format!("{}.{}", decl.name, decl.fields[field].name);
            rows.push(vec![name, self.default_of(&slot), self.keys(entity, &mine)]);
        }
        self.page.gap();
        let head = self.page.tint(Tint::Strong, "assumed");
        self.page.line(0, &format!("{head}, for it is not stated and the policy has a default"));
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        self.page.table(4, &rows);
    }

    fn default_of(&self, slot: &SlotRef) -> String {
        format!("= {}", self.words.default_value(slot).unwrap_or_default())
    }

    fn keys(&self, entity: EntityId, rows: &[u32]) -> String {
        let all = self.words.facts.tables.get(entity).and_then(Option::as_ref).map_or(0, |table| table.rows.len());
        match rows {
            _ if rows.len() == all && all > 1 => format!("all {}", count(all, "row")),
            _ if rows.len() <= KEYS => {
                let keys: Vec<String> =
                    rows.iter().map(|row| format!("\"{}\"", self.words.key(entity, *row))).collect();
                keys.join(", ")
            }
            _ => count(rows.len(), "row"),
        }
    }
}
