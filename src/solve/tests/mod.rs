//! What the solver must keep: its verdicts against every assignment of small domains and against another solver, its
//! witnesses against wishes, its ends against both.

mod brute;
mod ends;
mod hand;
mod random;
mod states;
mod witnesses;
mod z3;
