use std::fmt;
use std::sync::LazyLock;

use indexmap::IndexMap;

use super::standard::{CURRENCIES, MEASURES};
use super::{Number, Trouble};

/// A unit, by index in [`Units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u16);

/// A unit of measure or a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub name: String,
    /// What it measures, in base units. A base unit is its own.
    pub base: Dimension,
    /// How much of the base units one of it is: 1/1000 for `g`.
    pub scale: Number,
    /// Facts, outcomes and running values in it are never fractions (M5).
    pub whole: bool,
    /// A currency.
    pub money: bool,
}

/// Why a unit cannot be declared or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitTrouble {
    /// The name is taken, with another meaning.
    AlreadyDeclared,
    /// More than 65,536 units.
    TooMany,
    /// A power beyond 127, or a scale beyond the bound of M1.
    TooLarge,
    /// A unit must be more than 0 of another.
    NotPositive,
}

/// What a number counts: base units with their exponents, none of them 0 (M2). `none()` is dimensionless.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Invariant: sorted by unit, no unit twice, no exponent 0.
pub struct Dimension(Vec<(UnitId, i8)>);

/// A product of units as written: `USD/kg` is `[(USD, 1), (kg, -1)]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitExpr(pub Vec<(UnitId, i8)>);

/// The units of a policy, by name: the built-in ones, and its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
// Ids count through `STANDARD` first, so that a policy pays only for what it declares.
pub struct Units(IndexMap<String, Unit>);

static STANDARD: LazyLock<IndexMap<String, Unit>> = LazyLock::new(|| {
    let mut names = IndexMap::new();
    for name in CURRENCIES.split(' ') {
        let at = id(names.len()).unwrap_or(UnitId(0));
        insert(&mut names, at, name, None, false, true);
    }
    for measure in &MEASURES {
        let (mut base, mut scale) = (Dimension::none(), Number::from_ratio(measure.num, measure.den));
        for (of, power) in measure.of {
            // Small powers of earlier units: nothing here can be refused, and a test looks.
            if let Some(of) = names.get(*of) {
                base = base.times(&of.base, *power).unwrap_or_default();
                scale = scale.and_then(|scale| scale.mul(&of.scale));
            }
        }
        let meaning = scale.ok().filter(|_| !measure.of.is_empty()).map(|scale| (base, scale));
        let at = id(names.len()).unwrap_or(UnitId(0));
        insert(&mut names, at, measure.name, meaning, false, false);
    }
    names
});

impl Units {
    /// The built-in units: the currencies of ISO 4217 in use, and measures of mass, length, volume, energy and power.
    pub fn standard() -> Units {
        Units::default()
    }

    /// `unit vehicle [whole]`: a base unit of its own. Naming a unit that is there, with the same `whole`, is that unit.
    pub fn declare(&mut self, name: &str, whole: bool) -> Result<UnitId, UnitTrouble> {
        match self.known(name) {
            Some((id, known)) if known.whole == whole => Ok(id),
            Some(_) => Err(UnitTrouble::AlreadyDeclared),
            None => self.insert(name, None, whole),
        }
    }

    /// `unit tonne = 1000 kg`. Declaring a unit again with the same meaning is that unit.
    pub fn declare_scaled(
        &mut self,
        name: &str,
        scale: &Number,
        of: &UnitExpr,
    ) -> Result<UnitId, UnitTrouble> {
        if !scale.is_positive() {
            return Err(UnitTrouble::NotPositive);
        }
        let base = of.dimension(self)?;
        let scale = of.scale(self).and_then(|one| one.mul(scale)).map_err(|_| UnitTrouble::TooLarge)?;
        match self.known(name) {
            Some((id, known)) if known.base == base && known.scale == scale => Ok(id),
            Some(_) => Err(UnitTrouble::AlreadyDeclared),
            None => self.insert(name, Some((base, scale)), false),
        }
    }

    pub fn find(&self, name: &str) -> Option<UnitId> {
        self.known(name).map(|(id, _)| id)
    }

    /// `None` for the id of another collection.
    pub fn get(&self, id: UnitId) -> Option<&Unit> {
        let at = usize::from(id.0);
        match at.checked_sub(STANDARD.len()) {
            None => STANDARD.get_index(at).map(|(_, unit)| unit),
            Some(at) => self.0.get_index(at).map(|(_, unit)| unit),
        }
    }

    /// The name, or `?` for the id of another collection.
    pub fn name(&self, id: UnitId) -> &str {
        self.get(id).map_or("?", |unit| &unit.name)
    }

    /// Every name, built-in ones first, for `did you mean`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        STANDARD.keys().chain(self.0.keys()).map(String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (UnitId, &Unit)> {
        (0..).map(UnitId).zip(STANDARD.values().chain(self.0.values()))
    }

    /// Whether this is an amount of one currency, to be shown as money.
    pub fn is_money(&self, dimension: &Dimension) -> bool {
        matches!(dimension.0.as_slice(), [(unit, 1)] if self.get(*unit).is_some_and(|unit| unit.money))
    }

    fn known(&self, name: &str) -> Option<(UnitId, &Unit)> {
        let standard = STANDARD.get_full(name).map(|(at, _, unit)| (at, unit));
        let (at, unit) =
            standard.or_else(|| self.0.get_full(name).map(|(at, _, unit)| (STANDARD.len() + at, unit)))?;
        Some((id(at).ok()?, unit))
    }

    fn insert(
        &mut self,
        name: &str,
        meaning: Option<(Dimension, Number)>,
        whole: bool,
    ) -> Result<UnitId, UnitTrouble> {
        let id = id(STANDARD.len() + self.0.len())?;
        insert(&mut self.0, id, name, meaning, whole, false);
        Ok(id)
    }
}

impl Dimension {
    /// Dimensionless: a number or a rate.
    pub const fn none() -> Dimension {
        Dimension(Vec::new())
    }

    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The base units and their exponents, by unit.
    pub fn parts(&self) -> &[(UnitId, i8)] {
        &self.0
    }

    /// `too large` if an exponent leaves -127..=127, as for [`Dimension::div`].
    pub fn mul(&self, other: &Dimension) -> Result<Dimension, UnitTrouble> {
        self.times(other, 1)
    }

    pub fn div(&self, other: &Dimension) -> Result<Dimension, UnitTrouble> {
        self.times(other, -1)
    }

    fn times(&self, other: &Dimension, power: i8) -> Result<Dimension, UnitTrouble> {
        let mut parts = self.0.clone();
        for (unit, exponent) in &other.0 {
            let more = i32::from(*exponent) * i32::from(power);
            let at = parts.binary_search_by_key(unit, |(known, _)| *known);
            let sum =
                more + at.ok().and_then(|at| parts.get(at)).map_or(0, |(_, exponent)| i32::from(*exponent));
            // -128 is left out, so that every dimension has an inverse.
            let sum = i8::try_from(sum).ok().filter(|sum| *sum != i8::MIN).ok_or(UnitTrouble::TooLarge)?;
            match at {
                Ok(at) if sum == 0 => drop(parts.remove(at)),
                Ok(at) => {
                    if let Some(part) = parts.get_mut(at) {
                        part.1 = sum;
                    }
                }
                Err(at) if sum != 0 => parts.insert(at, (*unit, sum)),
                Err(_) => {}
            }
        }
        Ok(Dimension(parts))
    }
}

impl UnitExpr {
    /// The dimension of the product.
    pub fn dimension(&self, units: &Units) -> Result<Dimension, UnitTrouble> {
        let mut dimension = Dimension::none();
        for (unit, exponent) in &self.0 {
            if let Some(unit) = units.get(*unit) {
                dimension = dimension.times(&unit.base, *exponent)?;
            }
        }
        Ok(dimension)
    }

    /// How much of the base units one of it is: 1,000 for `USD/g` in `USD/kg`.
    pub fn scale(&self, units: &Units) -> Result<Number, Trouble> {
        let mut scale = Number::ONE;
        for (unit, exponent) in &self.0 {
            let Some(unit) = units.get(*unit) else { continue };
            for _ in 0..exponent.unsigned_abs() {
                scale = if *exponent > 0 { scale.mul(&unit.scale)? } else { scale.div(&unit.scale)? };
            }
        }
        Ok(scale)
    }

    /// `USD/kg`; empty if dimensionless.
    pub fn display(&self, units: &Units) -> String {
        product(&self.0, units)
    }
}

/// What a dimension is called: `number`, `USD/kg`, or a unit that is exactly it, `m3`.
pub fn dimension_name(dimension: &Dimension, units: &Units) -> String {
    if dimension.is_none() {
        return "number".to_owned();
    }
    match units.iter().find(|(_, unit)| unit.base == *dimension && unit.scale == Number::ONE) {
        Some((_, unit)) => unit.name.clone(),
        None => product(&dimension.0, units),
    }
}

fn insert(
    names: &mut IndexMap<String, Unit>,
    id: UnitId,
    name: &str,
    meaning: Option<(Dimension, Number)>,
    whole: bool,
    money: bool,
) {
    let (base, scale) = meaning.unwrap_or_else(|| (Dimension(vec![(id, 1)]), Number::ONE));
    names.insert(name.to_owned(), Unit { name: name.to_owned(), base, scale, whole, money });
}

fn product(parts: &[(UnitId, i8)], units: &Units) -> String {
    let repeated = |positive: bool| {
        let parts = parts.iter().filter(move |(_, exponent)| (*exponent > 0) == positive);
        parts.flat_map(|(unit, exponent)| (0..exponent.unsigned_abs()).map(|_| units.name(*unit)))
    };
    let above: Vec<&str> = repeated(true).collect();
    let mut text = above.join("*");
    for unit in repeated(false) {
        if text.is_empty() {
            text.push('1');
        }
        text.push('/');
        text.push_str(unit);
    }
    text
}

fn id(at: usize) -> Result<UnitId, UnitTrouble> {
    u16::try_from(at).map(UnitId).map_err(|_| UnitTrouble::TooMany)
}

impl fmt::Display for UnitTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UnitTrouble::AlreadyDeclared => "already declared with another meaning",
            UnitTrouble::TooMany => "too many units",
            UnitTrouble::TooLarge => "beyond the bounds of units",
            UnitTrouble::NotPositive => "not above 0",
        })
    }
}

impl std::error::Error for UnitTrouble {}
