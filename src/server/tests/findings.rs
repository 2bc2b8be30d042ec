use super::{Editor, FolderInMemory, code};
use crate::compile::compile;
use crate::text::Sources;

#[test]
fn what_holds_for_all_facts_is_found_when_nobody_types() {
    let text = "fact a : USD\noutcome o : rate\nrule r: if a > 5 USD then o := 15%\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    editor.wait(|editor| editor.said.get("/p.comity").is_some_and(|(_, said)| !said.is_empty()));
    let (_, said) = editor.said["/p.comity"].clone();
    assert_eq!(said.iter().map(code).collect::<Vec<_>>(), ["gap"]);
    assert_eq!(editor.words("p.comity", said[0].range), "o");
    // An edit takes back what was found of another text.
    editor.replace("p.comity", "outcome o : rate", "outcome o : rate otherwise 0%");
    assert_eq!(editor.codes("p.comity"), [""; 0]);
}

#[test]
fn a_search_stops_when_it_is_told_to() {
    let text = "fact a : USD\noutcome o : rate\nrule r: if a > 5 USD then o := 15%\n";
    let files = FolderInMemory::of(&[("p.comity", text)]);
    let policy = compile("/p.comity", &files, &mut Sources::new()).expect("a policy").policy;
    assert!(crate::regions::findings::look_while(&policy, 1000, &|| false).is_none());
    assert!(crate::regions::findings::look_while(&policy, 1000, &|| true).is_some());
}
