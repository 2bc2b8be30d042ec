use std::hash::{DefaultHasher, Hash, Hasher};

use crate::value::{Code, CodeTrouble, Country};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

#[test]
fn m7_a_code_is_its_digits() {
    let hash = |code: &Code| {
        let mut hasher = DefaultHasher::new();
        code.hash(&mut hasher);
        hasher.finish()
    };
    let (dotted, plain) = (code("8703.20"), code("870320"));
    assert_eq!(dotted, plain);
    assert_eq!(hash(&dotted), hash(&plain));
    assert_ne!(dotted, code("8703.23"));
    assert_ne!(code("0123"), code("01"));
    assert_eq!((dotted.to_string(), dotted.digits()), ("8703.20".to_owned(), "870320".to_owned()));
    assert!(code("8703.20") < code("8703.30") && code("8703") < code("8703.00"));
}

#[test]
fn m7_under_is_prefix_on_digits() {
    for (code_text, prefix, under) in [
        ("8703.23", "8703", true),
        ("8703.23.01", "8703.23", true),
        ("9903.02.73", "99030273", true),
        ("8703", "8703.23", false),
        ("8704.21", "8703", false),
    ] {
        assert_eq!(code(code_text).under(code(prefix)), under, "{code_text} under {prefix}");
    }
}

#[test]
fn m9_codes_have_the_shapes_of_tariffs() {
    for right in [
        "87",
        "8703",
        "870323",
        "87032301",
        "8703230110",
        "870323011090",
        "8703.23",
        "8703.23.01",
        "8703.23.01.10",
        "8703.23.01.10.90",
        "8703.23.0110",
        "8703.2301",
        "8703.2301.10",
        "870323.01",
        "870323.01.10",
        "870323.0110",
        "8703.23.011",
        "870323.011",
        "8703.23.011.0",
        "8703.23.01.10.9",
        "8703.2301.109",
    ] {
        let code = Code::parse(right).unwrap();
        assert_eq!(code.digits(), right.replace('.', ""));
        // What is shown has a shape, too, and is that code.
        assert_eq!(Code::parse(&code.to_string()), Ok(code));
    }
    for wrong in ["", ".", "8703.", ".8703", "87..03", "87a", "87 03", "-8703", "0302  11", "８７０３"] {
        assert_eq!(Code::parse(wrong), Err(CodeTrouble::NotDigits), "{wrong}");
    }
    for wrong in ["8703.0", "6202.4045.0", "3.0211E+08", "302110000.0", "1e5"] {
        assert_eq!(Code::parse(wrong), Err(CodeTrouble::AsNumber), "{wrong}");
    }
    for (wrong, whole) in [
        ("302110000", "0302.11.00.00"),
        ("302", "0302"),
        ("1", "01"),
        ("302.11", "0302.11"),
        ("6202.4", "6202.40"),
        ("6202.40.4", "6202.40.40"),
        ("101.2", "0101.20"),
    ] {
        assert_eq!(Code::parse(wrong), Err(CodeTrouble::LostZero(code(whole))), "{wrong}");
    }
    for wrong in ["87032301109012", "2.2", "8703.2.3", "8703.23456", "12345.67"] {
        assert_eq!(Code::parse(wrong), Err(CodeTrouble::Shape), "{wrong}");
    }
}

#[test]
fn m9_data_may_have_blanks_and_hyphens_for_the_dots() {
    for (text, read) in
        [("0302 11 00 00", "0302.11.00.00"), ("8703-23", "8703.23"), ("8703.23 01", "8703.23.01")]
    {
        assert_eq!(Code::read(text), Ok(code(read)));
        assert_eq!(Code::read(text).unwrap().to_string(), read);
    }
    let two = |a: &str, b: &str, one: Option<&str>| CodeTrouble::Two(code(a), code(b), one.map(code));
    for (wrong, trouble) in [
        ("8701-8705", two("8701", "8705", Some("8701.87.05"))),
        ("8701 8705", two("8701", "8705", Some("8701.87.05"))),
        ("8701 - 8705", two("8701", "8705", None)),
        ("8701–8705", two("8701", "8705", None)),
        ("8703.21-8703.24", two("8703.21", "8703.24", None)),
        ("870321 – 870324", two("8703.21", "8703.24", None)),
    ] {
        assert_eq!(Code::read(wrong), Err(trouble), "{wrong}");
    }
    for wrong in ["0302  11", " 0302", "0302 ", "0302 -11"] {
        assert_eq!(Code::read(wrong), Err(CodeTrouble::NotDigits), "{wrong}");
    }
}

#[test]
fn countries_are_those_of_iso_3166() {
    assert_eq!(Country::all().count(), 250);
    assert!(Country::all().is_sorted());
    for known in ["US", "JP", "KR", "NO", "IN", "BY", "AX", "XK", "ZW"] {
        assert_eq!(Country::parse(known).unwrap().as_str(), known);
    }
    for wrong in ["EU", "UK", "us", "USA", "U", "", "D ", " A"] {
        assert_eq!(Country::parse(wrong), None, "{wrong}");
    }
}
