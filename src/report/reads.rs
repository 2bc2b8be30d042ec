//! Conditions with their truth, and what they read, down to where each fact was stated.

use super::Report;
use super::page::Tint;
use crate::diag::{list_and, tick};
use crate::outcome::{Earlier, Judged, JudgedKind, Origin, Point, Read, ReadOf, SlotRef, Valued};
use crate::policy::{EntityId, Type};
use crate::value::{Day, Mask, Possible, Value};

const UNKNOWN: &str = "is unknown";

/// How far what is read is followed into what that reads.
const DEPTH: usize = 5;

impl Report<'_> {
    /// A condition: its parts one by one, each with a sign and what it read.
    pub(super) fn judged(&mut self, indent: usize, judged: &Judged, asked: Point) {
        match &judged.kind {
            JudgedKind::And(parts) => {
                telling(judged.mask, parts).for_each(|part| self.judged(indent, part, asked));
            }
            JudgedKind::Or(parts) => {
                self.verdict(indent, judged, asked, "one of these is enough");
                telling(judged.mask, parts).for_each(|part| self.judged(indent + 2, part, asked));
            }
            JudgedKind::Not(inner) => {
                self.verdict(indent, judged, asked, "");
                match &inner.kind {
                    JudgedKind::Atom(reads) => {
                        self.reads(indent + 4, behind(inner, reads), judged.point, settled(judged.mask))
                    }
                    _ => self.judged(indent + 2, inner, asked),
                }
            }
            JudgedKind::Atom(reads) => {
                self.verdict(indent, judged, asked, "");
                self.reads(indent + 4, behind(judged, reads), judged.point, settled(judged.mask));
            }
        }
    }

    fn verdict(&mut self, indent: usize, judged: &Judged, asked: Point, remark: &str) {
        let text = self.page.code(&self.words.expr(judged.expr));
        let sign = self.sign(judged.mask);
        let mut remarks = Vec::new();
        remarks.extend((judged.point.day != asked.day).then(|| format!("on {}", judged.point.day)));
        remarks.extend(
            (judged.point.known != asked.known).then(|| format!("as known on {}", judged.point.known)),
        );
        remarks.extend(self.truth(judged));
        let waits = judged.mask.is_false()
            && judged.point.day == asked.day
            && matches!(self.words.policy.exprs.node(judged.expr), crate::policy::Expr::By { .. });
        remarks.extend(waits.then(|| "that day has not passed".to_string()));
        remarks.extend((!remark.is_empty()).then(|| remark.to_string()));
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join("; ")) };
        self.page.hanging(indent, 2, &format!("{sign} {text}{remarks}"));
    }

    pub(super) fn sign(&self, mask: Mask) -> String {
        if mask.is_true() {
            self.page.tint(Tint::Good, "✓")
        } else if mask.is_false() {
            self.page.tint(Tint::Bad, "✗")
        } else if mask.is_error() {
            self.page.tint(Tint::Bad, "!")
        } else {
            self.page.tint(Tint::Open, "?")
        }
    }

    /// What a value was worked out from.
    pub(super) fn valued(&mut self, indent: usize, valued: &Valued, asked: Point) {
        self.reads(indent, &valued.reads, asked, valued.value.is_single());
        if let Some(fault) = &valued.fault {
            self.fault_once(indent, fault);
        }
    }

    /// What was looked up besides conditions and values.
    pub(super) fn told_of(&mut self, indent: usize, reads: &[Read], asked: Point) {
        self.reads(indent, reads, asked, false);
    }

    /// `settled`: what came of it is one value, whatever the open ones among these may be.
    fn reads(&mut self, indent: usize, reads: &[Read], asked: Point, settled: bool) {
        self.reads_to(indent, reads, asked, settled, DEPTH);
    }

    fn reads_to(&mut self, indent: usize, reads: &[Read], asked: Point, settled: bool, depth: usize) {
        let mut here: Vec<String> = Vec::new();
        // An error in what is settled was not looked at.
        for read in reads.iter().filter(|read| !settled || read.value != Possible::Nothing) {
            let (what, origin) = self.read(read, asked);
            if here.contains(&what) {
                continue;
            }
            here.push(what.clone());
            // What has been told once is not told again, only named.
            let fixed = matches!(&read.what, ReadOf::Slot(slot, _) if !self.over_time(slot));
            let point = if fixed { Point::new(Day::NEVER, Day::NEVER) } else { read.point };
            let again = !self.told.insert((what.clone(), point));
            if again && fixed && depth < DEPTH {
                continue;
            }
            let matters = if settled && is_anything(&read.value) { ", which does not matter" } else { "" };
            if again {
                let above = if read.inner.is_empty() { "" } else { " (above)" };
                self.page.line(indent, &format!("{what}{matters}{above}"));
                continue;
            }
            self.page.line(indent, &format!("{what}{origin}{matters}"));
            if let Some(fault) = &read.fault {
                self.fault_once(indent + 4, fault);
            }
            let settled = read.value.is_single();
            match depth.checked_sub(1) {
                Some(depth) => self.reads_to(indent + 2, &read.inner, read.point, settled, depth),
                None if !read.inner.is_empty() => self.page.line(indent + 2, "…"),
                None => {}
            }
        }
    }

    /// `disbursed = 5 USD on 2029-01-19` and `, stated from 2028-12-31 (facts.yaml:4)`
    fn read(&self, read: &Read, asked: Point) -> (String, String) {
        let policy = self.words.policy;
        let (name, ty, origin) = match &read.what {
            ReadOf::Slot(slot, origin) => {
                let name = match slot {
                    SlotRef::Fact(fact, _) => policy.facts[*fact].name.clone(),
                    SlotRef::Field { entity, row, field, .. } => {
                        let field = &policy.entities[*entity].fields[*field].name;
                        match self.own {
                            Some(own) if own == (*entity, *row) => {
                                format!("{}.{field}", policy.entities[*entity].name)
                            }
                            _ => format!("{}.{field}", self.words.row(*entity, *row)),
                        }
                    }
                    SlotRef::Parameter { .. } | SlotRef::Table(_) | SlotRef::Line(..) | SlotRef::Cell(..) => {
                        self.slot(slot)
                    }
                };
                (name, self.words.slot_type(slot), Some(origin))
            }
            ReadOf::Define(id, row) => {
                let define = &policy.defines[*id];
                (self.words.named(&define.name, self.other(*row)), Some(&define.ty), None)
            }
            ReadOf::Outcome(id, row) => {
                let outcome = &policy.outcomes[*id];
                (self.words.named(&outcome.name, self.other(*row)), Some(&outcome.ty), None)
            }
            ReadOf::Running { fold, row, rows } => {
                let fold = &policy.folds[*fold];
                let at = match self.other(Some(*row)) {
                    Some((entity, row)) => format!("{} before {}", fold.name, self.words.row(entity, row)),
                    None => fold.name.clone(),
                };
                let value = self.read_value(Some(&fold.ty), read);
                let rows = rows.map_or(String::new(), |rows| self.earlier(row.0, rows));
                return (format!("{at} {value}"), rows);
            }
            ReadOf::Act(place) => return (self.act_read(*place, &read.value), String::new()),
            ReadOf::Row(entity, row, of) => {
                let said = match read.value.single() {
                    Some(Value::Bool(true)) => String::new(),
                    Some(Value::Bool(false)) => " is false".to_string(),
                    _ if read.value == Possible::Nothing => " is an error".to_string(),
                    _ => " is open".to_string(),
                };
                let text = tick(&self.words.expr(*of));
                return (format!("{}: {text}{said}", self.words.row(*entity, *row)), String::new());
            }
            ReadOf::Today => return (format!("today = {}", read.point.day), String::new()),
            ReadOf::Lookup(id) => (self.words.expr(*id), Some(policy.exprs.ty(*id)), None),
        };
        // What does not change over time needs no day.
        let fixed = matches!(&read.what, ReadOf::Slot(slot, _) if !self.over_time(slot));
        let mut when = String::new();
        if !fixed && read.point.day != asked.day {
            when.push_str(&format!(" on {}", read.point.day));
        }
        if !fixed && read.point.known != asked.known {
            when.push_str(&format!(" as known on {}", read.point.known));
        }
        let value = match (&read.what, &read.value) {
            // X6: whether a line is there.
            (ReadOf::Slot(SlotRef::Line(..), _), Possible::One(Value::Bool(true))) => "is listed".to_string(),
            (ReadOf::Slot(SlotRef::Line(..), _), Possible::One(_) | Possible::Nothing) => {
                "is not listed".to_string()
            }
            _ => self.read_value(ty, read),
        };
        match origin {
            Some(Origin::NotStated) if value == UNKNOWN => {
                (format!("{name} is not stated{when}"), String::new())
            }
            _ => (format!("{name} {value}{when}"), self.origin(origin)),
        }
    }

    /// The row of a name, unless it is the row that all of this is about.
    fn other(&self, row: Option<(EntityId, u32)>) -> Option<(EntityId, u32)> {
        row.filter(|_| row != self.own)
    }

    /// Which rows were before, after a comma.
    fn earlier(&self, entity: EntityId, rows: Earlier) -> String {
        let name = |row| self.words.row(entity, row);
        match (rows.count, rows.ends) {
            (_, None) => ", before the first row".to_string(),
            (1, Some((only, _))) => format!(", after {}", name(only)),
            (count, Some((first, last))) => {
                format!(", after {count} rows, from {} to {}", name(first), name(last))
            }
        }
    }

    fn over_time(&self, slot: &SlotRef) -> bool {
        let policy = self.words.policy;
        match slot {
            SlotRef::Fact(fact, _) => policy.facts[*fact].over_time,
            SlotRef::Field { entity, field, .. } => policy.entities[*entity].fields[*field].over_time,
            SlotRef::Parameter { .. } => false,
            SlotRef::Table(_) => true,
            SlotRef::Line(annex, _) | SlotRef::Cell(annex, ..) => policy.annexes[*annex].lines.is_dated(),
        }
    }

    /// `= 5 USD`, `is at least 5 USD`, `is unknown`.
    fn read_value(&self, ty: Option<&Type>, read: &Read) -> String {
        match (&read.value, ty) {
            (Possible::Nothing, _) => "is an error".to_string(),
            (Possible::Any | Possible::Bools, _) | (_, None) => UNKNOWN.to_string(),
            (possible @ Possible::One(_), Some(ty)) => format!("= {}", self.words.possible(ty, possible)),
            (possible, Some(ty)) => format!("is {}", self.words.possible(ty, possible)),
        }
    }

    /// Where a fact comes from, after a comma.
    fn origin(&self, origin: Option<&Origin>) -> String {
        match origin {
            None => String::new(),
            Some(Origin::Stated { span, from }) => {
                let from =
                    from.filter(|day| *day > Day::FIRST).map_or(String::new(), |day| format!(" from {day}"));
                format!(", stated{from} ({})", self.words.place(*span))
            }
            Some(Origin::Assumed) => ", assumed: the default of the policy".to_string(),
            Some(Origin::NotStated) => ", not stated".to_string(),
            Some(Origin::AfterStatedThrough) => {
                let last = self.words.facts.stated_through.map_or(String::new(), |day| format!(" {day}"));
                format!(", for the facts end with{last}")
            }
        }
    }

    /// What the sign leaves unsaid: not met, or not stated.
    fn truth(&self, judged: &Judged) -> Option<String> {
        let mask = judged.mask;
        if mask.is_true() {
            None
        } else if mask.is_false() {
            Some("not met".to_string())
        } else if mask.is_error() {
            Some("an error".to_string())
        } else {
            let mut open = Vec::new();
            self.open_slots(judged, &mut open);
            let error = if mask.may_be_error() { ", and may be an error" } else { "" };
            match open.is_empty() {
                true => Some(format!("open{error}")),
                false => Some(format!("open for want of {}{error}", list_and(&open))),
            }
        }
    }

    /// The slots that keep a condition open.
    fn open_slots(&self, judged: &Judged, found: &mut Vec<String>) {
        match &judged.kind {
            JudgedKind::And(parts) | JudgedKind::Or(parts) => {
                let open = parts.iter().filter(|part| !part.mask.is_decided());
                open.for_each(|part| self.open_slots(part, found));
            }
            JudgedKind::Not(inner) => self.open_slots(inner, found),
            JudgedKind::Atom(reads) => self.open_reads(reads, found),
        }
    }

    fn open_reads(&self, reads: &[Read], found: &mut Vec<String>) {
        for read in reads.iter().filter(|read| !read.value.is_single()) {
            match &read.what {
                ReadOf::Slot(slot, _) => {
                    let name = tick(&self.slot(slot));
                    if !found.contains(&name) {
                        found.push(name);
                    }
                }
                _ => self.open_reads(&read.inner, found),
            }
        }
    }
}

/// A test that is the whole condition has been told; what it looked at has not.
fn behind<'r>(judged: &Judged, reads: &'r [Read]) -> &'r [Read] {
    match reads {
        [one] if matches!(one.what, ReadOf::Lookup(id) if id == judged.expr) && one.fault.is_none() => {
            &one.inner
        }
        all => all,
    }
}

/// The parts that tell why a condition came out as it did: where it is decided, those that are decided (V4: one false
/// part makes an `and` false whatever the others are).
fn telling(whole: Mask, parts: &[Judged]) -> impl Iterator<Item = &Judged> {
    parts.iter().filter(move |part| !settled(whole) || settled(part.mask))
}

fn settled(mask: Mask) -> bool {
    mask.is_true() || mask.is_false()
}

/// Whether nothing is known of a value, not even a bound, which may well have decided.
fn is_anything(possible: &Possible) -> bool {
    match possible {
        Possible::Bools | Possible::Any => true,
        Possible::Numbers(range) => range.is_all(),
        Possible::Dates(range) => range.is_all(),
        Possible::Durations(range) => range.is_all(),
        Possible::One(_) | Possible::Nothing => false,
    }
}
