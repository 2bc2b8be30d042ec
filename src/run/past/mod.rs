//! What has a past: conditions followed from a first day on (T7), rules that remember (T8), duties (D1, D2), powers and
//! acts (O1 to O6).

pub mod duties;
mod duty_lines;
pub mod history;
mod lasting;
mod lasting_for;
pub mod periods;
pub mod powers;
mod standing;
mod versions;
