//! What may vary: the facts, fields and days that conditions read, each a variable, the same for all versions compared.

use crate::policy::{Enum, ExprId, Policy, Type};
use crate::solve::{AtomError, Comparison, Formula, Formulas, Reach, Var, VarSort};
use crate::steps;
use crate::value::{Day, Number, Rounding};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

/// A linear expression over variables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lin {
    pub parts: BTreeMap<Var, Number>,
    pub rest: Number,
}

/// Not linear, or too large: such a term becomes a variable of its own (G2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outside;

impl From<AtomError> for Outside {
    fn from(_: AtomError) -> Outside {
        Outside
    }
}

impl From<crate::value::Trouble> for Outside {
    fn from(_: crate::value::Trouble) -> Outside {
        Outside
    }
}

pub(super) type Linear<T> = Result<T, Outside>;

impl Default for Lin {
    fn default() -> Lin {
        Lin::constant(Number::ZERO)
    }
}

impl Lin {
    pub fn constant(value: Number) -> Lin {
        Lin { parts: BTreeMap::new(), rest: value }
    }

    pub fn day(day: Day) -> Lin {
        Lin::constant(number_of(day))
    }

    pub fn var(var: Var) -> Lin {
        Lin { parts: BTreeMap::from([(var, Number::ONE)]), rest: Number::ZERO }
    }

    pub fn as_constant(&self) -> Option<&Number> {
        self.parts.is_empty().then_some(&self.rest)
    }

    pub fn add(&self, other: &Lin) -> Linear<Lin> {
        let mut sum = self.clone();
        for (var, factor) in &other.parts {
            let total = match sum.parts.get(var) {
                Some(mine) => mine.add(factor)?,
                None => factor.clone(),
            };
            if total.is_zero() {
                sum.parts.remove(var);
            } else {
                sum.parts.insert(*var, total);
            }
        }
        sum.rest = sum.rest.add(&other.rest)?;
        Ok(sum)
    }

    pub fn scale(&self, factor: &Number) -> Linear<Lin> {
        if factor.is_zero() {
            return Ok(Lin::default());
        }
        let mut scaled = Lin { parts: BTreeMap::new(), rest: self.rest.mul(factor)? };
        for (var, mine) in &self.parts {
            scaled.parts.insert(*var, mine.mul(factor)?);
        }
        Ok(scaled)
    }

    pub fn sub(&self, other: &Lin) -> Linear<Lin> {
        self.add(&other.scale(&Number::ONE.neg())?)
    }
}

/// Days as numbers; `never` is the day after the last.
pub(super) fn number_of(day: Day) -> Number {
    let number = if day.is_never() {
        i64::from(Day::LAST.number()).saturating_add(1)
    } else {
        i64::from(day.number())
    };
    Number::from(number)
}

/// The day of a number, `never` beyond the last.
pub fn day_of(number: &Number) -> Option<Day> {
    let days = number.to_i64()?;
    if days > i64::from(Day::LAST.number()) { Some(Day::NEVER) } else { Day::from_number(days) }
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SpaceQuantity {
    /// The day asked.
    Today,
    /// A fact, or with an entity a field of the row asked; dated ones on a day, as known on another.
    Stated { entity: Option<String>, name: String, at: Option<(Lin, Lin)>, ty: Kindred },
    /// A term outside the fragment: in the policy of one side this expression.
    Opaque { side: usize, expr: Option<ExprId>, what: String },
    /// Variables multiplied, in order.
    Product(Vec<Var>),
    /// A sum divided by another.
    Quotient(Lin, Lin),
    /// How many steps a sum comes to.
    Rounded { of: Lin, step: Number },
    /// A part of a value, fixed by what defines it.
    Part,
}

/// What its values are, where the variable alone does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kindred {
    Number,
    Day,
    Duration,
    Bool,
    Choice(String),
    Code,
    Text,
    Country,
}

/// The variables of an act.
#[derive(Clone, Debug)]
pub(super) struct ActVars {
    pub power: String,
    pub day: Var,
    /// With the names they have in the power.
    pub params: Vec<(String, Var)>,
    /// It has an effect where one of these has its second value.
    pub active: [Var; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum VarKey {
    Today,
    Stated { entity: Option<String>, name: String, at: Option<(Lin, Lin)> },
}

/// The variables and what always holds of them.
pub(super) struct Space {
    pub forms: Formulas,
    pub quantities: BTreeMap<Var, SpaceQuantity>,
    keys: BTreeMap<VarKey, Var>,
    /// Ranges, `where`, equal days have equal values.
    pub laws: Vec<Formula>,
    /// Of facts whose default may be outside their `where`: the choice 1 of this variable is that the fact is not stated.
    pub unstated: BTreeMap<Var, Var>,
    /// Terms that only such defaults read.
    pub of_defaults: BTreeSet<ExprId>,
    /// What need not hold, but makes a witness plain: a memory that begins today, an act of today.
    pub plainly: Vec<Formula>,
    /// Of a part: what defines it. It matters only where the part does.
    defined: BTreeMap<Var, Vec<Formula>>,
    /// Acts that a model may state, and what it need not name.
    pub acts: Vec<ActVars>,
    hidden: BTreeSet<Var>,
    /// Some enum is not the same list in all versions: the places of its choices are then those of no version.
    pub mixed: bool,
    /// The choices of each enum by name, of all versions.
    pub choices: BTreeMap<String, Vec<String>>,
    /// Where each of them stands.
    places: BTreeMap<String, BTreeMap<String, u32>>,
    /// Of a part: the values it may be, each where its condition holds.
    pub cases: BTreeMap<Var, Vec<(Formula, Lin)>>,
    /// Of a part: what is written for it on some side, where it is the whole value of a name, a function or a lookup.
    pub written: BTreeMap<Var, (usize, ExprId)>,
    /// What both versions read.
    pub common: BTreeSet<Var>,
    /// By their factors, which are no products themselves.
    pub products: BTreeMap<Vec<Var>, Var>,
    /// A sum divided by another, where that is not 0.
    pub quotients: BTreeMap<Var, (Lin, Lin)>,
    /// The same cases are one part.
    parts: BTreeMap<(VarSort, Vec<(Formula, Lin)>), Var>,
    /// Numbers rounded: the number, how, and to which step.
    pub rounded: BTreeMap<(Lin, Rounding, Number), Lin>,
    /// Facts and fields over time: their variables with the days they are read on.
    dated: BTreeMap<(Option<String>, String), Vec<Var>>,
}

impl Space {
    pub fn new(policies: &[&Policy]) -> Space {
        let mut choices: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut places: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for list in policies.iter().flat_map(|policy| policy.enums.values()) {
            let known = choices.entry(list.name.clone()).or_default();
            let places = places.entry(list.name.clone()).or_default();
            for choice in &list.choices {
                steps::step();
                let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                places.entry(choice.name.clone()).or_insert_with(|| {
                    known.push(choice.name.clone());
                    next
                });
            }
        }
        let mixed = policies.iter().flat_map(|policy| policy.enums.values()).any(|list| {
            let known = choices.get(&list.name).map_or(&[][..], Vec::as_slice);
            !known.iter().eq(list.choices.iter().map(|choice| &choice.name))
        });
        let (quantities, keys, laws) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let mut space = Space {
            forms: Formulas::new(),
            quantities,
            keys,
            laws,
            mixed,
            choices,
            places,
            cases: BTreeMap::new(),
            written: BTreeMap::new(),
            common: BTreeSet::new(),
            unstated: BTreeMap::new(),
            of_defaults: BTreeSet::new(),
            plainly: Vec::new(),
            acts: Vec::new(),
            hidden: BTreeSet::new(),
            defined: BTreeMap::new(),
            products: BTreeMap::new(),
            quotients: BTreeMap::new(),
            parts: BTreeMap::new(),
            rounded: BTreeMap::new(),
            dated: BTreeMap::new(),
        };
        let today = space.var(VarSort::Whole, SpaceQuantity::Today);
        space.keys.insert(VarKey::Today, today);
        space.between(today, Day::FIRST, Day::LAST);
        space
    }

    /// Nothing is said of the variable: it has no name that a reader knows.
    pub fn hide(&mut self, var: Var) {
        self.hidden.insert(var);
    }

    pub fn is_hidden(&self, var: Var) -> bool {
        self.hidden.contains(&var)
    }

    pub fn today(&self) -> Option<Var> {
        self.keys.get(&VarKey::Today).copied()
    }

    pub fn var(&mut self, kind: VarSort, quantity: SpaceQuantity) -> Var {
        let var = self.forms.var(kind);
        self.quantities.insert(var, quantity);
        var
    }

    fn between(&mut self, var: Var, first: Day, last: Day) {
        let low = self.forms.compare(var, Comparison::AtLeast, &number_of(first));
        let high = self.forms.compare(var, Comparison::AtMost, &number_of(last));
        self.laws.extend(low.into_iter().chain(high));
    }

    /// The variable of a fact or field; `fresh` if it is met for the first time.
    pub fn stated(
        &mut self,
        entity: Option<&str>,
        name: &str,
        ty: &Type,
        whole: bool,
        policy: &Policy,
        at: Option<(Lin, Lin)>,
    ) -> (Var, bool) {
        let key = VarKey::Stated { entity: entity.map(str::to_owned), name: name.to_owned(), at: at.clone() };
        if let Some(var) = self.keys.get(&key) {
            return (*var, false);
        }
        let (kind, kindred) = self.kind_of(ty, whole, policy);
        let quantity = SpaceQuantity::Stated {
            entity: entity.map(str::to_owned),
            name: name.to_owned(),
            at: at.clone(),
            ty: kindred,
        };
        let var = self.var(kind, quantity);
        self.keys.insert(key, var);
        if *ty == Type::Date {
            self.between(var, Day::FIRST, Day::NEVER);
        }
        if at.is_some() {
            self.dated.entry((entity.map(str::to_owned), name.to_owned())).or_default().push(var);
        }
        (var, true)
    }

    pub fn kind_of(&self, ty: &Type, whole: bool, policy: &Policy) -> (VarSort, Kindred) {
        match ty {
            Type::Number { .. } => (if whole { VarSort::Whole } else { VarSort::Number }, Kindred::Number),
            Type::Date => (VarSort::Whole, Kindred::Day),
            Type::Duration(_) => (VarSort::Whole, Kindred::Duration),
            Type::Bool => (two(), Kindred::Bool),
            Type::Text => (VarSort::Text, Kindred::Text),
            Type::Country => (VarSort::Text, Kindred::Country),
            Type::Code => (VarSort::Code, Kindred::Code),
            Type::Enum(id) => {
                let name = &policy.enums[*id].name;
                let count = self.choices.get(name).map_or(1, Vec::len);
                let count = u32::try_from(count).ok().and_then(NonZeroU32::new);
                (VarSort::Choice(count.unwrap_or(NonZeroU32::MIN)), Kindred::Choice(name.clone()))
            }
            Type::Row(_) => (VarSort::Text, Kindred::Text),
        }
    }

    /// The places of choices of an enum, by their places in one version of it.
    pub fn choice(&self, list: &Enum, at: u16) -> Option<u32> {
        let name = &list.choices.get(usize::from(at))?.name;
        self.places.get(&list.name)?.get(name).copied()
    }

    pub fn below(&mut self, left: &Lin, comparison: Comparison, right: &Lin) -> Linear<Formula> {
        self.sign_of(&left.sub(right)?, comparison)
    }

    /// A variable that is one of these, each where its condition holds; the conditions exclude each other.
    pub fn part(&mut self, kind: VarSort, cases: &[(Formula, Lin)]) -> Linear<Lin> {
        let key = (kind, cases.to_vec());
        if let Some(var) = self.parts.get(&key) {
            return Ok(Lin::var(*var));
        }
        let var = self.var(kind, SpaceQuantity::Part);
        self.parts.insert(key, var);
        let mine = Lin::var(var);
        for (condition, value) in cases {
            let same = self.below(&mine, Comparison::Equal, value)?;
            let law = self.forms.or([!*condition, same]);
            self.defines(Some(var), law);
        }
        self.cases.insert(var, cases.to_vec());
        Ok(mine)
    }

    /// What always holds of a part.
    pub fn defines(&mut self, part: Option<Var>, law: Formula) {
        match part {
            Some(var) => self.defined.entry(var).or_default().push(law),
            None => self.laws.push(law),
        }
    }

    /// All laws and definitions.
    pub fn all_laws(&self) -> impl Iterator<Item = Formula> + '_ {
        self.laws.iter().chain(self.defined.values().flatten()).copied()
    }

    /// All laws that these formulas need: those of all facts, and the definitions of what they read.
    pub fn laws_for(&self, forms: &Formulas, formulas: &[Formula]) -> Vec<Formula> {
        self.laws_for_values(forms, formulas, &[])
    }

    /// The same for formulas and values.
    pub fn laws_for_values(&self, forms: &Formulas, formulas: &[Formula], values: &[&Lin]) -> Vec<Formula> {
        let mut laws = self.laws.clone();
        let mut reach = Reach::default();
        for var in values.iter().flat_map(|lin| lin.parts.keys()) {
            laws.extend(self.defined.get(var).into_iter().flatten());
        }
        let mut open: Vec<Formula> = laws.iter().chain(formulas).copied().collect();
        while let Some(next) = open.pop() {
            for var in reach.more(forms, next) {
                let definition = self.defined.get(&var).map_or(&[][..], Vec::as_slice);
                laws.extend(definition);
                open.extend(definition);
            }
        }
        laws
    }

    /// T2, T3: on equal days a fact has equal values; a cumulative one never falls.
    pub fn laws_of_dated(&mut self, never_falls: impl Fn(Option<&str>, &str) -> bool) {
        for ((entity, name), vars) in self.dated.clone() {
            let rising = never_falls(entity.as_deref(), &name);
            for (at, one) in vars.iter().enumerate() {
                for other in vars.iter().skip(at.saturating_add(1)) {
                    // Beyond the fragment nothing more is said of the two.
                    let laws = self.pair(*one, *other, rising);
                    self.laws.extend(laws.unwrap_or_default());
                }
            }
        }
    }

    fn pair(&mut self, one: Var, other: Var, rising: bool) -> Linear<Vec<Formula>> {
        let at = |space: &Space, var: Var| match space.quantities.get(&var) {
            Some(SpaceQuantity::Stated { at: Some(at), .. }) => Some(at.clone()),
            _ => None,
        };
        let (Some(first), Some(second)) = (at(self, one), at(self, other)) else { return Ok(Vec::new()) };
        let same_known = self.below(&first.1, Comparison::Equal, &second.1)?;
        let mut laws = Vec::new();
        let same_day = self.below(&first.0, Comparison::Equal, &second.0)?;
        let same_value = self.equal(one, other)?;
        laws.push(self.forms.or([!same_day, !same_known, same_value]));
        if rising {
            let (left, right) = (Lin::var(one), Lin::var(other));
            for (earlier, later, low, high) in
                [(&first.0, &second.0, &left, &right), (&second.0, &first.0, &right, &left)]
            {
                let order = self.below(earlier, Comparison::AtMost, later)?;
                let rises = self.below(low, Comparison::AtMost, high)?;
                laws.push(self.forms.or([!order, !same_known, rises]));
            }
        }
        Ok(laws)
    }

    /// Two variables of one kind are equal.
    pub fn equal(&mut self, one: Var, other: Var) -> Linear<Formula> {
        Ok(match self.forms.kind(one) {
            Some(VarSort::Number | VarSort::Whole) => {
                self.below(&Lin::var(one), Comparison::Equal, &Lin::var(other))?
            }
            Some(VarSort::Choice(_)) => self.forms.choice_same(one, other)?,
            Some(VarSort::Text) => self.forms.text_same(one, other)?,
            Some(VarSort::Code) | None => return Err(Outside),
        })
    }
}

pub(super) fn two() -> VarSort {
    VarSort::Choice(NonZeroU32::MIN.saturating_add(1))
}
