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
pub use facts::Stated;

use exprs::Scope;

/// Which constructs may be written.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// `until C` and `for W` after `then`, `last start of`.
    pub past: bool,
    /// Duties, powers and acts.
    pub conduct: bool,
    pub running: bool,
    /// Rows with a day of their own, and with one from which they are known.
    pub dated: bool,
    /// `as of`, `as known on`.
    pub shifts: bool,
    /// Aggregates over tables, also in defaults.
    pub aggregates: bool,
    /// Choices, codes, countries, texts and annexes.
    pub words: bool,
    pub rounding: bool,
    /// Annexes that are listed in part, now and then, of which lines are stated.
    pub in_part: bool,
    /// The most rows of `entry` that are stated.
    pub rows: u64,
    /// Of so many facts one is not stated.
    pub silent: u64,
}

impl Features {
    pub const ALL: Features = Features {
        past: true,
        conduct: true,
        running: true,
        dated: true,
        shifts: true,
        aggregates: true,
        words: true,
        rounding: true,
        in_part: false,
        rows: 11,
        silent: 5,
    };

    /// Some of them, so that each meets few others now and then.
    pub fn some(self, dice: &mut Dice) -> Features {
        let mut on = |has: bool| has && !dice.one_in(3);
        Features {
            past: on(self.past),
            conduct: on(self.conduct),
            running: on(self.running),
            dated: on(self.dated),
            shifts: on(self.shifts),
            aggregates: on(self.aggregates),
            words: on(self.words),
            rounding: on(self.rounding),
            in_part: on(self.in_part),
            ..self
        }
    }
}

/// A policy with facts for it.
pub struct Made {
    pub policy: String,
    pub facts: Stated,
    pub outcomes: Vec<Outcome>,
    /// Of rules and their literals, for amendments.
    pub rules: Vec<Rule>,
    /// Of running totals.
    pub running: Vec<Running>,
    features: Features,
    powers: Vec<facts::Power>,
    /// Whether annexes are listed in part.
    pub in_part: bool,
}

#[derive(Clone)]
pub struct Outcome {
    pub name: String,
    pub ty: Type,
    /// For each row of which entity.
    pub row: Option<&'static str>,
}

/// What an amendment can take hold of.
#[derive(Clone)]
pub struct Rule {
    pub name: String,
    pub text: String,
}

/// A running total: what it is called, over what it runs, and its parts as they are written.
#[derive(Clone)]
pub struct Running {
    pub name: &'static str,
    pub row: &'static str,
    pub own: &'static str,
    pub by: &'static str,
    pub per: &'static str,
    pub starting: String,
    pub taken: String,
    pub next: String,
}

impl Running {
    fn written(&self) -> String {
        let Running { name, row, own, by, per, starting, taken, next } = self;
        let per = if per.is_empty() { String::new() } else { format!(" per {per}") };
        format!(
            "running {name} over {row} by {by}{per} starting {starting} {{\n  \
             define {own} : number for each {row} = {taken}\n  {name} := {next}\n}}"
        )
    }

    /// In its place a fact of its name, which says what is carried to a row, and its parts as defines: `starts`, `leaves`,
    /// `key0`, `group0` and so on.
    pub fn apart(&self) -> String {
        let Running { name, row, own, by, per, starting, taken, next } = self;
        let head = format!(" for each {row}");
        let list = |name: &str, list: &str| -> String {
            let keys = list.split(", ").filter(|key| !key.is_empty()).enumerate();
            keys.map(|(at, key)| format!("define {name}{at}{head} = {key}\n")).collect()
        };
        format!(
            "fact {name} : number\ndefine {own}{head} = {taken}\ndefine leaves{head} = {next}\n\
             define starts{head} = {starting}\n{}{}",
            list("key", by),
            list("group", per)
        )
    }
}

pub const KINDS: [&str; 6] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
pub const CODES: [&str; 6] = ["8703.20", "8703.23.01", "87", "8802", "0101.21", "6202.40.45"];
pub const COUNTRIES: [&str; 4] = ["JP", "KR", "CH", "US"];
/// Constants, about which cells lie as well.
pub const NUMBERS: [&str; 12] =
    ["0", "1", "2", "3", "4", "0.15", "0.025", "-3", "250", "7.05", "1000", "0.5"];
/// Days about which everything happens.
pub const DAYS: [&str; 6] =
    ["2025-12-31", "2026-01-15", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-20"];
/// The days on which answers are worth asking.
pub const FROM: &str = "2025-12-20";
pub const TO: &str = "2026-05-31";

/// The annexes of every policy: of one key, of two, of which a code finds a shorter one where the longer has no such second
/// key, and of three.
pub const ANNEXES: [(&str, &str); 4] = [
    (
        "list.csv",
        "code,rate,flag,note,kind\n87,0.025,true,cars,beta\n8703.23,0.0035,,trucks,gamma\n8802,,false,,alpha\n0101,1/3,true,horses,\n",
    ),
    (
        "pairs.csv",
        "code,country,rate\n87,JP,0.1\n87,KR,0.025\n8703.23,JP,\n8703,CH,1/3\n8802,JP,7\n0101.21,US,0\n",
    ),
    (
        "triples.csv",
        "kind,flag,code,name,weight\nbeta,true,87,cars,12\nbeta,false,8703,few,0.5\ngamma,true,6202,,3\nalpha,true,8703.23,all,-1\n",
    ),
    (
        "stages.csv",
        "code,country,since,told,through,ended,duty,stage\n\
         87,*,,,2026-01-15,,4,base\n87,*,2026-01-15,,,,3,\n8703,JP,2026-01-31,2026-02-28,2026-04-20,2026-03-31,2,\n\
         8703.23.01,JP,,,2026-03-31,,,late\n8703.20,KR,2026-02-28,,,,unknown,\n*,US,2026-01-15,,2026-03-31,,0.15,any\n\
         8802,CH,2025-12-31,,2026-02-28,2026-03-31,7,first\n8802,CH,2026-03-31,2026-03-31,,,,second\n0101,*,,,,,250,\n",
    ),
];

impl Made {
    /// The policy with the parts of a running total in its place.
    pub fn apart(&self, running: &Running) -> String {
        self.policy.replacen(&running.written(), &running.apart(), 1)
    }

    /// Other facts for the same policy.
    pub fn stated(&self, dice: &mut Dice) -> Stated {
        facts::Stater { dice, powers: &self.powers, features: self.features, in_part: self.in_part }.state()
    }
}

pub fn make(seed: u64, features: Features) -> Made {
    made(&mut Dice::new(seed), features)
}

pub fn made(dice: &mut Dice, features: Features) -> Made {
    Maker::new(dice, features).make()
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
    /// In the block of a running total, which is read on the row's own day alone.
    block: bool,
    rules: Vec<Rule>,
    running: Vec<Running>,
    outcomes: Vec<Outcome>,
    powers: Vec<facts::Power>,
    in_part: bool,
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
        Maker {
            dice,
            features,
            text: String::new(),
            names: Vec::new(),
            conduct: Vec::new(),
            block: false,
            rules: Vec::new(),
            running: Vec::new(),
            outcomes: Vec::new(),
            powers: Vec::new(),
            in_part: false,
        }
    }

    fn make(mut self) -> Made {
        self.declare_facts();
        self.declare_rows();
        self.declare_defines();
        if self.features.running {
            self.declare_running("entry", "room", "filled");
            if self.dice.one_in(2) {
                self.declare_running("good", "level", "stock");
            }
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
        if self.dice.one_in(2) {
            self.declare_outcome("q0", Some("good"));
        }
        let mut made = Made {
            policy: self.text,
            facts: Stated::default(),
            outcomes: self.outcomes,
            rules: self.rules,
            running: self.running,
            features: self.features,
            powers: self.powers,
            in_part: self.in_part,
        };
        made.facts = made.stated(self.dice);
        made
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn knows(&mut self, text: &str, ty: Type, row: Option<&'static str>) {
        self.names.push(Name { text: text.to_string(), ty, row });
    }

    fn know_all(&mut self, row: Option<&'static str>, names: &[(&str, Type)]) {
        for (name, ty) in names.iter().filter(|(_, ty)| self.features.words || !ty.is_word()) {
            self.names.push(Name { text: (*name).to_string(), ty: *ty, row });
        }
    }

    /// ` = VALUE`, or nothing.
    fn default(&mut self, value: &str) -> String {
        if self.dice.one_in(2) { format!(" = {value}") } else { String::new() }
    }

    /// Facts that are stated or have plain defaults; those whose defaults read tables come with the rows.
    fn declare_facts(&mut self) {
        self.in_part = self.features.in_part && self.features.words && self.dice.one_in(2);
        let part = if self.in_part { " in part" } else { "" };
        let text = "agreement made between US and JP\noffice ann of US\noffice bob of JP\ncalendar us_federal\n\
             period fiscal = year from 10-01\nperiod tax_year = year from 03-16 named by its end\n\
             enum Kind = alpha, beta (gamma, delta), epsilon, zeta\n\
             source act1 \"First act\" binding\nsource act2 \"Second act\" non-binding\n\
             annex listPART from \"list.csv\" (code) -> rate : number = 0, flag : bool = false, note : text = \"none\", kind : Kind\n\
             annex pairPART from \"pairs.csv\" (code, country) -> rate : number = 2\n\
             annex stagesPART from \"stages.csv\" (code, country) in force since known told until through known ended -> \
             duty : number = 1, stage : text = \"none\"\n\
             annex triple from \"triples.csv\" (Kind, bool, code) -> name : text = \"none\", weight : number\n\
             fact a : number over time\nfact b : number over time = 2\nfact rising : number over time cumulative\n\
             fact open : number\nfact flag : bool over time = false\nfact sure : bool\nfact money : USD = 250.50 USD\n\
             fact tax : rate over time = 15%\nfact d : date = 2026-02-15\nfact e : date\nfact moved : date over time = 2026-03-01\n\
             fact kind : Kind over time\nfact good_code : code = 8703.20\nfact wait : duration = 10 days\n\
             function twice(x : number, y : date) : number = if y <= today then x + x otherwise x\n\
             function late(y : date) : bool = today > y + 20 days";
        self.line(&text.replace("PART", part));
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
            ("wait", Type::Wait),
        ];
        self.know_all(None, &names);
    }

    /// Two tables; defaults read own fields, other facts, and whole tables.
    fn declare_rows(&mut self) {
        let aggregates = self.features.aggregates;
        self.line("entity good keyed by id { id : text v : number over time w : number = b }");
        self.know_all(Some("good"), &[("good.v", Type::Number), ("good.w", Type::Number)]);
        if aggregates {
            self.declare_totals();
        }
        let mut head = String::new();
        let mut seen = "";
        if self.features.dated && !self.dice.one_in(3) {
            head.push_str(" dated by on");
            if self.dice.one_in(4) {
                head.push_str(" known by seen");
                seen = "  seen : date = entry.on\n";
            }
        }
        let size = if aggregates && self.dice.one_in(2) { "level0 / 2" } else { "entry.n * 2 + 1" };
        let size = self.default(size);
        let share =
            if aggregates { self.default("entry.n / goods") } else { self.default("entry.n but at least b") };
        let [late, due, kind, term, flag] =
            ["entry.n > 2", "entry.on", "beta", "30 days", "true"].map(|value| self.default(value));
        self.line(&format!(
            "entity entry keyed by line{head} {{\n  line : text\n{seen}  on : date\n  n : number\n  value : USD\n  flag : bool{flag}\n  \
             k : Kind{kind}\n  h : code\n  c : country\n  who : text\n  size : number{size}\n  share : number{share}\n  \
             due : date{due}\n  late : bool{late}\n  part : number over time = 1\n  term : duration{term}\n}}"
        ));
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
            ("entry.late", Type::Bool),
            ("entry.part", Type::Number),
            ("entry.term", Type::Wait),
        ];
        self.know_all(Some("entry"), &fields);
    }

    /// Facts whose defaults read tables whole, each in another way.
    fn declare_totals(&mut self) {
        let over = self.dice.pick(&["sum", "max", "average"]);
        let only = self.dice.pick(&["", " where entry.late", " where entry.on < today"]);
        self.line(&format!("fact level0 : number = {over} of entry.n for each entry{only}"));
        self.line("fact total : USD over time = sum of entry.value for each entry where entry.flag");
        let goods = self.dice.pick(&[
            "fact goods : number = count of good where good.w > 1",
            "fact goods : number = level0 + 1",
            "function whole(x : number) : number = x + (count of entry)\nfact goods : number = whole(b)",
            "define goods : number = sum of entry.part for each entry",
        ]);
        self.line(goods);
        self.know_all(None, &[("level0", Type::Number), ("total", Type::Money), ("goods", Type::Number)]);
    }

    fn declare_defines(&mut self) {
        for at in 0..2 + self.dice.below(3) {
            let row = if self.dice.one_in(2) { Some("entry") } else { None };
            let ty =
                self.dice.one(&[Type::Number, Type::Bool, Type::Date, Type::Money]).unwrap_or(Type::Number);
            self.define(&format!("v{at}"), ty, row);
        }
        if self.features.aggregates && self.dice.one_in(3) {
            self.line(
                "define seen0 : bool for each entry = any of other.n > entry.n for each other in entry",
            );
            self.knows("seen0", Type::Bool, Some("entry"));
        }
    }

    fn define(&mut self, name: &str, ty: Type, row: Option<&'static str>) {
        let value = self.expr(ty, 2, &Scope::of(row));
        let head = row.map(|row| format!(" for each {row}")).unwrap_or_default();
        self.line(&format!("define {name} : {}{head} = {value}", ty.name()));
        self.knows(name, ty, row);
    }

    fn declare_running(&mut self, row: &'static str, name: &'static str, own: &'static str) {
        let (keys, groups): (&[&str], &[&str]) = match row {
            "entry" => (
                &["entry.on, entry.line", "entry.line", "entry.n, entry.line", "entry.due", "entry.n"],
                &[
                    "",
                    "",
                    "entry.flag",
                    "year of entry.on, entry.flag",
                    "quarter of entry.due",
                    "fiscal of entry.on",
                ],
            ),
            _ => (&["good.v, good.id", "good.id", "good.w, good.id"], &["", "good.w", "good.v"]),
        };
        let (by, per) = (self.dice.pick(keys), self.dice.pick(groups));
        let scope = Scope::of(Some(row));
        let starting = self.expr(Type::Number, 1, &scope);
        let shifts = std::mem::take(&mut self.features.shifts);
        self.block = true;
        self.knows(name, Type::Number, Some(row));
        let taken = match self.dice.one_in(2) {
            true => format!("{name} but at most {}", self.expr(Type::Number, 1, &scope)),
            false => format!("{name} + {}", self.expr(Type::Number, 2, &scope)),
        };
        self.knows(own, Type::Number, Some(row));
        let next = match self.dice.one_in(2) {
            true => format!("{name} - {own}"),
            false => self.expr(Type::Number, 2, &scope),
        };
        let running = Running { name, row, own, by, per, starting, taken, next };
        self.line(&running.written());
        self.running.push(running);
        self.names.retain(|known| known.text != name);
        (self.block, self.features.shifts) = (false, shifts);
    }
}
