//! A stream in chunks of any size gives the records it gives as a whole.

use super::policy;
use crate::facts::Facts;
use crate::table::{
    Chunks, Dictionaries, IgnoredColumns, RecordDecoder, RowChunk, RowSchema, header, line_at,
};
use proptest::prelude::*;

/// The keys of the rows with their lines, and the lines of what is set aside.
fn read(text: &str, size: usize) -> (Vec<(String, u64)>, Vec<u64>) {
    let policy = policy();
    let entry = policy.entity("entry").expect("there is one");
    let facts = Facts::none(&policy);
    let lexicons = Dictionaries::new(&policy, entry);
    let table = RowSchema {
        policy: &policy,
        entity: entry,
        facts: &facts,
        units: &[],
        ignored: IgnoredColumns::default(),
        key: false,
        lexicons: &lexicons,
    };
    let mut chunks = Chunks::new(text.as_bytes(), size);
    let mut reader: Option<RecordDecoder<'_>> = None;
    let (mut rows, mut aside) = (Vec::new(), Vec::new());
    while let Some(chunk) = chunks.chunk().expect("it is short") {
        let words = std::str::from_utf8(&chunk.text).expect("chunks end with lines");
        let mut from = 0;
        if reader.is_none() {
            let (heading, end, dialect) = header(words).expect("a header");
            reader = Some(RecordDecoder::new(&table, &heading, dialect).expect("sound"));
            from = end;
        }
        let reader = reader.as_mut().unwrap();
        let mut batch = RowChunk::default();
        batch.begin();
        reader.read(words, from, &mut batch);
        reader.finish(&mut batch);
        let places = batch.places.iter().enumerate();
        rows.extend(
            places.map(|(at, place)| (batch.keys.get(at).to_string(), line_at(words, chunk.line, *place))),
        );
        aside.extend(batch.rejected.iter().map(|one| line_at(words, chunk.line, one.place.0)));
    }
    (rows, aside)
}

#[test]
fn quotes_hold_lines_together_and_bad_lines_end_where_they_end() {
    let text = "line,note\na,1\n\"b\"\"b\",\"x,\n\ny\"\r\n\nc,a\"b\"\nd,\"x\"y\ne,1,2\nf,é\n";
    let whole = read(text, 1 << 20);
    assert_eq!(whole.0, [("a".to_string(), 2), ("b\"b".to_string(), 3), ("f".to_string(), 10)]);
    assert_eq!(whole.1, [7, 8, 9]);
    for size in 1..text.len() + 2 {
        assert_eq!(read(text, size), whole, "in chunks of {size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn chunks_change_nothing(
        text in prop::collection::vec(prop::sample::select(
            vec!["a", "b", ",", "\n", "\r\n", "\"", "\"\"", " ", "é", "1", "#"]), 0..40),
        size in 1usize..50,
    ) {
        let text = format!("line,note\n{}", text.concat());
        prop_assert_eq!(read(&text, size), read(&text, 1 << 20), "{:?}", text);
    }
}
