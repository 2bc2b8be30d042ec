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

            pub fn from_str(text: &str) -> Option<Code> {
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

    // literals
    BareRate "bare-rate" "a number stands where a rate is meant";
    UnitMismatch "unit-mismatch" "amounts of different units meet";
    WrongType "wrong-type" "one kind of value is wanted, another is written";
    NotALiteral "not-a-literal" "a value must be written out here";
    UnknownUnit "unknown-unit" "no unit has this name";
    UnknownCalendar "unknown-calendar" "no calendar has this name";
    UnknownName "unknown-name" "nothing has this name";
    BadConstant "bad-constant" "a constant that can never be worked out";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
