mod calendars;
mod codes;
mod dates;
mod day_sets;
mod numbers;
mod ranges;
mod units;
