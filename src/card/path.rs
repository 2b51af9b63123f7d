//! Where in a card something stands, as a path of fields: `component_access`, item 3, `level`.
//!
//! A path is symbolic: it stays true when lines move. [`crate::card::source`] turns it into a line
//! and a column when one is wanted. It is small and free to copy, since findings hold many.

use std::fmt;

/// Every field name that a path can name, in alphabetical order.
const KEYS: &[&str] = &[
    "access_levels",
    "accountable",
    "action",
    "active",
    "aliases",
    "allocation",
    "alternatives",
    "approval",
    "audit_log",
    "auth",
    "by",
    "cadence",
    "change",
    "color",
    "component",
    "component_access",
    "context",
    "decided",
    "description",
    "duties",
    "environment",
    "environments",
    "escalates_to",
    "exclude",
    "expires",
    "finding",
    "flows_to",
    "from",
    "grant_defaults",
    "how",
    "id",
    "identity",
    "implies",
    "invokes",
    "items",
    "joins",
    "kind",
    "label",
    "lane",
    "layer",
    "learn",
    "leaves",
    "level",
    "loop",
    "max",
    "max_duration",
    "max_risk",
    "min",
    "mode",
    "monitored_by",
    "name",
    "next",
    "object",
    "override",
    "parent",
    "part_of",
    "performers",
    "persona",
    "persona_count",
    "personas",
    "phase",
    "phases",
    "platform",
    "primary_interaction",
    "process",
    "processes",
    "protocol",
    "provider",
    "reason",
    "removes",
    "responsibility",
    "risk",
    "risk_levels",
    "role",
    "role_table",
    "roles",
    "route",
    "router",
    "rule",
    "rules",
    "section",
    "separation_of_duties",
    "skill",
    "skill_levels",
    "skills",
    "starts",
    "step",
    "steps",
    "subject",
    "team",
    "title",
    "tools",
    "triggers",
    "type",
    "until",
    "url",
    "uses",
    "with",
    "work_item",
    "work_items",
];

/// By first letter: where its names begin, and behind the last where all end.
const STARTS: [usize; 27] = {
    let mut starts = [KEYS.len(); 27];
    let mut place = KEYS.len();
    while place > 0 {
        place -= 1;
        starts[(KEYS[place].as_bytes()[0] - b'a') as usize] = place;
    }
    // A letter without names begins where the next one does.
    let mut letter = 26;
    while letter > 0 {
        letter -= 1;
        if starts[letter] > starts[letter + 1] {
            starts[letter] = starts[letter + 1];
        }
    }
    starts
};

/// The place of a name in the table. A path is made for every value of every card, so this is quick.
fn place_of(name: &str) -> Option<usize> {
    let letter = usize::from(name.as_bytes().first()?.checked_sub(b'a')?);
    let (start, end) = (*STARTS.get(letter)?, *STARTS.get(letter + 1)?);
    KEYS[start..end].iter().position(|known| *known == name).map(|place| start + place)
}

/// A name of the table, small enough to keep one for each key of each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyId(u8);

impl KeyId {
    /// Of a name that a path can have.
    pub(super) fn of(name: &str) -> Option<Self> {
        place_of(name).and_then(|place| u8::try_from(place).ok()).map(Self)
    }
}

const _: () = assert!(KEYS.len() <= 256, "each name has a small number");

const DEPTH: usize = 6;
const IS_KEY: u32 = 1 << 31;

/// One step of a [`FieldPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The value of the field of this name.
    Key(&'static str),
    /// The item at this place of a list, from 0; in a mapping, the entry at this place.
    Index(u32),
}

/// Where an item stands in a field: at a place of its list, or as the field's one bare value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Item {
    /// The field's value itself.
    #[default]
    Bare,
    /// The item at this place of the list, from 0.
    At(u32),
}

/// A path of at most six steps from the top of a card to a value.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldPath {
    segments: [u32; DEPTH],
    length: u8,
}

impl FieldPath {
    /// The card itself.
    pub const CARD: Self = Self { segments: [0; DEPTH], length: 0 };

    /// The field `name` of what this path leads to. A name that no card has leaves the path as it is.
    #[must_use]
    pub fn key(self, name: &str) -> Self {
        match place_of(name) {
            Some(place) => self.push(IS_KEY | u32::try_from(place).unwrap_or(0)),
            None => self,
        }
    }

    /// The item at `place` of the list that this path leads to.
    #[must_use]
    pub fn index(self, place: u32) -> Self {
        self.push(place & !IS_KEY)
    }

    /// The item of a field: of its list, or its one bare value.
    #[must_use]
    pub fn item(self, name: &str, item: Item) -> Self {
        match item {
            Item::Bare => self.key(name),
            Item::At(place) => self.key(name).index(place),
        }
    }

    /// The steps from the card's top.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.segments.iter().take(usize::from(self.length)).map(|&segment| {
            if segment & IS_KEY == 0 {
                Segment::Index(segment)
            } else {
                Segment::Key(KEYS[(segment & !IS_KEY) as usize])
            }
        })
    }

    /// Whether this is the card itself.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.length == 0
    }

    /// Deeper than six steps a path stays where it is: it then names the nearest enclosing value.
    fn push(mut self, segment: u32) -> Self {
        if let Some(slot) = self.segments.get_mut(usize::from(self.length)) {
            *slot = segment;
            self.length += 1;
        }
        self
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.segments().enumerate() {
            match segment {
                Segment::Key(name) if place == 0 => write!(f, "{name}")?,
                Segment::Key(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_so_that_they_are_found() {
        assert!(KEYS.is_sorted());
        for (place, key) in KEYS.iter().enumerate() {
            assert_eq!(place_of(key), Some(place));
        }
        for unknown in ["", "aa", "nam", "zebra", "Name", "\u{e9}t\u{e9}", "{", "`"] {
            assert_eq!(place_of(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_path_reads_like_the_fields_that_it_passes() {
        let path = FieldPath::CARD.item("steps", Item::At(2)).item("uses", Item::Bare).key("level");
        assert_eq!(path.to_string(), "steps[2].uses.level");
        assert!(FieldPath::CARD.is_card());
    }

    #[test]
    fn a_path_too_deep_names_the_enclosing_value() {
        let mut path = FieldPath::CARD;
        for _ in 0..20 {
            path = path.index(1);
        }
        assert_eq!(path.segments().count(), DEPTH);
    }
}
