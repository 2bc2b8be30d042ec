//! The pages of our messages show what they say.

use super::*;
use crate::diag::Code;

const OURS: &[Code] = &[
    Code::Syntax,
    Code::TooDeep,
    Code::DocComment,
    Code::HeadPart,
    Code::NeedsBrackets,
    Code::ComparisonChain,
    Code::NotBy,
    Code::AsOfLiteral,
    Code::NoOtherwise,
    Code::NoDeadline,
    Code::BadNumber,
    Code::BadDate,
    Code::UnitName,
    Code::WhichCurrency,
    Code::ForeignSign,
    Code::WrongCase,
    Code::MisspeltKeyword,
    Code::Unclosed,
];

fn codes(page: &str, heading: &str) -> Vec<Code> {
    let after = page.split(&format!("## {heading}\n")).nth(1).expect("the heading");
    let block = after.split("```comity\n").nth(1).and_then(|block| block.split("```").next());
    let (_, errors) = file_lossy(SourceId(0), block.expect("a block"));
    errors.iter().map(|error| error.code).collect()
}

#[test]
fn wrong_is_wrong_and_right_is_right() {
    for code in OURS {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        assert_eq!(codes(page, "Wrong"), [*code], "{code}");
        assert_eq!(codes(page, "Right"), [], "{code}");
    }
}
