//! What came of all questions about all facts, in a few lines: nothing is passed over in silence (G3).

use crate::answers::FindingMessage;
use crate::diag::{count, list_and, tick, wrap};
use crate::facts::Facts;
use crate::policy::Policy;
use crate::regions::findings::{Findings, Left, Open, What, Why};
use crate::text::Sources;
use crate::words::{Audience, Words};

/// More terms than this are not named.
const TERMS: usize = 4;

/// `for all facts: 2 findings, 1 allowed; guarantees: 3 proved, 1 broken, 2 not decided`, and what was not decided.
/// `width`: of a line, in characters.
pub fn totals(
    policy: &Policy,
    sources: &Sources,
    noted: &[FindingMessage],
    made: &Findings,
    width: usize,
) -> String {
    let none = Facts::none(policy);
    let words = Words { policy, facts: &none, sources, audience: Audience::People };
    let allowed: Vec<&FindingMessage> = noted.iter().filter(|one| one.allowed.is_some()).collect();
    let open = noted.len().saturating_sub(allowed.len());
    let mut parts = vec![if open == 0 { "nothing found".to_owned() } else { count(open, "finding") }];
    if !allowed.is_empty() {
        parts.push(format!("{} allowed", allowed.len()));
    }
    let mut out = format!("for all facts: {}", parts.join(", "));
    if !policy.guarantees.is_empty() {
        let is_broken = |one: &&FindingMessage| matches!(one.finding.what, What::Violated { .. });
        let broken = noted.iter().filter(is_broken).count();
        let undecided = made.left.iter().filter(|left| matches!(left.what, Open::Guarantee(_))).count();
        let parts = [(made.proved.len(), "proved"), (broken, "broken"), (undecided, "not decided")];
        let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
        out.push_str(&format!("; guarantees: {}", parts.collect::<Vec<_>>().join(", ")));
    }
    let others = made.left.iter().filter(|left| !matches!(left.what, Open::Guarantee(_))).count();
    if others > 0 {
        out.push_str(&format!("; {} not decided", count(others, "question")));
    }
    out.push('\n');
    for one in allowed {
        let place = one.diagnostic.span().map_or(String::new(), |span| sources.place(span));
        let reason = one.allowed.as_deref().unwrap_or("");
        item(&mut out, width, &format!("allowed: {} ({place}): {reason}", one.diagnostic.message));
    }
    if let Some(id) = made.beyond {
        let name = tick(&policy.outcomes[id].name);
        item(
            &mut out,
            width,
            &format!("beyond the calendar: {name} is an error for days outside it, as other answers may be"),
        );
    }
    let fails = |left: &&Left| matches!(left.what, Open::Fails(_));
    let failing: Vec<String> = made
        .left
        .iter()
        .filter_map(|left| match left.what {
            Open::Fails(id) => Some(tick(&policy.outcomes[id].name)),
            _ => None,
        })
        .collect();
    let together = failing.len() > 1;
    if together {
        let list = list_and(&failing);
        let text = format!(
            "not decided: whether any of these is ever an error: {list} (`--format json` says what each rests on)"
        );
        item(&mut out, width, &text);
    }
    for left in made.left.iter().filter(|left| !together || !fails(left)) {
        item(&mut out, width, &format!("not decided: {}", of(&words, left)));
    }
    out
}

/// A paragraph that hangs.
fn item(out: &mut String, width: usize, text: &str) {
    for (at, line) in wrap(text, width.saturating_sub(4)).into_iter().enumerate() {
        out.push_str(if at == 0 { "  " } else { "    " });
        out.push_str(&line);
        out.push('\n');
    }
}

/// `whether `ceiling` holds: it rests on `a * b``
fn of(words: &Words<'_>, left: &Left) -> String {
    format!("{}: {}", what(words, &left.what), why(words, &left.why))
}

pub(super) fn what(words: &Words<'_>, open: &Open) -> String {
    let policy = words.policy;
    match open {
        Open::Outcome(id) => format!("anything of {}", tick(&policy.outcomes[*id].name)),
        Open::Pairs(id) => {
            format!("which rules of {} clash, or change nothing", tick(&policy.outcomes[*id].name))
        }
        Open::Gap(id) => format!("whether some rule always decides {}", tick(&policy.outcomes[*id].name)),
        Open::Conflict(id, rules) => {
            let [a, b] = rules.map(|rule| tick(&policy.rules[rule].shown));
            format!("whether {a} and {b} can give {} different values", tick(&policy.outcomes[*id].name))
        }
        Open::Fails(id) => format!("whether {} is ever an error", tick(&policy.outcomes[*id].name)),
        Open::Rule(id) => format!("whether {} has an effect", tick(&policy.rules[*id].shown)),
        Open::Condition(id) => format!("whether {} varies", tick(&words.expr(*id))),
        Open::Guarantee(id) => format!("whether {} always holds", tick(&policy.guarantees[*id].name)),
    }
}

/// The place of an expression ends before a bracket that closes it.
fn closed(mut text: String) -> String {
    let count = |text: &str, sign: char| text.chars().filter(|one| *one == sign).count();
    let open = count(&text, '(').saturating_sub(count(&text, ')'));
    text.extend(std::iter::repeat_n(')', open));
    text
}

pub(super) fn why(words: &Words<'_>, why: &Why) -> String {
    match why {
        Why::Steps => "the steps allowed were used up (`--steps`)".to_owned(),
        Why::NoFacts => "no facts satisfy every `where`".to_owned(),
        Why::Many => "there are more than are shown".to_owned(),
        Why::Outside => "it is outside what can be decided".to_owned(),
        Why::Terms(terms, others) if terms.is_empty() && others.is_empty() => {
            "no facts could be found for which it would not".to_owned()
        }
        Why::Terms(terms, others) => {
            let mut names = others.clone();
            for term in terms {
                let name = tick(&closed(words.expr(*term)));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if names.len() > TERMS {
                let more = names.len().saturating_sub(TERMS);
                names.truncate(TERMS);
                names.push(count(more, "other term"));
            }
            format!("it rests on {}", list_and(&names))
        }
    }
}
