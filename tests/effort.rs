//! How much the random tests do: a little whenever somebody runs `cargo test`, much in a campaign (`just deep`).

/// How often a test does what it does: `quick`, or so many percent of `deep` as `COMITY_DEEP` says.
pub fn times(quick: u64, deep: u64) -> u64 {
    let Ok(percent) = std::env::var("COMITY_DEEP") else { return quick };
    let percent: u64 = percent.parse().expect("`COMITY_DEEP` is a percentage");
    quick.max(deep * percent / 100)
}

/// The same for properties.
pub fn config(quick: u32, deep: u32) -> proptest::test_runner::Config {
    let cases = u32::try_from(times(quick.into(), deep.into())).expect("a count of cases");
    proptest::test_runner::Config { cases, failure_persistence: None, ..Default::default() }
}
