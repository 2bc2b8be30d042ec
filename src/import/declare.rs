//! The tables as a policy declares them: a part of a policy with every column, to be used or copied from.

use super::rate::RateColumn;
use super::tables::unit_heading;
use std::collections::BTreeSet;

/// What is declared.
pub(super) struct DeclaredTables<'c> {
    /// Whether rows have days.
    pub dated: bool,
    pub column1: &'c BTreeSet<RateColumn>,
    pub special: &'c BTreeSet<RateColumn>,
    pub column2: &'c BTreeSet<RateColumn>,
    pub additional: &'c BTreeSet<RateColumn>,
    /// How many columns of units there are.
    pub units: usize,
}

pub(super) fn declarations(declared: &DeclaredTables<'_>) -> String {
    let all = [declared.column1, declared.special, declared.column2, declared.additional];
    let units: BTreeSet<&str> = all.into_iter().flatten().filter_map(RateColumn::unit).collect();
    let mut text = "# The tables of this folder, with all of their columns. A rate is the sum of all of its parts: whoever leaves out a\n\
        # column reads rates that have a part in it as too low.\n"
        .to_string();
    units.iter().for_each(|unit| text.push_str(&format!("{unit}\n")));
    let mut annex = |name: &str, keys: &str, columns: Vec<String>| {
        let dated = if declared.dated { " in force from until until" } else { "" };
        let columns =
            if columns.is_empty() { String::new() } else { format!(" ->\n  {}", columns.join(",\n  ")) };
        text.push_str(&format!("annex {name} from \"{name}.csv\" ({keys}){dated}{columns}\n"));
    };
    let values =
        |columns: &BTreeSet<RateColumn>| columns.iter().map(RateColumn::declared).collect::<Vec<_>>();
    annex("column1", "hts : code", values(declared.column1));
    let see = "see : text = \"\"".to_string();
    annex(
        "special",
        "hts : code, programme : text",
        values(declared.special).into_iter().chain([see]).collect(),
    );
    annex("column2", "hts : code", values(declared.column2));
    annex("additional", "hts : code", values(declared.additional));
    annex(
        "units",
        "hts : code",
        (1..=declared.units).map(|unit| format!("{} : text = \"\"", unit_heading(unit))).collect(),
    );
    annex("see99", "hts : code, heading : code", Vec::new());
    text.push_str("enum DutyEffect = in_addition, in_place, no_change\n");
    let mut annex99 = Vec::new();
    for start in ["", "special_", "column2_"] {
        annex99.push(format!("{start}kind : DutyEffect"));
        annex99.push(format!("{start}points : rate"));
    }
    let dated = if declared.dated { " in force from until until" } else { "" };
    text.push_str(&format!(
        "annex chapter99 from \"chapter99.csv\" (heading : code){dated} ->\n  {}\n",
        annex99.join(",\n  ")
    ));
    text
}
