//! The codes that a note of chapter 99 lists, from the text of the chapter.
pub struct NoteCodes;
pub struct NoteName;
pub fn codes_of_note() {}
