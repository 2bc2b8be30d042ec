//! Lines of a certain width.

/// Breaks a text into lines of at most `width` characters, at spaces only. A stretch in back-ticks stays in one piece,
/// and so does a word however long: a date or a rule is never cut in two. A newline in the text stays one.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut length = 0usize;
        for word in words(paragraph, width) {
            let more = word.chars().count();
            if length > 0 && length.saturating_add(1).saturating_add(more) > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += more;
        }
        lines.push(line);
    }
    lines
}

/// The pieces between which a line may be broken.
fn words(text: &str, width: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut ticked = None;
    for (at, sign) in text.char_indices() {
        match (sign, ticked) {
            ('`', None) => ticked = Some(at),
            ('`', Some(_)) => ticked = None,
            (' ', None) => {
                words.push(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            // What is longer than a line is broken all the same.
            (' ', Some(from)) if at - from > width => {
                words.push(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(text.get(start..).unwrap_or(""));
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_but_not_inside_ticks() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("say `a b c` now", 9), ["say", "`a b c`", "now"]);
        assert_eq!(wrap("2029-01-19", 4), ["2029-01-19"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
