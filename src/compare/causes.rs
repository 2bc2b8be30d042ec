//! What changes of itself, and what only follows from something else that changes.

use super::Pairing;
use super::item::NamedItem;
use std::collections::{BTreeMap, BTreeSet};

/// Why an answer changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RootCause {
    /// A clause changed that it reads otherwise than through another answer that changes.
    pub direct: bool,
    /// Else the answers that change of themselves and that it follows from.
    pub roots: BTreeSet<String>,
}

impl Pairing<'_> {
    /// Of outcomes, duties and powers that change, by their names on the new side.
    pub fn causes(&self, moved: &BTreeSet<String>) -> BTreeMap<String, RootCause> {
        let outcomes =
            self.outcomes.iter().map(|(old, new)| (NamedItem::Outcome(*old), NamedItem::Outcome(*new)));
        let duties = self.duties.iter().map(|(old, new)| (NamedItem::Duty(*old), NamedItem::Duty(*new)));
        let powers = self.powers.iter().map(|(old, new)| (NamedItem::Power(*old), NamedItem::Power(*new)));
        let pairs: Vec<(NamedItem, NamedItem)> = outcomes
            .chain(duties)
            .chain(powers)
            .filter(|(_, new)| moved.contains(&self.called(*new)))
            .collect();
        let stops = |side: fn(&(NamedItem, NamedItem)) -> NamedItem| pairs.iter().map(side).collect();
        let (olds, news): (BTreeSet<NamedItem>, BTreeSet<NamedItem>) =
            (stops(|pair| pair.0), stops(|pair| pair.1));
        let to_new: BTreeMap<NamedItem, NamedItem> = pairs.iter().copied().collect();
        let mut read: BTreeMap<NamedItem, (bool, BTreeSet<NamedItem>)> = BTreeMap::new();
        for (old, new) in &pairs {
            let before = self.touched.0.reaches_past((self.old, &self.names.old), *old, &olds);
            let mut after = self.touched.1.reaches_past((self.new, &self.names.new), *new, &news);
            after.0 |= before.0;
            after.1.extend(before.1.iter().filter_map(|item| to_new.get(item)));
            read.insert(*new, after);
        }
        let cause = |item: &NamedItem| {
            let mut cause =
                RootCause { direct: read.get(item).is_some_and(|one| one.0), roots: BTreeSet::new() };
            let (mut open, mut met) = (vec![*item], BTreeSet::new());
            while let Some(next) = open.pop() {
                let Some((direct, reads)) = read.get(&next) else { continue };
                if *direct && next != *item {
                    cause.roots.insert(self.called(next));
                } else {
                    open.extend(reads.iter().filter(|one| met.insert(**one)));
                }
            }
            // What follows from nothing that is known to change stands by itself.
            cause.direct |= cause.roots.is_empty();
            (self.called(*item), cause)
        };
        read.keys().map(cause).collect()
    }

    fn called(&self, item: NamedItem) -> String {
        match item {
            NamedItem::Outcome(id) => self.new.outcomes[id].name.clone(),
            NamedItem::Duty(id) => self.new.duties[id].name.clone(),
            NamedItem::Power(id) => self.new.powers[id].name.clone(),
            _ => String::new(),
        }
    }
}
