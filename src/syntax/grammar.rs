//! The grammar, and what its rules are called before people.

pub(super) use comity_grammar::policy::{Rule, parse};

/// What pest says about a text that does not parse; its own picture of it is not used.
pub(super) type Refusal = pest::error::Error<Rule>;

/// What a rule is called in "expected …".
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// A keyword, shown as it is written: the name of its rule in small letters.
    Word,
    /// A keyword that begins a declaration.
    Starter,
    /// A keyword that begins a part of a head.
    Head,
    Mark(&'static str),
    Thing(&'static str),
    /// What may follow any operand; named only where nothing better is.
    Operator,
    /// A keyword that is an operator behind an operand, and elsewhere a word of its own.
    Infix,
    /// Never wanted by itself.
    Silent,
}

/// No `_` arm: a new rule does not compile before it has a name for people.
pub(super) fn noun(rule: Rule) -> Noun {
    use Noun::{Head, Infix, Mark, Operator, Silent, Starter, Thing, Word};
    match rule {
        Rule::EOI => Silent,
        Rule::WHITESPACE | Rule::rest_of_line | Rule::wordy | Rule::sp | Rule::gap => Silent,
        Rule::reserved | Rule::stop_word | Rule::named | Rule::prefix_letter | Rule::prefix_word => Silent,
        Rule::infix_letter | Rule::infix_word | Rule::changed => Silent,
        Rule::ident => Thing("a name"),
        Rule::string => Thing("a text in quotes"),
        Rule::doc => Silent,
        Rule::digits => Thing("a number"),
        Rule::one_expr | Rule::one_series => Thing("a value"),
        Rule::one_type => Thing("a type"),
        Rule::file | Rule::inners | Rule::item | Rule::inner | Rule::declaration | Rule::insertable => {
            Starter
        }
        Rule::replaceable => Starter,
        Rule::article | Rule::rule_ | Rule::anonymous | Rule::fact | Rule::define | Rule::outcome => Starter,
        Rule::entity | Rule::obligation | Rule::power | Rule::scenario | Rule::guarantee | Rule::annex => {
            Starter
        }
        Rule::source | Rule::office | Rule::enum_ | Rule::unit_ | Rule::function | Rule::running => Starter,
        Rule::day_word => Silent,
        Rule::calendar | Rule::agreement | Rule::use_ | Rule::amends | Rule::repeal | Rule::replace => {
            Starter
        }
        Rule::insert | Rule::substitute | Rule::set_ => Starter,
        Rule::ARTICLE | Rule::RULE | Rule::FACT | Rule::DEFINE | Rule::OUTCOME | Rule::ENTITY => Starter,
        Rule::OBLIGATION | Rule::POWER | Rule::SCENARIO | Rule::GUARANTEE | Rule::ANNEX | Rule::SOURCE => {
            Starter
        }
        Rule::OFFICE | Rule::ENUM | Rule::UNIT | Rule::FUNCTION | Rule::RUNNING | Rule::CALENDAR => Starter,
        Rule::period | Rule::PERIOD_OF => Starter,
        Rule::NAMED_BY_ITS_END => Mark("named by its end"),
        Rule::AGREEMENT | Rule::USE | Rule::AMENDS | Rule::REPEAL | Rule::REPLACE | Rule::INSERT => Starter,
        Rule::SUBSTITUTE | Rule::SET => Starter,
        Rule::text_file | Rule::TEXT | Rule::BINDING => Word,
        Rule::NON_BINDING => Mark("non-binding"),
        Rule::of_party => Mark("of"),
        Rule::choice => Thing("a name"),
        Rule::typed | Rule::field => Thing("a name"),
        Rule::where_ => Mark("where"),
        Rule::type_ => Thing("a type"),
        Rule::keyed_by | Rule::KEYED_BY => Mark("keyed by"),
        Rule::dated_by | Rule::DATED_BY => Mark("dated by"),
        Rule::known_by | Rule::KNOWN_BY => Mark("known by"),
        Rule::column => Thing("a column"),
        Rule::key => Thing("a key"),
        Rule::in_force | Rule::IN_FORCE => Mark("in force"),
        Rule::IN_PART => Mark("in part"),
        Rule::day_columns | Rule::day_column => Thing("the heading of a column"),
        Rule::KNOWN => Mark("known"),
        Rule::heading => Thing("`from` and a heading"),
        Rule::params => Mark("("),
        Rule::param => Thing("a name"),
        Rule::head_part | Rule::cites | Rule::notwithstanding | Rule::subject_to | Rule::from_ => Head,
        Rule::until_ | Rule::held_by | Rule::each_period | Rule::ends => Head,
        Rule::CITES | Rule::NOTWITHSTANDING | Rule::SUBJECT_TO | Rule::HELD_BY | Rule::ENDS | Rule::EACH => {
            Head
        }
        Rule::for_each | Rule::FOR_EACH => Head,
        Rule::citation => Thing("the name of a source"),
        Rule::rule_ref => Thing("a rule, an article or a source"),
        Rule::known_from | Rule::KNOWN_FROM => Mark("known from"),
        Rule::body | Rule::branch | Rule::assigns | Rule::assign => Thing("an outcome with `:=`"),
        Rule::else_ | Rule::if_else => Mark("otherwise"),
        Rule::lasting => Mark("until"),
        Rule::requires => Mark("requires"),
        Rule::keys => Thing("a value"),
        Rule::running_line => Mark("define"),
        Rule::given => Mark("given"),
        Rule::expect => Mark("expect"),
        Rule::stated_through | Rule::STATED_THROUGH => Mark("stated through"),
        Rule::act => Mark("act"),
        Rule::setting | Rule::row | Rule::given_line | Rule::cell | Rule::given_fact => Thing("a name"),
        Rule::series | Rule::cell_series | Rule::stated => Thing("a value"),
        Rule::bounded | Rule::AT_BOUND => Mark("at least"),
        Rule::between | Rule::BETWEEN => Word,
        Rule::target => Thing("`rule`, `define`, `obligation`, `power` or `guarantee` with its name"),
        Rule::plain => Thing("a value written out"),
        Rule::expr | Rule::if_expr | Rule::flat | Rule::narrow | Rule::operand => Thing("a value"),
        Rule::prefix | Rule::narrow_prefix | Rule::narrow_word | Rule::bracketed | Rule::bool => {
            Thing("a value")
        }
        Rule::braces
        | Rule::codes
        | Rule::code_end
        | Rule::path
        | Rule::literal
        | Rule::quantity
        | Rule::money_first => Thing("a value"),
        Rule::aggregate_of | Rule::last_start_of | Rule::edge_of_period => Thing("a value"),
        Rule::attribute_of | Rule::top_up | Rule::currency => Thing("a value"),
        Rule::compound | Rule::compound_of | Rule::amount => Thing("a value"),
        Rule::number => Thing("a number"),
        Rule::suffix
        | Rule::narrow_suffix
        | Rule::infix
        | Rule::narrow_infix
        | Rule::mark
        | Rule::is_
        | Rule::IS => Operator,
        Rule::args | Rule::dot | Rule::compare | Rule::plus | Rule::minus | Rule::times | Rule::divide => {
            Operator
        }
        Rule::but_at | Rule::AS_OF | Rule::AS_KNOWN_ON | Rule::UNDER | Rule::WITHIN | Rule::OR => Operator,
        Rule::percent | Rule::loose_percent | Rule::multiplier | Rule::business | Rule::business_days => {
            Operator
        }
        Rule::unit | Rule::rounding => Operator,
        Rule::rounded => Infix,
        Rule::state => Thing("a state such as `done` or `breached`"),
        Rule::mode => Thing("a way of rounding such as `half up`"),
        Rule::lparen => Mark("("),
        Rule::rparen => Mark(")"),
        Rule::lbrace => Mark("{"),
        Rule::rbrace => Mark("}"),
        Rule::comma => Mark(","),
        Rule::colon => Mark(":"),
        Rule::eq => Mark("="),
        Rule::assigned => Mark(":="),
        Rule::arrow => Mark("->"),
        Rule::PERIOD => Thing("`year`, `quarter` or `month`"),
        Rule::AND | Rule::BY | Rule::OF | Rule::IN | Rule::TO | Rule::WHERE | Rule::ROUNDED => Infix,
        Rule::SINCE | Rule::THROUGH | Rule::OVER_DAYS_FROM => Infix,
        Rule::IF
        | Rule::THEN
        | Rule::OTHERWISE
        | Rule::NOT
        | Rule::OVER_TIME
        | Rule::KNOWN_ON
        | Rule::ACT => Word,
        Rule::ANNOUNCEMENT | Rule::CUMULATIVE => Word,
        Rule::EFFECTIVE | Rule::EVERYWHERE | Rule::EXPECT | Rule::FOR | Rule::FROM | Rule::GIVEN => Word,
        Rule::ON | Rule::OVER | Rule::PER | Rule::REQUIRES | Rule::STARTING | Rule::UNTIL | Rule::WHOLE => {
            Word
        }
        Rule::WITH => Word,
    }
}
