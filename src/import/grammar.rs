//! Rate texts by their grammar, `grammar/rates.pest`.

use super::rate::{RateBase, RateColumn, RateUnit, TariffRate};
use crate::value::Number;
use comity_grammar::rates::{Rule, parse};
use pest::iterators::Pair;

/// What a rate text says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyText {
    Rate(TariffRate),
    /// The duty of the subheading that applies otherwise, with so many points added to it.
    Added(Option<Number>),
    NoChange,
    /// The rate stands under other headings.
    See(String),
}

/// Rate texts are shorter; what is longer is none.
const LONGEST: usize = 400;

/// None: it is not read.
pub fn duty_text(text: &str) -> Option<DutyText> {
    if text.len() > LONGEST {
        return None;
    }
    let whole = parse(text).ok()?.next()?;
    let said = whole.into_inner().next()?;
    match said.as_rule() {
        Rule::rate => rate(said).map(DutyText::Rate),
        Rule::provided => match said.into_inner().next() {
            Some(percent) => Some(DutyText::Added(Some(per_cent(percent)?))),
            None => Some(DutyText::Added(None)),
        },
        Rule::no_change | Rule::no_additional => Some(DutyText::NoChange),
        Rule::see => Some(DutyText::See(said.into_inner().next()?.as_str().trim().to_string())),
        _ => None,
    }
}

fn rate(rate: Pair<'_, Rule>) -> Option<TariffRate> {
    let mut parts = Vec::new();
    for part in rate.into_inner() {
        if part.as_rule() == Rule::free {
            return Some(TariffRate::free());
        }
        let part = part.into_inner().next()?;
        parts.push(if part.as_rule() == Rule::ad_valorem { ad_valorem(part) } else { specific(part) }?);
    }
    TariffRate::of(parts)
}

fn ad_valorem(part: Pair<'_, Rule>) -> Option<(RateColumn, Number)> {
    let mut inner = part.into_inner();
    let value = per_cent(inner.next()?)?;
    let base = match inner.next() {
        Some(base) => value_base(base)?,
        None => RateBase::default(),
    };
    Some((RateColumn::AdValorem(base), value))
}

/// `33 1/3%`
fn per_cent(percent: Pair<'_, Rule>) -> Option<Number> {
    let mut inner = percent.into_inner();
    let whole = number(&inner.next()?)?;
    let Some(fraction) = inner.next() else { return Some(whole) };
    let (above, below) = fraction.as_str().split_once('/')?;
    let part = Number::parse_decimal(above)?.div(&Number::parse_decimal(below)?).ok()?;
    whole.add(&part).ok()
}

fn specific(part: Pair<'_, Rule>) -> Option<(RateColumn, Number)> {
    let mut inner = part.into_inner();
    let money = inner.next()?;
    let hundredth = Number::from_ratio(1, 100).ok()?;
    let is_cents = money.as_rule() == Rule::cents;
    let amount = number(&money.into_inner().next()?)?;
    let amount = if is_cents { amount.mul(&hundredth).ok()? } else { amount };
    let unit = unit(inner.next()?.as_rule())?;
    let base = match inner.next() {
        Some(base) => unit_base(base)?,
        None => RateBase::default(),
    };
    Some((RateColumn::Specific(unit, base), amount))
}

/// `1,050.25`, `.5`
fn number(number: &Pair<'_, Rule>) -> Option<Number> {
    let plain = number.as_str().replace(',', "");
    if plain.starts_with('.') {
        Number::parse_decimal(&format!("0{plain}"))
    } else {
        Number::parse_decimal(&plain)
    }
}

fn unit(rule: Rule) -> Option<RateUnit> {
    Some(match rule {
        Rule::kg => RateUnit::Kilogram,
        Rule::gram => RateUnit::Gram,
        Rule::tonne => RateUnit::Tonne,
        Rule::clean_kg => RateUnit::CleanKilogram,
        Rule::liter => RateUnit::Liter,
        Rule::proof_liter => RateUnit::ProofLiter,
        Rule::barrel => RateUnit::Barrel,
        Rule::meter => RateUnit::Meter,
        Rule::square_meter => RateUnit::SquareMeter,
        Rule::cubic_meter => RateUnit::CubicMeter,
        Rule::each => RateUnit::Item,
        Rule::head => RateUnit::Head,
        Rule::article => RateUnit::Article,
        Rule::pair => RateUnit::Pair,
        Rule::dozen => RateUnit::Dozen,
        Rule::gross => RateUnit::Gross,
        Rule::line_gross => RateUnit::LineGross,
        Rule::thousand => RateUnit::Thousand,
        Rule::thousand_pins => RateUnit::ThousandPins,
        Rule::jewel => RateUnit::Jewel,
        _ => return None,
    })
}

fn value_base(base: Pair<'_, Rule>) -> Option<RateBase> {
    let (name, printed) = match base.as_rule() {
        Rule::movement_and_case => ("movement_and_case", " on the movement and case"),
        Rule::movement => ("movement", " on the movement"),
        Rule::case_and_strap => ("case_and_strap", " on the case and strap, band or bracelet"),
        Rule::case => ("case", " on the case"),
        Rule::strap => ("strap", " on the strap, band or bracelet"),
        Rule::battery => ("battery", " on the battery"),
        Rule::apparatus => ("apparatus", " on the apparatus"),
        Rule::entire_set => ("entire_set", " on the entire set"),
        Rule::rifle => ("rifle", " on the value of the rifle"),
        Rule::telescopic_sight => ("telescopic_sight", " on the value of the telescopic sight, if any"),
        Rule::content => {
            let material = material(base)?;
            return Some(content(&material, " on the value of the"));
        }
        _ => return None,
    };
    Some(RateBase { name: name.to_string(), printed: printed.to_string() })
}

fn unit_base(base: Pair<'_, Rule>) -> Option<RateBase> {
    let (name, printed) = match base.as_rule() {
        Rule::drained_weight => ("drained_weight", " on drained weight"),
        Rule::contents_and_container => ("contents_and_container", " on contents and container"),
        Rule::entire_contents => ("entire_contents", " on entire contents of container"),
        Rule::total_sugars => ("total_sugars", " of total sugars"),
        Rule::anhydrous_morphine => ("anhydrous_morphine_content", " of anhydrous morphine content"),
        Rule::recording_surface => ("recording_surface", " of recording surface"),
        Rule::immediate_containers => ("immediate_containers", " of immediate containers"),
        Rule::with_container => ("with_container", ", including weight of container"),
        Rule::over => {
            let count = base.into_inner().next()?.as_str();
            return Some(RateBase { name: format!("over_{count}"), printed: format!(" over {count}") });
        }
        Rule::content => {
            let material = material(base)?;
            return Some(content(&material, " on"));
        }
        _ => return None,
    };
    Some(RateBase { name: name.to_string(), printed: printed.to_string() })
}

/// `lead content` as a base.
fn content(material: &str, before: &str) -> RateBase {
    let name = format!("{}_content", material.replace(' ', "_"));
    RateBase { name, printed: format!("{before} {material} content") }
}

fn material(content: Pair<'_, Rule>) -> Option<String> {
    Some(content.into_inner().next()?.as_str().to_ascii_lowercase())
}
