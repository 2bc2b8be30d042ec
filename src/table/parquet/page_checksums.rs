//! Checksums of pages, which the format provides for and the writer of the library leaves out: CRC-32 of the bytes of each page
//! as they stand in the file, in its header. Headers are in the compact protocol of Thrift, and were just written.

use std::io;

/// The pages of a column chunk with their checksums.
pub(super) struct CheckedPages {
    pub bytes: Vec<u8>,
    /// How many bytes the dictionary takes, which stands first; 0: there is none.
    pub dictionary: usize,
}

/// The field of a page header that says what stands in the chunk: a dictionary.
const DICTIONARY: u8 = 7;
/// The type of such a page.
const DICTIONARY_PAGE: u64 = 2;
/// The field of the checksum.
const CRC: u8 = 4;
/// How a number of 32 bits is announced, where its field is the next.
const NEXT_I32: u8 = 0x15;

/// Puts a checksum into the header of each page.
///
/// # Errors
/// These are no pages.
pub(super) fn with_checksums(chunk: &[u8]) -> io::Result<CheckedPages> {
    let mut checked = CheckedPages { bytes: Vec::with_capacity(chunk.len() + 64), dictionary: 0 };
    let mut rest = chunk;
    while !rest.is_empty() {
        let (page, after) = PageHead::split(rest).ok_or_else(|| io::Error::other("a page is not whole"))?;
        page.write(&mut checked.bytes);
        if page.kind == DICTIONARY {
            checked.dictionary = checked.bytes.len();
        }
        rest = after;
    }
    Ok(checked)
}

/// What the header of a page says of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageSizes {
    pub is_dictionary: bool,
    /// The bytes that it unpacks to, and those that stand in the file.
    pub plain: u64,
    pub stored: u64,
    /// The bytes of the header itself.
    pub header: u64,
}

impl PageSizes {
    /// The header with which these bytes begin; none: it is not whole, or it is none.
    pub fn read(bytes: &[u8]) -> Option<PageSizes> {
        let mut at = Cursor { bytes, at: 0 };
        let (kind, plain, stored) = (at.next_number()?, at.next_number()?, at.next_number()?);
        at.skip_struct()?;
        Some(PageSizes {
            is_dictionary: kind == DICTIONARY_PAGE,
            plain,
            stored,
            header: u64::try_from(at.at).ok()?,
        })
    }
}

/// A page and the parts of its header.
struct PageHead<'b> {
    /// The kind of the page and its two sizes.
    sizes: &'b [u8],
    /// The field after them, which says what page it is.
    kind: u8,
    /// What stands in that field, to the end of the header.
    about: &'b [u8],
    data: &'b [u8],
}

impl<'b> PageHead<'b> {
    /// The first page, and what follows it.
    fn split(bytes: &'b [u8]) -> Option<(PageHead<'b>, &'b [u8])> {
        let mut at = Cursor { bytes, at: 0 };
        let mut size = 0;
        for _ in 0..3 {
            size = at.next_number()?;
        }
        let sizes = bytes.get(..at.at)?;
        let head = at.byte()?;
        let (kind, begin) = (3 + (head >> 4), at.at);
        if kind <= CRC || head & 0x0f != STRUCT {
            return None;
        }
        at.skip_struct()?;
        at.skip_struct()?;
        let about = bytes.get(begin..at.at)?;
        let end = at.at.checked_add(usize::try_from(size).ok()?)?;
        let data = bytes.get(at.at..end)?;
        Some((PageHead { sizes, kind, about, data }, bytes.get(end..)?))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.sizes);
        out.push(NEXT_I32);
        // As a signed number, folded: 0, -1, 1, -2 are 0, 1, 2, 3.
        let crc = crc32fast::hash(self.data);
        varint(if crc >> 31 == 0 { crc << 1 } else { !(crc << 1) }, out);
        out.push((self.kind - CRC) << 4 | STRUCT);
        out.extend_from_slice(self.about);
        out.extend_from_slice(self.data);
    }
}

fn varint(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.extend((value | 0x80).to_le_bytes().first());
        value >>= 7;
    }
    out.extend(value.to_le_bytes().first());
}

/// The type of a field that has fields of its own.
const STRUCT: u8 = 12;

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The next field, a number that is no less than zero.
    fn next_number(&mut self) -> Option<u64> {
        if self.byte()? != NEXT_I32 {
            return None;
        }
        let folded = self.varint()?;
        // The sign is in the last bit.
        (folded & 1 == 0).then_some(folded >> 1)
    }

    /// Past the end of the fields of a structure.
    fn skip_struct(&mut self) -> Option<()> {
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            if head >> 4 == 0 {
                self.varint()?;
            }
            match head & 0x0f {
                // A truth stands in its announcement.
                1 | 2 => {}
                3 => self.at = self.at.checked_add(1)?,
                7 => self.at = self.at.checked_add(8)?,
                4..=6 => drop(self.varint()?),
                8 => self.at = self.at.checked_add(usize::try_from(self.varint()?).ok()?)?,
                STRUCT => self.skip_struct()?,
                // A header of a page has no others.
                _ => return None,
            }
        }
    }
}
