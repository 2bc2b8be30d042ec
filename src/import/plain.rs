//! Published texts without their markup.

use std::borrow::Cow;

/// Without tags, with single blanks between words and none around them.
pub fn plain(text: &str) -> Cow<'_, str> {
    let bare = without_tags(text);
    let single = |text: &str| {
        !text.starts_with(' ')
            && !text.ends_with(' ')
            && !text.contains("  ")
            && !text.contains(|sign: char| sign != ' ' && is_blank(sign))
    };
    if single(&bare) {
        return bare;
    }
    let words: Vec<&str> = bare.split(is_blank).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// A unit of quantity: `m²` is printed as `m2` too.
pub fn plain_unit(text: &str) -> String {
    plain(text).replace('²', "2").replace('³', "3")
}

/// White space, with the blank that does not break; and what has no width.
fn is_blank(sign: char) -> bool {
    sign.is_whitespace() || sign.is_control() || matches!(sign, '\u{200b}' | '\u{feff}')
}

/// `<u>kg</u>` is `kg`, `m<sup>2</sup>` is `m2`. What is no tag, `<` before a number, stays.
fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        bare.push_str(before);
        rest = match tag(after) {
            Some(after) => after,
            None => {
                bare.push('<');
                after
            }
        };
    }
    bare.push_str(rest);
    Cow::Owned(bare)
}

/// Tags of published texts are shorter, with their brackets.
const LONGEST_TAG: usize = 200;

/// What follows a tag, after its `<`.
fn tag(text: &str) -> Option<&str> {
    let end = text.bytes().take(LONGEST_TAG).position(|byte| matches!(byte, b'>' | b'<'))?;
    let inside = text.get(..end)?;
    let after = text.get(end..)?.strip_prefix('>')?;
    let inside = inside.strip_prefix('/').unwrap_or(inside).trim_end_matches(['/', ' ']);
    // `sup style="font-size: 9px"`
    let (name, attributes) = inside.split_once(' ').unwrap_or((inside, "="));
    let sound = name.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && attributes.contains('=');
    sound.then_some(after)
}
