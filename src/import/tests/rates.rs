//! What each rate text says; what is none is not read.

use crate::import::grammar::{DutyText, duty_text};
use crate::import::plain::plain;
use crate::import::rate::{RateBase, RateColumn, RateUnit, TariffRate};
use crate::import::report::shape;
use crate::import::special::{by_programme, special_texts};
use crate::import::verify::{same_but_for_spelling, special_printed};
use crate::value::Number;
use proptest::prelude::*;

/// The columns of a rate with their cells.
fn columns(text: &str) -> Option<Vec<String>> {
    let Some(DutyText::Rate(rate)) = duty_text(text) else { return None };
    let cell = |column: &RateColumn| {
        let value = rate.get(column).expect("a value of it");
        format!("{}={}", column.heading(), column.cell(value))
    };
    Some(rate.columns().map(cell).collect())
}

#[test]
fn rates_are_sums_of_exact_parts() {
    for (text, wanted) in [
        ("Free", vec!["ad_valorem=0%"]),
        ("FREE.", vec!["ad_valorem=0%"]),
        ("6.8%", vec!["ad_valorem=6.8%"]),
        ("2 percent", vec!["ad_valorem=2%"]),
        ("33 1/3%", vec!["ad_valorem=100%/3"]),
        ("12 1/2%", vec!["ad_valorem=12.5%"]),
        ("4.4¢/kg", vec!["per_kg [USD/kg]=0.044"]),
        ("$1.035/kg +13.6%", vec!["ad_valorem=13.6%", "per_kg [USD/kg]=1.035"]),
        ("$1,050.5/t", vec!["per_t [USD/t]=1050.5"]),
        ("$.50 each", vec!["per_item [USD/item]=0.5"]),
        ("3¢/ liter + 14.5%", vec!["ad_valorem=14.5%", "per_liter [USD/litre]=0.03"]),
        (
            "4.4¢/liter + 31.4¢/pf. liter",
            vec!["per_liter [USD/litre]=0.044", "per_pf_liter [USD/proof_litre]=0.314"],
        ),
        ("1¢/pf.liter", vec!["per_pf_liter [USD/proof_litre]=0.01"]),
        (
            "2¢/pf. liter on ethyl alcohol content",
            vec!["per_pf_liter_ethyl_alcohol_content [USD/proof_litre]=0.02"],
        ),
        ("5¢/clean kg", vec!["per_clean_kg [USD/clean_kg]=0.05"]),
        ("6¢/kg on drained weight + 8.5%", vec!["ad_valorem=8.5%", "per_kg_drained_weight [USD/kg]=0.06"]),
        ("6¢/kg on the drained weight", vec!["per_kg_drained_weight [USD/kg]=0.06"]),
        ("7¢/kg of total sugars", vec!["per_kg_total_sugars [USD/kg]=0.07"]),
        ("1¢/kg on contents and container", vec!["per_kg_contents_and_container [USD/kg]=0.01"]),
        ("1¢/kg on entire contents of container", vec!["per_kg_entire_contents [USD/kg]=0.01"]),
        ("9¢/kg, including weight of container", vec!["per_kg_with_container [USD/kg]=0.09"]),
        (
            "0.7¢/kg on copper content + 0.8¢/kg on lead content",
            vec!["per_kg_copper_content [USD/kg]=0.007", "per_kg_lead_content [USD/kg]=0.008"],
        ),
        ("$40/kg of anhydrous morphine content", vec!["per_kg_anhydrous_morphine_content [USD/kg]=40"]),
        ("15¢/bbl", vec!["per_bbl [USD/barrel]=0.15"]),
        ("29¢/m2", vec!["per_m2 [USD/m2]=0.29"]),
        ("29¢/m² of recording surface", vec!["per_m2_recording_surface [USD/m2]=0.29"]),
        ("$1.80/m3", vec!["per_m3 [USD/m3]=1.8"]),
        ("3.3¢/lin. m", vec!["per_m [USD/m]=0.033"]),
        ("$1.44/1000", vec!["per_thousand [USD/thousand_items]=1.44"]),
        ("$1.15/1,000 + 40%", vec!["ad_valorem=40%", "per_thousand [USD/thousand_items]=1.15"]),
        ("20¢/thousand + 3%", vec!["ad_valorem=3%", "per_thousand [USD/thousand_items]=0.2"]),
        ("10¢/1,000 pins", vec!["per_thousand_pins [USD/thousand_pins]=0.1"]),
        ("68¢/head", vec!["per_head [USD/head]=0.68"]),
        ("1.3¢/pr. + 5%", vec!["ad_valorem=5%", "per_pr [USD/pair]=0.013"]),
        ("12¢/doz.", vec!["per_doz [USD/dozen]=0.12"]),
        ("20¢/gross of immediate containers", vec!["per_gross_immediate_containers [USD/gross]=0.2"]),
        ("0.18¢/line/ gross + 2%", vec!["ad_valorem=2%", "per_line_gross [USD/line_gross]=0.0018"]),
        (
            "2¢/kg + 6.3% + 1.9¢/ article",
            vec!["ad_valorem=6.3%", "per_kg [USD/kg]=0.02", "per_article [USD/piece]=0.019"],
        ),
        (
            "40¢ each + 6% on the case + 14% on the strap, band or bracelet + 5% on thebattery",
            vec![
                "ad_valorem_battery=5%",
                "ad_valorem_case=6%",
                "ad_valorem_strap=14%",
                "per_item [USD/item]=0.4",
            ],
        ),
        (
            "$1.92 each + 5% on case and strap, band or bracelet",
            vec!["ad_valorem_case_and_strap=5%", "per_item [USD/item]=1.92"],
        ),
        (
            "5% on the movement and case+ 3% on the battery",
            vec!["ad_valorem_battery=3%", "ad_valorem_movement_and_case=5%"],
        ),
        (
            "57¢ each + 3.7¢/jewel over 7 + 2¢/jewel",
            vec![
                "per_item [USD/item]=0.57",
                "per_jewel [USD/jewel]=0.02",
                "per_jewel_over_7 [USD/jewel]=0.037",
            ],
        ),
        (
            "3.1% on the value of the rifle + 13% on the value of the telescopic sight, if any",
            vec!["ad_valorem_rifle=3.1%", "ad_valorem_telescopic_sight=13%"],
        ),
        ("2.5% on the value of the lead content", vec!["ad_valorem_lead_content=2.5%"]),
        ("6.5% on the entire set", vec!["ad_valorem_entire_set=6.5%"]),
    ] {
        assert_eq!(columns(text).as_deref(), Some(wanted.map_to_strings().as_slice()), "{text}");
    }
}

trait Strings {
    fn map_to_strings(&self) -> Vec<String>;
}

impl Strings for Vec<&str> {
    fn map_to_strings(&self) -> Vec<String> {
        self.iter().map(|text| text.to_string()).collect()
    }
}

#[test]
fn what_is_no_rate_is_not_read() {
    for text in [
        "",
        "5",
        "5 %%",
        "6.8",
        "%",
        "5% + ",
        "+ 5%",
        "5% 6%",
        "5% + 6%",
        "-5%",
        "1..5%",
        "1,00%",
        "5/0%",
        "33 1/0%",
        "5¢",
        "$5",
        "5¢/kgs",
        "$5¢/kg",
        "5¢/stone",
        "5% on the lid",
        "22¢/kg on drained weght",
        "Free, under bond",
        "Free + 5%",
        "The rate applicable to the article of which it is a part",
        "See additional U.S. note 1",
        "6¢/kg less 0.02¢/kg for each degree under 100 degrees but not less than 3¢/kg",
        "The duty provided in the applicable subheading + a duty of 25% upon the value of the steel content",
        "The duty rate provided in such subheading minus 0.5%",
        "no",
        "5\u{663}%",
    ] {
        assert_eq!(duty_text(text), None, "{text}");
    }
    assert_eq!(duty_text(&"5% + ".repeat(1000)), None);
}

#[test]
fn duties_that_hang_on_others() {
    let points = |number: i64| Some(DutyText::Added(Some(Number::from(number))));
    for (text, said) in [
        ("The duty provided in the applicable subheading", Some(DutyText::Added(None))),
        ("The duty provided in the applicable subheading + 25%", points(25)),
        ("The duty provided for inthe applicable subheading +10%.", points(10)),
        ("The duty provided in the applicable subheading plus 25%", points(25)),
        ("No change", Some(DutyText::NoChange)),
        ("no Change.", Some(DutyText::NoChange)),
        ("No additional duty", Some(DutyText::NoChange)),
        (
            "See 9822.04.01-9822.04.03, 9919.02.01",
            Some(DutyText::See("9822.04.01-9822.04.03, 9919.02.01".into())),
        ),
    ] {
        assert_eq!(duty_text(text), said, "{text}");
        let printed = said.expect("it is read").printed();
        assert!(same_but_for_spelling(text, &printed), "{text}: {printed}");
    }
}

#[test]
fn markup_and_blanks_are_no_part_of_a_text() {
    for (text, bare) in [
        ("<u>5%</u>", "5%"),
        ("29¢/m<sup>2</sup>", "29¢/m2"),
        (" Free \n", "Free"),
        ("5%\u{a0} +  6¢/kg", "5% + 6¢/kg"),
        ("a < 5 and <b>b</b> > 3", "a < 5 and b > 3"),
        ("<", "<"),
        ("<il>kg</il>", "kg"),
        ("m<sup style=\"font-size: 9.75px;\">3</sup>, <br/>kg", "m3, kg"),
        ("<<u>>", "<>"),
        ("<a very long remark>", "<a very long remark>"),
        ("\n", ""),
    ] {
        assert_eq!(plain(text), bare, "{text:?}");
    }
}

#[test]
fn spelling_is_no_difference_and_all_else_is_one() {
    for (one, other) in [
        ("5 ¢/kg+ 6%", "6% + $0.05/kg"),
        ("$1.50 each", "$1.5 each"),
        ("FREE", "Free"),
        ("33 1/3%", "33 1/3 %"),
        ("4% on case", "4% on the case"),
        ("10¢/1,000 pins", "$0.1/1000 pins"),
    ] {
        assert!(same_but_for_spelling(one, other), "{one} and {other}");
    }
    for (one, other) in [
        ("5¢/kg", "5%/kg"),
        ("5¢/kg", "$5/kg"),
        ("5¢/kg", "5¢/liter"),
        ("5%", "5.1%"),
        ("5%", "5% + 5%"),
        ("33 1/3%", "33.3%"),
        ("Free (A)", "Free (B)"),
        ("Free", "5%"),
        ("4% on the case", "4% on the battery"),
        ("15%", "1 5%"),
    ] {
        assert!(!same_but_for_spelling(one, other), "{one} and {other}");
    }
}

#[test]
fn a_special_column_has_rates_with_their_programmes() {
    let texts = special_texts("Free (A+,AU, BH) 1.7% (KR)2¢/kg(PA) See 9822.05.20 (P+)");
    let said: Vec<String> = by_programme(&texts)
        .into_iter()
        .map(|(programme, said)| format!("{programme}: {}", said.expect("it is read").printed()))
        .collect();
    let wanted = ["A+: Free", "AU: Free", "BH: Free", "KR: 1.7%", "P+: See 9822.05.20", "PA: $0.02/kg"];
    assert_eq!(said, wanted);
    assert_eq!(special_printed(&texts), "Free (A+,AU,BH) 1.7% (KR) $0.02/kg (PA) See 9822.05.20 (P+)");
}

#[test]
fn a_special_column_that_is_not_read_is_so_for_all_whom_it_may_concern() {
    for (text, programmes) in [
        ("Free", "*"),
        ("The rate of another (A*,D)", "A*? D?"),
        ("Free (A) See 9919.04.50 (PA (PA)", "*? A"),
        ("Free (see note)", "*?"),
        ("Free (A", "*?"),
        ("Free (A) 5% (A,B)", "A? B"),
        ("Free ()", "*?"),
        (") Free (A)", "A?"),
    ] {
        let said: Vec<String> = by_programme(&special_texts(text))
            .into_iter()
            .map(|(programme, said)| format!("{programme}{}", if said.is_none() { "?" } else { "" }))
            .collect();
        assert_eq!(said.join(" "), programmes, "{text}");
    }
}

#[test]
fn the_shape_of_a_text_has_no_numbers() {
    assert_eq!(shape("1.5¢/kg less 0.02¢/kg under 100 degrees"), "n¢/kg less n¢/kg under n degrees");
    assert_eq!(shape("See U.S. note 2(b)"), "See U.S. note n(b)");
}

fn base(name: &str, printed: &str) -> RateBase {
    RateBase { name: name.to_string(), printed: printed.to_string() }
}

fn column() -> impl Strategy<Value = RateColumn> {
    use RateUnit::*;
    let units = [
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
    ];
    let of_value = [
        base("", ""),
        base("case", " on the case"),
        base("strap", " on the strap, band or bracelet"),
        base("movement_and_case", " on the movement and case"),
        base("tin_content", " on the value of the tin content"),
    ];
    let of_unit =
        [base("", ""), base("drained_weight", " on drained weight"), base("tin_content", " on tin content")];
    prop_oneof![
        prop::sample::select(of_value.to_vec()).prop_map(RateColumn::AdValorem),
        (prop::sample::select(units.to_vec()), prop::sample::select(of_unit.to_vec())).prop_map(
            |(unit, base)| {
                // What is counted by the piece has no base.
                RateColumn::Specific(unit, if unit == Item { RateBase::default() } else { base })
            }
        ),
    ]
}

proptest! {
    #[test]
    fn a_rate_printed_and_read_again_is_the_same(
        parts in prop::collection::btree_map(column(), (0i64..200_000, 0u32..5), 1..5)
    ) {
        let value = |(number, places): (i64, u32)| Number::from_ratio(number, 10i64.pow(places)).unwrap();
        let rate = TariffRate::of(parts.into_iter().map(|(column, number)| (column, value(number)))).unwrap();
        let said = DutyText::Rate(rate);
        let printed = said.printed();
        prop_assert_eq!(duty_text(&printed), Some(said), "{}", printed);
    }

    #[test]
    fn thirds_too(above in 1i64..1000, below in 1i64..50) {
        let rate = TariffRate::of([(RateColumn::plain(), Number::from_ratio(above, below).unwrap())]).unwrap();
        let said = DutyText::Rate(rate);
        prop_assert_eq!(duty_text(&said.printed()), Some(said.clone()), "{}", said.printed());
    }

    #[test]
    fn no_text_is_too_strange(text in "(Free|[0-9.,]{1,5}|%|¢|\\$|/| |\\+|kg|each|on|the|case|\\(|\\)|A|é|<|>){0,12}") {
        let bare = plain(&text).into_owned();
        if let Some(said) = duty_text(&bare) {
            prop_assert!(same_but_for_spelling(&bare, &said.printed()), "{} {}", bare, said.printed());
        }
        let texts = special_texts(&bare);
        by_programme(&texts);
        special_printed(&texts);
    }
}
