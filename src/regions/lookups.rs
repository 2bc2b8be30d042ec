//! Lines of annexes that may answer. Of an annex of two versions it is asked only where they differ: all other lines are one
//! term, the same on both sides, however many they are.

use super::annexes::ROWS;
use super::exprs::{SymbolicPoint, SymbolicReader};
use super::space::{Lin, Linear, Outside, SpaceQuantity, two};
use super::values::{Sym, SymbolicChoice, Val, truth_of};
use crate::policy::{Annex, AnnexId, AnnexKey, ExprId, LineValidity, Policy, Type};
use crate::solve::Formula;
use crate::steps;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An annex of two versions with fewer lines is taken apart whole; none in tests.
const SMALL: usize = if cfg!(test) { 0 } else { 200 };

/// What is asked of an annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AnnexQuestion {
    /// What it has in a column.
    Column(usize),
    /// Whether it lists something.
    Lists,
}

/// The lines that are looked at one by one.
#[derive(Debug)]
pub(super) struct AnsweringLines {
    /// None: all lines, whatever is asked for. Else they answer for what one of these keys answers.
    keys: Option<Vec<AnnexKey>>,
    lines: Vec<Vec<usize>>,
    /// X6: facts may say more of what is not listed.
    in_part: bool,
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
enum UnchangedKey {
    Asked(Sym),
    /// The cell of a line that leaves its value open.
    Line(AnnexKey, LineValidity),
}

impl UnchangedTerm {
    pub fn listed(annex: &Annex, under: bool, asked: &Sym, at: &SymbolicPoint) -> UnchangedTerm {
        let what = if under { "under" } else { "in" };
        UnchangedTerm::new(annex, what.to_string(), UnchangedKey::Asked(asked.clone()), at)
    }

    fn cell(annex: &Annex, column: usize, of: UnchangedKey, at: &SymbolicPoint) -> UnchangedTerm {
        let name = annex.columns.get(column).and_then(|column| column.name.clone());
        UnchangedTerm::new(annex, name.unwrap_or_else(|| column.to_string()), of, at)
    }

    fn new(annex: &Annex, what: String, of: UnchangedKey, at: &SymbolicPoint) -> UnchangedTerm {
        let at = annex.lines.is_dated().then(|| (at.day.clone(), at.known.clone()));
        UnchangedTerm { annex: annex.name.clone(), what, of, at }
    }
}

impl<'p> SymbolicReader<'p> {
    /// The lines that have to be looked at.
    pub(super) fn answering(&mut self, annex: &Annex, asked: AnnexQuestion) -> Linear<Arc<AnsweringLines>> {
        let key = (annex.name.clone(), asked);
        if let Some(known) = self.answering.get(&key) {
            return known.clone().ok_or(Outside);
        }
        let made = match self.versions(annex) {
            Some(versions) => self.changed(versions, asked),
            None => None,
        };
        let made = made.or_else(|| self.whole(annex)).map(Arc::new);
        self.answering.insert(key, made.clone());
        made.ok_or(Outside)
    }

    /// All lines, if they are few and the list is whole.
    fn whole(&self, annex: &Annex) -> Option<AnsweringLines> {
        let named = |policy: &&'p Policy| policy.annexes.values().find(|one| one.name == annex.name);
        let lines = |policy: &&'p Policy| named(policy).map_or(0..0, |one| 0..one.lines.len()).collect();
        let fits =
            |policy: &&'p Policy| named(policy).is_none_or(|one| one.lines.len() <= ROWS && !one.in_part);
        let all = self.sides.iter().all(|policy| fits(policy));
        all.then(|| AnsweringLines {
            keys: None,
            lines: self.sides.iter().map(lines).collect(),
            in_part: false,
        })
    }

    /// Both versions of an annex that is looked up by one key of the same type.
    fn versions(&self, annex: &Annex) -> Option<[&'p Annex; 2]> {
        let [old, new] = self.sides.as_slice() else { return None };
        let named = |policy: &'p Policy| policy.annexes.values().find(|one| one.name == annex.name);
        let (old, new) = (named(old)?, named(new)?);
        let ([one], [other]) = (old.keys.as_slice(), new.keys.as_slice()) else { return None };
        let plain = !matches!(one, Type::Enum(_));
        (plain && one == other && old.in_part == new.in_part).then_some([old, new])
    }

    /// The lines that do not say the same, and those that answer beside them. None: it is not so that few do.
    fn changed(&self, versions: [&Annex; 2], asked: AnnexQuestion) -> Option<AnsweringLines> {
        let [old, new] = versions;
        let small = old.lines.len().max(new.lines.len()) <= SMALL && !old.in_part;
        let columns = match asked {
            _ if small => return None,
            AnnexQuestion::Lists => [None, None],
            AnnexQuestion::Column(at) => {
                // By name; of two columns without names there is one.
                let one = old.columns.get(at)?;
                let place = new.columns.iter().position(|column| column.name == one.name)?;
                if place != at || !new.columns.get(place)?.ty.same(&one.ty) {
                    return None;
                }
                if matches!(one.ty, Type::Enum(_)) && self.space.mixed {
                    return None;
                }
                [Some(at), Some(place)]
            }
        };
        let (mine, theirs) = (said_by(old, columns[0]), said_by(new, columns[1]));
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

    /// Where what is asked for is answered by no line that is looked at; none: nowhere.
    pub(super) fn elsewhere(&mut self, answering: &AnsweringLines, asked: &Sym) -> Linear<Option<Formula>> {
        let Some(keys) = &answering.keys else { return Ok(None) };
        let mut any = Vec::new();
        for key in keys {
            any.push(self.key_matches(asked, key, true)?);
        }
        let here = self.space.forms.or(any);
        Ok(Some(!here))
    }

    /// A term that is the same on both sides.
    pub(super) fn unchanged(&mut self, (side, id): (usize, ExprId), ty: &Type, term: UnchangedTerm) -> Val {
        if let Some((_, known)) = self.unchanged.iter().find(|(known, _)| *known == term) {
            return known.clone();
        }
        let (val, vars) = self.free(side, id, ty);
        self.space.common.extend(vars);
        self.unchanged.push((term, val.clone()));
        val
    }

    /// M8: of the keys that are a prefix the longest.
    pub(super) fn lookup(
        &mut self,
        (side, id): (usize, ExprId),
        annex: AnnexId,
        column: usize,
        key: ExprId,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let annex = &self.policy(side).annexes[annex];
        let ty = &annex.columns.get(column).ok_or(Outside)?.ty;
        let answering = self.answering(annex, AnnexQuestion::Column(column))?;
        let val = self.expr(side, key, at);
        let (mut cases, mut found, mut fails) = (Vec::new(), Vec::new(), vec![val.fails]);
        for (line, hit) in self.hits((annex, column), answering.lines(side).collect(), &val.sym, at)? {
            found.push(hit);
            let cell = match annex.value(line, column) {
                Some(value) => self.cell(side, ty, value)?,
                None if answering.keys.is_none() => return Err(Outside),
                None => {
                    let key = annex.lines.first_key(line).ok_or(Outside)?.clone();
                    let of = UnchangedKey::Line(key, annex.lines.validity(line));
                    let open = self.unchanged((side, id), ty, UnchangedTerm::cell(annex, column, of, at));
                    open.sym
                }
            };
            cases.push((hit, cell));
        }
        let found = self.space.forms.or(found);
        match self.elsewhere(&answering, &val.sym)? {
            None => fails.push(!found),
            Some(elsewhere) => {
                let of = UnchangedKey::Asked(val.sym.clone());
                let term = UnchangedTerm::cell(annex, column, of, at);
                let same = self.unchanged((side, id), ty, term.clone());
                let same_holds = match answering.in_part {
                    false => elsewhere,
                    true => {
                        let what = format!("{} stated", term.what);
                        let stated = self.unchanged((side, id), &Type::Bool, UnchangedTerm { what, ..term });
                        let Sym::Bool(stated) = stated.sym else { return Err(Outside) };
                        self.space.forms.or([elsewhere, stated])
                    }
                };
                for (hit, _) in &mut cases {
                    *hit = self.space.forms.and([*hit, !same_holds]);
                }
                fails.push(self.space.forms.and([same_holds, same.fails]));
                fails.push(self.space.forms.and([!same_holds, !found]));
                cases.push((same_holds, same.sym));
            }
        }
        let fails = self.space.forms.or(fails);
        Ok(Val { sym: self.one_of(&cases)?, fails })
    }

    /// Of lines: where each of them answers.
    fn hits(
        &mut self,
        (annex, column): (&Annex, usize),
        lines: Vec<usize>,
        asked: &Sym,
        at: &SymbolicPoint,
    ) -> Linear<Vec<(usize, Formula)>> {
        let mut live = Vec::with_capacity(lines.len());
        for line in lines {
            let key = annex.lines.first_key(line).ok_or(Outside)?;
            let matches = self.key_matches(asked, key, true)?;
            let in_force = self.line_in_force(&annex.lines.validity(line), at)?;
            live.push((line, key, annex.has_value(line, column), self.space.forms.and([matches, in_force])));
        }
        let by_key = LinesByKey::new(live.iter().map(|(_, key, ..)| *key));
        let mut hits = Vec::with_capacity(live.len());
        for (place, (line, key, valued, is_live)) in live.iter().enumerate() {
            let mut hit = vec![*is_live];
            let mut not = |other: usize, only_valued: bool| {
                steps::step();
                let other = live.get(other).filter(|(_, _, other_valued, _)| *other_valued || !only_valued);
                hit.extend(other.map(|(.., other)| !*other));
            };
            by_key.closer(key).for_each(|other| not(other, *valued));
            // X3: a line without a value answers where no line has one.
            if !valued {
                by_key.wider(key).filter(|other| *other != place).for_each(|other| not(other, true));
            }
            hits.push((*line, self.space.forms.and(hit)));
        }
        Ok(hits)
    }

    fn cell(&mut self, side: usize, ty: &Type, value: &Value) -> Linear<Sym> {
        let policy = self.policy(side);
        Ok(match (value, ty) {
            (Value::Number(number), _) => Sym::Linear(Lin::constant(number.clone())),
            (Value::Date(day), _) => Sym::Linear(Lin::day(*day)),
            (Value::Bool(truth), _) => Sym::Bool(truth_of(*truth)),
            (Value::Text(text), _) => Sym::Text(Ok(text.to_string())),
            (Value::Choice(at), Type::Enum(list)) => {
                Sym::Choice(SymbolicChoice::Is(self.space.choice(&policy.enums[*list], *at).ok_or(Outside)?))
            }
            _ => return Err(Outside),
        })
    }

    /// A term of which nothing is known but its type, with the variables it is made of. It may be an error as well.
    pub(super) fn free(&mut self, side: usize, id: ExprId, ty: &Type) -> (Val, [crate::solve::Var; 2]) {
        let quantity = |what: &str| SpaceQuantity::Opaque { side, expr: Some(id), what: what.to_owned() };
        let (kind, _) = self.space.kind_of(ty, false, self.policy(side));
        let var = self.space.var(kind, quantity("value"));
        let sym = match ty {
            Type::Number { .. } | Type::Date | Type::Duration(_) => Sym::Linear(Lin::var(var)),
            Type::Bool => Sym::Bool(self.space.forms.choice_in(var, [1]).unwrap_or_default()),
            Type::Enum(_) => Sym::Choice(SymbolicChoice::Var(var)),
            Type::Code => Sym::Code(Err(var)),
            Type::Text | Type::Country | Type::Row(_) => Sym::Text(Err(var)),
        };
        let failed = self.space.var(two(), quantity("error"));
        let fails = self.space.forms.choice_in(failed, [1]).unwrap_or_default();
        (Val { sym, fails }, [var, failed])
    }
}

/// What the lines of one key say: when, and what.
type SaidByKey<'a> = BTreeMap<&'a AnnexKey, Vec<(LineValidity, bool, bool, Option<&'a Value>)>>;

fn said_by(annex: &Annex, column: Option<usize>) -> SaidByKey<'_> {
    let mut said: SaidByKey<'_> = BTreeMap::new();
    for line in 0..annex.lines.len() {
        steps::step();
        let Some(key) = annex.lines.first_key(line) else { continue };
        let valued = column.is_some_and(|column| annex.has_value(line, column));
        let value = column.and_then(|column| annex.value(line, column));
        let one = (annex.lines.validity(line), annex.lines.is_unlisted(line), valued, value);
        said.entry(key).or_default().push(one);
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
struct LinesByKey {
    codes: BTreeMap<String, Vec<usize>>,
    others: BTreeMap<AnnexKey, Vec<usize>>,
}

impl LinesByKey {
    fn new<'k>(keys: impl Iterator<Item = &'k AnnexKey>) -> LinesByKey {
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
    fn closer<'a>(&'a self, key: &AnnexKey) -> Box<dyn Iterator<Item = usize> + 'a> {
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
    fn wider<'a>(&'a self, key: &AnnexKey) -> impl Iterator<Item = usize> + 'a {
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
