//! Which lines of annexes are looked at one by one, and what stands for all others.

use super::space::Lin;
use super::values::Sym;
use crate::policy::{Annex, AnnexKey, Column, LineValidity, Type};
use crate::steps;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// More lines than this an annex is not taken apart into, where it is the same on both sides.
pub(super) const ROWS: usize = 2_000;

/// An annex of two versions with fewer lines is taken apart whole; none in tests.
const SMALL: usize = if cfg!(test) { 1 } else { 200 };

/// The lines that are looked at one by one.
#[derive(Debug)]
pub(super) struct AnsweringLines {
    /// None: all lines, whatever is asked for. Else they answer for what one of these keys answers.
    pub keys: Option<Vec<AnnexKey>>,
    pub lines: Vec<Vec<usize>>,
    /// X6: facts may say more of what is not listed.
    pub in_part: bool,
}

impl AnsweringLines {
    pub fn lines(&self, side: usize) -> impl Iterator<Item = usize> {
        self.lines.get(side).into_iter().flatten().copied()
    }
}

/// A term that is the same on both sides, for no line that matters differs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UnchangedTerm {
    annex: String,
    /// A column, or how it is asked whether something is listed.
    what: String,
    of: UnchangedKey,
    /// X5: lines may begin and end.
    at: Option<(Lin, Lin)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum UnchangedKey {
    Asked(Sym),
    /// The cell of a line that leaves its value open.
    Line(AnnexKey, LineValidity),
}

impl UnchangedTerm {
    pub fn listed(annex: &Annex, under: bool, asked: &Sym, at: (&Lin, &Lin)) -> UnchangedTerm {
        let what = if under { "under" } else { "in" };
        UnchangedTerm::new(annex, what.to_string(), UnchangedKey::Asked(asked.clone()), at)
    }

    pub fn cell(annex: &Annex, column: usize, of: UnchangedKey, at: (&Lin, &Lin)) -> UnchangedTerm {
        let name = annex.columns.get(column).and_then(|column| column.name.clone());
        UnchangedTerm::new(annex, name.unwrap_or_else(|| column.to_string()), of, at)
    }

    /// Whether facts say more of it (X6).
    pub fn stated(self) -> UnchangedTerm {
        UnchangedTerm { what: format!("{} stated", self.what), ..self }
    }

    fn new(annex: &Annex, what: String, of: UnchangedKey, (day, known): (&Lin, &Lin)) -> UnchangedTerm {
        let at = annex.lines.is_dated().then(|| (day.clone(), known.clone()));
        UnchangedTerm { annex: annex.name.clone(), what, of, at }
    }
}

impl AnsweringLines {
    /// The lines that do not say the same in some column, and those that answer beside them. None: it is not so that few do.
    pub fn changed(versions: [&Annex; 2], mixed: bool) -> Option<AnsweringLines> {
        let [old, new] = versions;
        let small = old.lines.len().max(new.lines.len()) < SMALL && !old.in_part;
        let alike = |(one, other): (&Column, &Column)| {
            let choices = mixed && matches!(one.ty, Type::Enum(_));
            one.name == other.name && one.ty.same(&other.ty) && !choices
        };
        let columns =
            old.columns.len() == new.columns.len() && old.columns.iter().zip(&new.columns).all(alike);
        if small || !columns || says_not_listed(old) || says_not_listed(new) {
            return None;
        }
        let (mine, theirs) = (said_by(old), said_by(new));
        let keys: BTreeSet<&AnnexKey> = mine.keys().chain(theirs.keys()).copied().collect();
        let keys: Vec<&AnnexKey> =
            keys.into_iter().filter(|key| mine.get(*key) != theirs.get(*key)).collect();
        if keys.is_empty() && !old.in_part && old.lines.len().max(new.lines.len()) <= ROWS {
            return None;
        }
        // Where a list in part gets or loses lines, what facts may state is not the same on both sides.
        let listed = |key: &&&AnnexKey| mine.contains_key(**key) == theirs.contains_key(**key);
        if old.in_part && !keys.iter().all(|key| listed(&key)) {
            return None;
        }
        let roots = Roots::new(&keys);
        let near = |annex: &Annex| {
            let is_near = |line: &usize| annex.lines.first_key(*line).is_some_and(|key| roots.meets(key));
            (0..annex.lines.len()).filter(is_near).collect()
        };
        Some(AnsweringLines {
            keys: Some(roots.keys()),
            lines: vec![near(old), near(new)],
            in_part: old.in_part,
        })
    }
}

/// Whether some line says that what it answers is not listed.
fn says_not_listed(annex: &Annex) -> bool {
    (0..annex.lines.len()).any(|line| annex.lines.is_unlisted(line))
}

/// What the lines of one key say: when, and in each column what, if that answers.
type SaidByKey<'a> = BTreeMap<&'a AnnexKey, Vec<(LineValidity, Vec<(bool, Option<&'a Value>)>)>>;

fn said_by(annex: &Annex) -> SaidByKey<'_> {
    let mut said: SaidByKey<'_> = BTreeMap::new();
    for line in 0..annex.lines.len() {
        steps::step();
        let Some(key) = annex.lines.first_key(line) else { continue };
        let cells = (0..annex.columns.len())
            .map(|column| (annex.has_value(line, column), annex.value(line, column)))
            .collect();
        said.entry(key).or_default().push((annex.lines.validity(line), cells));
    }
    said
}

/// Keys that stand under no other of them.
struct Roots {
    codes: BTreeMap<String, AnnexKey>,
    /// What they begin with.
    above: BTreeSet<String>,
    others: BTreeSet<AnnexKey>,
    any: bool,
}

impl Roots {
    fn new(keys: &[&AnnexKey]) -> Roots {
        let mut roots =
            Roots { codes: BTreeMap::new(), above: BTreeSet::new(), others: BTreeSet::new(), any: false };
        let mut codes: Vec<(String, &AnnexKey)> = Vec::new();
        for key in keys {
            match key {
                AnnexKey::Any => roots.any = true,
                AnnexKey::Other(_) => drop(roots.others.insert((*key).clone())),
                AnnexKey::Code(code) => codes.push((code.digits(), key)),
            }
        }
        codes.sort();
        for (digits, key) in codes {
            let last = roots.codes.last_key_value();
            if last.is_none_or(|(last, _)| !digits.starts_with(last.as_str())) {
                roots.above.extend((1..digits.len()).filter_map(|end| Some(digits.get(..end)?.to_string())));
                roots.codes.insert(digits, key.clone());
            }
        }
        roots
    }

    fn keys(&self) -> Vec<AnnexKey> {
        let any = self.any.then_some(AnnexKey::Any);
        any.into_iter().chain(self.codes.values().cloned()).chain(self.others.iter().cloned()).collect()
    }

    /// Whether something may be answered by a root and by this.
    fn meets(&self, key: &AnnexKey) -> bool {
        match key {
            _ if self.any => true,
            AnnexKey::Any => true,
            AnnexKey::Other(_) => self.others.contains(key),
            AnnexKey::Code(code) => {
                let digits = code.digits();
                let mut prefixes = (1..=digits.len()).filter_map(|end| digits.get(..end));
                self.above.contains(&digits) || prefixes.any(|prefix| self.codes.contains_key(prefix))
            }
        }
    }
}

/// Lines by their keys: those closer to what is asked, those farther.
pub(super) struct LinesByKey {
    codes: BTreeMap<String, Vec<usize>>,
    others: BTreeMap<AnnexKey, Vec<usize>>,
}

impl LinesByKey {
    pub fn new<'k>(keys: impl Iterator<Item = &'k AnnexKey>) -> LinesByKey {
        let mut lines = LinesByKey { codes: BTreeMap::new(), others: BTreeMap::new() };
        for (place, key) in keys.enumerate() {
            match key {
                AnnexKey::Code(code) => lines.codes.entry(code.digits()).or_default().push(place),
                other => lines.others.entry(other.clone()).or_default().push(place),
            }
        }
        lines
    }

    /// Those with a key that this one answers, and another.
    pub fn closer<'a>(&'a self, key: &AnnexKey) -> Box<dyn Iterator<Item = usize> + 'a> {
        let all = |map: &'a BTreeMap<AnnexKey, Vec<usize>>| {
            map.iter().filter(|(key, _)| **key != AnnexKey::Any).flat_map(|(_, places)| places)
        };
        match key {
            AnnexKey::Any => Box::new(self.codes.values().flatten().chain(all(&self.others)).copied()),
            AnnexKey::Other(_) => Box::new(std::iter::empty()),
            AnnexKey::Code(code) => {
                let own = code.digits();
                let from = self.codes.range(own.clone()..).filter({
                    let own = own.clone();
                    move |(digits, _)| **digits != own
                });
                let under = from.take_while(move |(digits, _)| digits.starts_with(&own));
                Box::new(under.flat_map(|(_, places)| places).copied())
            }
        }
    }

    /// Those with a key that answers this one, and those with the same key.
    pub fn wider<'a>(&'a self, key: &AnnexKey) -> impl Iterator<Item = usize> + 'a {
        let any = self.others.get(&AnnexKey::Any).into_iter();
        let same = self.others.get(key).into_iter().filter({
            let is_any = *key == AnnexKey::Any;
            move |_| !is_any
        });
        let digits = if let AnnexKey::Code(code) = key { code.digits() } else { String::new() };
        let prefixes = (1..=digits.len()).filter_map(|end| self.codes.get(digits.get(..end)?));
        let found: Vec<usize> = any.chain(same).chain(prefixes).flatten().copied().collect();
        found.into_iter()
    }
}
