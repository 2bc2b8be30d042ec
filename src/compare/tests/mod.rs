//! Comparing policies.
