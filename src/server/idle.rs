//! What holds for all facts, or fails for some, is looked for while nobody types: on a thread that the next edit stops.

use super::view::PolicyView;
use crate::diag::Diagnostic;
use crate::policy::Policy;
use crate::regions::findings::{STEPS, look_while};
use crate::report::{allowances, noted};
use crate::text::Sources;
use crossbeam_channel::{Receiver, Sender};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What was found of a policy as it stood.
pub(super) struct FoundIdle {
    pub root: String,
    pub said: Vec<Diagnostic>,
}

/// The one search that goes on.
pub(super) struct IdleSearch {
    sender: Sender<FoundIdle>,
    pub found: Receiver<FoundIdle>,
    going: Option<(String, Arc<AtomicBool>)>,
}

impl IdleSearch {
    pub fn new() -> IdleSearch {
        let (sender, found) = crossbeam_channel::unbounded();
        IdleSearch { sender, found, going: None }
    }

    pub fn is_going(&self) -> bool {
        self.going.is_some()
    }

    /// What it would find is of no use any more.
    pub fn stop(&mut self) {
        if let Some((_, stopped)) = self.going.take() {
            stopped.store(true, Ordering::Relaxed);
        }
    }

    pub fn begin(&mut self, view: &PolicyView) {
        self.stop();
        let Some(policy) = view.policy.clone() else { return };
        let (root, sources, sender) = (view.root.clone(), view.sources.clone(), self.sender.clone());
        let stopped = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stopped);
        let search = move || {
            let goes_on = || !told.load(Ordering::Relaxed);
            if let Some(said) = findings(&policy, &sources, &goes_on) {
                // Whoever waited may be gone.
                let _ = sender.send(FoundIdle { root, said });
            }
        };
        if thread::Builder::new().name("findings".to_string()).stack_size(STACK).spawn(search).is_ok() {
            self.going = Some((view.root.clone(), stopped));
        }
    }

    /// A search has ended.
    pub fn ended(&mut self, root: &str) -> bool {
        let own = self.going.as_ref().is_some_and(|(going, _)| going == root);
        if own {
            self.going = None;
        }
        own
    }
}

/// As much as a main thread has.
const STACK: usize = 8 << 20;

/// The findings of `comity check` that are not allowed, and allowances in vain; none: the search was stopped.
fn findings(policy: &Policy, sources: &Sources, goes_on: &dyn Fn() -> bool) -> Option<Vec<Diagnostic>> {
    let found = look_while(policy, STEPS, goes_on)?.found;
    let mut noted = noted(policy, sources, found);
    let mut allowances = allowances(sources);
    allowances.apply(&mut noted, sources);
    let open = noted.into_iter().filter(|one| one.allowed.is_none()).map(|one| one.diagnostic);
    Some(open.chain(allowances.in_vain(|_| true)).collect())
}
