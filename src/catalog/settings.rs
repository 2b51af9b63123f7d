//! The vocabularies and settings of a catalog, with their defaults.
//!
//! Words of a vocabulary become small ordered numbers here. Which severities the rules have is for
//! the analysis to say; here an override is a word.

use crate::card::words::Name;

use super::entity::{ComponentId, Place, ProcessId};

/// A place in an ordered vocabulary, from 0: an access level, a risk, or a skill level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Level(pub u8);

impl Level {
    /// The place in the vocabulary.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of environments. The empty set means that none is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct EnvironmentSet(u64);

impl EnvironmentSet {
    /// How many environments a catalog can have.
    pub const MOST: usize = 64;

    /// No environment stated.
    pub const NONE: Self = Self(0);

    /// The set of one environment.
    #[must_use]
    pub fn one(environment: usize) -> Self {
        Self(1 << environment)
    }

    /// Whether none is stated.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether an environment is stated.
    #[must_use]
    pub fn contains(self, environment: usize) -> bool {
        environment < Self::MOST && self.0 & (1 << environment) != 0
    }

    /// Whether all of `other` is in this.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The environments, from least to most critical.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::MOST).filter(move |environment| self.contains(*environment))
    }
}

impl FromIterator<usize> for EnvironmentSet {
    fn from_iter<I: IntoIterator<Item = usize>>(environments: I) -> Self {
        environments.into_iter().map(Self::one).fold(Self::NONE, Self::union)
    }
}

/// The vocabularies and settings of a catalog.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the catalog's card stands, if it has one.
    pub place: Option<Place>,
    /// A few words about the catalog.
    pub description: Option<String>,
    /// From least to most critical.
    pub environments: Vec<Name>,
    /// From least to most.
    pub access_levels: Vec<Name>,
    /// From least to most.
    pub risk_levels: Vec<Name>,
    /// What 1, 2, 3, ... mean.
    pub skill_levels: Vec<Name>,
    /// Roles that every component has.
    pub roles: Vec<(Name, Option<Level>)>,
    /// Fewest and most personas of a good balance.
    pub persona_count: (usize, usize),
    /// Rule -> severity or `off`, as written.
    pub rules: Vec<(Name, Name)>,
    /// Sets of duties that one holder should not combine.
    pub duty_sets: Vec<DutySet>,
}

/// A set of duties that one holder should not combine.
#[derive(Clone, Debug)]
pub struct DutySet {
    /// Its name.
    pub name: Name,
    /// The duties.
    pub duties: Vec<super::types::Duty>,
    /// How many of them one may hold.
    pub max: usize,
    /// Where it stands.
    pub place: Place,
}

impl Settings {
    /// The settings of a catalog that states none.
    #[must_use]
    pub fn defaults() -> Self {
        let names = |words: &[&str]| words.iter().map(|word| Name::new(word)).collect::<Vec<_>>();
        Self {
            place: None,
            description: None,
            environments: names(&["dev", "stage", "prod"]),
            access_levels: names(&["read", "write", "admin"]),
            risk_levels: names(&["low", "medium", "high"]),
            skill_levels: names(&["novice", "practitioner", "proficient", "expert"]),
            roles: vec![
                (Name::new("Reader"), Some(Level(0))),
                (Name::new("Contributor"), Some(Level(1))),
                (Name::new("Owner"), Some(Level(2))),
            ],
            persona_count: (5, 10),
            rules: Vec::new(),
            duty_sets: Vec::new(),
        }
    }

    /// *prod*: the last of the environments.
    #[must_use]
    pub fn production(&self) -> usize {
        self.environments.len().saturating_sub(1)
    }

    /// The highest access level.
    #[must_use]
    pub fn top_level(&self) -> Level {
        Level(u8::try_from(self.access_levels.len().saturating_sub(1)).unwrap_or(u8::MAX))
    }

    /// The second access level, from which on an access changes things.
    #[must_use]
    pub fn second_level(&self) -> Level {
        Level(1)
    }

    /// The word of an environment.
    #[must_use]
    pub fn environment(&self, environment: usize) -> &str {
        self.environments.get(environment).map_or("?", Name::written)
    }

    /// The word of an access level.
    #[must_use]
    pub fn level(&self, level: Level) -> &str {
        self.access_levels.get(level.index()).map_or("?", Name::written)
    }

    /// The word of a risk.
    #[must_use]
    pub fn risk(&self, risk: Level) -> &str {
        self.risk_levels.get(risk.index()).map_or("?", Name::written)
    }

    /// The word of a skill's level.
    #[must_use]
    pub fn skill_level(&self, level: Level) -> &str {
        self.skill_levels.get(level.index()).map_or("?", Name::written)
    }

    /// The words of a set of environments, or "any environment".
    #[must_use]
    pub fn environment_list(&self, set: EnvironmentSet) -> String {
        if set.is_empty() {
            return "any environment".to_owned();
        }
        set.iter().map(|environment| self.environment(environment)).collect::<Vec<_>>().join(", ")
    }
}

/// What a duty asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyTarget {
    /// Listing a process.
    Process(ProcessId),
    /// An access to a component, from a level up where one is stated.
    Component(ComponentId, Option<Level>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_environments() {
        let set: EnvironmentSet = [0, 2].into_iter().collect();
        assert!(set.contains(0) && !set.contains(1) && set.contains(2) && !set.contains(99));
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 2]);
        assert!(set.covers(EnvironmentSet::one(2)) && !EnvironmentSet::one(2).covers(set));
        assert_eq!(Settings::defaults().environment_list(EnvironmentSet::NONE), "any environment");
    }
}
