//! The examples do what they say.

#[path = "../examples/diff.rs"]
mod diff;
#[path = "../examples/load_and_ask.rs"]
mod load_and_ask;
#[path = "../examples/missing.rs"]
mod missing;
#[path = "../examples/serde_facts.rs"]
mod serde_facts;
#[path = "../examples/service.rs"]
mod service;
#[path = "../examples/table.rs"]
mod table;
#[path = "../examples/timeline_svg.rs"]
mod timeline_svg;
#[path = "../examples/why.rs"]
mod why;

#[test]
fn diff_runs() {
    diff::main().expect("no error");
}

#[test]
fn load_and_ask_runs() {
    load_and_ask::main().expect("no error");
}

#[test]
fn missing_runs() {
    missing::main().expect("no error");
}

#[test]
fn serde_facts_runs() {
    serde_facts::main().expect("no error");
}

#[test]
fn service_runs() {
    service::main().expect("no error");
}

#[test]
fn table_runs() {
    table::main().expect("no error");
}

#[test]
fn timeline_svg_runs() {
    timeline_svg::main().expect("no error");
}

#[test]
fn why_runs() {
    why::main().expect("no error");
}
