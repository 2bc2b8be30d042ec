//! Counted steps: how much work something took, whatever the machine. Tests alone can see them; elsewhere counting is
//! nothing at all.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// One thing was looked at: an expression, a row, a statement, a rule above another, a name.
#[inline(always)]
pub(crate) fn step() {
    steps(1);
}

#[inline(always)]
pub(crate) fn steps(_count: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get().saturating_add(_count as u64));
}

/// The steps that some work takes.
#[cfg(test)]
pub(crate) fn counted(work: impl FnOnce()) -> u64 {
    let before = STEPS.get();
    work();
    STEPS.get().saturating_sub(before)
}
