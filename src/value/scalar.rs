use std::sync::Arc;

use super::{Code, Country, Day, Number};

/// One value. What a number's unit, a duration's kind, or a choice's enum is, its type says, not the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Number(Number),
    Bool(bool),
    Date(Day),
    /// A count of days, business days or months.
    Duration(i64),
    Text(Arc<str>),
    Code(Code),
    Country(Country),
    /// A member of an enum, by index.
    Choice(u16),
    /// A row of an entity, by index.
    Row(u32),
}

// Values are moved about by the million: three words.
const _: () = assert!(size_of::<Value>() <= 24);
