//! The seal of a file that Comity wrote: the checksum of its footer, in the name of the program that made it, and in the footer
//! the checksums of its row groups. Whoever writes the file anew gives it a name of his own, and no seal is left.
//!
//! So a byte that has changed is found before anything is decoded; what is not protected changes no answer.

use parquet::file::metadata::{KeyValue, ParquetMetaData, RowGroupMetaData};
use std::io;

/// Where the checksums of the row groups stand among the remarks of a file: eight digits for each.
const GROUPS: &str = "comity:row-groups";

/// Digits of a checksum.
const DIGITS: usize = 8;

const BEFORE: &str = concat!("comity version ", env!("CARGO_PKG_VERSION"), " (build ");

/// Before the version, and before the checksum.
const NAME: (&[u8], &[u8]) = (b"comity version ", b" (build ");

/// A version is no longer than this.
const VERSION: usize = 40;

/// What a Parquet file ends with after its footer: how long that is, and four letters.
pub(super) const TAIL: usize = 8;

/// The name of the program before it is sealed.
pub(super) fn unsealed() -> String {
    format!("{BEFORE}{})", "0".repeat(DIGITS))
}

/// The checksums of row groups, as a remark.
pub(super) fn groups(checksums: &[u32]) -> KeyValue {
    let digits: String = checksums.iter().map(|checksum| format!("{checksum:08x}")).collect();
    KeyValue::new(GROUPS.to_string(), digits)
}

/// The checksum of a row group, if its file is sealed.
pub(super) fn of_group(metadata: &ParquetMetaData, group: usize) -> Option<u32> {
    let remarks = metadata.file_metadata().key_value_metadata()?;
    let remark = remarks.iter().find(|remark| remark.key == GROUPS)?;
    let start = group.checked_mul(DIGITS)?;
    let digits = remark.value.as_ref()?.get(start..start.checked_add(DIGITS)?)?;
    u32::from_str_radix(digits, 16).ok()
}

/// Where the bytes of a row group stand.
pub(super) fn range(group: &RowGroupMetaData) -> Option<(u64, u64)> {
    let ranges = group.columns().iter().map(parquet::file::metadata::ColumnChunkMetaData::byte_range);
    let ends = ranges.map(|(start, length)| Some((start, start.checked_add(length)?)));
    ends.reduce(|all, one| {
        let ((start, end), (other, last)) = (all?, one?);
        Some((start.min(other), end.max(last)))
    })?
}

/// Puts the checksum in, where a footer with its tail has the name of an unsealed file.
pub(super) fn seal(end: &mut [u8]) -> io::Result<()> {
    let unready = || io::Error::other("the end of the file is not as it was made");
    let (metadata, _) = split(end).ok_or_else(unready)?;
    let from = end.len() - TAIL - metadata.len();
    let footer = end.get_mut(from..).ok_or_else(unready)?;
    let at = digits_at(footer).ok_or_else(unready)?;
    let checksum = crc32fast::hash(footer);
    let digits = footer.get_mut(at..at + DIGITS).ok_or_else(unready)?;
    digits.copy_from_slice(format!("{checksum:08x}").as_bytes());
    Ok(())
}

/// What is found of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seal {
    /// The file is another program's, or of before there were seals.
    None,
    Whole,
    Broken,
}

/// Looks at the end of a file: its footer with the tail, and perhaps bytes before it.
pub(super) fn check(end: &[u8], footer: usize) -> Seal {
    // Where its length is damaged, less of the footer is seen than has the name.
    let Some(at) = digits_at(end) else { return Seal::None };
    let mut unsealed = end.to_vec();
    let Some(digits) = unsealed.get_mut(at..at.saturating_add(DIGITS)) else { return Seal::Broken };
    let stated = digits.to_vec();
    digits.fill(b'0');
    let sealed = unsealed.len().checked_sub(footer).and_then(|from| unsealed.get(from..));
    let right = sealed.map(|bytes| format!("{:08x}", crc32fast::hash(bytes)).into_bytes());
    if right == Some(stated) { Seal::Whole } else { Seal::Broken }
}

/// The last place where the digits of a name would stand.
fn digits_at(bytes: &[u8]) -> Option<usize> {
    let starts = memchr::memmem::rfind_iter(bytes, NAME.0);
    starts.filter_map(|start| name_ends(bytes, start)).next()
}

/// Where the digits begin, if a name begins here.
fn name_ends(bytes: &[u8], start: usize) -> Option<usize> {
    let version = start.checked_add(NAME.0.len())?;
    let rest = bytes.get(version..)?;
    let length = memchr::memmem::find(rest.get(..VERSION.min(rest.len()))?, NAME.1)?;
    let at = version + length + NAME.1.len();
    let closes = bytes.get(at + DIGITS) == Some(&b')');
    closes.then_some(at)
}

/// The footer and its tail.
fn split(end: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, tail) = end.split_at_checked(end.len().checked_sub(TAIL)?)?;
    let length = u32::from_le_bytes(tail.get(..4)?.try_into().ok()?);
    let from = before.len().checked_sub(usize::try_from(length).ok()?)?;
    Some((before.get(from..)?, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end() -> Vec<u8> {
        let mut end = format!("…schema{}\u{0}", unsealed()).into_bytes();
        let length = u32::try_from(end.len()).unwrap();
        end.extend(length.to_le_bytes());
        end.extend(b"PAR1");
        end
    }

    #[test]
    fn a_seal_is_broken_by_every_byte_but_those_of_the_name() {
        let mut sealed = end();
        seal(&mut sealed).unwrap();
        let footer = sealed.len();
        assert_eq!(check(&sealed, footer), Seal::Whole);
        let name = memchr::memmem::find(&sealed, NAME.0).unwrap();
        let name = name..name + unsealed().len();
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                let found = check(&changed, footer);
                assert!(
                    found == Seal::Broken || (found == Seal::None && name.contains(&at)),
                    "{at} {bit}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn others_have_no_seal() {
        assert_eq!(check(b"parquet-cpp-arrow version 21.0.0\x00", 33), Seal::None);
        assert_eq!(check(b"comity 0.1.0", 12), Seal::None);
        assert_eq!(check(b"", 0), Seal::None);
    }
}
