//! What is to become of every declaration of the base. All operations are about the base as it stands, none sees
//! another (A1); two on one target are an error.

use super::ends::{self, TextEnd};
use super::incoming::New;
use super::targets::{self, AmendTarget, TargetPlace, all, article_head, at, head, inside, key};
use super::wording::{self, Edit};
use super::{amends, errors, literals};
use crate::diag::Diagnostic;
use crate::text::{Sources, Span};
use crate::tree::{Dated, Decl, File, Head, Insert, Item, Repeal, Substitute};
use std::collections::BTreeMap;

pub(super) enum PlannedChange {
    /// It is as if it had never been there.
    Remove,
    /// Something stands in its place.
    Put(New),
    /// Other words stand in it.
    Words(Edit),
    /// A later version follows it.
    After(New),
    /// Something stands in this article too.
    Into(New),
}

#[derive(Default)]
pub(super) struct AmendmentPlan {
    pub changes: BTreeMap<TargetPlace, Vec<PlannedChange>>,
    /// What is inserted outside of all articles.
    pub added: Vec<New>,
    /// The amending file's own declarations that need no `insert`.
    pub standing: Vec<Item>,
}

pub(super) fn plan(base: &[File], own: &[File], sources: &Sources) -> Result<AmendmentPlan, Vec<Diagnostic>> {
    let effective = own.last().and_then(amends).and_then(|amends| amends.effective.clone());
    let mut planner = Planner {
        base,
        sources,
        effective,
        derived: false,
        plan: AmendmentPlan::default(),
        taken: BTreeMap::new(),
        into: Vec::new(),
        said: Vec::new(),
    };
    for item in own.iter().flat_map(|file| &file.items) {
        planner.agreement(item);
    }
    for item in own.iter().flat_map(|file| &file.items) {
        planner.operation(item);
    }
    planner.inserted_in_changed_articles();
    if planner.said.is_empty() { Ok(planner.plan) } else { Err(planner.said) }
}

struct Planner<'a> {
    base: &'a [File],
    sources: &'a Sources,
    effective: Option<Dated>,
    /// The file is an agreement of its own: the scenarios of the base are not its scenarios.
    derived: bool,
    plan: AmendmentPlan,
    /// Which operation is about what.
    taken: BTreeMap<TargetPlace, Span>,
    into: Vec<(TargetPlace, Span)>,
    said: Vec<Diagnostic>,
}

impl Planner<'_> {
    fn say(&mut self, error: Diagnostic) {
        self.said.push(error);
    }

    fn change(&mut self, place: TargetPlace, change: PlannedChange) {
        self.plan.changes.entry(place).or_default().push(change);
    }

    /// An `agreement` line stands in place of the base's, whose scenarios are about the base.
    fn agreement(&mut self, item: &Item) {
        if self.derived || !matches!(item.kind, Decl::Agreement(_)) {
            return;
        }
        self.derived = true;
        let base = self.base;
        let mut put = false;
        for (place, old) in all(base) {
            match &old.kind {
                Decl::Agreement(_) if !put => {
                    self.change(place, PlannedChange::Put(New::of(item)));
                    put = true;
                }
                Decl::Agreement(_) | Decl::Scenario(_) => self.change(place, PlannedChange::Remove),
                _ => {}
            }
        }
        if !put {
            self.plan.standing.push(item.clone());
        }
    }

    fn operation(&mut self, item: &Item) {
        match &item.kind {
            Decl::Repeal(repeal) => self.repeal(repeal, item.span),
            Decl::Replace(new) => self.replace(new, item),
            Decl::Insert(insert) => self.insert(insert, item),
            Decl::Substitute(substitute) => self.substitute(substitute, item.span),
            Decl::Set { name, value } => {
                let target = AmendTarget { word: "fact", name: name.text.clone(), span: name.span };
                if let Some(day) = self.effective.clone() {
                    self.say(errors::only_corrected(&target, &day));
                }
                for place in self.targets(&target, item.span) {
                    if let Some(Decl::Fact(fact)) = at(self.base, place).map(|item| &item.kind) {
                        let edit = wording::default(fact, value, self.sources);
                        self.change(place, PlannedChange::Words(edit));
                    }
                }
            }
            // The first has been put in the place of the base's; the checker says that there is another.
            Decl::Agreement(_) => {
                let put = self.plan.standing.iter().any(|one| one.span == item.span)
                    || self.plan.changes.values().flatten().any(
                        |change| matches!(change, PlannedChange::Put(new) if new.item.span == item.span),
                    );
                if !put {
                    self.plan.standing.push(item.clone());
                }
            }
            Decl::Use(_) | Decl::Source(_) | Decl::Scenario(_) | Decl::Guarantee(_) => {
                self.plan.standing.push(item.clone());
            }
            Decl::Amends(_) => {}
            _ => {
                let known = AmendTarget::of(item).is_some_and(|target| !self.places(&target).is_empty());
                self.say(errors::not_inserted(item, known));
            }
        }
    }

    /// Where a target stands; a rule has several versions where it was changed on a day.
    fn places(&self, target: &AmendTarget) -> Vec<TargetPlace> {
        let matches = |item: &Item| {
            key(&item.kind).is_some_and(|(word, name)| word == target.word && name == target.name)
        };
        if self.derived && target.word == "scenario" {
            return Vec::new();
        }
        all(self.base).filter(|(_, item)| matches(item)).map(|(place, _)| place).collect()
    }

    /// The places of a target, which it takes; that it is not there or taken has been said.
    fn targets(&mut self, target: &AmendTarget, span: Span) -> Vec<TargetPlace> {
        let places = self.places(target);
        if places.is_empty() {
            let error = errors::unknown_target(target, self.base, self.derived);
            self.say(error);
        }
        let mut free = true;
        for place in &places {
            let inner = at(self.base, *place).map_or(0, |item| inside(item).len());
            let inner = (0..inner).map(|inner| TargetPlace { inner: Some(inner), ..*place });
            for place in std::iter::once(*place).chain(inner) {
                match self.taken.get(&place) {
                    Some(first) if free => {
                        let error = errors::changed_twice(target, *first, span);
                        self.say(error);
                        free = false;
                    }
                    Some(_) => {}
                    None => {
                        self.taken.insert(place, span);
                    }
                }
            }
        }
        if free { places } else { Vec::new() }
    }

    fn repeal(&mut self, repeal: &Repeal, span: Span) {
        let target = AmendTarget::repealed(&repeal.target);
        let places = self.targets(&target, span);
        if places.is_empty() {
            return;
        }
        match target.word {
            "define" => self.say(errors::not_repealed(&target)),
            // They are no law: what is wrong with them is corrected.
            "guarantee" | "scenario" => match &repeal.from {
                Some(day) => self.say(errors::only_corrected(&target, day)),
                None => places.into_iter().for_each(|place| self.change(place, PlannedChange::Remove)),
            },
            _ => match repeal.from.clone().or(self.effective.clone()) {
                None => places.into_iter().for_each(|place| self.change(place, PlannedChange::Remove)),
                Some(day) => self.end(&target, &places, &day),
            },
        }
    }

    /// Lets every version of a text end, with all that stands in it.
    fn end(&mut self, target: &AmendTarget, places: &[TargetPlace], day: &Dated) {
        let (mut ends, mut ended) = (false, None);
        for place in places {
            let Some(item) = at(self.base, *place) else { continue };
            let Some(own) = head(&item.kind) else { continue };
            let outer = self.outer(*place).and_then(|head| head.until.as_ref());
            match ends::end(own.until.as_ref().or(outer), day, self.sources) {
                TextEnd::On(day) => {
                    self.change(*place, PlannedChange::Words(wording::until(own, &day, self.sources)));
                    ends = true;
                }
                TextEnd::Already => ended = ended.or(own.until_span.or(Some(item.span))),
                TextEnd::Unclear => self.say(errors::two_ends(target, own.until_span.unwrap_or(item.span))),
            }
            for (inner, one) in inside(item).iter().enumerate() {
                self.end_inside(target, TargetPlace { inner: Some(inner), ..*place }, one, day);
            }
        }
        // Of several versions the earlier ones have ended.
        if let (false, Some(span)) = (ends, ended) {
            self.say(errors::ended_already(target, span));
        }
    }

    /// The head of an article whose days are those of what stands at a place: of a rule (R1), no duty or power.
    fn outer(&self, place: TargetPlace) -> Option<&Head> {
        let rule = matches!(at(self.base, place)?.kind, Decl::Rule(_));
        article_head(self.base, place).filter(|_| rule)
    }

    /// A rule without an end of its own ends with its article; duties and powers say theirs.
    fn end_inside(&mut self, target: &AmendTarget, place: TargetPlace, item: &Item, day: &Dated) {
        let Some(own) = head(&item.kind) else { return };
        if matches!(item.kind, Decl::Rule(_)) && own.until.is_none() {
            return;
        }
        match ends::end(own.until.as_ref(), day, self.sources) {
            TextEnd::On(day) => {
                self.change(place, PlannedChange::Words(wording::until(own, &day, self.sources)))
            }
            TextEnd::Already => {}
            TextEnd::Unclear => self.say(errors::two_ends(target, own.until_span.unwrap_or(item.span))),
        }
    }

    fn replace(&mut self, new: &Item, outer: &Item) {
        let Some(target) = AmendTarget::of(new) else { return };
        let places = self.targets(&target, outer.span);
        if places.is_empty() {
            return;
        }
        let mut made = New::of(new);
        made.item.doc = outer.doc.clone();
        made.whole = outer.span;
        let own = head(&new.kind).and_then(|head| head.from.clone());
        let dated = matches!(target.word, "rule" | "obligation" | "power");
        let day = match (dated, &self.effective) {
            (true, effective) => own.clone().or(effective.clone()),
            (false, Some(day)) if !matches!(target.word, "scenario" | "guarantee") => {
                let error = errors::only_corrected(&target, day);
                self.say(error);
                return;
            }
            (false, _) => None,
        };
        let Some(day) = day else {
            self.correct(&places, made);
            return;
        };
        if target.word != "rule" {
            self.say(errors::one_version(&target, &day));
            return;
        }
        if own.is_none() {
            let outer = places.last().and_then(|place| self.outer(*place));
            let day = ends::beginning(outer.and_then(|head| head.from.as_ref()), &day, self.sources);
            made.begin(&day, self.sources);
        }
        self.end(&target, &places, &day);
        if let Some(last) = places.last() {
            self.change(*last, PlannedChange::After(made));
        }
    }

    /// As if it had always read so: one text in place of all versions.
    fn correct(&mut self, places: &[TargetPlace], made: New) {
        let mut made = Some(made);
        for place in places {
            let change = made.take().map_or(PlannedChange::Remove, PlannedChange::Put);
            self.change(*place, change);
        }
    }

    fn insert(&mut self, insert: &Insert, outer: &Item) {
        let mut made = New::of(&insert.item);
        made.item.doc = outer.doc.clone();
        made.whole = outer.span;
        let mut article = None;
        if let Some((number, span)) = insert.article {
            let target = targets::article(number, span);
            article = self.places(&target).first().copied();
            if article.is_none() {
                let error = errors::unknown_target(&target, self.base, self.derived);
                self.say(error);
                return;
            }
            if matches!(insert.item.kind, Decl::Article(_)) {
                self.say(errors::article_in_article(insert.item.span));
                return;
            }
        }
        if let Some(day) = self.effective.clone() {
            if matches!(&insert.item.kind, Decl::Rule(rule) if rule.name.is_none()) {
                self.say(errors::nameless_on_a_day(insert.item.span));
                return;
            }
            let around = article.and_then(|place| at(self.base, place)).and_then(|item| head(&item.kind));
            let outer = around.and_then(|head| head.from.as_ref());
            made.begin_anew(outer, &day, self.sources);
        }
        match article {
            Some(place) => {
                self.into.push((place, outer.span));
                self.change(place, PlannedChange::Into(made));
            }
            None => self.plan.added.push(made),
        }
    }

    fn inserted_in_changed_articles(&mut self) {
        for (place, span) in std::mem::take(&mut self.into) {
            if let Some(first) = self.taken.get(&place).copied()
                && let Some(target) = at(self.base, place).and_then(AmendTarget::of)
            {
                self.say(errors::changed_twice(&target, first, span));
            }
        }
    }

    fn substitute(&mut self, it: &Substitute, span: Span) {
        let target =
            AmendTarget { word: targets::word(it.kind), name: it.target.text.clone(), span: it.target.span };
        let places = self.targets(&target, span);
        let day = match (target.word, self.effective.clone()) {
            ("guarantee", _) | (_, None) => None,
            ("define", Some(day)) => {
                self.say(errors::only_corrected(&target, &day));
                return;
            }
            ("rule", Some(day)) => Some(day),
            (_, Some(day)) => {
                self.say(errors::one_version(&target, &day));
                return;
            }
        };
        // On a day, the text that is in force last is the one that changes.
        let about = match (&day, places.last()) {
            (Some(_), Some(last)) => std::slice::from_ref(last),
            _ => places.as_slice(),
        };
        let mut edits: Vec<(TargetPlace, Edit)> = Vec::new();
        for (place, item) in about.iter().filter_map(|place| Some((*place, at(self.base, *place)?))) {
            // On a day the first day of the text is that day, and no value in it.
            let kept = head(&item.kind).and_then(|head| head.from_span).filter(|_| day.is_some());
            let made = wording::literal(item, (&it.old, &it.new), kept, self.sources);
            edits.extend(made.into_iter().map(|edit| (place, edit)));
        }
        if !places.is_empty() && (edits.is_empty() || edits.len() > 1 && !it.everywhere) {
            let items = about.iter().filter_map(|place| at(self.base, *place));
            let found: Vec<Span> = edits.iter().map(|(_, edit)| edit.instead).collect();
            let first = items.clone().flat_map(|item| literals::places(item, &it.old, &it.new)).next();
            let error = match first.filter(|_| found.is_empty()) {
                Some(first) => errors::first_day(self.sources, it, &target, first),
                None => {
                    let others: Vec<Span> = items.flat_map(literals::literals).collect();
                    errors::substitute_once(self.sources, it, &target, &found, &others)
                }
            };
            self.say(error);
            return;
        }
        let Some(day) = day else {
            edits.into_iter().for_each(|(place, edit)| self.change(place, PlannedChange::Words(edit)));
            return;
        };
        let Some((last, item)) = places.last().and_then(|place| Some((*place, at(self.base, *place)?)))
        else {
            return;
        };
        let mut made = New::of(item);
        made.edits.extend(edits.into_iter().map(|(_, edit)| edit));
        let own = head(&item.kind).and_then(|head| head.from.as_ref());
        let outer = self.outer(last).and_then(|head| head.from.as_ref());
        let from = ends::beginning(own.or(outer), &day, self.sources);
        made.begin(&from, self.sources);
        self.end(&target, &places, &day);
        self.change(last, PlannedChange::After(made));
    }
}
