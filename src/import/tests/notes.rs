//! Notes of a chapter, and what they list.

use proptest::prelude::*;

use crate::import::{NoteCodes, NoteName, codes_of_note};

/// A chapter of two subchapters.
const CHAPTER: &str = "\
                 CHAPTER 99
U.S. Notes
1. The provisions of this chapter are temporary.
                 SUBCHAPTER II
U.S. Notes
1. Of this subchapter, 9902.01.01 is the first.
2. (a) For the purposes of heading 9902.01.02:
                 2905.31.00    2915.21.00
                 SUBCHAPTER III
U.S. Notes
1. For this subchapter, the Rates of Duty 1-General column is meant.
2. (a) Heading 9903.77.01 applies as provided in subdivisions
(b) of this note and (c) of this note, from
2025
         on, to goods of any country.
(b) It applies to the following, but not to goods of 9903.77.09:
                 3102.10.00    3102.21.00
                 8471          8473.30.5100
U.S. Notes (con.) 3102.10.00   3105.20.00
                 8542
                 page 7
(c) Heading 9903.77.02 applies to
(i) goods of 2204.10.00, in
(ii) bottles.
(iii) And so on,
(iv) until
(v) there is
(a) nothing, and
(b) nothing else.
         (1) These are:
         (2) 2204.29.20
                 2204.21.50;   2204.21.80,
(d) [Subdivision deleted.]
(h) It ends with:
                 0101.21.00
(i) And then:
                 0102.21.00
(j) And last, none.
11. This is an entry of a list, after which note 3 comes.
3. The text of note 3.
4. That of note 4.
Heading/ Stat.                                   Rates of Duty
9903.77.01    Goods
                 9999.99.99
";

fn found(note: &str, subchapter: Option<&str>) -> Result<NoteCodes, String> {
    let name = NoteName::parse(note).expect("a note");
    codes_of_note("99.txt", CHAPTER, &name, subchapter).map_err(|error| error.message)
}

fn codes(note: &str) -> (Vec<String>, Vec<String>) {
    let found = found(note, Some("III")).expect("a list");
    (found.codes, found.named)
}

#[test]
fn what_stands_in_columns_is_listed_and_what_sentences_name_is_not() {
    let (codes, named) = codes("2(b)");
    assert_eq!(codes, ["3102.10.00", "3102.21.00", "3105.20.00", "8471", "8473.30.5100", "8542"]);
    assert_eq!(named, ["9903.77.09"]);
}

#[test]
fn subdivisions_end_where_the_next_begins() {
    assert_eq!(codes("2(c)").0, ["2204.21.50", "2204.21.80", "2204.29.20"]);
    assert_eq!(codes("2(c)").1, ["2204.10.00", "9903.77.02"]);
    assert_eq!(codes("2(c)(v)(2)").0, ["2204.21.50", "2204.21.80", "2204.29.20"]);
    assert_eq!(codes("2(b)").0.len(), 6);
    // Subdivisions that were taken out; a letter that is a Roman number too.
    assert_eq!(codes("2(h)").0, ["0101.21.00"]);
    assert_eq!(codes("2(i)").0, ["0102.21.00"]);
}

#[test]
fn a_year_alone_on_a_line_is_no_heading() {
    let error = found("2(a)", Some("III")).expect_err("no list");
    assert_eq!(error, "note `2(a)` of `99.txt`, on line 12, has no lines of codes");
    assert_eq!(codes("2").1, ["2025", "2204.10.00", "9903.77.01", "9903.77.02", "9903.77.09"]);
}

#[test]
fn a_note_of_several_subchapters_is_asked_for_by_its_own() {
    let error = found("2(a)", None).expect_err("two of them");
    assert_eq!(
        error,
        "`99.txt` has a note `2(a)` in more than one subchapter: II (line 7) and III (line 12)"
    );
    assert_eq!(found("2(a)", Some("ii")).expect("one").codes, ["2905.31.00", "2915.21.00"]);
    assert_eq!(found("2(b)", None).expect("one alone").subchapter, "III");
}

#[test]
fn what_is_not_there_is_said_to_be_missing() {
    assert_eq!(found("2(z)", None).expect_err("none"), "`99.txt` has no note `2(z)`");
    assert_eq!(found("5", Some("III")).expect_err("none"), "`99.txt` has no note `5` in subchapter III");
    assert_eq!(
        found("3", Some("III")).expect_err("none"),
        "note `3` of `99.txt`, on line 40, has no lines of codes"
    );
}

#[test]
fn names_of_notes() {
    for (text, shown) in [("33(g)", "33(g)"), (" 2 (v) (iii)", "2(v)(iii)"), ("7", "7")] {
        assert_eq!(NoteName::parse(text).map(|name| name.to_string()).as_deref(), Some(shown));
    }
    for text in ["", "(g)", "33(g", "33(g)x", "33()", "note 33", "33(a b)", "33)"] {
        assert_eq!(NoteName::parse(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange(
        text in "(SUBCHAPTER [IVX]{1,3}\\n|[0-9]{1,3}\\. |\\([a-z0-9]{1,3}\\) |[0-9]{4}\\.[0-9]{2} |\\n|of |é|Heading/\\n){0,60}",
        number in 0u32..40,
        mark in "[a-z]{1,2}|[ivx]{1,4}|[0-9]{1,2}|[A-Z]",
    ) {
        let name = NoteName { number, marks: vec![mark.clone(), mark] };
        let _ = codes_of_note("99.txt", &text, &name, None);
        let whole = NoteName { number, marks: Vec::new() };
        if let Ok(found) = codes_of_note("99.txt", &text, &whole, None) {
            prop_assert!(found.codes.iter().all(|code| text.contains(code.as_str())));
        }
    }
}
