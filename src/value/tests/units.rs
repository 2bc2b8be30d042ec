use super::numbers::n;
use crate::value::{Dimension, Number, UnitExpr, UnitTrouble, Units, dimension_name};

fn expr(units: &Units, text: &str) -> UnitExpr {
    let mut sign = 1;
    let mut parts = Vec::new();
    for part in text.split_inclusive(['*', '/']) {
        parts.push((units.find(part.trim_end_matches(['*', '/'])).unwrap(), sign));
        sign = if part.ends_with('/') { -1 } else { 1 };
    }
    UnitExpr(parts)
}

fn name(units: &Units, text: &str) -> String {
    dimension_name(&expr(units, text).dimension(units).unwrap(), units)
}

#[test]
fn m2_built_in_units() {
    let units = Units::standard();
    let money: Vec<&str> =
        units.iter().filter(|(_, unit)| unit.money).map(|(_, unit)| unit.name.as_str()).collect();
    assert_eq!(money.len(), 155);
    assert!(money.is_sorted() && money.iter().all(|code| code.len() == 3));
    for code in ["USD", "JPY", "KRW", "EUR", "XOF", "ZWG", "XCG"] {
        assert!(money.contains(&code), "{code}");
    }
    for gone in ["HRK", "BGN", "ANG", "CUC", "XAU", "XXX", "DEM", "tonne"] {
        assert_eq!(units.find(gone), None, "{gone}");
    }
    for measure in ["kg", "g", "mg", "litre", "m", "km", "m2", "m3", "kWh", "MWh", "GW", "MW", "barrel"] {
        let unit = units.get(units.find(measure).unwrap()).unwrap();
        assert!(unit.name == measure && !unit.whole && !unit.money, "{measure}");
    }
    assert_eq!(units.names().count(), 155 + 13);
    assert_eq!(units.names().next(), Some("AED"));
}

#[test]
fn m2_dimensions_multiply_and_cancel() {
    let units = Units::standard();
    let dim = |text| expr(&units, text).dimension(&units).unwrap();
    assert!(dim("USD/USD").is_none());
    assert_eq!(dim("USD/kg").mul(&dim("kg")), Ok(dim("USD")));
    assert_eq!(dim("USD").div(&dim("USD/kg")), Ok(dim("kg")));
    assert_eq!(Dimension::none().mul(&dim("kg")), Ok(dim("kg")));
    assert_eq!(dim("m*m*m"), dim("litre"));
    assert_ne!(dim("USD"), dim("JPY"));
    assert_eq!(name(&units, "USD/kg"), "USD/kg");
    assert_eq!(name(&units, "km*km"), "m2");
    assert_eq!(name(&units, "barrel"), "m3");
    assert_eq!(name(&units, "USD/m3"), "USD/m/m/m");
    assert_eq!(name(&units, "kg/kg/USD"), "1/USD");
    assert_eq!(dimension_name(&Dimension::none(), &units), "number");
    assert!(units.is_money(&dim("USD")) && !units.is_money(&dim("USD/kg")) && !units.is_money(&dim("kg")));
}

#[test]
fn m2_exponents_are_bounded() {
    let units = Units::standard();
    let metre = units.find("m").unwrap();
    let power = |power: i8| UnitExpr(vec![(metre, power)]).dimension(&units).unwrap();
    assert_eq!(power(127).mul(&power(1)), Err(UnitTrouble::TooLarge));
    assert_eq!(power(-127).div(&power(1)), Err(UnitTrouble::TooLarge));
    assert!(power(127).div(&power(127)).unwrap().is_none());
    let volume = UnitExpr(vec![(units.find("m3").unwrap(), 100)]);
    assert_eq!(volume.dimension(&units), Err(UnitTrouble::TooLarge));
}

#[test]
fn m2_scales_are_exact() {
    let mut units = Units::standard();
    units.declare_scaled("tonne", &n("1000"), &expr(&units.clone(), "kg")).unwrap();
    for (text, scale) in [
        ("tonne", "1000"),
        ("USD/g", "1000"),
        ("USD/tonne", "0.001"),
        ("km*km", "1000000"),
        ("litre", "0.001"),
        ("barrel", "0.158987294928"),
        ("MWh", "1000"),
        ("GW/MW", "1000"),
    ] {
        assert_eq!(expr(&units, text).scale(&units), Ok(n(scale)), "{text}");
    }
    assert_eq!(expr(&units, "USD/tonne").display(&units), "USD/tonne");
}

#[test]
fn units_are_declared_once_or_alike() {
    let mut units = Units::standard();
    let kg = units.find("kg").unwrap();
    let of_kg = UnitExpr(vec![(kg, 1)]);
    assert_eq!(units.declare("kg", false), Ok(kg));
    assert_eq!(units.declare("kg", true), Err(UnitTrouble::AlreadyDeclared));
    let gram = units.find("g").unwrap();
    assert_eq!(units.declare_scaled("g", &n("0.001"), &of_kg), Ok(gram));
    assert_eq!(units.declare_scaled("g", &n("0.002"), &of_kg), Err(UnitTrouble::AlreadyDeclared));
    let tonne = units.declare_scaled("tonne", &n("1000"), &of_kg).unwrap();
    assert_eq!(units.declare_scaled("tonne", &n("1000000"), &UnitExpr(vec![(gram, 1)])), Ok(tonne));
    for scale in [Number::ZERO, n("-1")] {
        assert_eq!(units.declare_scaled("nothing", &scale, &of_kg), Err(UnitTrouble::NotPositive));
    }
    let vehicle = units.declare("vehicle", true).unwrap();
    assert_eq!((units.find("vehicle"), units.name(vehicle)), (Some(vehicle), "vehicle"));
    assert!(units.get(vehicle).is_some_and(|unit| unit.whole && unit.scale == Number::ONE));
}
