use dashu_ratio::RBig;

use super::number::cancel;
use super::{Number, Trouble, wide};

/// A sum of any number of terms, exact and without a bound: M1 checks an aggregate on its result only, so the order of
/// the terms cannot matter.
#[derive(Clone, Debug)]
pub struct Total {
    // The sum is num / den + big. While terms are small, only the first part is in use.
    num: i128,
    den: u64,
    big: Option<RBig>,
}

impl Default for Total {
    fn default() -> Total {
        Total::new()
    }
}

impl Total {
    /// The empty sum, 0.
    pub fn new() -> Total {
        Total { num: 0, den: 1, big: None }
    }

    #[inline]
    pub fn add(&mut self, term: &Number) {
        match term.small_parts() {
            Some((num, den)) if den as u64 == self.den => match self.num.checked_add(num.into()) {
                Some(sum) => self.num = sum,
                None => self.spill(&term.wide()),
            },
            Some((num, den)) => self.add_unlike(num, den as u64, term),
            None => self.spill(&term.wide()),
        }
    }

    /// Adds a term as often as that.
    pub fn add_times(&mut self, term: &Number, times: u64) {
        let product = term
            .small_parts()
            .filter(|(_, den)| *den as u64 == self.den)
            .and_then(|(num, _)| i128::from(num).checked_mul(times.into()))
            .and_then(|product| self.num.checked_add(product));
        match product {
            Some(sum) => self.num = sum,
            None => self.spill(&(&*term.wide() * wide::ratio(times.into(), 1u8))),
        }
    }

    /// Adds the terms of another sum.
    pub fn merge(&mut self, other: &Total) {
        let sum = self.num.checked_add(other.num).filter(|_| self.den == other.den && other.big.is_none());
        match sum {
            Some(sum) => self.num = sum,
            None => self.spill(&other.exact()),
        }
    }

    /// The sum; `overflow` if it is beyond the bound of M1.
    pub fn finish(&self) -> Result<Number, Trouble> {
        match (&self.big, i64::try_from(self.num)) {
            (None, Ok(num)) if num != i64::MIN => Ok(super::number::reduced(num, self.den)),
            _ => wide::fit(self.exact()),
        }
    }

    /// The sum divided by the count of its terms; `nothing to choose from` if there are none.
    pub fn average(&self, count: u64) -> Result<Number, Trouble> {
        if count == 0 {
            return Err(Trouble::NothingToChooseFrom);
        }
        wide::fit(self.exact() / wide::ratio(count.into(), 1u8))
    }

    fn add_unlike(&mut self, num: i64, den: u64, term: &Number) {
        let (theirs, mine, _) = cancel(self.den, den);
        let joined = mine.checked_mul(self.den).filter(|joined| i64::try_from(*joined).is_ok());
        let sum = self
            .num
            .checked_mul(mine.into())
            .and_then(|sum| sum.checked_add(i128::from(num) * i128::from(theirs)));
        match (joined, sum) {
            (Some(den), Some(sum)) => {
                self.den = den;
                self.num = sum;
            }
            _ => self.spill(&term.wide()),
        }
    }

    fn spill(&mut self, term: &RBig) {
        self.big = Some(self.exact() + term);
        self.num = 0;
        self.den = 1;
    }

    fn exact(&self) -> RBig {
        let small = wide::ratio(self.num, self.den);
        match &self.big {
            Some(big) => big + small,
            None => small,
        }
    }
}
