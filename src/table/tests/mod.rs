//! Rows by the chunk say what the same rows say in a facts file.

mod cells;
mod chunks;
mod memory;
#[cfg(feature = "parquet")]
mod read_back;
mod totals;

use crate::policy::Policy;

/// A policy with a field of each type.
fn policy() -> Policy {
    let text = r#"
unit tonne = 1000 kg
unit car whole
enum Sector = energy (nuclear, gas), ships
entity port keyed by name { name : text }
entity entry keyed by line {
  line    : text
  value   : USD where entry.value < 1 trillion USD
  column1 : rate
  weight  : tonne
  price   : USD/kg
  cars    : car
  plain   : number
  entered : date
  wait    : duration
  sector  : Sector
  goods   : code
  origin  : country
  note    : text
  fast    : bool
  funded  : USD over time cumulative
  port    : port
}
outcome duty : USD for each entry
rule all for each entry: duty := entry.value * entry.column1
"#;
    crate::worlds::policy(text)
}
