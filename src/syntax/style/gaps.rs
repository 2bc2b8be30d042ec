//! What stands between two neighbours: a space or nothing, and whether a line may end there.

use crate::syntax::grammar::{Noun, Rule, noun};

/// Before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub space: bool,
    pub ends: LineEnd,
    /// How many steps further in than others of its part a line stands that begins here.
    pub steps_in: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    Never,
    /// Where the drafter ended it, and nowhere else.
    Kept,
    /// Where the drafter ended it, or where a line is too long.
    May(Place),
    Must,
}

/// How a line that is too long is broken: at the outermost places first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The smaller, the further out.
    pub level: usize,
    /// If at one such place, then at all of that level.
    pub all: bool,
    /// Not where little is left of the line.
    pub late: bool,
}

impl Gap {
    pub const MUST: Gap = Gap::new(false, LineEnd::Must);
    pub const NONE: Gap = Gap::new(false, LineEnd::Never);
    const ONE: Gap = Gap::new(true, LineEnd::Never);
    const KEPT: Gap = Gap::new(true, LineEnd::Kept);
    /// Close to the bracket before it.
    const INSIDE: Gap = Gap::new(false, LineEnd::Kept);

    const fn new(space: bool, ends: LineEnd) -> Gap {
        Gap { space, ends, steps_in: 0 }
    }
}

/// Two neighbours in a part of the grammar.
#[derive(Clone, Copy)]
pub(super) struct WordPair {
    pub parent: Rule,
    pub prev: Rule,
    pub next: Rule,
    pub prev_is_word: bool,
    /// A minus that is no operator.
    pub prev_is_sign: bool,
    /// Whether the part was written on more than one line.
    pub many_lines: bool,
    /// How many nests they stand in.
    pub depth: usize,
}

/// So many kinds of places there are in one nest.
const KINDS: usize = 16;

impl WordPair {
    fn may(self, kind: usize) -> Gap {
        self.place(kind, false, false)
    }

    fn all(self, kind: usize) -> Gap {
        self.place(kind, true, false)
    }

    fn late(self, kind: usize) -> Gap {
        self.place(kind, false, true)
    }

    fn place(self, kind: usize, all: bool, late: bool) -> Gap {
        let level = self.depth * KINDS + kind;
        Gap::new(true, LineEnd::May(Place { level, all, late }))
    }
}

pub(super) fn between(at: WordPair) -> Gap {
    glued(at).or_else(|| listed(at)).or_else(|| headed(at)).or_else(|| operated(at)).unwrap_or_else(|| {
        // A keyword and what it introduces stand on one line.
        if at.prev_is_word && is_keyword(at.prev) { Gap::ONE } else { Gap::KEPT }
    })
}

/// Marks that stand close to what is beside them.
fn glued(at: WordPair) -> Option<Gap> {
    Some(match (at.parent, at.prev, at.next) {
        (_, Rule::lbrace, Rule::rbrace) => Gap::NONE,
        (_, _, Rule::comma | Rule::rparen | Rule::dot) | (_, Rule::dot, _) => Gap::NONE,
        (_, Rule::lparen, _) => Gap::INSIDE,
        (Rule::type_ | Rule::codes, ..) | (Rule::path, _, Rule::args) => Gap::NONE,
        (Rule::power | Rule::function, _, Rule::params) => Gap::NONE,
        (Rule::given_line | Rule::act, _, Rule::lparen) => Gap::NONE,
        (Rule::braces, Rule::lbrace, _) => Gap::INSIDE,
        (Rule::braces, _, Rule::rbrace) => Gap::NONE,
        _ if at.prev_is_sign => Gap::NONE,
        (Rule::rule_ | Rule::obligation | Rule::guarantee, _, Rule::colon) => Gap::NONE,
        (_, _, Rule::colon | Rule::assigned | Rule::eq | Rule::arrow | Rule::lbrace) => Gap::ONE,
        _ => return None,
    })
}

/// What stands in braces and in lists.
fn listed(at: WordPair) -> Option<Gap> {
    Some(match (at.parent, at.prev, at.next) {
        (Rule::file, ..) | (_, Rule::doc, _) => Gap::MUST,
        (Rule::article | Rule::scenario | Rule::running, Rule::lbrace, _)
        | (Rule::article | Rule::scenario | Rule::running, _, Rule::rbrace)
        | (Rule::article, _, Rule::inner)
        | (Rule::scenario, _, Rule::given | Rule::expect)
        | (Rule::running, _, Rule::running_line | Rule::assign) => Gap::MUST,
        (Rule::entity, Rule::lbrace, _) | (Rule::entity, _, Rule::field | Rule::rbrace) => {
            if at.many_lines {
                Gap::MUST
            } else {
                at.all(1)
            }
        }
        (Rule::row | Rule::given_line, Rule::lbrace, _) | (Rule::row | Rule::given_line, _, Rule::rbrace) => {
            Gap::KEPT
        }
        (Rule::row | Rule::given_line, _, Rule::cell) => at.may(1),
        (_, Rule::comma, _) => at.may(2),
        _ => return None,
    })
}

/// The parts of declarations.
fn headed(at: WordPair) -> Option<Gap> {
    Some(match (at.parent, at.prev, at.next) {
        (Rule::rule_ | Rule::obligation | Rule::guarantee, Rule::colon, _) => at.may(0),
        (_, Rule::colon, _) => Gap::ONE,
        (_, Rule::arrow, _) => at.may(0),
        (Rule::unit_ | Rule::enum_ | Rule::calendar | Rule::period, Rule::eq, _) => Gap::ONE,
        (Rule::cell | Rule::setting | Rule::given_fact | Rule::given_line | Rule::column, Rule::eq, _) => {
            at.may(9)
        }
        (_, Rule::eq, _) => at.may(0),
        (_, Rule::assigned, _) => at.may(0),
        (
            Rule::article
            | Rule::rule_
            | Rule::obligation
            | Rule::power
            | Rule::guarantee
            | Rule::outcome
            | Rule::entity
            | Rule::running,
            _,
            Rule::for_each
            | Rule::cites
            | Rule::notwithstanding
            | Rule::subject_to
            | Rule::from_
            | Rule::until_
            | Rule::held_by
            | Rule::each_period
            | Rule::ends
            | Rule::requires
            | Rule::keyed_by
            | Rule::dated_by
            | Rule::known_by
            | Rule::BY
            | Rule::PER
            | Rule::STARTING
            | Rule::rounded
            | Rule::OTHERWISE,
        ) => at.may(2),
        (_, _, Rule::where_ | Rule::in_force | Rule::IN_PART | Rule::NON_BINDING | Rule::BINDING) => {
            at.may(3)
        }
        (_, _, Rule::known_from | Rule::KNOWN_ON | Rule::ON | Rule::WITH | Rule::lasting) => at.may(3),
        (Rule::annex, _, Rule::FROM) => at.may(4),
        (Rule::body, _, Rule::else_) | (Rule::if_expr, _, Rule::if_else) => at.all(0),
        (_, _, Rule::THEN) => at.may(1),
        (Rule::branch | Rule::power, _, Rule::AND) => at.may(2),
        _ => return None,
    })
}

/// Operators begin the line they are broken to, those that bind loosest first.
fn operated(at: WordPair) -> Option<Gap> {
    let is_flat = matches!(at.parent, Rule::flat | Rule::narrow | Rule::amount | Rule::compound);
    if !is_flat || !is_operand(at.prev) {
        return None;
    }
    Some(at.late(binding(at.next)?))
}

/// How tightly an operator binds: the loosest first.
fn binding(operator: Rule) -> Option<usize> {
    Some(match operator {
        Rule::WHERE | Rule::for_each | Rule::OVER => 0,
        Rule::OR => 1,
        Rule::AND => 2,
        Rule::BY | Rule::WITHIN => 3,
        Rule::compare | Rule::IN | Rule::UNDER | Rule::is_ => 4,
        Rule::but_at | Rule::rounded => 5,
        Rule::plus | Rule::minus => 6,
        Rule::times | Rule::divide => 7,
        Rule::TO | Rule::OF | Rule::AS_OF | Rule::AS_KNOWN_ON => 8,
        _ => return None,
    })
}

/// How many steps a line that begins with an operator stands further in: one for each sort of operators beside it that
/// holds larger parts together.
pub(super) fn steps_in(operator: Rule, others: &[Rule]) -> usize {
    let Some(own) = binding(operator) else { return 0 };
    let holds = |rule: &&Rule| matches!(rule, Rule::WHERE | Rule::OR | Rule::AND | Rule::plus | Rule::minus);
    let mut looser: Vec<usize> = others.iter().filter(holds).filter_map(|rule| binding(*rule)).collect();
    looser.retain(|other| *other < own);
    looser.sort_unstable();
    looser.dedup();
    looser.len()
}

/// What an operator may stand behind.
pub(super) fn is_operand(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::path
            | Rule::bool
            | Rule::quantity
            | Rule::money_first
            | Rule::bracketed
            | Rule::braces
            | Rule::string
            | Rule::compound
            | Rule::edge_of_period
            | Rule::is_
            | Rule::rounded
            | Rule::for_each
            | Rule::flat
            | Rule::amount
            | Rule::narrow
            | Rule::number
    )
}

fn is_keyword(rule: Rule) -> bool {
    matches!(
        noun(rule),
        Noun::Word | Noun::Starter | Noun::Head | Noun::Infix | Noun::Operator | Noun::Mark(_)
    ) || matches!(rule, Rule::aggregate_of | Rule::attribute_of | Rule::last_start_of | Rule::top_up)
}

/// What drafters like to put into a column: whatever comes behind the name of a declaration, and `:=`.
pub(super) fn aligns(parent: Rule, prev: Rule, next: Rule) -> bool {
    match (parent, prev) {
        (Rule::fact | Rule::field | Rule::define | Rule::outcome, Rule::ident) => next == Rule::colon,
        (Rule::column, Rule::type_) => next == Rule::colon,
        (Rule::source | Rule::office | Rule::annex | Rule::enum_ | Rule::unit_, Rule::ident) => true,
        (Rule::row, Rule::string) => true,
        (Rule::assign, Rule::ident) => true,
        _ => false,
    }
}
