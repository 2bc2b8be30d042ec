//! Wrong texts, with what is said about them: `code @text under the place: message (help)`.

use super::*;
use crate::diag::Code;

fn check(table: &[(&str, &str)]) {
    for (text, said) in table {
        let mut sources = Sources::new();
        let id = sources.add("test", *text);
        let errors = file(id, text).err().unwrap_or_default();
        assert_eq!(shown(&sources, &errors), *said, "{text}");
    }
}
