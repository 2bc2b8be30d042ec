//! The stable codes, each with its title. `docs/errors/CODE.md` is the page of a code.

macro_rules! codes {
    ($($variant:ident $code:literal $title:literal;)*) => {
        /// A stable code of a message. Shown as its words: `unknown-name`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// One line that says what the code stands for.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }

            /// The page: what it means, a wrong example and a right one.
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("../../docs/errors/", $code, ".md")),)*
                }
            }

            /// The code of that name.
            pub fn named(text: &str) -> Option<Code> {
                match text { $($code => Some(Code::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    // reading the text
    Syntax "syntax" "the text is not as the grammar wants it";
    TooDeep "too-deep" "brackets or words are nested too deeply";
    TooLarge "too-large" "the file is larger than the limit";
    DocComment "doc-comment" "a doc comment stands where none can";
    HeadPart "head-part" "a part of a head is missing, out of place or written twice";
    NeedsBrackets "needs-brackets" "it is not clear how parts of an expression belong together";
    ComparisonChain "comparison-chain" "comparisons follow each other";
    NotBy "not-by" "a missed deadline is denied as a whole";
    AsOfLiteral "as-of-literal" "another day is asked of a value that is the same on every day";
    NoOtherwise "no-otherwise" "an `if` that stands for a value has no `otherwise`";
    NoDeadline "no-deadline" "a duty has no deadline";
    BadNumber "bad-number" "a number is not written as numbers are";
    BadDate "bad-date" "a date is not written as dates are, or is no day";
    UnitName "unit-name" "a unit has a name that no unit can have";
    WhichCurrency "which-currency" "a sign stands for several currencies";
    ForeignSign "foreign-sign" "a sign of another language";
    ForeignWord "foreign-word" "words that are written otherwise here";
    WrongCase "wrong-case" "a keyword is not written in small letters";
    MisspeltKeyword "misspelt-keyword" "a keyword is misspelt";
    Unclosed "unclosed" "a bracket or a text is not closed";

    // literals
    BadCode "bad-code" "digits that no tariff code has";
    BadCell "bad-cell" "a cell is not one written value";
    BareRate "bare-rate" "a number stands where a rate is meant";
    UnitMismatch "unit-mismatch" "amounts of different units meet";
    WrongType "wrong-type" "one kind of value is wanted, another is written";
    NotALiteral "not-a-literal" "a value must be written out here";
    UnknownUnit "unknown-unit" "no unit has this name";
    UnknownCalendar "unknown-calendar" "no calendar has this name";
    UnknownName "unknown-name" "nothing has this name";
    BadConstant "bad-constant" "a constant that can never be worked out";

    // checking a policy
    NameTaken "name-taken" "a name is declared twice";
    NotAValue "not-a-value" "a name stands for something else than what is wanted";
    AmbiguousName "ambiguous-name" "a name could mean several things";
    TestInRule "test-in-rule" "a test of an answer stands outside `expect`";
    RowMissing "row-missing" "it is not said which row is meant";
    BadEntity "bad-entity" "an entity is not declared as it must be";
    WrongArguments "wrong-arguments" "a function or annex is asked with the wrong arguments";
    TooManyCalls "too-many-calls" "a function calls others too often or too deeply";
    FileUnreadable "file-unreadable" "a file cannot be read";
    FileUnwritable "file-unwritable" "a file cannot be written";
    BadAnnex "bad-annex" "the file of an annex is not as declared";
    BadCalendar "bad-calendar" "the file of a calendar is not as it must be";
    BadUnit "bad-unit" "a unit is not declared as it must be";
    PriorityLoop "priority-loop" "rules stand above each other in a loop";
    Circle "circle" "a value depends on itself";
    NotAnOutcome "not-an-outcome" "a rule assigns something that is not an outcome";
    AssignedTwice "assigned-twice" "one branch assigns an outcome twice";
    RowsDiffer "rows-differ" "a rule and its outcome are not for each row of the same entity";
    WrongState "wrong-state" "a state is asked of what never has it";
    NoPeriod "no-period" "the period of a recurring duty is meant where there is none";
    ClampedParameter "clamped-parameter" "a parameter of a power is limited in silence";
    NoTime "no-time" "a clause is to last for no time at all";
    BadRunning "bad-running" "a running total is not declared as it must be";
    RunningOutside "running-outside" "the value of a running total is read outside its block";
    MovingWindow "moving-window" "the day in a head changes from day to day";

    // amending
    BadAmendment "bad-amendment" "an amending file is not written as it must be";
    UnknownTarget "unknown-target" "what an amendment changes is not there";
    ChangedTwice "changed-twice" "two operations of an amendment are about one text";
    OnlyCorrected "only-corrected" "what is to change on a day can only be corrected";
    StillNamed "still-named" "a text that an amendment takes away is still named";
    SubstituteOnce "substitute-once" "a literal to be substituted is not there exactly once";
    TwoEnds "two-ends" "a text that is to end has an end of its own";

    // lints
    NoRule "no-rule" "no rule decides an outcome";
    AggregateUnbracketed "aggregate-unbracketed" "an aggregate with `where` ends one side of a comparison";
    OtherwiseRounded "otherwise-rounded" "a rounding after `otherwise` rounds it alone";
    AlwaysDisplaces "always-displaces" "a final `otherwise` makes a rule displace others always";
    PriorityWithoutEffect "priority-without-effect" "a priority between rules that never meet";
    ComplementaryRules "complementary-rules" "two rules with opposite conditions";
    DayByDay "day-by-day" "a comparison that may go back and forth as days pass";
    UnreadColumn "unread-column" "a column of an annex is not declared, and what it says is lost";
    HiddenCell "hidden-cell" "an empty cell hides what a line of a shorter code says";
    HiddenText "hidden-text" "a sign that nobody sees stands in a policy";

    // findings, for all facts
    Gap "gap" "no rule decides an outcome in some cases";
    Conflict "conflict" "two rules give different values in some cases";
    Fails "error" "an answer is an error in some cases";
    NeverApplies "never-applies" "a rule, a duty or a guarantee that never takes effect";
    AlwaysDisplaced "always-displaced" "whenever a rule applies, one above it does";
    RedundantRule "redundant-rule" "a rule without which every answer would be the same";
    SettledCondition "settled-condition" "a condition is the same for all facts";
    IdleCondition "idle-condition" "a part of a condition makes no difference";
    NoValue "no-value" "no value satisfies a `where`";
    DefaultOutside "default-outside" "a default is outside its `where`";
    GuaranteeBroken "guarantee-broken" "a guarantee does not hold in some cases";
    AllowedInVain "allowed-in-vain" "a remark allows a finding that is not there";

    // scenarios
    UnmetExpectation "unmet-expectation" "a scenario does not come out as it says";

    // facts
    FactsSyntax "facts-syntax" "a facts file is not well-formed";
    NotPlainData "not-plain-data" "one place of a facts file would change another";
    FactsLayout "facts-layout" "a facts file is not laid out as expected";
    StatedTwice "stated-twice" "one thing is stated twice";
    Computed "computed" "what is worked out cannot be stated";
    NotOverTime "not-over-time" "a value that does not change is stated from a day";
    NoSuchStart "no-such-start" "nothing is ever stated from never";
    NotOrdered "not-ordered" "a bound on what has no least or greatest";
    EmptyRange "empty-range" "no value lies between two bounds";
    NotWhole "not-whole" "a fraction of what is counted in whole units";
    FallingFact "falling-fact" "a cumulative fact falls";
    LineAnswered "line-answered" "a line is stated that its annex answers";
    RowKey "row-key" "the key of a row is missing or contradicted";

    // the command line
    Usage "usage" "a command is not given as it must be";
    WhichPolicy "which-policy" "it is not clear which file of a folder is the policy";
    AnswerFormat "answer-format" "what is asked is not written in the format asked for";
    NotBuiltIn "not-built-in" "the program was built without what is asked for";
    FactsFormat "facts-format" "the name of a facts file does not say how it is written";
    DayNeeded "day-needed" "an answer depends on the day, and no day is given";
    OutsideWhere "outside-where" "a stated value is outside the `where` of its declaration";
    OwnDay "own-day" "a dated row is asked about on another day than its own";

    // published schedules
    BadSchedule "bad-schedule" "a published schedule is not laid out as expected";
    NoSuchNote "no-such-note" "a note of chapter 99 is not there, or lists nothing";

    // fidelity
    BadLedger "bad-ledger" "a ledger of fidelity is not written as it must be";
    NotShown "not-shown" "a ledger of fidelity says more than the policy shows";
    NotInLedger "not-in-ledger" "a policy cites what its ledger of fidelity does not have";
    OutOfDate "out-of-date" "a generated file is not what would be generated now";
}

impl Code {
    /// Whether it says that a text does not parse: the first group of the list.
    pub fn is_about_text(self) -> bool {
        self <= Code::Unclosed
    }

    /// Whether it says that something named is not there, or is nothing that can stand there.
    pub fn is_about_names(self) -> bool {
        matches!(
            self,
            Code::UnknownName
                | Code::UnknownUnit
                | Code::UnknownCalendar
                | Code::UnknownTarget
                | Code::NotAValue
                | Code::NotAnOutcome
        )
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
