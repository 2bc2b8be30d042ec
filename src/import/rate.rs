//! A rate of duty as exact parts, each in the column of a table that holds it.

use crate::value::Number;
use std::collections::BTreeMap;
use std::fmt;

/// A unit that specific amounts are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateUnit {
    Kilogram,
    Gram,
    Tonne,
    CleanKilogram,
    Liter,
    ProofLiter,
    Barrel,
    Meter,
    SquareMeter,
    CubicMeter,
    Item,
    Head,
    Article,
    Pair,
    Dozen,
    Gross,
    LineGross,
    Thousand,
    ThousandPins,
    Jewel,
}

/// What one is called.
struct UnitWords {
    /// In the name of a column, after `per_`.
    column: &'static str,
    /// In a rate text.
    printed: &'static str,
    /// In a policy.
    unit: &'static str,
    /// How a policy declares it; blank: it is known to every policy.
    declared: &'static str,
}

const fn words(
    column: &'static str,
    printed: &'static str,
    unit: &'static str,
    declared: &'static str,
) -> UnitWords {
    UnitWords { column, printed, unit, declared }
}

impl RateUnit {
    fn words(self) -> UnitWords {
        match self {
            RateUnit::Kilogram => words("kg", "/kg", "kg", ""),
            RateUnit::Gram => words("g", "/g", "g", ""),
            RateUnit::Tonne => words("t", "/t", "t", "unit t = 1000 kg"),
            RateUnit::CleanKilogram => words("clean_kg", "/clean kg", "clean_kg", "unit clean_kg"),
            RateUnit::Liter => words("liter", "/liter", "litre", ""),
            RateUnit::ProofLiter => words("pf_liter", "/pf. liter", "proof_litre", "unit proof_litre"),
            RateUnit::Barrel => words("bbl", "/bbl", "barrel", ""),
            RateUnit::Meter => words("m", "/m", "m", ""),
            RateUnit::SquareMeter => words("m2", "/m2", "m2", ""),
            RateUnit::CubicMeter => words("m3", "/m3", "m3", ""),
            RateUnit::Item => words("item", " each", "item", "unit item whole"),
            RateUnit::Head => words("head", "/head", "head", "unit head whole"),
            RateUnit::Article => words("article", "/article", "piece", "unit piece whole"),
            RateUnit::Pair => words("pr", "/pr.", "pair", "unit pair whole"),
            RateUnit::Dozen => words("doz", "/doz.", "dozen", "unit dozen"),
            RateUnit::Gross => words("gross", "/gross", "gross", "unit gross"),
            RateUnit::LineGross => words("line_gross", "/line/gross", "line_gross", "unit line_gross"),
            RateUnit::Thousand => words("thousand", "/1000", "thousand_items", "unit thousand_items"),
            RateUnit::ThousandPins => {
                words("thousand_pins", "/1000 pins", "thousand_pins", "unit thousand_pins")
            }
            RateUnit::Jewel => words("jewel", "/jewel", "jewel", "unit jewel whole"),
        }
    }
}

/// What a part is taken of, where that is not all of the goods: its name in a column, and how it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RateBase {
    pub name: String,
    pub printed: String,
}

/// A column of values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateColumn {
    /// In per cent.
    AdValorem(RateBase),
    /// In dollars.
    Specific(RateUnit, RateBase),
}

impl RateColumn {
    /// Ad valorem, of all of the value.
    pub fn plain() -> RateColumn {
        RateColumn::AdValorem(RateBase::default())
    }

    fn parts(&self) -> (String, &RateBase) {
        match self {
            RateColumn::AdValorem(base) => ("ad_valorem".to_string(), base),
            RateColumn::Specific(unit, base) => (format!("per_{}", unit.words().column), base),
        }
    }

    /// As a policy names it.
    pub fn name(&self) -> String {
        let (start, base) = self.parts();
        if base.name.is_empty() { start } else { format!("{start}_{}", base.name) }
    }

    /// As it is headed.
    pub fn heading(&self) -> String {
        match self {
            RateColumn::AdValorem(_) => self.name(),
            RateColumn::Specific(unit, _) => format!("{} [USD/{}]", self.name(), unit.words().unit),
        }
    }

    /// Its type and default, as a policy declares them.
    pub fn declared(&self) -> String {
        let name = self.name();
        match self {
            RateColumn::AdValorem(_) => format!("{name} : rate = 0%"),
            RateColumn::Specific(unit, _) => {
                let unit = unit.words().unit;
                format!("{name} : USD/{unit} = 0 USD/{unit}")
            }
        }
    }

    /// The unit to be declared for it.
    pub fn unit(&self) -> Option<&'static str> {
        match self {
            RateColumn::AdValorem(_) => None,
            RateColumn::Specific(unit, _) => Some(unit.words().declared).filter(|text| !text.is_empty()),
        }
    }

    /// A value of it in a table.
    pub fn cell(&self, value: &Number) -> String {
        match self {
            RateColumn::AdValorem(_) => percent(value),
            RateColumn::Specific(..) => value.to_string(),
        }
    }

    /// A value of it as a part of a rate text.
    fn part(&self, value: &Number) -> String {
        match self {
            RateColumn::AdValorem(base) => format!("{}{}", printed_percent(value), base.printed),
            RateColumn::Specific(unit, base) => format!("${value}{}{}", unit.words().printed, base.printed),
        }
    }
}

/// Per cent as the language writes a rate: one that is no decimal as a quotient.
pub(super) fn percent(value: &Number) -> String {
    let text = value.to_string();
    match text.split_once('/') {
        Some((above, below)) => format!("{above}%/{below}"),
        None => format!("{text}%"),
    }
}

/// Per cent as rate texts have it: `33 1/3%`.
pub(super) fn printed_percent(value: &Number) -> String {
    match value.small_parts() {
        Some((above, below)) if value.to_string().contains('/') && above > 0 => {
            let (whole, rest) = (above.checked_div(below), above.checked_rem(below));
            format!("{} {}/{below}%", whole.unwrap_or(0), rest.unwrap_or(0))
        }
        _ => percent(value),
    }
}

/// A rate: the sum of its parts. At least one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TariffRate(BTreeMap<RateColumn, Number>);

impl TariffRate {
    pub fn free() -> TariffRate {
        TariffRate(BTreeMap::from([(RateColumn::plain(), Number::ZERO)]))
    }

    /// None: there is no part, or there are two of one kind.
    pub fn of(parts: impl IntoIterator<Item = (RateColumn, Number)>) -> Option<TariffRate> {
        let mut sum = BTreeMap::new();
        for (column, value) in parts {
            if sum.insert(column, value).is_some() {
                return None;
            }
        }
        (!sum.is_empty()).then_some(TariffRate(sum))
    }

    pub fn columns(&self) -> impl Iterator<Item = &RateColumn> {
        self.0.keys()
    }

    pub fn get(&self, column: &RateColumn) -> Option<&Number> {
        self.0.get(column)
    }

    /// Its per cent, where it has no other part.
    pub fn points(&self) -> Option<&Number> {
        self.get(&RateColumn::plain()).filter(|_| self.0.len() == 1)
    }
}

/// As a rate text, in dollars.
impl fmt::Display for TariffRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.points().is_some_and(Number::is_zero) {
            return f.write_str("Free");
        }
        let parts: Vec<String> = self.0.iter().map(|(column, value)| column.part(value)).collect();
        f.write_str(&parts.join(" + "))
    }
}
