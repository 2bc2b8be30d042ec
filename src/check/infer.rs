//! Types that are not written: of defines without one, and of running totals, which have that of their `starting`. Each is
//! looked at after those it reads, so that their types are known in time.

use super::declare::Shell;
use super::errors;
use super::names::Symbol;
use super::{Checker, Placed};
use crate::policy::{DefineId, FoldId};
use crate::tree::{self, Decl, ExprKind, Name, Step};
use std::collections::BTreeMap;

/// What has a type that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Untyped {
    Define(DefineId),
    Fold(FoldId),
}

/// What is still to be looked at.
struct Waiting<'t> {
    what: Untyped,
    decl: WrittenType<'t>,
    reads: Vec<Untyped>,
}

#[derive(Clone, Copy)]
enum WrittenType<'t> {
    Define(&'t tree::Define),
    Running(&'t tree::Running),
}

impl<'t> WrittenType<'t> {
    fn name(self) -> &'t Name {
        match self {
            WrittenType::Define(define) => &define.name,
            WrittenType::Running(running) => &running.name,
        }
    }
}

impl Checker<'_> {
    /// What is left when nothing more can be done goes in a circle.
    pub(super) fn infer(&mut self, items: &[Placed], shells: &[Shell]) {
        let waiting = self.untyped(items, shells);
        let mut missing: Vec<usize> = Vec::new();
        let mut readers: BTreeMap<Untyped, Vec<usize>> = BTreeMap::new();
        for (at, one) in waiting.iter().enumerate() {
            missing.push(one.reads.len());
            for other in &one.reads {
                readers.entry(*other).or_default().push(at);
            }
        }
        let mut ready: Vec<usize> = (0..waiting.len()).filter(|at| missing.get(*at) == Some(&0)).collect();
        ready.reverse();
        let mut done = 0;
        while let Some(at) = ready.pop() {
            let Some(one) = waiting.get(at) else { continue };
            match (one.what, one.decl) {
                (Untyped::Define(id), WrittenType::Define(define)) => self.define_body(id, define),
                (Untyped::Fold(id), WrittenType::Running(running)) => self.fold_start(id, running),
                _ => {}
            }
            done += 1;
            for reader in readers.get(&one.what).into_iter().flatten() {
                if let Some(left) = missing.get_mut(*reader) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        ready.push(*reader);
                    }
                }
            }
        }
        if done < waiting.len() {
            let stuck: Vec<&Waiting> =
                waiting.iter().zip(&missing).filter(|(_, left)| **left > 0).map(|(one, _)| one).collect();
            self.circle_of_types(&stuck);
        }
    }

    fn untyped<'t>(&self, items: &[Placed<'t>], shells: &[Shell]) -> Vec<Waiting<'t>> {
        let mut waiting = Vec::new();
        for (placed, shell) in items.iter().zip(shells) {
            match (&placed.item.kind, *shell) {
                (Decl::Define(define), Shell::Define(id)) => {
                    waiting.extend(self.untyped_define(id, define));
                }
                (Decl::Running(running), Shell::Fold(id)) => {
                    let what = Untyped::Fold(id);
                    // That it reads itself is said where it is read.
                    let mut reads = self.untyped_read(&running.starting);
                    reads.retain(|read| *read != what);
                    waiting.push(Waiting { what, decl: WrittenType::Running(running), reads });
                    let ids = self.policy.folds[id].defines.iter();
                    let defines = ids.zip(&running.defines);
                    waiting.extend(defines.filter_map(|(id, (_, define))| self.untyped_define(*id, define)));
                }
                _ => {}
            }
        }
        waiting
    }

    fn untyped_define<'t>(&self, id: DefineId, define: &'t tree::Define) -> Option<Waiting<'t>> {
        let reads = self.untyped_read(&define.value);
        let waiting = Waiting { what: Untyped::Define(id), decl: WrittenType::Define(define), reads };
        self.inferred.contains(&id).then_some(waiting)
    }

    fn untyped_read(&self, expr: &tree::Expr) -> Vec<Untyped> {
        let mut read = Vec::new();
        names_read(expr, &mut |name| match self.names.get(name) {
            Some(Symbol::Define(other)) if self.inferred.contains(&other) => {
                read.push(Untyped::Define(other));
            }
            Some(Symbol::Running(other)) => read.push(Untyped::Fold(other)),
            _ => {}
        });
        read
    }

    /// Follows what is read until a name comes again, and prints that loop.
    fn circle_of_types(&mut self, stuck: &[&Waiting]) {
        let mut path: Vec<&Waiting> = Vec::new();
        let mut at = stuck.first().copied();
        while let Some(one) = at {
            if let Some(start) = path.iter().position(|known| known.what == one.what) {
                path.drain(..start);
                break;
            }
            path.push(one);
            at = stuck.iter().find(|other| one.reads.contains(&other.what)).copied();
        }
        let names: Vec<(String, crate::text::Span)> =
            path.iter().map(|one| one.decl.name()).map(|name| (name.text.clone(), name.span)).collect();
        self.say(errors::circle(&names));
        for one in stuck {
            self.forget(one.decl.name());
        }
    }

    /// Nothing more is said of the readers of a name whose type is not known.
    pub(super) fn forget(&mut self, name: &Name) {
        if let Some(entry) = self.names.list.get_mut(&name.text) {
            entry.0 = Symbol::Waiting;
        }
    }
}

/// Every name that an expression reads.
fn names_read(expr: &tree::Expr, visit: &mut impl FnMut(&str)) {
    if let ExprKind::Path(path) = &expr.kind {
        visit(&path.head.text);
        for step in &path.steps {
            if let Step::Args(args, _) = step {
                args.iter().for_each(|arg| names_read(arg, visit));
            }
        }
    }
    expr.operands(&mut |operand| names_read(operand, visit));
}
