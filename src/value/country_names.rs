//! What countries are called elsewhere: by three letters, by name. Never read as a value: for messages alone.

use super::Country;

/// The codes of two and three letters, then the names, the usual one first.
const NAMES: &str = include_str!("country_names.txt");

/// The country that is meant by a name or by a code of another list.
pub fn country_meant(text: &str) -> Option<Country> {
    let wanted = plain(text);
    if wanted.len() < 2 {
        return None;
    }
    NAMES.lines().find_map(|line| {
        let (code, rest) = line.split_once(' ')?;
        let (three, names) = rest.split_once(' ')?;
        let mut all = [code, three].into_iter().chain(names.split("; "));
        all.any(|name| plain(name) == wanted).then(|| Country::parse(code)).flatten()
    })
}

/// The letters of a name, small, without accents, spaces and signs.
fn plain(name: &str) -> String {
    let small = name.chars().flat_map(char::to_lowercase).filter_map(|sign| match sign {
        'à'..='å' => Some('a'),
        'ç' => Some('c'),
        'è'..='ë' => Some('e'),
        'ì'..='ï' => Some('i'),
        'ñ' => Some('n'),
        'ò'..='ö' => Some('o'),
        'ù'..='ü' => Some('u'),
        sign => sign.is_alphanumeric().then_some(sign),
    });
    let small: String = small.collect();
    small.strip_prefix("the").filter(|rest| rest.len() > 3).map_or(small.clone(), str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_found_by_its_codes_and_no_name_means_two() {
        let mut seen = std::collections::BTreeMap::new();
        assert_eq!(NAMES.lines().count(), Country::all().count());
        for line in NAMES.lines() {
            let (code, rest) = line.split_once(' ').expect("a code");
            let country = Country::parse(code).expect("a country");
            let (three, names) = rest.split_once(' ').expect("a name");
            assert_eq!(country_meant(three), Some(country), "{three}");
            for name in names.split("; ").chain([three, code]) {
                let before = seen.insert(plain(name), code);
                assert!(before.is_none_or(|other| other == code), "{name}: {before:?} and {code}");
            }
        }
    }

    #[test]
    fn names_as_they_are_written() {
        let meant = |text| country_meant(text).map(|country| country.to_string());
        assert_eq!(meant("South_Korea").as_deref(), Some("KR"));
        assert_eq!(meant("cote d'ivoire").as_deref(), Some("CI"));
        assert_eq!(meant("The Netherlands").as_deref(), Some("NL"));
        assert_eq!(meant("UK").as_deref(), Some("GB"));
        assert_eq!(meant("EU"), None);
        assert_eq!(meant("Kosovo").as_deref(), Some("XK"));
        assert_eq!(meant("J"), None);
    }
}
