//! Values and the pure operations on them: exact numbers, units, days, calendars and sets of possibilities.
//!
//! Nothing here knows a place in the text. Whatever can go wrong is a [`Trouble`]; the caller adds where.

mod attribute;
mod calendar;
mod code;
mod compound;
mod country_names;
mod day;
mod days;
mod display;
mod interval;
mod mask;
mod number;
mod own_year;
mod possible;
mod ranges;
mod rounding;
mod scalar;
mod scaled;
mod standard;
mod total;
mod trouble;
mod unit;
mod wide;

pub use attribute::Attribute;
pub use calendar::{Calendar, CalendarId, SHIPPED};
pub use code::{Code, CodeRange, CodeTrouble, Country, Level};
pub use country_names::country_meant;
pub use day::{Day, DurationKind, MonthEnd, Period, month_named};
pub use days::{Dates, RangedDates};
pub use display::{decimal, human, rate, wire};
pub use interval::{Interval, Ranged};
pub use mask::Mask;
pub use number::Number;
pub use own_year::{OwnYear, Recurrence, YearPart};
pub use possible::Possible;
pub use rounding::Rounding;
pub use scalar::Value;
pub use total::Total;
pub use trouble::Trouble;
pub use unit::{Dimension, Unit, UnitExpr, UnitId, UnitTrouble, Units, dimension_name};

#[cfg(test)]
mod tests;
