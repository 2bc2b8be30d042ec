//! Conditions with their truth, and what they read, down to where each fact was stated.

use super::Report;
use super::page::Tint;
use crate::diag::tick;
use crate::outcome::{Judged, JudgedKind, Origin, Point, Read, ReadOf, Valued};
use crate::policy::Type;
use crate::value::{Day, Mask, Possible};

/// How far what is read is followed into what that reads.
const DEPTH: usize = 5;

impl Report<'_> {
    /// A condition: its parts one by one, each with a sign and what it read.
    pub(super) fn judged(&mut self, indent: usize, judged: &Judged, asked: Point) {
        match &judged.kind {
            JudgedKind::And(parts) => parts.iter().for_each(|part| self.judged(indent, part, asked)),
            JudgedKind::Or(parts) => {
                self.verdict(indent, judged, asked, "one of these is enough");
                parts.iter().for_each(|part| self.judged(indent + 2, part, asked));
            }
            JudgedKind::Not(inner) => {
                self.verdict(indent, judged, asked, "");
                match &inner.kind {
                    JudgedKind::Atom(reads) => self.reads(indent + 4, reads, judged.point),
                    _ => self.judged(indent + 2, inner, asked),
                }
            }
            JudgedKind::Atom(reads) => {
                self.verdict(indent, judged, asked, "");
                self.reads(indent + 4, reads, judged.point);
            }
        }
    }

    fn verdict(&mut self, indent: usize, judged: &Judged, asked: Point, remark: &str) {
        let text = self.words.expr(judged.expr);
        let sign = self.sign(judged.mask);
        let mut remarks = Vec::new();
        remarks.extend((judged.point.day != asked.day).then(|| format!("on {}", judged.point.day)));
        remarks.extend((judged.point.known != asked.known).then(|| format!("as known on {}", judged.point.known)));
        remarks.extend(Some(truth(judged.mask).to_string()).filter(|truth| !truth.is_empty()));
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
        self.reads(indent, &valued.reads, asked);
        if let Some(fault) = &valued.fault {
            self.fault(indent, fault);
        }
    }

    pub(super) fn reads(&mut self, indent: usize, reads: &[Read], asked: Point) {
        self.reads_to(indent, reads, asked, DEPTH);
    }

    fn reads_to(&mut self, indent: usize, reads: &[Read], asked: Point, depth: usize) {
        let mut told: Vec<String> = Vec::new();
        for read in reads {
            let line = self.read(read, asked);
            if told.contains(&line) {
                continue;
            }
            self.page.line(indent, &line);
            told.push(line);
            if let Some(fault) = &read.fault {
                self.fault(indent + 4, fault);
            }
            match depth.checked_sub(1) {
                Some(depth) => self.reads_to(indent + 2, &read.inner, read.point, depth),
                None if !read.inner.is_empty() => self.page.line(indent + 2, "…"),
                None => {}
            }
        }
    }

    /// `disbursed = 5 USD on 2029-01-19, stated from 2028-12-31 (facts.yaml:4)`
    fn read(&self, read: &Read, asked: Point) -> String {
        let policy = self.words.policy;
        let (name, ty, origin) = match &read.what {
            ReadOf::Slot(slot, origin) => {
                let name = match slot {
                    crate::outcome::SlotRef::Fact(fact, _) => policy.facts[*fact].name.clone(),
                    crate::outcome::SlotRef::Field { entity, row, field, .. } => {
                        let field = &policy.entities[*entity].fields[*field].name;
                        format!("{}.{field}", self.words.row(*entity, *row))
                    }
                    crate::outcome::SlotRef::Table(_) => self.slot(slot),
                };
                (name, self.words.slot_type(slot), Some(origin))
            }
            ReadOf::Define(id, row) => {
                let define = &policy.defines[*id];
                (self.words.named(&define.name, *row), Some(&define.ty), None)
            }
            ReadOf::Outcome(id, row) => {
                let outcome = &policy.outcomes[*id];
                (self.words.named(&outcome.name, *row), Some(&outcome.ty), None)
            }
            ReadOf::Today => return format!("today = {}", read.point.day),
            ReadOf::Lookup(id) => (self.words.expr(*id), Some(policy.exprs.ty(*id)), None),
        };
        let day = if read.point.day == asked.day { String::new() } else { format!(" on {}", read.point.day) };
        let known = match read.point.known == asked.known {
            true => String::new(),
            false => format!(" as known on {}", read.point.known),
        };
        let from = origin.map_or(String::new(), |origin| format!(", {}", self.origin(origin)));
        match (self.read_value(ty, read), origin) {
            (Some(value), _) => format!("{name} = {value}{day}{known}{from}"),
            (None, Some(_)) => format!("{name}{day}{known}{from}"),
            (None, None) => format!("{name} is unknown{day}{known}"),
        }
    }

    /// None: nothing is known of it.
    fn read_value(&self, ty: Option<&Type>, read: &Read) -> Option<String> {
        match (&read.value, ty) {
            (Possible::Nothing, _) => Some("an error".to_string()),
            (Possible::Any | Possible::Bools, _) | (_, None) => None,
            (possible, Some(ty)) => Some(self.words.possible(ty, possible)).filter(|text| text != "unknown"),
        }
    }

    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Stated { span, from } => {
                let from = from.filter(|day| *day > Day::FIRST).map_or(String::new(), |day| format!(" from {day}"));
                format!("stated{from} ({})", self.words.place(*span))
            }
            Origin::Assumed => "assumed: the default of the policy".to_string(),
            Origin::NotStated => "not stated".to_string(),
            Origin::AfterStatedThrough => {
                let last = self.words.facts.stated_through.map_or(String::new(), |day| format!(" {day}"));
                format!("not stated for this day: the facts end with{last}")
            }
        }
    }

    /// The slots that keep a condition open.
    pub(super) fn open_slots(&self, judged: &Judged, found: &mut Vec<String>) {
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

/// What the sign leaves unsaid.
fn truth(mask: Mask) -> &'static str {
    if mask.is_true() {
        ""
    } else if mask.is_false() {
        "not met"
    } else if mask.is_error() {
        "an error"
    } else if mask.may_be_error() {
        "open: it may be an error"
    } else {
        "not known"
    }
}
