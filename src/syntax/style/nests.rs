//! How far the later lines of a part are indented.

use crate::syntax::grammar::Rule;

/// Where a line begins that stands inside of a part, seen from the line on which the part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nest {
    /// One step to the right.
    Hang,
    /// Below the beginning of the part, if that begins a line; else one step to the right.
    Flush,
}

/// A pair with parts of its own that is one word to the eye.
pub(super) fn is_word(rule: Rule) -> bool {
    matches!(rule, Rule::quantity | Rule::money_first)
}

pub(super) fn of(rule: Rule) -> Option<Nest> {
    match rule {
        Rule::item | Rule::inner | Rule::running_line | Rule::anonymous | Rule::body => Some(Nest::Flush),
        Rule::flat | Rule::narrow | Rule::amount | Rule::if_expr => Some(Nest::Flush),
        Rule::series | Rule::cell_series | Rule::field => Some(Nest::Flush),
        Rule::agreement | Rule::use_ | Rule::source | Rule::calendar | Rule::period | Rule::office => hang(),
        Rule::unit_ | Rule::enum_ | Rule::fact | Rule::entity | Rule::annex => hang(),
        Rule::define | Rule::function | Rule::outcome | Rule::article | Rule::rule_ => hang(),
        Rule::obligation | Rule::power | Rule::requires | Rule::running | Rule::keys => hang(),
        Rule::scenario | Rule::given | Rule::expect | Rule::guarantee | Rule::row | Rule::given_line => {
            hang()
        }
        Rule::amends | Rule::repeal | Rule::replace | Rule::insert | Rule::substitute | Rule::set_ => hang(),
        Rule::for_each | Rule::cites | Rule::notwithstanding | Rule::subject_to | Rule::from_ => hang(),
        Rule::until_ | Rule::known_from | Rule::held_by | Rule::each_period | Rule::ends => hang(),
        Rule::branch | Rule::else_ | Rule::if_else | Rule::assign | Rule::lasting | Rule::in_force => hang(),
        Rule::bracketed | Rule::args | Rule::params | Rule::braces | Rule::compound | Rule::choice => hang(),
        _ => None,
    }
}

fn hang() -> Option<Nest> {
    Some(Nest::Hang)
}

/// Some parts have no rule of their own: the assignments of a branch; condition and value of an `if`, before its
/// `otherwise`; a field behind its doc comment. `open`: the one that the neighbour before stands in.
pub(super) fn part(parent: Rule, child: Rule, open: Option<Nest>) -> Option<Nest> {
    match (parent, child) {
        (Rule::branch | Rule::power, Rule::assign) => Some(Nest::Flush),
        (Rule::branch | Rule::power, Rule::AND) => open,
        (Rule::if_expr, Rule::if_else) | (Rule::field, Rule::doc) => None,
        (Rule::if_expr | Rule::field, _) => Some(Nest::Hang),
        _ => None,
    }
}
