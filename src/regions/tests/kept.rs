//! Where one outcome reads another that may be a gap, a conflict or an error.

use super::regions;

const FACTS: &str = "fact price : number\nfact flag : bool\noutcome a : number\noutcome b : number\n";

#[test]
fn an_outcome_that_never_has_a_value_is_the_same_as_itself() {
    let (never, read) =
        ("rule one: if not (price >= 1 or price < 1) then a := 2\n", "rule two: b := price but at least a\n");
    let flat = "rule one: if price < 1 and price >= 1 then a := 2\n";
    for outcome in regions(&format!("{FACTS}{never}{read}"), &format!("{FACTS}{read}{flat}")) {
        assert!(outcome.groups.is_empty() && outcome.left.is_empty(), "{outcome:?}");
    }
}

#[test]
fn an_error_is_proven_by_the_rules_that_fail() {
    let text = |limit: &str| {
        format!(
            "{FACTS}rule one: if flag then a := 2\nrule two: b := price\nrule three: if price > {limit} then b := a\n"
        )
    };
    let found = regions(&text("2"), &text("1"));
    let groups: Vec<_> = found.iter().flat_map(|outcome| &outcome.groups).collect();
    assert_eq!(groups.len(), 2);
    for group in groups {
        assert!(group.doubt.is_none(), "{:?} {:?} {:?}", group.doubt, group.old, group.new);
    }
}
