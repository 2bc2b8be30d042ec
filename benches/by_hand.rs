//! The decision of `twenty.comity`, written by hand over 64-bit integers.

/// Same order as in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum HandSector {
    General,
    Autos,
    Semiconductors,
    Pharma,
    Steel,
    Textiles,
    Agri,
    Machinery,
    Ships,
    Energy,
    Minerals,
    Chemicals,
    Paper,
    Glass,
    Toys,
    Furniture,
}

/// Rates in 1/10,000, values in cents, pledge in dollars, days since 1970-01-01.
#[derive(Clone, Debug)]
pub struct Entry {
    pub column1: i64,
    pub value: i64,
    pub sector: HandSector,
    pub civil_aircraft: bool,
    pub pledged: i64,
    pub disbursed: i64,
    pub deadline: i64,
    pub today: i64,
}

fn top_up(from: i64, to: i64) -> i64 {
    (to - from).max(0)
}

fn additional(entry: &Entry) -> i64 {
    let c = entry.column1;
    if entry.civil_aircraft {
        return 0;
    }
    if entry.today > entry.deadline && entry.disbursed < entry.pledged {
        return top_up(c, 2500);
    }
    // 2025-08-07 until 2028-07-01
    if entry.today < 20_307 || entry.today >= 21_366 {
        return 2500;
    }
    match entry.sector {
        HandSector::Autos => top_up(c, 1500),
        HandSector::Semiconductors => top_up(c, 1500).min(2500),
        HandSector::Pharma => top_up(c, 1500).min(1000),
        HandSector::Steel => 5000,
        HandSector::Textiles if c >= 1500 => 0,
        HandSector::Agri if entry.value < 250_000 => 0,
        HandSector::Machinery => top_up(c, 1250),
        HandSector::Ships => 500,
        HandSector::Energy => 0,
        HandSector::Minerals if entry.value > 100_000_000 => 100,
        HandSector::Chemicals => top_up(c, 650),
        HandSector::Paper => 300,
        HandSector::Glass => 400,
        HandSector::Toys => 0,
        HandSector::Furniture => top_up(c, 2500),
        _ => top_up(c, 1500),
    }
}

/// In cents, rounded half even.
pub fn duty(entry: &Entry) -> i64 {
    let exact = entry.value * (entry.column1 + additional(entry));
    let (whole, rest) = (exact / 10_000, exact % 10_000);
    match rest.cmp(&5_000) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}
