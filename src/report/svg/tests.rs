use super::*;
use crate::report::lanes::LaneKind;
use crate::value::Day;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// One lane from 2025 to 2026, changing on the days given.
fn sample(title: &str, texts: &[(i64, &str, LaneKind)]) -> Chart {
    let days = (day("2025-01-01"), day("2026-12-31"));
    let end = days.1.next();
    let begins: Vec<Day> = texts.iter().map(|(at, ..)| days.0.add_days(*at).expect("in range")).collect();
    let stretches = texts.iter().enumerate().map(|(at, (_, text, kind))| LaneStretch {
        from: begins[at],
        until: begins.get(at + 1).copied().unwrap_or(end),
        label: text.to_string(),
        kind: *kind,
        who: text.to_string(),
        causes: vec![text.to_string()],
    });
    let lane =
        Lane { title: title.to_string(), note: Some(title.to_string()), stretches: stretches.collect() };
    Chart {
        title: title.to_string(),
        about: title.to_string(),
        days,
        lanes: vec![lane],
        remarks: vec![title.to_string()],
        rules: BTreeSet::new(),
    }
}

/// Whether tags nest, attributes are quoted and `&` and `<` stand only where they may.
fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        in_text(before)?;
        let (tag, after) = after.split_once('>').ok_or("a tag has no end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop().ok_or("too many ends")?;
            if last != name {
                return Err(format!("`{last}` ends with `{name}`"));
            }
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !name.chars().all(|sign| sign.is_ascii_alphabetic()) {
            return Err(format!("`{name}` is no element"));
        }
        let mut parts: Vec<&str> = attributes.split('"').collect();
        let after = parts.pop().unwrap_or("");
        if !after.is_empty() || !parts.len().is_multiple_of(2) {
            return Err(format!("attributes of `{tag}`"));
        }
        for pair in parts.chunks(2) {
            let name = pair[0].trim().strip_suffix('=').ok_or("an attribute without a value")?;
            if !name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-') {
                return Err(format!("attribute `{name}`"));
            }
            in_text(pair[1])?;
        }
        if !closed {
            open.push(name.to_string());
        }
    }
    in_text(rest)?;
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

fn in_text(text: &str) -> Result<(), String> {
    for after in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        if !known.iter().any(|entity| after.starts_with(entity)) {
            return Err(format!("a bare & in `{text}`"));
        }
    }
    let allowed = |sign: char| sign == '\n' || (sign >= ' ' && sign != '\u{fffe}' && sign != '\u{ffff}');
    match text.chars().find(|sign| !allowed(*sign)) {
        Some(sign) => Err(format!("{sign:?} cannot stand in XML")),
        None => Ok(()),
    }
}

/// The numbers of an attribute.
fn numbers(svg: &str, attribute: &str) -> Vec<i64> {
    let marker = format!(" {attribute}=\"");
    let found = svg.split(&marker).skip(1).filter_map(|rest| rest.split('"').next());
    found.filter_map(|number| number.parse().ok()).collect()
}

#[test]
fn markup_in_names_and_values_stays_text() {
    let evil = r#"</text><script>alert("1")</script>&amp;'"#;
    let svg = draw(&sample(evil, &[(0, evil, LaneKind::Value), (300, evil, LaneKind::Open)]));
    assert_eq!(well_formed(&svg), Ok(()));
    assert!(!svg.contains("<script"), "{svg}");
    assert!(svg.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{svg}");
}

#[test]
fn every_stretch_is_told_in_full_below_the_picture() {
    let texts = [(0, "25%", LaneKind::Value), (1, "15%", LaneKind::Value), (2, "30%", LaneKind::Value)];
    let svg = draw(&sample("tariff", &texts));
    for shown in ["2025-01-01", "2025-01-02", "2025-01-03 – 2026-12-31", ">25%<", ">15%<", ">30%<"] {
        assert!(svg.contains(shown), "{shown} is missing:\n{svg}");
    }
}

#[test]
fn the_checker_finds_what_is_malformed() {
    for bad in ["<a>", "<a></b>", "<a b=c/>", "<a>&</a>", "<a>\u{1}</a>", "<a b=\"\"c\"/>", "</a>"] {
        assert!(well_formed(bad).is_err(), "{bad}");
    }
}

proptest! {
    /// Whatever names and values hold, the picture is well-formed, the same every time, and stays on the page.
    #[test]
    fn any_words_make_a_sound_picture(
        title in any::<String>(),
        texts in prop::collection::vec((1_i64..60, any::<String>(), 0_usize..6), 1..12),
    ) {
        let kinds = [LaneKind::Value, LaneKind::Quiet, LaneKind::Open, LaneKind::Gap, LaneKind::Conflict, LaneKind::Error];
        let mut at = 0;
        let mut placed = Vec::new();
        for (more, text, kind) in &texts {
            placed.push((at, text.as_str(), kinds[*kind]));
            at += more;
        }
        let chart = sample(&title, &placed);
        let svg = draw(&chart);
        prop_assert_eq!(well_formed(&svg), Ok(()));
        prop_assert_eq!(&svg, &draw(&chart));
        let high = numbers(&svg, "height")[0];
        prop_assert!(numbers(&svg, "x").iter().all(|x| (0..=WIDE).contains(x)));
        prop_assert!(numbers(&svg, "y").iter().all(|y| (0..=high).contains(y)));
        let drawn = svg.matches("class=\"box ").count();
        prop_assert_eq!(drawn, texts.len());
    }
}

#[test]
fn letters_go_on_after_z() {
    assert_eq!([0, 25, 26, 51, 52].map(letters), ["a", "z", "aa", "az", "ba"]);
}
