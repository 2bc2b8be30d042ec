//! Products and quotients of facts: polynomials in a normal form (G1, G2). A product of variables is a variable of its own,
//! the same wherever it occurs, so that what is multiplied out to the same sum is equal; of it only the sign is known.
//! A product with a part follows the cases of the part, and a quotient is compared by multiplying out.

use super::space::{Lin, Linear, Outside, Space, SpaceQuantity};
use crate::solve::{Comparison, Formula, Var, VarSort};
use crate::value::Number;

/// More factors than this are outside.
const FACTORS: usize = 6;
/// A product of sums of more terms than this is outside.
const TERMS: usize = 64;

impl Space {
    pub fn times(&mut self, one: &Lin, other: &Lin) -> Linear<Lin> {
        if let Some(by) = other.as_constant() {
            return one.scale(by);
        }
        if let Some(by) = one.as_constant() {
            return other.scale(by);
        }
        if one.parts.len().saturating_mul(other.parts.len()) > TERMS {
            return Err(Outside);
        }
        let without_rest = |lin: &Lin| Lin { parts: lin.parts.clone(), rest: Number::ZERO };
        let mut sum = Lin::constant(one.rest.mul(&other.rest)?);
        sum = sum.add(&without_rest(one).scale(&other.rest)?)?;
        sum = sum.add(&without_rest(other).scale(&one.rest)?)?;
        for (left, by) in &one.parts {
            for (right, also) in &other.parts {
                let term = self.product(*left, *right)?;
                sum = sum.add(&term.scale(&by.mul(also)?)?)?;
            }
        }
        Ok(sum)
    }

    /// What a variable is a product of.
    pub fn factors(&self, var: Var) -> Vec<Var> {
        match self.quantities.get(&var) {
            Some(SpaceQuantity::Product(factors)) => factors.clone(),
            _ => vec![var],
        }
    }

    fn product(&mut self, one: Var, other: Var) -> Linear<Lin> {
        for (quotient, factor) in [(one, other), (other, one)] {
            if let Some((of, by)) = self.quotients.get(&quotient).cloned() {
                // Where the divisor is 0 there is an error, whatever is said here.
                let factor = Lin::var(factor);
                if factor == by {
                    return Ok(of);
                }
                let of = self.times(&of, &factor)?;
                return self.over(&of, &by);
            }
        }
        let mut factors = self.factors(one);
        factors.extend(self.factors(other));
        factors.sort_unstable();
        self.product_of(factors)
    }

    fn product_of(&mut self, factors: Vec<Var>) -> Linear<Lin> {
        if let [only] = factors.as_slice() {
            return Ok(Lin::var(*only));
        }
        if factors.len() > FACTORS {
            return Err(Outside);
        }
        if let Some(known) = self.products.get(&factors) {
            return Ok(Lin::var(*known));
        }
        let var = self.var(VarSort::Number, SpaceQuantity::Product(factors.clone()));
        self.products.insert(factors.clone(), var);
        let mine = Lin::var(var);
        let part = factors.iter().position(|factor| self.cases.contains_key(factor));
        let first = part.unwrap_or(0);
        let mut rest = factors;
        let first = rest.remove(first);
        let rest = self.product_of(rest)?;
        match self.cases.get(&first).cloned() {
            Some(cases) => {
                let mut mine_cases = Vec::new();
                for (when, value) in cases {
                    let value = self.times(&rest, &value)?;
                    let same = self.below(&mine, Comparison::Equal, &value)?;
                    let law = self.forms.or([!when, same]);
                    self.defines(Some(var), law);
                    mine_cases.push((when, value));
                }
                self.cases.insert(var, mine_cases);
            }
            None => self.signs(var, &mine, [&Lin::var(first), &rest])?,
        }
        Ok(mine)
    }

    /// Zero where a factor is, above zero where both have one sign.
    fn signs(&mut self, var: Var, product: &Lin, factors: [&Lin; 2]) -> Linear<()> {
        let zero = Lin::default();
        let mut sign = |lin: &Lin| -> Linear<(Formula, Formula)> {
            let above = self.below(lin, Comparison::Above, &zero)?;
            Ok((above, self.below(lin, Comparison::Below, &zero)?))
        };
        let [one, other] = factors;
        let (above, below) = sign(product)?;
        let ((one_above, one_below), (other_above, other_below)) = (sign(one)?, sign(other)?);
        let forms = &mut self.forms;
        let alike = [forms.and([one_above, other_above]), forms.and([one_below, other_below])];
        let unlike = [forms.and([one_above, other_below]), forms.and([one_below, other_above])];
        let (alike, unlike) = (forms.or(alike), forms.or(unlike));
        let laws = [forms.same(above, alike), forms.same(below, unlike)];
        laws.into_iter().for_each(|law| self.defines(Some(var), law));
        Ok(())
    }

    /// The quotient of two sums, where the divisor is not 0.
    pub fn over(&mut self, of: &Lin, by: &Lin) -> Linear<Lin> {
        if let Some(by) = by.as_constant() {
            return if by.is_zero() { Err(Outside) } else { of.scale(&Number::ONE.div(by)?) };
        }
        let known = self.quotients.iter().find(|(_, known)| known.0 == *of && known.1 == *by);
        if let Some((var, _)) = known {
            return Ok(Lin::var(*var));
        }
        let var = self.var(VarSort::Number, SpaceQuantity::Quotient(of.clone(), by.clone()));
        self.quotients.insert(var, (of.clone(), by.clone()));
        Ok(Lin::var(var))
    }

    /// Compares a sum with 0. A quotient in it is multiplied out; where that leads too far, it may be anything.
    pub fn sign_of(&mut self, sum: &Lin, comparison: Comparison) -> Linear<Formula> {
        match self.multiplied_out(sum, comparison) {
            Ok(Some(formula)) => Ok(formula),
            Ok(None) | Err(Outside) => self.plain_sign(sum, comparison),
        }
    }

    fn plain_sign(&mut self, sum: &Lin, comparison: Comparison) -> Linear<Formula> {
        let parts: Vec<(Var, Number)> = sum.parts.iter().map(|(var, by)| (*var, by.clone())).collect();
        Ok(self.forms.linear(&parts, &sum.rest, comparison)?)
    }

    /// `None`: there is no quotient in it.
    fn multiplied_out(&mut self, sum: &Lin, comparison: Comparison) -> Linear<Option<Formula>> {
        let quotient = sum.parts.iter().find_map(|(var, by)| {
            let (of, divisor) = self.quotients.get(var)?;
            Some((*var, by.clone(), of.clone(), divisor.clone()))
        });
        let Some((var, by, of, divisor)) = quotient else { return Ok(None) };
        let mut rest = sum.clone();
        rest.parts.remove(&var);
        let out = self.times(&rest, &divisor)?.add(&of.scale(&by)?)?;
        let positive = self.sign_of(&divisor, Comparison::Above)?;
        let negative = self.sign_of(&divisor, Comparison::Below)?;
        let as_it_is = self.sign_of(&out, comparison)?;
        let turned = self.sign_of(&out, comparison.turned())?;
        // Where the divisor is 0 the quotient may be anything, for nothing rests on it.
        let free = self.plain_sign(sum, comparison)?;
        let forms = &mut self.forms;
        let cases = [
            forms.and([positive, as_it_is]),
            forms.and([negative, turned]),
            forms.and([!positive, !negative, free]),
        ];
        Ok(Some(forms.or(cases)))
    }
}
