//! `comity check`

use super::{Console, Exit, Told, policy};
use crate::report;

/// Read a policy and say what is wrong with it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let loaded = policy::load(&args.policy, console)?;
    console.say(&loaded.lints, &loaded.sources);
    console.print(&report::holds(&loaded.root, &loaded.policy, &loaded.lints));
    let p = &loaded.policy;
    let made = crate::regions::findings::look(p, crate::regions::findings::STEPS);
    let txt = |id: crate::policy::ExprId| {
        let s = p.exprs.span(id);
        loaded.sources.get(s.source).and_then(|x| x.text.get(s.start as usize..s.end as usize)).unwrap_or("").replace('\n', " ")
    };
    use crate::regions::findings::*;
    for one in &made.found {
        let text = match &one.what {
            What::Gap(o) => format!("GAP {}", p.outcomes[*o].name),
            What::Conflict { outcome, rules } => format!("CONFLICT {} {} {}", p.outcomes[*outcome].name, p.rules[rules[0].0].shown, p.rules[rules[1].0].shown),
            What::NeverApplies { rule, branch, why } => format!("NEVER {} {branch:?} {why:?} {}", p.rules[*rule].shown, if let Never::Condition(c) = why { txt(*c) } else { String::new() }),
            What::Displaced { rule, branch, outcomes, by } => format!("DISPLACED {} {branch:?} {:?} by {:?}", p.rules[*rule].shown, outcomes.iter().map(|o| &p.outcomes[*o].name).collect::<Vec<_>>(), by.iter().map(|o| &p.rules[*o].shown).collect::<Vec<_>>()),
            What::Redundant { rule, outcomes } => format!("REDUNDANT {} {:?}", p.rules[*rule].shown, outcomes.iter().map(|o| &p.outcomes[*o].name).collect::<Vec<_>>()),
            What::Settled { condition, is } => format!("SETTLED {is} {}", txt(*condition)),
            What::Idle { part, whole } => format!("IDLE {} in {}", txt(*part), txt(*whole)),
            What::Violated { guarantee, fails } => format!("VIOLATED {} {fails}", p.guarantees[*guarantee].name),
            other => format!("{other:?}"),
        };
        console.print(&format!("{text}\n"));
        if let Some(case) = &one.case {
            let words = crate::wire::Words { policy: p, facts: &case.facts, sources: &loaded.sources, reader: crate::wire::Reader::People };
            console.print(&format!("   on {} {:?}\n", case.on, crate::wire::stated(&words)));
        }
    }
    console.print(&format!("proved {:?}\n", made.proved.iter().map(|g| &p.guarantees[*g].name).collect::<Vec<_>>()));
    for left in &made.left {
        let what = match &left.what {
            Open::Outcome(o) => format!("outcome {}", p.outcomes[*o].name),
            Open::Gap(o) => format!("gap {}", p.outcomes[*o].name),
            Open::Conflict(o, r) => format!("conflict {} {} {}", p.outcomes[*o].name, p.rules[r[0]].shown, p.rules[r[1]].shown),
            Open::Rule(r) => format!("rule {}", p.rules[*r].shown),
            Open::Condition(r) => format!("condition {}", txt(*r)),
            Open::Guarantee(r) => format!("guarantee {}", p.guarantees[*r].name),
        };
        let why = match &left.why { Why::Terms(t) => format!("{:?}", t.iter().map(|e| txt(*e)).collect::<Vec<_>>()), w => format!("{w:?}") };
        console.print(&format!("LEFT {what}: {why}\n"));
    }
    Ok(Exit::Fine)
}
