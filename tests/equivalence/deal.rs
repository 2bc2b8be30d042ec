//! Random policies as data, so that one can be written in many ways and changed in one place.

use crate::generator::Dice;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    Greater,
}

pub const OPS: &[Op] = &[Op::Less, Op::AtMost, Op::Equal, Op::Unequal, Op::AtLeast, Op::Greater];

#[derive(Clone, Debug)]
pub enum Num {
    /// In halves.
    Literal(i64),
    /// A fact, a field, a define or an outcome.
    Name(&'static str),
    /// Terms with their signs; the first is added.
    Sum(Vec<(bool, Num)>),
    AtLeast(Box<[Num; 2]>),
    AtMost(Box<[Num; 2]>),
    TopUp(Box<[Num; 2]>),
    /// The function `doubled`.
    Doubled(Box<Num>),
    If(Box<(Cond, Num, Num)>),
}

#[derive(Clone, Debug)]
pub enum Amount {
    /// In millions of dollars.
    Literal(i64),
    Name(&'static str),
    Sum(Vec<(bool, Amount)>),
}

#[derive(Clone, Debug)]
pub enum Date {
    Today,
    /// So many days after the first of January 2026.
    Literal(i64),
    Name(&'static str),
    Later(&'static str, i64),
}

#[derive(Clone, Debug)]
pub enum Cond {
    Numbers(Op, Num, Num),
    Amounts(Op, Amount, Amount),
    Dates(Op, Date, Date),
    /// A fact, a define or the state of a duty.
    Holds(&'static str),
    Kind(bool, &'static str),
    Among(Vec<&'static str>),
    Under(&'static str, &'static str),
    By(Box<Cond>, Date),
    /// `C within W of D`, in days.
    Within(Box<Cond>, i64, &'static str),
    Not(Box<Cond>),
    And(Vec<Cond>),
    Or(Vec<Cond>),
}

pub type Assigns = Vec<(&'static str, Num)>;

#[derive(Clone, Debug)]
pub struct Rule {
    pub name: Option<&'static str>,
    pub each: bool,
    /// Rules of the list that this one stands above.
    pub above: Vec<usize>,
    pub from: Option<Date>,
    pub known: Option<Date>,
    pub until: Option<Date>,
    pub branches: Vec<(Option<Cond>, Assigns)>,
}

#[derive(Clone, Debug)]
pub struct Deal {
    /// `half` and `met`.
    pub half: Num,
    pub met: Cond,
    pub otherwise: Option<Num>,
    pub duty: bool,
    /// Whether `rate_b` may read `rate_a`.
    pub nested: bool,
    pub rules: Vec<Rule>,
}

pub const DAYS: &[i64] = &[0, 1, 4, 5];
const CODES: &[&str] = &["87", "8703", "8703.21"];

/// What may be read where.
struct Grower<'d> {
    dice: &'d mut Dice,
    row: bool,
    /// Whether `half` and `met` are declared.
    defined: bool,
    duty: bool,
    /// Whether the outcome `rate_a` may be read.
    outcome: bool,
}

pub fn deal(dice: &mut Dice) -> Deal {
    let (duty, nested) = (dice.one_in(6), dice.one_in(4));
    let mut grower = Grower { dice, row: false, defined: false, duty: false, outcome: false };
    let (half, met) = (grower.num(1), grower.cond(1));
    (grower.defined, grower.duty) = (true, duty);
    let otherwise = if grower.dice.one_in(2) { Some(grower.num(0)) } else { None };
    let mut rules = Vec::new();
    for (outcome, names) in [
        ("rate_a", ["a_first", "a_second", "a_third"]),
        ("rate_b", ["b_first", "b_second", "b_third"]),
        ("share", ["s_first", "s_second", "s_third"]),
    ] {
        let count = grower.dice.below(3) + 1;
        grower.row = outcome == "share";
        grower.outcome = nested && outcome == "rate_b";
        let first = rules.len();
        for (at, name) in names.into_iter().take(count as usize).enumerate() {
            let mut rule = grower.rule(outcome, name);
            if at > 0 && rule.name.is_some() && !grower.dice.one_in(3) {
                let upper = first + grower.dice.below(at as u64) as usize;
                rule.above.extend(Some(upper).filter(|upper| {
                    let other: &Rule = &rules[*upper];
                    other.name.is_some()
                }));
            }
            rules.push(rule);
        }
    }
    if grower.dice.one_in(3) {
        (grower.row, grower.outcome) = (false, false);
        let condition = grower.cond(1);
        let assigns = vec![("rate_a", grower.num(1)), ("rate_b", grower.num(1))];
        let (from, known, until) = (None, None, None);
        let branches = vec![(Some(condition), assigns)];
        rules.push(Rule { name: None, each: false, above: Vec::new(), from, known, until, branches });
    }
    Deal { half, met, otherwise, duty, nested, rules }
}

impl Grower<'_> {
    fn rule(&mut self, outcome: &'static str, name: &'static str) -> Rule {
        let branches = match self.dice.below(4) {
            0 => vec![(None, vec![(outcome, self.num(1))])],
            1 => {
                vec![(Some(self.cond(2)), vec![(outcome, self.num(1))]), (None, vec![(outcome, self.num(1))])]
            }
            2 => vec![
                (Some(self.cond(1)), vec![(outcome, self.num(1))]),
                (Some(self.cond(1)), vec![(outcome, self.num(0))]),
            ],
            _ => vec![(Some(self.cond(2)), vec![(outcome, self.num(1))])],
        };
        let named = self.row || branches[0].0.is_none() || !self.dice.one_in(6);
        let from = if named && self.dice.one_in(4) { Some(self.still()) } else { None };
        let known = if from.is_some() && self.dice.one_in(3) { Some(self.still()) } else { None };
        let until = if named && self.dice.one_in(5) { Some(self.still()) } else { None };
        let name = Some(name).filter(|_| named);
        Rule { name, each: self.row, above: Vec::new(), from, known, until, branches }
    }

    fn name(&mut self) -> &'static str {
        match self.dice.below(6) {
            0 if self.defined => "half",
            1 if self.outcome => "rate_a",
            2 | 3 if self.row => self.dice.pick(&["entry.weight", "entry.worth"]),
            _ => self.dice.pick(&["volume", "price"]),
        }
    }

    fn num(&mut self, deep: u32) -> Num {
        if deep == 0 {
            return if self.dice.one_in(2) {
                Num::Literal(self.dice.below(6) as i64)
            } else {
                Num::Name(self.name())
            };
        }
        let deep = deep - 1;
        match self.dice.below(9) {
            0 => Num::Sum(vec![(true, self.num(deep)), (true, self.num(deep))]),
            1 => Num::Sum(vec![(true, self.num(deep)), (false, self.num(deep)), (true, self.num(deep))]),
            2 => Num::AtLeast(Box::new([self.num(deep), self.num(deep)])),
            3 => Num::AtMost(Box::new([self.num(deep), self.num(deep)])),
            4 => Num::TopUp(Box::new([self.num(deep), self.num(deep)])),
            5 => Num::Doubled(Box::new(self.num(deep))),
            6 => Num::If(Box::new((self.cond(0), self.num(deep), self.num(deep)))),
            _ => self.num(deep),
        }
    }

    fn amount(&mut self) -> Amount {
        match self.dice.below(4) {
            0 => Amount::Name("pledged"),
            1 => Amount::Sum(vec![
                (true, Amount::Name("pledged")),
                (false, Amount::Literal(self.dice.below(3) as i64)),
            ]),
            _ => Amount::Literal(self.dice.below(4) as i64),
        }
    }

    fn date(&mut self) -> Date {
        match self.dice.below(4) {
            0 => self.still(),
            _ => Date::Literal(self.dice.pick(DAYS)),
        }
    }

    /// Not the same as asking the day.
    fn still(&mut self) -> Date {
        match self.dice.below(4) {
            0 => Date::Name(self.dice.pick(&["signed", "due"])),
            1 => Date::Later(self.dice.pick(&["signed", "due"]), self.dice.below(4) as i64),
            _ => Date::Literal(self.dice.pick(DAYS)),
        }
    }

    fn by(&mut self) -> Cond {
        let op = self.dice.pick(OPS);
        match self.dice.below(3) {
            0 => Cond::Numbers(op, Num::Name("volume"), Num::Literal(self.dice.below(6) as i64)),
            1 => Cond::Holds("ratified"),
            _ => Cond::Amounts(op, Amount::Name("paid"), self.amount()),
        }
    }

    fn cond(&mut self, deep: u32) -> Cond {
        if deep == 0 {
            let op = self.dice.pick(OPS);
            return match self.dice.below(12) {
                0 | 1 => Cond::Numbers(op, Num::Name(self.name()), Num::Literal(self.dice.below(6) as i64)),
                2 => Cond::Numbers(op, self.num(0), self.num(0)),
                3 => Cond::Amounts(op, Amount::Name("paid"), self.amount()),
                4 => Cond::Dates(op, Date::Today, self.date()),
                5 => Cond::Dates(op, Date::Name("signed"), self.date()),
                6 if self.duty => Cond::Holds("pay is breached"),
                6 if self.defined => Cond::Holds("met"),
                6 => Cond::Holds("ratified"),
                7 => Cond::Kind(self.dice.one_in(2), self.dice.pick(&["car", "part", "metal"])),
                8 => Cond::Among(vec!["car", self.dice.pick(&["part", "metal"])]),
                9 => Cond::Under("hts", self.dice.pick(CODES)),
                10 if self.dice.one_in(2) => Cond::Under("kind", "car"),
                10 => Cond::Within(Box::new(self.by()), self.dice.below(5) as i64, "signed"),
                _ => Cond::By(Box::new(self.by()), self.date()),
            };
        }
        let deep = deep - 1;
        match self.dice.below(6) {
            0 | 1 => Cond::And((0..self.dice.below(3) + 2).map(|_| self.cond(deep)).collect()),
            2 => Cond::Or((0..self.dice.below(3) + 2).map(|_| self.cond(deep)).collect()),
            3 => match self.cond(deep) {
                timely if timely.has_deadline() => timely,
                other => Cond::Not(Box::new(other)),
            },
            _ => self.cond(deep),
        }
    }
}

impl Deal {
    /// Every condition, what stands in it first.
    pub fn conds(&mut self, visit: &mut dyn FnMut(&mut Cond)) {
        self.half.conds(visit);
        self.met.conds(visit);
        self.otherwise.iter_mut().for_each(|num| num.conds(visit));
        for (condition, assigns) in self.rules.iter_mut().flat_map(|rule| &mut rule.branches) {
            condition.iter_mut().for_each(|one| one.conds(visit));
            assigns.iter_mut().for_each(|(_, num)| num.conds(visit));
        }
    }

    /// Every number, what stands in it first.
    pub fn nums(&mut self, visit: &mut dyn FnMut(&mut Num)) {
        self.half.nums(visit);
        self.otherwise.iter_mut().for_each(|num| num.nums(visit));
        for (_, assigns) in self.rules.iter_mut().flat_map(|rule| &mut rule.branches) {
            assigns.iter_mut().for_each(|(_, num)| num.nums(visit));
        }
        self.conds(&mut |cond| {
            if let Cond::Numbers(_, left, right) = cond {
                left.nums(visit);
                right.nums(visit);
            }
        });
    }

    /// The thresholds of conditions and windows, in an order of their own.
    pub fn thresholds(&mut self, visit: &mut dyn FnMut(&mut i64)) {
        self.conds(&mut |cond| match cond {
            Cond::Numbers(_, left, right) => {
                for side in [left, right] {
                    if let Num::Literal(halves) = side {
                        visit(halves);
                    }
                }
            }
            Cond::Amounts(_, left, right) => {
                for side in [left, right] {
                    if let Amount::Literal(millions) = side {
                        visit(millions);
                    }
                }
            }
            Cond::Dates(_, left, right) => [left, right].into_iter().for_each(|date| date.threshold(visit)),
            Cond::By(_, date) => date.threshold(visit),
            Cond::Within(_, days, _) => visit(days),
            _ => {}
        });
        for rule in &mut self.rules {
            for date in [&mut rule.from, &mut rule.known, &mut rule.until].into_iter().flatten() {
                date.threshold(visit);
            }
        }
    }
}

impl Date {
    fn threshold(&mut self, visit: &mut dyn FnMut(&mut i64)) {
        if let Date::Literal(days) | Date::Later(_, days) = self {
            visit(days);
        }
    }
}

impl Num {
    fn conds(&mut self, visit: &mut dyn FnMut(&mut Cond)) {
        self.nums(&mut |num| {
            if let Num::If(parts) = num {
                parts.0.conds(visit);
            }
        });
    }

    fn nums(&mut self, visit: &mut dyn FnMut(&mut Num)) {
        match self {
            Num::Literal(_) | Num::Name(_) => {}
            Num::Sum(list) => list.iter_mut().for_each(|(_, num)| num.nums(visit)),
            Num::AtLeast(both) | Num::AtMost(both) | Num::TopUp(both) => {
                both.iter_mut().for_each(|num| num.nums(visit));
            }
            Num::Doubled(num) => num.nums(visit),
            Num::If(parts) => [&mut parts.1, &mut parts.2].into_iter().for_each(|num| num.nums(visit)),
        }
        visit(self);
    }
}

impl Cond {
    /// Whether there is a `by` in it: the language refuses `not` above one.
    pub fn has_deadline(&self) -> bool {
        match self {
            Cond::By(..) | Cond::Within(..) => true,
            Cond::Not(cond) => cond.has_deadline(),
            Cond::And(list) | Cond::Or(list) => list.iter().any(Cond::has_deadline),
            _ => false,
        }
    }

    fn conds(&mut self, visit: &mut dyn FnMut(&mut Cond)) {
        match self {
            Cond::Numbers(_, left, right) => [left, right].into_iter().for_each(|num| num.conds(visit)),
            Cond::By(cond, _) | Cond::Within(cond, ..) | Cond::Not(cond) => cond.conds(visit),
            Cond::And(list) | Cond::Or(list) => list.iter_mut().for_each(|cond| cond.conds(visit)),
            _ => {}
        }
        visit(self);
    }
}
