//! How wide text is, at most: by the widths of a wide sans-serif, so that what fits here fits in any.

/// Thousandths of the size of the letters.
fn letter(sign: char) -> i64 {
    match sign {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' => 340,
        'f' | 't' | 'r' | 'I' | 'J' | '/' | '\\' | '-' | '(' | ')' | '[' | ']' => 420,
        '`' | '"' | '*' | '_' | '–' | 's' | 'c' | 'z' | 'k' => 590,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' => 1_000,
        '<' | '>' | '=' | '+' | '#' | '&' | '~' | '^' => 840,
        'a'..='z' | '0'..='9' => 640,
        'A'..='Z' => 790,
        sign if u32::from(sign) >= 0x1100 => 1_100,
        _ => 800,
    }
}

/// In pixels, at a size in pixels.
pub(super) fn width(text: &str, size: i64) -> i64 {
    let sum = text.chars().map(letter).fold(0, i64::saturating_add);
    sum.saturating_mul(size).saturating_add(999) / 1_000
}

/// The same in bold.
pub(super) fn bold(text: &str, size: i64) -> i64 {
    width(text, size).saturating_mul(112) / 100
}

/// Broken into lines at spaces; a word that is wider than the room, after a `/` or anywhere.
pub(super) fn wrap(text: &str, size: i64, room: i64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for piece in pieces(word, size, room) {
            let longer = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
            if line.is_empty() || width(&longer, size) <= room {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
            }
        }
    }
    lines.push(line);
    lines
}

fn pieces(word: &str, size: i64, room: i64) -> Vec<String> {
    if width(word, size) <= room {
        return vec![word.to_string()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for sign in word.chars() {
        piece.push(sign);
        if width(&piece, size) > room && piece.chars().nth(1).is_some() {
            piece.pop();
            let slash = piece.rfind('/').map(|at| piece.split_off(at.saturating_add(1)));
            let rest = slash.unwrap_or_default();
            pieces.push(std::mem::replace(&mut piece, format!("{rest}{sign}")));
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text =
            "2029-01-19 has passed: `disbursed < pledged by deadline` averyveryverylongwordthatfitsnowhere";
        for room in [40, 90, 200, 900] {
            let lines = wrap(text, 12, room);
            assert!(lines.iter().all(|line| width(line, 12) <= room), "{lines:?}");
            let joined = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(joined(&lines.concat()), joined(text));
        }
    }
}
