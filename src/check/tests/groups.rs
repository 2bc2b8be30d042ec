//! O6: the groups of powers, and which circles they allow (R11).

use super::checked;
use crate::policy::Policy;

const HEAD: &str =
    "agreement pact between US and JP\nfact paid : bool over time\noutcome tariff : rate otherwise 15%\n";

fn group(policy: &Policy, name: &str) -> u32 {
    policy.powers.values().find(|power| power.name == name).expect("a power").group
}

/// The groups of the powers, as `a b | c`: each group before those that depend on it.
fn groups(text: &str) -> String {
    let policy = checked(&format!("{HEAD}{text}")).expect("a policy");
    let most = policy.powers.values().map(|power| power.group).max().unwrap_or(0);
    let of = |number| {
        let powers = policy.powers.values().filter(move |power| power.group == number);
        powers.map(|power| power.name.as_str()).collect::<Vec<_>>().join(" ")
    };
    (0..=most).map(of).collect::<Vec<_>>().join(" | ")
}

fn codes(text: &str) -> Vec<String> {
    checked(&format!("{HEAD}{text}")).err().unwrap_or_default()
}

#[test]
fn o6_a_power_comes_after_those_whose_acts_it_requires() {
    let text = "power select held by US requires recommend is done\n\
                power recommend held by US requires consult is done\n\
                power consult held by JP";
    assert_eq!(groups(text), "consult | recommend | select");
    assert_eq!(groups("power a held by US requires b.on < today\npower b held by US"), "b | a");
    assert_eq!(groups("power a held by US requires b is invalid\npower b held by US"), "b | a");
}

#[test]
fn o6_powers_that_require_each_other_are_one_group() {
    let text = "power a held by US requires not (b is done)\n\
                power b held by US requires not (a is done)\n\
                power c held by US requires a is done";
    assert_eq!(groups(text), "a b | c");
}

#[test]
fn o6_what_is_read_through_an_outcome_counts() {
    let text = "power late held by US requires tariff < 20%\n\
                power raise(chosen : rate) held by US then tariff := chosen";
    assert_eq!(groups(text), "raise | late");
}

#[test]
fn o6_what_is_read_through_defines_functions_defaults_and_duties_counts() {
    let text = "fact ready : bool = a is done\n\
                define go : bool = ready\n\
                function both(x : bool) : bool = x and go\n\
                obligation pay held by JP: if both(true) then paid by 2026-12-31\n\
                power b held by US requires pay is breached\n\
                power a held by US";
    assert_eq!(groups(text), "a | b");
}

#[test]
fn o6_the_powers_that_end_a_power_are_read_with_it() {
    let text = "power c held by US requires a is done\n\
                power b held by US ends a\n\
                power a held by US";
    let policy = checked(&format!("{HEAD}{text}")).expect("a policy");
    assert!(group(&policy, "c") > group(&policy, "a") && group(&policy, "c") > group(&policy, "b"));
    // Granted and revoked in turn: each ends the other, and neither depends on itself.
    let turns = "power grant held by US ends revoke\npower revoke held by US ends grant\nrule r: if grant is done then tariff := 10%";
    assert_eq!(codes(turns), Vec::<String>::new());
}

#[test]
fn o6_an_effect_may_be_required_of_the_act_that_changes_it() {
    let text = "power raise(chosen : rate) held by US requires chosen > tariff then tariff := chosen";
    assert_eq!(groups(text), "raise");
}

#[test]
fn o6_an_announcement_is_no_act() {
    let text = "power a held by US requires b is not threatened\npower b held by US requires a is done";
    assert_eq!(groups(text), "a | b");
}

#[test]
fn r11_no_other_circle_is_allowed() {
    let circle = vec!["circle".to_string()];
    // Whether it is available is decided today, not on an earlier day.
    assert_eq!(codes("power a held by US requires a is not available"), circle);
    assert_eq!(codes("power a held by US then tariff := tariff + 1%"), circle);
    assert_eq!(codes("power a held by US then tariff := 20% until tariff = 20%"), circle);
    assert_eq!(codes("rule r: if paid then tariff := 20% until tariff as of 2025-01-01 = 20%"), circle);
    assert_eq!(codes("define d : date = last start of (d < today)"), circle);
    assert_eq!(
        codes(
            "obligation pay held by JP: paid by due\ndefine due : date = if pay is cured then today otherwise never"
        ),
        circle
    );
}
