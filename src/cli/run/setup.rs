//! What is asked, of which table, beside which facts.

use super::Args;
use crate::asking::{Caller, answerable};
use crate::cli::facts::Beside;
use crate::cli::policy::{self, Loaded};
use crate::cli::{Console, Reported, World};
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::facts::Facts;
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::sheet::{Form, Written};
use crate::text::{Sources, Span};

/// Everything but the rows.
pub(super) struct Setup {
    pub loaded: Loaded,
    /// What is stated beside the rows, as far as it names none of them.
    pub facts: Facts,
    /// What else is stated: it is bound when the keys of the rows are known.
    pub later: Option<Beside>,
    pub entity: EntityId,
    pub outcomes: Vec<OutcomeId>,
}

impl Setup {
    pub fn new(args: &Args, console: &mut Console<'_>) -> Result<Setup, Reported> {
        let world = console.world();
        let mut loaded = policy::load(&args.policy, console)?;
        let made = Setup::of(args, &mut loaded, world);
        let (entity, outcomes, facts, later) = made.map_err(|said| {
            console.say(&said, &loaded.sources);
            Reported
        })?;
        Ok(Setup { loaded, facts, later, entity, outcomes })
    }

    fn of(args: &Args, loaded: &mut Loaded, world: &dyn World) -> Result<Asked, Vec<Diagnostic>> {
        let one = |error| vec![error];
        let beside = Beside::read(loaded, args.facts.as_deref(), &args.set, world)?;
        let (entity, outcomes) = asked(args, &loaded.policy).map_err(one)?;
        let (facts, more) = beside.before_rows(loaded, entity, world)?;
        if let Some(error) =
            answerable(&loaded.policy, &facts, (entity, &outcomes), args.on, Caller::CommandLine)
        {
            return Err(vec![error]);
        }
        Ok((entity, outcomes, facts, more.then_some(beside)))
    }
}

type Asked = (EntityId, Vec<OutcomeId>, Facts, Option<Beside>);

/// The table and its outcomes.
fn asked(args: &Args, policy: &Policy) -> Result<(EntityId, Vec<OutcomeId>), Diagnostic> {
    let named = named(policy, &args.outcome)?;
    let entity = entity(args, policy, &named)?;
    let name = &policy.entities[entity].name;
    let outcomes: Vec<OutcomeId> = match named.as_slice() {
        [] => policy.outcomes.ids().filter(|id| policy.outcomes[*id].for_each == Some(entity)).collect(),
        named => named.to_vec(),
    };
    if let Some(other) = outcomes.iter().find(|id| policy.outcomes[**id].for_each != Some(entity)) {
        let message = format!("{} is not for each {name}", tick(&policy.outcomes[*other].name));
        return Err(Diagnostic::general(Code::RowMissing, message)
            .help("ask for the outcomes of one table in one run"));
    }
    Ok((entity, outcomes))
}

fn named(policy: &Policy, names: &[String]) -> Result<Vec<OutcomeId>, Diagnostic> {
    let mut found = Vec::new();
    for name in names {
        let id = policy.outcome(name).ok_or_else(|| {
            let names: Vec<&str> = policy.outcomes.values().map(|one| one.name.as_str()).collect();
            Diagnostic::unknown_name(&format!("the policy has no outcome {}", tick(name)), name, &names)
        })?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The table: the one named, that of the outcomes named, or the only one with outcomes.
fn entity(args: &Args, policy: &Policy, named: &[OutcomeId]) -> Result<EntityId, Diagnostic> {
    let asked = |id: &EntityId| policy.outcomes.values().any(|one| one.for_each == Some(*id));
    let may_be: Vec<EntityId> = policy.entities.ids().filter(asked).collect();
    let names: Vec<&str> = may_be.iter().map(|id| policy.entities[*id].name.as_str()).collect();
    if let Some(name) = &args.entity {
        let found = may_be.iter().find(|id| policy.entities[**id].name == *name);
        return found.copied().ok_or_else(|| {
            Diagnostic::unknown_name(&format!("no outcome is for each {}", tick(name)), name, &names)
        });
    }
    if let Some(first) = named.first() {
        return policy.outcomes[*first].for_each.ok_or_else(|| {
            let message = format!("{} is not for each row of a table", tick(&policy.outcomes[*first].name));
            Diagnostic::general(Code::RowMissing, message)
                .help("what is answered once is asked with `comity eval`")
        });
    }
    match may_be.as_slice() {
        [only] => Ok(*only),
        [] => Err(Diagnostic::general(Code::RowMissing, "the policy has no outcome for each row of a table")
            .help("what is answered once is asked with `comity eval`")),
        _ => {
            let names: Vec<String> = names.iter().map(|name| tick(&format!("--entity {name}"))).collect();
            Err(Diagnostic::general(Code::RowMissing, "it is not clear of which table these are the rows")
                .help(format!("name it: {}", list_or(&names))))
        }
    }
}

/// Units given beside the headings.
pub(super) fn units(args: &Args, sources: &mut Sources) -> Vec<(Written<'static>, Written<'static>)> {
    let mut units = Vec::new();
    for (field, unit) in &args.unit {
        let source = sources.add("--unit", format!("{field}={unit}"));
        let word = |start: usize, text: &str| Written {
            text: text.trim().to_string().into(),
            span: Span::new(source, start, start.saturating_add(text.len())),
            at: None,
            form: Form::Plain,
        };
        units.push((word(0, field), word(field.len().saturating_add(1), unit)));
    }
    units
}
