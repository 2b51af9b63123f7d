//! Reading typed fields out of a mapping, noting everything that is not as it should be.
//!
//! A reader never fails: what cannot be read counts as absent and leaves a [`Found`] behind. It
//! knows nothing of single kinds; [`super::parse`] does.

use std::cell::RefCell;

use jiff::SignedDuration;
use jiff::civil::Date;
use smallvec::{SmallVec, smallvec};

use super::fields::is_free;
use super::kinds::{Listed, SkillLevelCard};
use super::node::Node;
use super::path::{FieldPath, Item};
use super::problem::Level;
use super::words::{Name, Words, nearest};

/// A problem at a path of a card; it gets its line when the file is done.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) path: FieldPath,
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) hint: String,
}

/// Where the problems of one card gather, and the words known from cards read before.
pub(super) struct Findings<'w> {
    found: RefCell<Vec<Found>>,
    words: &'w Words,
}

impl<'w> Findings<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        Self { found: RefCell::default(), words }
    }

    pub(super) fn word(&self, written: &str) -> Name {
        self.words.name(written)
    }

    pub(super) fn add(&self, path: FieldPath, level: Level, message: String, hint: &str) {
        self.found.borrow_mut().push(Found { path, level, message, hint: hint.to_owned() });
    }

    pub(super) fn error(&self, path: FieldPath, message: String, hint: &str) {
        self.add(path, Level::Error, message, hint);
    }

    pub(super) fn warning(&self, path: FieldPath, message: String, hint: &str) {
        self.add(path, Level::Warning, message, hint);
    }

    pub(super) fn take(&self) -> Vec<Found> {
        self.found.take()
    }
}

/// The fields of one mapping.
pub(super) struct Fields<'n> {
    entries: &'n [(Box<str>, Node)],
    used: SmallVec<[bool; 32]>,
    known: SmallVec<[&'static str; 24]>,
    path: FieldPath,
    found: &'n Findings<'n>,
    what: &'static str,
}

impl<'n> Fields<'n> {
    /// The fields of a mapping that is a `what`, such as "persona" or "grant".
    pub(super) fn new(
        entries: &'n [(Box<str>, Node)],
        path: FieldPath,
        what: &'static str,
        found: &'n Findings<'n>,
    ) -> Self {
        Self { entries, used: smallvec![false; entries.len()], known: SmallVec::new(), path, found, what }
    }

    pub(super) fn path(&self) -> FieldPath {
        self.path
    }

    pub(super) fn found(&self) -> &'n Findings<'n> {
        self.found
    }

    /// The value of a field, unless it is absent or empty.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let place = self.entries.iter().position(|(name, _)| &**name == key)?;
        self.used[place] = true;
        match &self.entries[place].1 {
            Node::Null => None,
            node => Some(node),
        }
    }

    /// Marks a field as known without reading it.
    pub(super) fn skip(&mut self, key: &'static str) {
        let _ = self.value(key);
    }

    fn wrong(&self, path: FieldPath, key: &str, node: &Node, should: &str, hint: &str) {
        self.found.error(path, format!("`{key}` should be {should}, but is {}", node.what()), hint);
    }

    /// A field of text, as written.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.value(key)?;
        match node {
            Node::Text(text) => Some(text.to_string()),
            _ => {
                self.wrong(self.path.key(key), key, node, "text", text_hint(node));
                None
            }
        }
    }

    /// The notes, where they are text; they may be anything, and are nobody's business if not.
    pub(super) fn notes(&self) -> Option<String> {
        match self.entries.iter().find(|(name, _)| &**name == "notes") {
            Some((_, Node::Text(text))) => Some(text.to_string()),
            _ => None,
        }
    }

    /// A field of one word.
    pub(super) fn name(&mut self, key: &'static str) -> Option<Name> {
        let node = self.value(key)?;
        let path = self.path.key(key);
        self.name_of(key, path, node)
    }

    fn name_of(&self, key: &str, path: FieldPath, node: &Node) -> Option<Name> {
        match node {
            Node::Text(text) => Some(self.found.word(text)).filter(|name| !name.is_empty()),
            _ => {
                self.wrong(path, key, node, "text", text_hint(node));
                None
            }
        }
    }

    /// The items of a list; one bare value is a list of one.
    pub(super) fn items(
        &mut self,
        key: &'static str,
    ) -> impl Iterator<Item = (Item, FieldPath, &'n Node)> + use<'n> {
        let path = self.path.key(key);
        let found = self.found;
        let (bare, nodes) = match self.value(key) {
            None => (None, [].as_slice()),
            Some(Node::List(nodes)) => (None, nodes.as_slice()),
            Some(node) => (Some((Item::Bare, path, node)), [].as_slice()),
        };
        let listed = nodes.iter().enumerate().filter_map(move |(place, node)| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            if *node == Node::Null {
                let message = format!("an item of `{key}` is empty");
                found.error(path.index(place), message, "Fill it in, or delete the line.");
                return None;
            }
            Some((Item::At(place), path.index(place), node))
        });
        bare.into_iter().chain(listed)
    }

    /// A list of words.
    pub(super) fn listed(&mut self, key: &'static str) -> Vec<Listed> {
        let items = self.items(key);
        exactly(
            items.filter_map(|(at, path, node)| Some(Listed { name: self.name_of(key, path, node)?, at })),
        )
    }

    /// A list of words of which the places do not matter.
    pub(super) fn names(&mut self, key: &'static str) -> Vec<Name> {
        let items = self.items(key);
        exactly(items.filter_map(|(_, path, node)| self.name_of(key, path, node)))
    }

    /// `environment` and `environments` are one field.
    pub(super) fn environments(&mut self) -> Vec<Name> {
        self.either("environments", "environment")
    }

    /// A list of words under one name or another, or under both.
    pub(super) fn either(&mut self, key: &'static str, other: &'static str) -> Vec<Name> {
        let mut names = self.names(key);
        let more = self.names(other);
        if names.is_empty() {
            return more;
        }
        names.extend(more);
        names
    }

    /// One of a fixed set of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        let name = self.name(key)?;
        let choice = all.iter().copied().find(|&choice| name.is(word(choice)));
        if choice.is_none() {
            let words: Vec<_> = all.iter().map(|&choice| word(choice)).collect();
            self.found.warning(
                self.path.key(key),
                format!("`{name}` is no {} that is known", key.replace('_', " ")),
                &one_of(name.folded(), &words),
            );
        }
        choice
    }

    /// A whole number.
    pub(super) fn whole(&mut self, key: &'static str) -> Option<i64> {
        let node = self.value(key)?;
        match node {
            Node::Int(value) => Some(*value),
            _ => {
                self.wrong(self.path.key(key), key, node, "a whole number", "Write a number such as 5.");
                None
            }
        }
    }

    /// A number.
    pub(super) fn number(&mut self, key: &'static str) -> Option<f64> {
        let node = self.value(key)?;
        match node {
            #[expect(clippy::cast_precision_loss, reason = "such numbers are small")]
            Node::Int(value) => Some(*value as f64),
            Node::Float(value) => Some(*value),
            _ => {
                self.wrong(self.path.key(key), key, node, "a number", "Write a number such as 0.5.");
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.value(key)?;
        match node {
            Node::Bool(value) => Some(*value),
            _ => {
                self.wrong(self.path.key(key), key, node, "true or false", "Write true or false.");
                None
            }
        }
    }

    /// A day, as `2026-11-23`.
    pub(super) fn date(&mut self, key: &'static str) -> Option<Date> {
        let text = self.text(key)?;
        let date = super::words::day(&text);
        if date.is_none() {
            self.found.error(
                self.path.key(key),
                format!("`{key}` should be a day, but is `{text}`"),
                "Write it as year, month and day: 2027-03-31.",
            );
        }
        date
    }

    /// A length of time, as `1h` or `PT1H`.
    pub(super) fn duration(&mut self, key: &'static str) -> Option<SignedDuration> {
        let text = self.text(key)?;
        let duration = super::words::length(&text);
        if duration.is_none() {
            self.found.error(
                self.path.key(key),
                format!("`{key}` should be a length of time, but is `{text}`"),
                "Write it as 30m, 1h, 1h 30m, 1d or PT8H.",
            );
        }
        duration
    }

    /// The level of a skill: a number, or a word.
    pub(super) fn skill_level(&mut self, key: &'static str) -> Option<SkillLevelCard> {
        let node = self.value(key)?;
        match node {
            Node::Int(value) => Some(SkillLevelCard::Number(*value)),
            Node::Text(text) => Some(SkillLevelCard::Word(self.found.word(text))),
            _ => {
                self.wrong(
                    self.path.key(key),
                    key,
                    node,
                    "a number or a word",
                    "Write 1, 2, 3, ... or a word of the catalog's skill_levels.",
                );
                None
            }
        }
    }

    /// Reports the fields that nobody asked for, and ends the reading.
    pub(super) fn finish(self) {
        #[cfg(test)]
        asked::note(self.what, &self.known);
        for (place, (name, _)) in self.entries.iter().enumerate() {
            if self.used[place] || is_free(name) {
                continue;
            }
            // A second entry of one key is reported as a duplicate, not as unknown.
            if self.known.contains(&&**name) {
                continue;
            }
            let hint = match nearest(name, self.known.iter().copied()) {
                Some(known) => format!("Did you mean `{known}`?"),
                None => "It is kept, but nothing reads it. A field of your own begins with `x-`.".to_owned(),
            };
            let path = self.path.index(u32::try_from(place).unwrap_or(u32::MAX));
            self.found.warning(path, format!("a {} has no field `{name}`", self.what), &hint);
        }
    }
}

/// All of them, in no more room than they may need: cards stay in memory as long as the catalog does.
pub(super) fn exactly<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::with_capacity(items.size_hint().1.unwrap_or(0));
    all.extend(items);
    all
}

/// "One of a, b, c", with the nearest named first where one is near.
pub(super) fn one_of(word: &str, words: &[&str]) -> String {
    match nearest(word, words.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`? Known are {}.", words.join(", ")),
        None => format!("Known are {}.", words.join(", ")),
    }
}

fn text_hint(node: &Node) -> &'static str {
    match node {
        Node::Int(_) | Node::Float(_) | Node::Bool(_) => "Put it in quotes to make it text.",
        _ => "Write one word or sentence here.",
    }
}

/// Which fields were asked for, so that a test can hold the table of fields to it.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    type Asked = BTreeSet<(&'static str, BTreeSet<&'static str>)>;

    thread_local! {
        static ASKED: RefCell<Asked> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(in crate::card) fn note(what: &'static str, known: &[&'static str]) {
        ASKED.with_borrow_mut(|asked| asked.insert((what, known.iter().copied().collect())));
    }

    /// What was asked for on this thread since the last call.
    pub(in crate::card) fn take() -> Asked {
        ASKED.take()
    }
}
