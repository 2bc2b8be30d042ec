//! Files with a byte that is another, or without an end: an error, or the same rows.

use super::super::page_bounds::UnpackLimits;
use super::super::{RandomAccess, RowGroups, create, guarded};
use crate::effort;
use crate::generator::Dice;
use crate::policy::{Entity, Policy};
use crate::worlds::policy;
use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int8Array, Int64Array,
    RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// Whose rows they are.
fn entry() -> Policy {
    policy("entity e keyed by line { line : text  origin : country }\noutcome o : rate otherwise 1%\n")
}

fn schema() -> Arc<Schema> {
    let words = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("line", DataType::Utf8, false),
        Field::new("origin", words, true),
        Field::new("value", DataType::Decimal128(38, 2), true),
        Field::new("count", DataType::Int64, false),
        Field::new("entered", DataType::Date32, true),
        Field::new("paid", DataType::Boolean, true),
    ]))
}

fn rows(from: usize, count: usize) -> RecordBatch {
    let all = || (from..from + count).map(|row| i64::try_from(row).unwrap());
    let unless = |by: i64, value: i64| (value % by != 0).then_some(value);
    let keys: Int8Array = all().map(|row| unless(7, row).map(|row| i8::try_from(row % 3).unwrap())).collect();
    let countries = Arc::new(StringArray::from_iter_values(["JP", "KR", "CH"]));
    let wide = all().map(|row| unless(5, row).map(|row| i128::from(row) << 70));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(all().map(|row| format!("{:x}", row * 0x9e37_79b9)))),
        Arc::new(DictionaryArray::<Int8Type>::try_new(keys, countries).unwrap()),
        Arc::new(wide.collect::<Decimal128Array>().with_precision_and_scale(38, 2).unwrap()),
        Arc::new(all().map(|row| row * row).collect::<Int64Array>()),
        Arc::new(
            all().map(|row| unless(11, row).map(|row| i32::try_from(row).unwrap())).collect::<Date32Array>(),
        ),
        Arc::new(all().map(|row| unless(13, row).map(|row| row % 2 == 0)).collect::<BooleanArray>()),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

/// A file in two parts, as Comity writes it.
fn own(count: usize) -> Vec<u8> {
    let (mut writer, encoder) = create(Vec::new(), &schema(), |at| at == 3).unwrap();
    for part in [rows(1, count), rows(1 + count, count / 2)] {
        writer.append(encoder.encode(&part).unwrap()).unwrap();
    }
    writer.finish().unwrap()
}

/// The same rows as another program writes them.
fn foreign(count: usize, version: WriterVersion) -> Vec<u8> {
    let properties = WriterProperties::builder().set_writer_version(version).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema(), Some(properties)).unwrap();
    writer.write(&rows(1, count)).unwrap();
    writer.into_inner().unwrap()
}

/// All rows of a file.
fn read(file: Vec<u8>, entity: &Entity) -> Result<Vec<RecordBatch>, String> {
    let file = RandomAccess::Memory(Bytes::from(file));
    let groups = RowGroups::open(&file, entity)?;
    groups.parts().iter().map(|part| groups.read(file.clone(), part)).collect()
}

/// The same, with other limits of what may come of its pages.
fn read_within(file: &[u8], entity: &Entity, limits: UnpackLimits) -> Result<Vec<RecordBatch>, String> {
    let file = RandomAccess::Memory(Bytes::copy_from_slice(file));
    let groups = RowGroups::open(&file, entity)?.within(limits);
    groups.parts().iter().map(|part| groups.read(file.clone(), part)).collect()
}

/// A file in which each row has the same long text: once in the dictionary, and for all rows a few bytes.
fn one_long_text(length: usize, count: usize) -> Vec<u8> {
    let message = "message rows { REQUIRED BYTE_ARRAY line (UTF8); }";
    let schema = Arc::new(parse_message_type(message).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let texts = vec![ByteArray::from(vec![b'a'; length]); count];
    column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    file.into_inner().unwrap()
}

#[test]
fn few_bytes_that_stand_for_many_are_unpacked_a_few_rows_at_a_time_or_not_at_all() {
    let policy = entry();
    let (_, entity) = policy.entities.iter().next().unwrap();
    let file = one_long_text(10_000, 5_000);
    assert!(file.len() < 20_000, "{}", file.len());
    let limits = |page, at_once, part| UnpackLimits { page, at_once, part };
    let all = read_within(&file, entity, limits(1 << 20, 1 << 20, 100 << 20)).unwrap();
    assert_eq!(all.iter().map(RecordBatch::num_rows).sum::<usize>(), 5_000);
    assert_eq!(told(Ok(all)), told(read(file.clone(), entity)));
    let why = read_within(&file, entity, limits(1 << 20, 1 << 20, 20 << 20)).unwrap_err();
    assert!(why.contains("5000 of its rows unpack to more than 20 MiB"), "{why}");
    let why = read_within(&file, entity, limits(5_000, 1 << 20, 100 << 20)).unwrap_err();
    assert!(why.contains("a page of the column `line` would unpack to"), "{why}");
    // Where a page begins and ends is known before it is looked into, in files of others too.
    for file in [own(60), foreign(60, WriterVersion::PARQUET_1_0), foreign(60, WriterVersion::PARQUET_2_0)] {
        assert!(read_within(&file, entity, limits(1 << 20, 1, 1 << 20)).is_ok());
        assert!(read_within(&file, entity, limits(10, 1, 1 << 20)).unwrap_err().contains("would unpack"));
    }
}

/// The rows, and which of them stand together.
fn told(read: Result<Vec<RecordBatch>, String>) -> Result<String, String> {
    read.map(|batches| format!("{:?}", batches.iter().map(RecordBatch::columns).collect::<Vec<_>>()))
}

#[test]
fn a_changed_byte_of_a_file_that_comity_wrote_is_an_error_or_changes_no_row() {
    let policy = entry();
    let (_, entity) = policy.entities.iter().next().unwrap();
    let good = own(660);
    assert!(good.len() > 20_000, "{}", good.len());
    let right = told(read(good.clone(), entity));
    assert!(right.is_ok(), "{right:?}");
    let mut refused = 0;
    for at in 0..good.len() {
        // Every bit in its turn.
        let mut damaged = good.clone();
        damaged[at] ^= 1 << (at % 8);
        match read(damaged, entity) {
            Err(why) => {
                assert!(!why.contains(guarded::PANICKED), "byte {at}: {why}");
                refused += 1;
            }
            found => assert_eq!(told(found), right, "byte {at}"),
        }
    }
    // All but the name of the program and the letters in front.
    assert!(good.len() - refused < 50, "{refused} of {}", good.len());
}

#[test]
fn many_changed_bytes_of_a_file_that_comity_wrote_are_an_error() {
    let policy = entry();
    let (_, entity) = policy.entities.iter().next().unwrap();
    let good = own(100);
    let right = told(read(good.clone(), entity));
    for seed in 0..effort::times(500, 100_000) {
        let found = read(torn(&good, seed), entity);
        if let Err(why) = &found {
            assert!(!why.contains(guarded::PANICKED), "{seed}: {why}");
        } else {
            assert_eq!(told(found), right, "{seed}");
        }
    }
}

/// Some bytes changed, taken out or put in, or the end cut off.
fn torn(good: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut torn = good.to_vec();
    for _ in 0..1 + dice.below(4) {
        let at = usize::try_from(dice.below(torn.len() as u64)).unwrap();
        match dice.below(8) {
            0 => torn.truncate(at.max(1)),
            1 => drop(torn.remove(at)),
            2 => torn.insert(at, 0),
            3 => torn[at..].fill(0),
            _ => torn[at] = u8::try_from(dice.below(256)).unwrap(),
        }
    }
    torn
}

/// What has no checksum may be another value; but it is never the end of the program.
#[test]
fn damaged_files_of_others_are_errors_or_rows() {
    let policy = entry();
    let (_, entity) = policy.entities.iter().next().unwrap();
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let good = foreign(60, version);
        assert!(read(good.clone(), entity).is_ok());
        let mut refused = 0;
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1 << (at % 8);
            refused += usize::from(read(damaged, entity).is_err());
        }
        assert!(refused > 100, "{refused}");
        for seed in 0..effort::times(300, 100_000) {
            let _ = read(torn(&good, seed), entity);
        }
    }
}

#[test]
fn a_file_of_others_whose_pages_have_checksums_is_held_against_them() {
    let policy = entry();
    let (_, entity) = policy.entities.iter().next().unwrap();
    // Without the name, a file of ours is one of others.
    let mut file = own(60);
    let name = memchr::memmem::rfind(&file, b"comity version").unwrap();
    file[name] = b'd';
    let right = told(read(file.clone(), entity));
    assert!(right.is_ok());
    let groups = RowGroups::open(&RandomAccess::Memory(file.clone().into()), entity).unwrap();
    // A byte of the data of the first page, which ends where the next one's header begins.
    let (start, length) = groups.metadata().row_groups()[0].column(0).byte_range();
    let last = usize::try_from(start + length - 1).unwrap();
    file[last] ^= 1;
    let why = read(file, entity).unwrap_err();
    assert!(why.contains("the checksum of a page is not right"), "{why}");
}
