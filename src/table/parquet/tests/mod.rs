//! What is written is read back, whichever way its words are stored; what is damaged is an error.

mod damaged;

use super::create;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, Int8Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::statistics::Statistics;
use proptest::prelude::*;
use std::sync::Arc;

fn schema() -> Arc<Schema> {
    let words = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("line", DataType::Utf8, false),
        Field::new("may", words(DataType::Int32), true),
        Field::new("must", words(DataType::Int8), false),
    ]))
}

/// Some rows; of `may` a row without a word is null.
fn rows(words: &[String], may: &[Option<usize>]) -> RecordBatch {
    let texts = Arc::new(StringArray::from_iter_values(words));
    let lines = StringArray::from_iter_values((0..may.len()).map(|row| format!("e{row}")));
    let keys: Int32Array = may.iter().map(|key| key.and_then(|key| i32::try_from(key).ok())).collect();
    let few = Arc::new(StringArray::from_iter_values(["yes", "no", "never said"]));
    let must = Int8Array::from_iter_values((0..may.len()).map(|row| i8::from(row % 11 > 5)));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(lines),
        Arc::new(DictionaryArray::<Int32Type>::try_new(keys, texts).unwrap()),
        Arc::new(DictionaryArray::<Int8Type>::try_new(must, few).unwrap()),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn texts(array: &ArrayRef) -> Vec<Option<String>> {
    let Some(dictionary) = array.as_any_dictionary_opt() else {
        return array.as_string::<i32>().iter().map(|text| text.map(str::to_string)).collect();
    };
    let words = dictionary.values().as_string::<i32>();
    let keys = if words.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
    let text = |(row, key)| array.is_valid(row).then(|| words.value(key).to_string());
    keys.into_iter().enumerate().map(text).collect()
}

fn written(parts: &[RecordBatch]) -> Vec<u8> {
    let (mut sink, encoder) = create(Vec::new(), &schema(), |_| false).unwrap();
    for part in parts {
        sink.append(encoder.encode(part).unwrap()).unwrap();
    }
    sink.finish().unwrap()
}

fn read_back(parts: &[RecordBatch]) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(written(parts))).unwrap();
    let groups = reader.metadata().row_groups().to_vec();
    assert_eq!(groups.len(), parts.len());
    for (group, part) in groups.iter().zip(parts) {
        let may: Vec<String> = texts(part.column(1)).into_iter().flatten().collect();
        if let Some(Statistics::ByteArray(told)) = group.column(1).statistics() {
            let word =
                |at: Option<&parquet::data_type::ByteArray>| at.map(|it| it.as_utf8().unwrap().to_string());
            assert_eq!(word(told.min_opt()), may.iter().min().cloned());
            assert_eq!(word(told.max_opt()), may.iter().max().cloned());
            let nulls = part.num_rows() - may.len();
            assert_eq!(told.null_count_opt(), u64::try_from(nulls).ok());
        }
    }
    let found: Vec<RecordBatch> = reader.build().unwrap().map(|batch| batch.unwrap()).collect();
    for column in 0..3 {
        let all = |parts: &[RecordBatch]| -> Vec<_> {
            parts.iter().flat_map(|part| texts(part.column(column))).collect()
        };
        assert_eq!(all(&found), all(parts), "column {column}");
    }
}

#[test]
fn words_that_nobody_says_are_not_written() {
    let words = ["a", "b", "c"].map(str::to_string);
    let file = written(&[rows(&words, &[Some(2), Some(0), Some(2)])]);
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap();
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.column(1).as_any_dictionary().values().len(), 2);
}

#[test]
fn the_file_does_not_tell_who_made_the_dictionary() {
    let one = rows(&["x", "a", "b"].map(str::to_string), &[Some(2), None, Some(1)]);
    let other = rows(&["a", "b"].map(str::to_string), &[Some(1), None, Some(0)]);
    assert_eq!(written(&[one]), written(&[other]));
}

#[test]
fn no_rows_no_words_and_many_words() {
    read_back(&[rows(&[], &[])]);
    read_back(&[rows(&[], &[None, None, None])]);
    let many: Vec<String> = (0..70_000).map(|at| format!("{at:030}")).collect();
    read_back(&[rows(&many, &(0..70_000).map(Some).collect::<Vec<_>>())]);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        parts in prop::collection::vec(
            (1usize..300, prop::collection::vec((prop::option::weighted(0.8, 0usize..300), 1usize..40), 0..60)),
            1..4,
        )
    ) {
        let batches: Vec<RecordBatch> = parts
            .iter()
            .map(|(count, runs)| {
                // A dictionary may hold a word more than once.
                let words: Vec<String> =
                    (0..*count).map(|at| "é".repeat(at % 5) + &(at % 37).to_string()).collect();
                let may: Vec<Option<usize>> = runs
                    .iter()
                    .flat_map(|(word, run)| std::iter::repeat_n(word.map(|word| word % count), *run))
                    .collect();
                rows(&words, &may)
            })
            .collect();
        read_back(&batches);
    }
}
