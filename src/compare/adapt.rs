//! What is stated, for each side: a name that went over to another is followed, and what only the other side declares is
//! left out. What neither declares stays, for binding to complain of.

use super::PolicySide;
use super::item::{NamedItem, items};
use super::names::NamePairing;
use crate::diag::Diagnostic;
use crate::facts::{
    ActInput, AnnexInput, Entry, Input, LinesInput, Performed, RowInput, RowsInput, TableInput,
};
use crate::policy::Policy;
use crate::sheet::{DecimalMark, Records, Visit, Written};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The names of one side, as they may be stated.
#[derive(Debug)]
pub(super) struct Adapter {
    own: BTreeSet<(u8, String)>,
    /// What only the other side has, with its name here if it has one.
    others: BTreeMap<(u8, String), Option<String>>,
    /// What was left out.
    left_out: RefCell<BTreeSet<String>>,
}

const FACT: u8 = 0;
const ENTITY: u8 = 1;
const FIELD: u8 = 2;
const POWER: u8 = 3;
const HOLDER: u8 = 4;
const ANNEX: u8 = 5;

/// The kinds of names that facts files have.
fn stated(item: NamedItem) -> Option<u8> {
    match item {
        NamedItem::Fact(_) => Some(FACT),
        NamedItem::Entity(_) => Some(ENTITY),
        NamedItem::Field(..) => Some(FIELD),
        NamedItem::Power(_) => Some(POWER),
        NamedItem::Holder(_) => Some(HOLDER),
        NamedItem::Annex(_) => Some(ANNEX),
        NamedItem::Instrument(_)
        | NamedItem::Enum(_)
        | NamedItem::Define(_)
        | NamedItem::Function(_)
        | NamedItem::Fold(_)
        | NamedItem::Outcome(_)
        | NamedItem::Rule(_)
        | NamedItem::Duty(_)
        | NamedItem::Guarantee(_) => None,
    }
}

impl Adapter {
    pub fn new(side: PolicySide, (old, new): (&Policy, &Policy), names: &NamePairing) -> Adapter {
        let (own, other) = match side {
            PolicySide::Old => (old, new),
            PolicySide::New => (new, old),
        };
        let all = |policy: &Policy| -> BTreeSet<(u8, String)> {
            items(policy).into_iter().filter_map(|item| Some((stated(item)?, item.name(policy)))).collect()
        };
        let own_names = all(own);
        let mut others: BTreeMap<(u8, String), Option<String>> = all(other)
            .into_iter()
            .filter(|name| !own_names.contains(name))
            .map(|name| (name, None))
            .collect();
        for (before, after) in &names.renamed {
            let (here, there) = match side {
                PolicySide::Old => (before, after),
                PolicySide::New => (after, before),
            };
            if let Some(kind) = stated(*here) {
                others.insert((kind, there.name(other)), Some(here.name(own)));
            }
        }
        Adapter { own: own_names, others, left_out: RefCell::default() }
    }

    /// What was left out so far.
    pub fn left_out(&self) -> BTreeSet<String> {
        self.left_out.borrow().clone()
    }

    /// The name here; none: it is left out.
    fn name(&self, kind: u8, name: &str) -> Option<String> {
        let key = (kind, name.to_string());
        if self.own.contains(&key) {
            return Some(key.1);
        }
        match self.others.get(&key) {
            None => Some(key.1),
            Some(Some(here)) => Some(here.clone()),
            Some(None) => {
                self.left_out.borrow_mut().insert(key.1);
                None
            }
        }
    }

    fn entries<'a>(&self, entries: &[Entry<'a>], kind: u8, prefix: &str) -> Vec<Entry<'a>> {
        let entry = |entry: &Entry<'a>| {
            let name = self.name(kind, &format!("{prefix}{}", entry.name.text))?;
            let mut entry = entry.clone();
            // Of a field the part after its entity.
            entry.name.text = name.rsplit('.').next().unwrap_or("").to_string();
            Some(entry)
        };
        entries.iter().filter_map(entry).collect()
    }

    /// What is stated, as this side can be told it.
    pub fn adapted<'b>(&self, input: &'b Input<'_>) -> Input<'b> {
        Input {
            facts: self.entries(&input.facts, FACT, ""),
            tables: input.tables.iter().filter_map(|table| self.table(table)).collect(),
            through: input.through.clone(),
            acts: input.acts.iter().filter_map(|act| self.act(act)).collect(),
            errors: input.errors.clone(),
            annexes: input.annexes.iter().filter_map(|annex| self.annex(annex)).collect(),
            settings: self.settings(&input.settings),
        }
    }

    /// Of a fact, or of a line of an annex: `a(8703).duty`.
    fn settings<'a>(&self, settings: &[Entry<'a>]) -> Vec<Entry<'a>> {
        let line = |entry: &Entry<'a>| {
            let (annex, rest) = entry.name.text.split_once('(')?;
            let here = self.name(ANNEX, annex.trim())?;
            let mut entry = entry.clone();
            entry.name.text = format!("{here}({rest}");
            Some(entry)
        };
        let (lines, facts): (Vec<&Entry<'a>>, Vec<&Entry<'a>>) =
            settings.iter().partition(|entry| entry.name.text.contains('('));
        let facts: Vec<Entry<'a>> = facts.into_iter().cloned().collect();
        let mut all = self.entries(&facts, FACT, "");
        all.extend(lines.into_iter().filter_map(line));
        all
    }

    fn annex<'b>(&self, stated: &'b AnnexInput<'_>) -> Option<AnnexInput<'b>> {
        let mut annex = stated.annex.clone();
        annex.text = self.name(ANNEX, &annex.text)?;
        let lines = match &stated.lines {
            LinesInput::Listed(lines) => LinesInput::Listed(lines.clone()),
            LinesInput::Records(records) => {
                let names = records.header().unwrap_or_default();
                let names = names.iter().map(|word| Some(word.text.to_string())).collect();
                LinesInput::Records(Box::new(AdaptedRecords { records: records.as_ref(), names }))
            }
        };
        Some(AnnexInput { annex, lines })
    }

    fn table<'b>(&self, table: &'b TableInput<'_>) -> Option<TableInput<'b>> {
        let mut entity = table.entity.clone();
        entity.text = self.name(ENTITY, &entity.text)?;
        let prefix = format!("{}.", table.entity.text);
        let rows = match &table.rows {
            RowsInput::Listed(rows) => {
                let row = |row: &RowInput<'b>| RowInput {
                    key: row.key.clone(),
                    cells: self.entries(&row.cells, FIELD, &prefix),
                };
                RowsInput::Listed(rows.iter().map(row).collect())
            }
            RowsInput::Records(records) => {
                RowsInput::Records(Box::new(self.columns(records.as_ref(), &prefix)))
            }
        };
        Some(TableInput { entity, rows })
    }

    fn columns<'b>(&self, records: &'b (dyn Records + 'b), prefix: &str) -> AdaptedRecords<'b> {
        let header = records.header().unwrap_or_default();
        let name = |word: &Written<'_>| {
            // `value [USD]`
            let (field, unit) = match word.text.split_once('[') {
                Some((field, unit)) => (field.trim_end(), format!(" [{unit}")),
                None => (word.text.as_ref(), String::new()),
            };
            let name = self.name(FIELD, &format!("{prefix}{field}"))?;
            Some(format!("{}{unit}", name.rsplit('.').next().unwrap_or("")))
        };
        AdaptedRecords { records, names: header.iter().map(name).collect() }
    }

    fn act<'b>(&self, act: &ActInput<'b>) -> Option<ActInput<'b>> {
        let mut act = act.clone();
        match &mut act.what {
            Performed::Named(name, _) => name.text = self.name(POWER, &name.text)?,
            Performed::Text(written) => {
                let text = written.text.to_string();
                let (power, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
                let here = self.name(POWER, power.trim())?;
                if here != power.trim() {
                    written.text = format!("{here}{rest}").into();
                    written.at = None;
                }
            }
        }
        for by in &mut act.by {
            by.text = self.name(HOLDER, &by.text)?;
        }
        Some(act)
    }
}

/// Records without the columns that are left out, the others under their names here.
#[derive(Debug)]
struct AdaptedRecords<'b> {
    records: &'b (dyn Records + 'b),
    names: Vec<Option<String>>,
}

impl AdaptedRecords<'_> {
    fn kept<'w, T>(&self, cells: &'w [T]) -> Vec<&'w T> {
        cells.iter().zip(&self.names).filter(|(_, name)| name.is_some()).map(|(cell, _)| cell).collect()
    }
}

impl Records for AdaptedRecords<'_> {
    fn header(&self) -> Result<Vec<Written<'_>>, Diagnostic> {
        let header = self.records.header()?;
        let names = header.into_iter().zip(&self.names).filter_map(|(word, name)| {
            let name = name.as_ref()?;
            if *name == word.text {
                Some(word)
            } else {
                Some(Written { text: name.as_str().into(), at: None, ..word })
            }
        });
        Ok(names.collect())
    }

    fn decimals(&self) -> Option<DecimalMark> {
        self.records.decimals()
    }

    fn each(&self, visit: &mut Visit<'_>) {
        if self.names.iter().all(Option::is_some) {
            return self.records.each(visit);
        }
        self.records.each(&mut |record| match record {
            Ok(cells) => {
                let kept: Vec<Written<'_>> = self.kept(cells).into_iter().cloned().collect();
                visit(Ok(&kept))
            }
            Err(error) => visit(Err(error)),
        });
    }
}
