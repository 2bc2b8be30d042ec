//! What was written: declarations and expressions with their places, and no meaning yet.
//!
//! A tree never holds an error: text that does not parse has no tree. Long chains (`a or b or …`, `a + b - c …`) are
//! flat lists, so depth is bounded by the brackets of the text.

mod expr;

pub use expr::*;

use crate::text::Span;
use crate::value::{OwnYear, Period};

/// A word that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// A quoted text, without its quotes; the place has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    pub text: String,
    pub span: Span,
}

/// One file of a policy.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub items: Vec<Item>,
    /// Stretches of the text that could not be read: what they declare is not known to be missing.
    pub unread: Vec<Span>,
}

/// A declaration with its doc comment (`##` lines joined by newlines).
#[derive(Clone, Debug)]
pub struct Item {
    pub doc: Option<String>,
    pub kind: Decl,
    /// From the first word to the last sign of the declaration.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Decl {
    Agreement(Agreement),
    Use(Quoted),
    Source(Instrument),
    Calendar(Calendar),
    Period(PeriodDecl),
    Office(Office),
    Unit(Unit),
    Enum(Enum),
    Fact(Fact),
    Entity(Entity),
    Annex(Annex),
    Define(Define),
    Function(Function),
    Outcome(Outcome),
    Rule(Rule),
    Obligation(Obligation),
    Power(Power),
    Running(Running),
    Scenario(Scenario),
    Guarantee(Guarantee),
    Article(Article),
    Amends(Amends),
    Repeal(Repeal),
    /// `replace …`: the new text of what has the same name.
    Replace(Box<Item>),
    Insert(Insert),
    Substitute(Substitute),
    /// `set pledged = 350 billion USD`
    Set {
        name: Name,
        value: Expr,
    },
}

/// `agreement japan "title" between US and JP`
#[derive(Clone, Debug)]
pub struct Agreement {
    pub name: Name,
    pub title: Option<Quoted>,
    pub parties: Vec<Name>,
}

/// `source EO14345 "title" binding text "file"`
#[derive(Clone, Debug)]
pub struct Instrument {
    pub name: Name,
    pub title: Quoted,
    pub binding: Option<bool>,
    pub text: Option<Quoted>,
}

/// `calendar both = us_federal and jp_holidays`
#[derive(Clone, Debug)]
pub struct Calendar {
    pub name: Name,
    pub parts: Vec<Name>,
}

/// `period fiscal = year from 10-01 named by its end`
#[derive(Clone, Debug)]
pub struct PeriodDecl {
    pub name: Name,
    pub year: OwnYear,
}

/// What a recurring duty is owed for.
#[derive(Clone, Debug)]
pub enum EachPeriod {
    Calendar(Period),
    Named(Name),
}

/// `office president of US "title"`
#[derive(Clone, Debug)]
pub struct Office {
    pub name: Name,
    pub party: Option<Name>,
    pub title: Option<Quoted>,
}

/// `unit vehicle whole`, `unit tonne = 1000 kg`
#[derive(Clone, Debug)]
pub struct Unit {
    pub name: Name,
    pub whole: bool,
    pub value: Option<Quantity>,
}

/// `enum Sector = pharma, energy (nuclear, grid (storage))`
#[derive(Clone, Debug)]
pub struct Enum {
    pub name: Name,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub name: Name,
    pub inner: Vec<Choice>,
}

/// A type as written: one name, or a product of units (`USD/kg`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpr {
    /// Each name with its exponent, 1 or -1, as it stands.
    pub parts: Vec<(Name, i8)>,
    pub span: Span,
}

/// `fact disbursed : USD over time cumulative = 0 USD where disbursed >= 0 USD`; the same shape for fields.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: Name,
    pub ty: TypeExpr,
    pub over_time: bool,
    pub cumulative: bool,
    /// From the name to what its default or `where` would follow.
    pub stem: Span,
    pub default: Option<Expr>,
    pub condition: Option<Expr>,
}

/// `entity entry keyed by line dated by entered known by published { … }`
#[derive(Clone, Debug)]
pub struct Entity {
    pub name: Name,
    pub key: Option<Name>,
    pub dated: Option<Name>,
    pub known: Option<Name>,
    pub fields: Vec<Field>,
}

/// A field with its doc comment.
#[derive(Clone, Debug)]
pub struct Field {
    pub doc: Option<String>,
    pub fact: Fact,
    pub span: Span,
}

/// `annex hts from "hts.csv" (code) -> general : rate = 0%`
#[derive(Clone, Debug)]
pub struct Annex {
    pub name: Name,
    /// The file does not list everything.
    pub in_part: bool,
    pub file: Quoted,
    /// Without defaults; those without a name or heading are the first columns.
    pub keys: Vec<Column>,
    pub in_force: Option<InForce>,
    pub columns: Vec<Column>,
}

/// `in force since known told until through`: the columns that say when a line is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    pub from: DayColumns,
    pub until: Option<DayColumns>,
}

/// The heading of a column of days, and of one that says from when each of them is known.
#[derive(Clone, Debug)]
pub struct DayColumns {
    pub day: Quoted,
    pub known: Option<Quoted>,
}

#[derive(Clone, Debug)]
pub struct Column {
    /// One column may go unnamed.
    pub name: Option<Name>,
    pub ty: TypeExpr,
    /// `from "HTS Number"`: how the file calls it.
    pub heading: Option<Quoted>,
    pub default: Option<Expr>,
}

/// `for each E`, `for each other in E`
#[derive(Clone, Debug)]
pub struct ForEach {
    /// The name of the row.
    pub row: Name,
    /// The entity, where another name is given to the row.
    pub entity: Option<Name>,
    pub span: Span,
}

/// `define ave : rate for each entry = …`
#[derive(Clone, Debug)]
pub struct Define {
    pub name: Name,
    pub ty: Option<TypeExpr>,
    pub for_each: Option<ForEach>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Name,
    pub ty: TypeExpr,
}

/// `function f(x : rate) : rate = …`
#[derive(Clone, Debug)]
pub struct Function {
    pub name: Name,
    pub params: Vec<Param>,
    pub ty: TypeExpr,
    pub value: Expr,
}

/// `rounded half up to 0.01 USD`
#[derive(Clone, Debug)]
pub struct Rounded {
    pub mode: crate::value::Rounding,
    pub step: Quantity,
    pub step_span: Span,
    pub span: Span,
}

/// `outcome duty : USD rounded to 0.01 USD for each entry otherwise 0 USD`
#[derive(Clone, Debug)]
pub struct Outcome {
    pub name: Name,
    pub ty: TypeExpr,
    pub rounded: Option<Rounded>,
    pub for_each: Option<ForEach>,
    pub otherwise: Option<Expr>,
}

/// A day in a head, with the day from which it was known.
#[derive(Clone, Debug)]
pub struct Dated {
    pub day: Expr,
    pub known: Option<Expr>,
}

/// `cites EO14345 "sec. 2(a)"`
#[derive(Clone, Debug)]
pub struct Citation {
    pub source: Name,
    pub place: Option<Quoted>,
}

/// What `notwithstanding` and `subject to` may name: `article 2`, or a rule, power or source.
#[derive(Clone, Debug)]
pub enum RuleRef {
    Article { number: u32, span: Span },
    Named(Name),
}

impl RuleRef {
    pub fn span(&self) -> Span {
        match self {
            RuleRef::Article { span, .. } => *span,
            RuleRef::Named(name) => name.span,
        }
    }
}

/// `held by A`, `held by A and B`, `held by A or B`
#[derive(Clone, Debug)]
pub struct HeldBy {
    pub names: Vec<Name>,
    /// `and`: all of them, in one act.
    pub together: bool,
}

/// The parts of a head; each declaration allows its own. A part written twice is a syntax error.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub for_each: Option<ForEach>,
    pub cites: Vec<Citation>,
    pub notwithstanding: Vec<RuleRef>,
    pub subject_to: Vec<RuleRef>,
    pub from: Option<Dated>,
    pub until: Option<Dated>,
    pub held_by: Option<HeldBy>,
    pub each: Option<(EachPeriod, Span)>,
    pub ends: Vec<Name>,
    /// The empty place where the parts begin, and the places of two of them with their words.
    pub start: Span,
    pub from_span: Option<Span>,
    pub until_span: Option<Span>,
}

/// `rule NAME "title" HEAD: BODY`, or a bare `if … then …`, which has no name.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: Option<Name>,
    pub title: Option<Quoted>,
    pub head: Head,
    pub body: Body,
}

/// The branches of a rule, first to last: each `otherwise` means "and none of the conditions before".
#[derive(Clone, Debug)]
pub struct Body {
    pub branches: Vec<Branch>,
    /// `until C` or `for DURATION` after the first branch.
    pub lasting: Option<Lasting>,
}

#[derive(Clone, Debug)]
pub struct Branch {
    pub condition: Option<Expr>,
    pub assigns: Vec<Assign>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Assign {
    pub target: Name,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Lasting {
    Until(Expr),
    For(Expr),
}

/// `obligation NAME HEAD: [if C then] PERFORMANCE by D`; the grammar has made sure that `by` or `within` is outermost.
#[derive(Clone, Debug)]
pub struct Obligation {
    pub name: Name,
    pub title: Option<Quoted>,
    pub head: Head,
    pub condition: Option<Expr>,
    pub performance: Expr,
    pub deadline: Deadline,
}

#[derive(Clone, Debug)]
pub enum Deadline {
    By(Expr),
    Within { wait: Expr, start: Expr },
}

/// `power NAME(PARAMS) HEAD requires C … then …`
#[derive(Clone, Debug)]
pub struct Power {
    pub name: Name,
    pub params: Vec<Param>,
    pub title: Option<Quoted>,
    pub head: Head,
    pub requires: Vec<Expr>,
    pub effect: Vec<Assign>,
    pub lasting: Option<Lasting>,
}

/// `running NAME over E by KEY, … per KEY, … starting EXPR { … }`
#[derive(Clone, Debug)]
pub struct Running {
    pub name: Name,
    pub entity: Name,
    pub keys: Vec<Expr>,
    pub per: Vec<Expr>,
    pub starting: Expr,
    /// `define …` lines.
    pub defines: Vec<(Option<String>, Define)>,
    /// `NAME := EXPR` lines; meaning wants exactly one.
    pub assigns: Vec<Assign>,
}

#[derive(Clone, Debug)]
pub struct Scenario {
    pub title: Quoted,
    pub givens: Vec<Given>,
    pub expects: Vec<Expect>,
}

#[derive(Clone, Debug)]
pub struct Given {
    pub kind: GivenKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum GivenKind {
    /// `given disbursed = …`, `given disbursed at least …`
    Fact {
        name: Name,
        series: Series,
    },
    /// `given entry "e1" { value = 100 USD, … }`
    Row {
        entity: Name,
        key: Quoted,
        cells: Vec<Cell>,
    },
    /// `given a(8481.80.30.00) { metal = steel, … }`; of an annex with one column `given a(8481.80.30.00) = 5%`, a cell without a
    /// name.
    Line {
        annex: Name,
        keys: Vec<Expr>,
        cells: Vec<Cell>,
    },
    /// `given act select("ohio") by president on 2026-02-17 known from … with …`, or an announcement.
    Act(Act),
    StatedThrough(Expr),
}

#[derive(Clone, Debug)]
pub struct Cell {
    pub field: Name,
    pub series: Series,
    pub span: Span,
}

/// Stated values, each from its day: one without `from` holds from the first day.
#[derive(Clone, Debug)]
pub struct Series {
    pub statements: Vec<Stated>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Stated {
    pub value: StatedValue,
    pub from: Option<Dated>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StatedValue {
    Exactly(Expr),
    AtLeast(Expr),
    AtMost(Expr),
    Between(Expr, Expr),
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Act {
    pub announced: bool,
    pub power: Name,
    pub row: Option<Expr>,
    /// More than one: together.
    pub by: Vec<Name>,
    pub on: Dated,
    pub with: Vec<(Name, Expr)>,
}

/// `expect EXPR on D known on K`
#[derive(Clone, Debug)]
pub struct Expect {
    pub what: Expr,
    pub on: Option<Expr>,
    pub known: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Guarantee {
    pub name: Name,
    pub for_each: Option<ForEach>,
    pub from: Option<Dated>,
    pub until: Option<Dated>,
    pub what: Expr,
}

#[derive(Clone, Debug)]
pub struct Article {
    pub number: u32,
    pub number_span: Span,
    pub title: Option<Quoted>,
    pub head: Head,
    pub items: Vec<Item>,
}

/// `amends "japan.comity" effective 2026-09-01 known from 2026-08-20`
#[derive(Clone, Debug)]
pub struct Amends {
    pub base: Quoted,
    pub effective: Option<Dated>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Rule,
    Define,
    Obligation,
    Power,
    Guarantee,
}

#[derive(Clone, Debug)]
pub enum RepealTarget {
    Named(TargetKind, Name),
    Article {
        number: u32,
        span: Span,
    },
    /// `scenario "title"`
    Scenario(Quoted),
}

#[derive(Clone, Debug)]
pub struct Repeal {
    pub target: RepealTarget,
    pub from: Option<Dated>,
}

#[derive(Clone, Debug)]
pub struct Insert {
    pub article: Option<(u32, Span)>,
    pub item: Box<Item>,
}

/// `substitute 15% for 25% in rule standing everywhere`
#[derive(Clone, Debug)]
pub struct Substitute {
    pub new: Expr,
    pub old: Expr,
    pub kind: TargetKind,
    pub target: Name,
    pub everywhere: bool,
}
