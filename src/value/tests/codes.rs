use std::hash::{DefaultHasher, Hash, Hasher};

use crate::value::{Code, Country};

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
    assert_ne!(dotted, code("8703.2"));
    assert_ne!(code("0123"), code("123"));
    assert_eq!((dotted.to_string(), dotted.digits()), ("8703.20".to_owned(), "870320".to_owned()));
    assert!(code("8703.20") < code("8703.3") && code("8703") < code("8703.0"));
}

#[test]
fn m7_under_is_prefix_on_digits() {
    for (code_text, prefix, under) in [
        ("8703.23", "8703", true),
        ("8703.23.01", "8703.2", true),
        ("9903.02.73", "99030273", true),
        ("8703", "8703.23", false),
        ("8704.21", "8703", false),
    ] {
        assert_eq!(code(code_text).under(&code(prefix)), under, "{code_text} under {prefix}");
    }
}

#[test]
fn codes_are_digits_and_single_dots() {
    for wrong in ["", ".", "8703.", ".8703", "87..03", "87a", "87 03", "-8703"] {
        assert!(Code::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn countries_are_those_of_iso_3166() {
    assert_eq!(Country::all().count(), 249);
    assert!(Country::all().is_sorted());
    for known in ["US", "JP", "KR", "NO", "IN", "BY", "AX", "ZW"] {
        assert_eq!(Country::parse(known).unwrap().as_str(), known);
    }
    for wrong in ["EU", "UK", "XK", "us", "USA", "U", "", "D ", " A"] {
        assert_eq!(Country::parse(wrong), None, "{wrong}");
    }
}
