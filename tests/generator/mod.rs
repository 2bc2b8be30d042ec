//! Policies by the throw of dice, as text: every construct of the language, with facts that suit them.
//!
//! One seed and a mask of features are one [`Made`]: a policy that checks, its facts as YAML, its rows as CSV. Expressions
//! are made by type ([`exprs`]), so that nearly all of them compile; what is written never depends on how Comity reads it.

mod amend;
mod conduct;
mod dice;
mod exprs;
mod facts;
mod rules;

pub use dice::Dice;
pub use exprs::Type;

use exprs::Scope;
use std::fmt::Write as _;

/// Which constructs may be written.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// `until C` and `for W` after `then`, `last start of`.
    pub past: bool,
    /// Duties, powers and acts.
    pub conduct: bool,
    pub running: bool,
    /// Rows with a day of their own.
    pub dated: bool,
    /// `as of`, `as known on`.
    pub shifts: bool,
    /// Aggregates over tables, also in defaults.
    pub aggregates: bool,
}

impl Features {
    pub const ALL: Features =
        Features { past: true, conduct: true, running: true, dated: true, shifts: true, aggregates: true };

    /// Some of them, so that each meets few others now and then.
    pub fn some(dice: &mut Dice) -> Features {
        let mut on = || !dice.one_in(3);
        Features { past: on(), conduct: on(), running: on(), dated: on(), shifts: on(), aggregates: on() }
    }
}

/// A policy with facts for it.
pub struct Made {
    pub policy: String,
    /// `list.csv`, its annex.
    pub annex: String,
    /// A facts file with all but the rows of `entry`.
    pub facts: String,
    /// The rows of `entry`.
    pub entries: String,
    /// Names with their type; `true`: for each entry.
    pub outcomes: Vec<(String, Type, bool)>,
    /// Of rules and their literals, for amendments.
    pub rules: Vec<Rule>,
}

/// What an amendment can take hold of.
#[derive(Clone)]
pub struct Rule {
    pub name: String,
    pub text: String,
}

pub const KINDS: [&str; 5] = ["alpha", "beta", "gamma", "delta", "epsilon"];
pub const CODES: [&str; 6] = ["8703.20", "8703.23.01", "87", "8802", "0101.21", "6202.40.45"];
pub const COUNTRIES: [&str; 4] = ["JP", "KR", "CH", "US"];
/// Days about which everything happens.
pub const DAYS: [&str; 6] =
    ["2025-12-31", "2026-01-15", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-20"];
/// The days on which answers are worth asking.
pub const FROM: &str = "2025-12-20";
pub const TO: &str = "2026-05-31";

impl Made {
    /// The facts file with the rows of `entry` too.
    pub fn all_facts(&self) -> String {
        let entries = "rows:\n  entry: entry.csv\n";
        match self.facts.contains("rows:\n") {
            true => self.facts.replace("rows:\n", entries),
            false => format!("{}{entries}", self.facts),
        }
    }
}

pub fn make(seed: u64, features: Features) -> Made {
    let mut dice = Dice::new(seed);
    Maker::new(&mut dice, features).make()
}

/// What has been declared so far, and the text.
struct Maker<'d> {
    dice: &'d mut Dice,
    features: Features,
    text: String,
    /// What may be read: name as written, type, and for which rows.
    names: Vec<Name>,
    /// Tests of duties and powers.
    conduct: Vec<String>,
    dated: bool,
    rules: Vec<Rule>,
    outcomes: Vec<(String, Type, bool)>,
    powers: Vec<facts::Power>,
}

#[derive(Clone)]
struct Name {
    text: String,
    ty: Type,
    /// The row that must be in sight.
    row: Option<&'static str>,
}

impl<'d> Maker<'d> {
    fn new(dice: &'d mut Dice, features: Features) -> Maker<'d> {
        let dated = features.dated && !dice.one_in(3);
        Maker {
            dice,
            features,
            text: String::new(),
            names: Vec::new(),
            conduct: Vec::new(),
            dated,
            rules: Vec::new(),
            outcomes: Vec::new(),
            powers: Vec::new(),
        }
    }

    fn make(mut self) -> Made {
        self.declare_facts();
        self.declare_rows();
        self.declare_defines();
        if self.features.running {
            self.declare_running();
        }
        self.declare_outcome("o0", None);
        if self.features.conduct {
            self.declare_conduct();
        }
        self.declare_outcome("o1", None);
        self.declare_outcome("p0", Some("entry"));
        self.declare_outcome("p1", Some("entry"));
        if self.dice.one_in(2) {
            self.declare_outcome("o2", None);
        }
        let (facts, entries) = self.state();
        Made {
            policy: self.text,
            annex: facts::ANNEX.to_string(),
            facts,
            entries,
            outcomes: self.outcomes,
            rules: self.rules,
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn knows(&mut self, text: &str, ty: Type, row: Option<&'static str>) {
        self.names.push(Name { text: text.to_string(), ty, row });
    }

    /// Facts that are stated or have plain defaults; those whose defaults read tables come with the rows.
    fn declare_facts(&mut self) {
        self.text.push_str(
            "agreement made between US and JP\noffice ann of US\noffice bob of JP\ncalendar us_federal\n\
             enum Kind = alpha, beta (gamma, delta), epsilon\n\
             source act1 \"First act\" binding\nsource act2 \"Second act\" non-binding\n\
             annex list from \"list.csv\" (code) -> rate : number = 0, flag : bool = false, note : text = \"none\", kind : Kind\n\
             fact a : number over time\nfact b : number over time = 2\nfact rising : number over time cumulative\n\
             fact open : number\nfact flag : bool over time = false\nfact sure : bool\nfact money : USD = 250.50 USD\n\
             fact tax : rate over time = 15%\nfact d : date = 2026-02-15\nfact e : date\nfact moved : date over time = 2026-03-01\n\
             fact kind : Kind over time\nfact good_code : code = 8703.20\nfact wait : duration = 10 days\n\
             function twice(x : number, y : date) : number = if y <= today then x + x otherwise x\n\
             function late(y : date) : bool = today > y + 20 days\n",
        );
        let names = [
            ("a", Type::Number),
            ("b", Type::Number),
            ("rising", Type::Number),
            ("open", Type::Number),
            ("flag", Type::Bool),
            ("sure", Type::Bool),
            ("money", Type::Money),
            ("tax", Type::Rate),
            ("d", Type::Date),
            ("e", Type::Date),
            ("moved", Type::Date),
            ("kind", Type::Kind),
            ("good_code", Type::Code),
        ];
        for (name, ty) in names {
            self.knows(name, ty, None);
        }
    }

    /// Two tables; defaults read own fields, other facts, and whole tables.
    fn declare_rows(&mut self) {
        let aggregates = self.features.aggregates;
        self.line("entity good keyed by id { id : text v : number over time w : number = b }");
        for (name, ty) in [("good.v", Type::Number), ("good.w", Type::Number)] {
            self.knows(name, ty, Some("good"));
        }
        if aggregates {
            let over = ["sum", "max", "average"][self.dice.below(3) as usize];
            self.line(&format!("fact level : number = {over} of entry.n for each entry"));
            self.line("fact total : USD over time = sum of entry.value for each entry where entry.flag");
            self.line("fact goods : number = count of good where good.w > 1");
            for (name, ty) in [("level", Type::Number), ("total", Type::Money), ("goods", Type::Number)] {
                self.knows(name, ty, None);
            }
        }
        let head = if self.dated { " dated by on" } else { "" };
        let size = if aggregates && self.dice.one_in(2) { " = level / 2" } else { " = entry.n + 1" };
        let share = if aggregates && self.dice.one_in(2) { " = entry.n / goods" } else { "" };
        let due = if self.dice.one_in(2) { " = entry.on" } else { "" };
        let _ = writeln!(
            self.text,
            "entity entry keyed by line{head} {{\n  line : text\n  on : date\n  n : number\n  value : USD\n  flag : bool\n  \
             k : Kind\n  h : code\n  c : country\n  who : text\n  size : number{size}\n  share : number{share}\n  \
             due : date{due}\n  part : number over time = 1\n  term : duration = 30 days\n}}"
        );
        let fields = [
            ("entry.on", Type::Date),
            ("entry.n", Type::Number),
            ("entry.value", Type::Money),
            ("entry.flag", Type::Bool),
            ("entry.k", Type::Kind),
            ("entry.h", Type::Code),
            ("entry.c", Type::Country),
            ("entry.who", Type::Text),
            ("entry.size", Type::Number),
            ("entry.share", Type::Number),
            ("entry.due", Type::Date),
            ("entry.part", Type::Number),
        ];
        for (name, ty) in fields {
            self.knows(name, ty, Some("entry"));
        }
    }

    fn declare_defines(&mut self) {
        for at in 0..2 + self.dice.below(3) {
            let row = if self.dice.one_in(2) { Some("entry") } else { None };
            let ty =
                self.dice.one(&[Type::Number, Type::Bool, Type::Date, Type::Money]).unwrap_or(Type::Number);
            let value = self.expr(ty, 2, &Scope::of(row));
            let head = row.map(|row| format!(" for each {row}")).unwrap_or_default();
            let name = format!("v{at}");
            self.line(&format!("define {name} : {}{head} = {value}", ty.name()));
            self.knows(&name, ty, row);
        }
    }

    fn declare_running(&mut self) {
        let by = self.dice.pick(&["entry.on, entry.line", "entry.line", "entry.n, entry.line"]);
        let per = self.dice.pick(&["", "", " per entry.k", " per year of entry.on, entry.flag"]);
        let start = self.expr(Type::Number, 0, &Scope::of(None));
        let most = self.expr(Type::Number, 1, &Scope::of(Some("entry")));
        self.line(&format!(
            "running room over entry by {by}{per} starting {start} {{\n  \
             define filled : number for each entry = room but at most {most}\n  room := room - filled\n}}"
        ));
        self.knows("filled", Type::Number, Some("entry"));
    }
}
