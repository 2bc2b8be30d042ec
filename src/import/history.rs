//! What a line says over several revisions.

use super::grammar::DutyText;
use super::special::{ANY, SpecialText};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A rate text as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadText {
    /// As published, without markup.
    pub text: String,
    /// None: it is not read.
    pub said: Option<DutyText>,
    /// Of a text that is not read: what must be equal in another for it to say the same.
    pub spelling: Option<Vec<Vec<String>>>,
}

impl ReadText {
    /// What a line has of which it is not clear what it has.
    pub fn unread() -> ReadText {
        ReadText { text: String::new(), said: None, spelling: Some(Vec::new()) }
    }

    /// Whether both say the same, however it is spelled.
    fn says(&self, other: &ReadText) -> bool {
        self.said == other.said && self.spelling == other.spelling
    }
}

/// A special column as it was read.
#[derive(Clone, Debug)]
pub struct ReadSpecial {
    pub text: String,
    pub texts: Vec<SpecialText>,
    /// By programme.
    pub said: BTreeMap<String, Rc<ReadText>>,
}

impl ReadSpecial {
    pub fn unread() -> ReadSpecial {
        ReadSpecial { text: String::new(), texts: Vec::new(), said: BTreeMap::new() }.with_others_unread()
    }

    /// Whether something is said of a programme.
    pub fn names(&self, programme: &str) -> bool {
        self.said.contains_key(programme) || self.said.contains_key(ANY)
    }

    /// The same, where it is not clear what programmes have that are not named.
    pub fn with_others_unread(&self) -> ReadSpecial {
        let mut made = self.clone();
        made.said.entry(ANY.to_string()).or_insert_with(|| Rc::new(ReadText::unread()));
        made
    }
}

/// Whether two contents of a line are one.
pub trait SameContent {
    fn same(&self, other: &Self) -> bool;
}

impl SameContent for Rc<ReadText> {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(self, other) || self.says(other)
    }
}

impl SameContent for Rc<ReadSpecial> {
    fn same(&self, other: &Self) -> bool {
        let both = || self.said.iter().zip(&other.said);
        Rc::ptr_eq(self, other)
            || self.said.len() == other.said.len()
                && both().all(|((one, said), (two, other))| one == two && said.same(other))
    }
}

impl SameContent for Vec<String> {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl SameContent for BTreeSet<String> {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl SameContent for String {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl SameContent for () {
    fn same(&self, (): &()) -> bool {
        true
    }
}

/// The revisions, by number, through which a content is one.
#[derive(Clone, Debug)]
pub struct Spell<T> {
    pub first: usize,
    pub last: usize,
    pub content: T,
}

/// Contents one after the other.
#[derive(Clone, Debug)]
pub struct Spells<T>(Vec<Spell<T>>);

impl<T> Default for Spells<T> {
    fn default() -> Spells<T> {
        Spells(Vec::new())
    }
}

impl<T: SameContent> Spells<T> {
    /// The content in a revision, the later after the earlier.
    pub fn add(&mut self, revision: usize, content: T) {
        self.add_through(revision, revision, content);
    }

    fn add_through(&mut self, first: usize, last: usize, content: T) {
        match self.0.last_mut() {
            Some(before) if before.last.checked_add(1) == Some(first) && before.content.same(&content) => {
                before.last = last;
            }
            _ => self.0.push(Spell { first, last, content }),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Spell<T>> {
        self.0.iter()
    }

    /// In a revision.
    pub fn at(&self, revision: usize) -> Option<&T> {
        let spell = self.0.iter().find(|spell| spell.first <= revision && revision <= spell.last)?;
        Some(&spell.content)
    }
}

/// What stands under several keys, each with its own spells.
pub fn by_key<T, V: SameContent>(
    spells: &Spells<T>,
    entries: impl Fn(&T) -> Vec<(String, V)>,
) -> BTreeMap<String, Spells<V>> {
    let mut found: BTreeMap<String, Spells<V>> = BTreeMap::new();
    for spell in &spells.0 {
        for (key, value) in entries(&spell.content) {
            found.entry(key).or_default().add_through(spell.first, spell.last, value);
        }
    }
    found
}

/// All that one code says.
#[derive(Clone, Debug, Default)]
pub struct LineHistory {
    pub column1: Spells<Rc<ReadText>>,
    pub special: Spells<Rc<ReadSpecial>>,
    pub column2: Spells<Rc<ReadText>>,
    pub additional: Spells<Rc<ReadText>>,
    /// Of a heading of chapter 99: kinds and points, as cells.
    pub chapter99: Spells<Vec<String>>,
    pub units: Spells<Vec<String>>,
    pub see99: Spells<BTreeSet<String>>,
    pub description: Spells<String>,
}
