//! Words as other documents write them: labels of fields, lists, environments, roles, notes in parentheses.
//!
//! Only spelling is known here, and the catalog's vocabularies. Nothing is concluded about a team.

use crate::card::node::Node;
use crate::card::words::{Name, fold};
use crate::catalog::{Catalog, Settings};

use super::draft::text;
use super::sheets::mapping::Mapping;

/// The words that a catalog knows.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// From least to most critical.
    pub environments: Vec<Name>,
    /// From least to most.
    pub levels: Vec<Name>,
    /// Roles that every component has.
    pub roles: Vec<Name>,
    /// How tables are to be read, where that is said.
    pub mapping: Option<Mapping>,
}

impl Vocabulary {
    /// Of a catalog.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let settings: &Settings = &catalog.settings;
        Self {
            environments: settings.environments.clone(),
            levels: settings.access_levels.clone(),
            roles: settings.roles.iter().map(|(name, _)| name.clone()).collect(),
            mapping: None,
        }
    }

    /// The catalog's word for an environment, and whether it was written otherwise.
    #[must_use]
    pub fn environment(&self, word: &str) -> Option<(String, bool)> {
        let word = bare_environment(word);
        if word.is_empty() {
            return None;
        }
        let own = self.environments.iter().find(|name| name.folded() == word);
        if let Some(own) = own {
            return Some((own.written().to_owned(), false));
        }
        let group = SYNONYMS.iter().find(|group| group.contains(&word.as_str()))?;
        let own = self.environments.iter().find(|name| group.contains(&name.folded()))?;
        Some((own.written().to_owned(), true))
    }

    /// Whether a word names an environment anywhere, known to the catalog or not.
    #[must_use]
    pub fn is_environment(&self, word: &str) -> bool {
        let bare = bare_environment(word);
        self.environment(word).is_some() || SYNONYMS.iter().any(|group| group.contains(&bare.as_str()))
    }

    /// The catalog's word for a level.
    #[must_use]
    pub fn level(&self, word: &str) -> Option<&str> {
        let word = Name::new(word);
        self.levels.iter().find(|level| **level == word).map(Name::written)
    }

    /// The catalog's word for a role that every component has.
    #[must_use]
    pub fn role(&self, word: &str) -> Option<&str> {
        let word = Name::new(word);
        self.roles.iter().find(|role| **role == word).map(Name::written)
    }
}

/// Spellings of environments that mean the same.
const SYNONYMS: [&[&str]; 4] = [
    &["dev", "development", "develop", "develepment"],
    &["test", "testing", "qa", "quality assurance"],
    &[
        "stage",
        "staging",
        "stg",
        "pre-production",
        "preproduction",
        "pre-prod",
        "preprod",
        "pre production",
        "uat",
    ],
    &["prod", "production", "prd", "live"],
];

fn bare_environment(word: &str) -> String {
    let word = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let word = word.strip_suffix(" environment").or(word.strip_suffix(" env")).unwrap_or(&word);
    word.strip_prefix("environment:").unwrap_or(word).trim().to_owned()
}

/// The fields of a persona and the labels under which people write them.
const LABELS: &[(&str, &[&str])] = &[
    (
        "accountable",
        &["accountable", "accountable human", "accountable persona", "answers to", "accountability"],
    ),
    ("aliases", &["aliases", "alias", "also known as", "aka", "other names"]),
    ("color", &["color", "colour"]),
    (
        "component_access",
        &[
            "component access",
            "components access",
            "components",
            "component",
            "access",
            "access needed",
            "required access",
            "access required",
            "services",
            "azure services",
            "services needed",
            "services used",
            "services and access",
            "services and access needed",
            "services and security access",
            "services and security access needed",
            "security access",
            "security access needed",
            "security and access",
            "tools and access",
            "systems",
            "system access",
            "resource access",
            "resources",
            "architecture components",
            "permissions",
            "services and security",
            "component accesses",
            "service access",
            "services access",
            "services and components",
        ],
    ),
    ("description", &["description", "summary", "about", "purpose", "overview", "mission"]),
    ("escalates_to", &["escalates to", "escalation", "escalation path", "escalate to"]),
    ("id", &["id", "persona id", "identifier", "key"]),
    ("invokes", &["invokes", "hands off to", "hands work to", "handoffs", "delegates to"]),
    ("monitored_by", &["monitored by", "monitoring by"]),
    ("name", &["name", "persona name", "persona", "role name", "persona title"]),
    ("override", &["override", "overridden by", "human override"]),
    (
        "primary_interaction",
        &[
            "primary interaction",
            "primary interactions",
            "interaction",
            "interactions",
            "key interactions",
            "interacts with",
            "works with",
            "collaborates with",
            "collaboration",
            "primary contacts",
            "primary interaction with",
            "interacts primarily with",
            "key interaction",
            "main interactions",
            "teams and agents",
            "stakeholders",
        ],
    ),
    (
        "processes",
        &[
            "processes",
            "process",
            "processes involved",
            "process involvement",
            "workflows",
            "workflow",
            "processes involved in",
            "key processes",
            "process or processes",
        ],
    ),
    ("section", &["section", "group"]),
    (
        "skills",
        &[
            "skills",
            "skill",
            "skills needed",
            "skills required",
            "required skills",
            "needed skills",
            "key skills",
            "skill set",
            "skillset",
            "competencies",
            "expertise",
            "skills and expertise",
            "skills expected",
            "skill expectations",
            "skills and knowledge",
        ],
    ),
    (
        "team",
        &[
            "team",
            "team name",
            "area or team",
            "area/team",
            "team or area",
            "team/area",
            "area",
            "department",
            "owning team",
            "responsible team",
            "business unit",
            "organisation",
            "organization",
            "team(s)",
            "teams",
        ],
    ),
    ("type", &["type", "persona type", "kind"]),
];

/// The field of a persona that a label means.
#[must_use]
pub fn field_of(label: &str) -> Option<&'static str> {
    let label = label_word(label);
    LABELS.iter().find(|(_, labels)| labels.contains(&label.as_str())).map(|(field, _)| *field)
}

/// A label without its ornaments: signs at the ends, `&` for `and`, `_` and `-` for blanks.
fn label_word(label: &str) -> String {
    let label = label.trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '(');
    let label = label.replace('&', " and ").replace(['_', '-'], " ");
    fold(&label)
}

/// Cuts a list at commas, semicolons and line breaks, but not within parentheses or quotes.
#[must_use]
pub fn split_list(value: &str) -> Vec<String> {
    let closing_ahead = |from: usize| value[from..].contains(')');
    let (mut depth, mut start) = (0_usize, 0);
    let mut out = Vec::new();
    for (at, character) in value.char_indices() {
        match character {
            '(' | '[' if depth > 0 || closing_ahead(at) || character == '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' | '\n' if depth == 0 => {
                out.push(&value[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&value[start..]);
    let last = out.len() > 1;
    out.into_iter()
        .enumerate()
        .map(|(place, item)| {
            let item = item.trim();
            // "A, B, and C".
            let item = if last && place > 0 { item.strip_prefix("and ").unwrap_or(item) } else { item };
            item.trim_end_matches('.').trim().to_owned()
        })
        .filter(|item| !item.is_empty() && !is_nothing(item))
        .collect()
}

/// Words for "there is none".
#[must_use]
pub fn is_nothing(word: &str) -> bool {
    matches!(
        fold(word).as_str(),
        "" | "-" | "–" | "—" | "n/a" | "na" | "none" | "tbd" | "tba" | "no" | "nil" | "x̶"
    )
}

/// Whether a value only holds the place of one: `[Name]`, `<team>`, `{{skills}}`.
#[must_use]
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    [('[', ']'), ('<', '>'), ('{', '}')]
        .iter()
        .any(|(open, close)| value.starts_with(*open) && value.ends_with(*close) && value.len() > 2)
}

/// A name and an id in parentheses behind it: `BI Analyst (P003)`; or before it: `P003: BI Analyst`.
#[must_use]
pub fn name_and_id(title: &str) -> (String, Option<String>) {
    let title = title.trim().trim_end_matches(':').trim();
    let title = title.strip_prefix("Persona:").map_or(title, str::trim);
    if let Some(rest) = title.strip_suffix(')')
        && let Some((name, id)) = rest.rsplit_once('(')
        && is_id(id)
        && !name.trim().is_empty()
    {
        return (name.trim().to_owned(), Some(id.trim().to_owned()));
    }
    for separator in [": ", " - ", " – ", " — ", ". "] {
        if let Some((id, name)) = title.split_once(separator)
            && is_id(id)
            && id.chars().next().is_some_and(char::is_alphabetic)
        {
            return (name.trim().to_owned(), Some(id.trim().to_owned()));
        }
    }
    (title.to_owned(), None)
}

/// Whether a word looks like an id: no blanks, letters and digits, few of them.
#[must_use]
pub fn is_id(word: &str) -> bool {
    let word = word.trim();
    (1..=16).contains(&word.chars().count())
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().any(char::is_alphabetic)
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '#' | '.'))
}

/// Whether a name says that it is an agent's: it holds the word, and does not end in a human's work.
#[must_use]
pub fn says_agent(name: &str) -> bool {
    let words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let human = [
        "developer",
        "engineer",
        "manager",
        "owner",
        "lead",
        "analyst",
        "architect",
        "scientist",
        "designer",
        "officer",
        "administrator",
        "admin",
        "operator",
        "tester",
        "specialist",
        "supervisor",
        "trainer",
        "builder",
    ];
    let last = words.iter().rev().find(|word| !word.is_empty());
    words.iter().any(|word| word == "agent") && last.is_some_and(|last| !human.contains(&last.as_str()))
}

/// Fields of a grant, as `key: value` in texts of ours.
const GRANT_KEYS: [&str; 13] = [
    "level",
    "role",
    "roles",
    "environments",
    "tools",
    "mode",
    "phases",
    "max_risk",
    "max_duration",
    "starts",
    "expires",
    "auth",
    "approval",
];

/// A grant from a text: `Azure Storage`, `Azure Storage (read)`, `Azure Storage: Reader`,
/// `Azure Machine Learning (for training scenarios)`. What is not understood stays part of the name.
#[must_use]
pub fn grant(item: &str, words: &Vocabulary) -> Node {
    let item = item.trim();
    if let Some((name, rest)) = item.split_once(" — ").or_else(|| item.split_once(" -- "))
        && let Some(fields) = stated(rest)
    {
        return component(name, fields);
    }
    if let Some(rest) = item.strip_suffix(')')
        && let Some((name, inner)) = split_parenthesis(rest)
        && !name.trim().is_empty()
    {
        if let Some(fields) = access_words(inner, words) {
            return component(name, fields);
        }
        let first = inner.split_whitespace().next().unwrap_or_default().to_lowercase();
        let reasons = [
            "for", "only", "to", "when", "during", "until", "if", "as", "in", "while", "because", "via",
            "via:",
        ];
        if reasons.contains(&first.as_str()) {
            return component(name, vec![("reason".into(), text(inner.trim()))]);
        }
    }
    for separator in [": ", " - ", " – "] {
        if let Some((name, inner)) = item.rsplit_once(separator)
            && let Some(fields) = access_words(inner, words)
        {
            return component(name, fields);
        }
    }
    text(item)
}

fn split_parenthesis(rest: &str) -> Option<(&str, &str)> {
    let mut depth = 1_usize;
    for (at, character) in rest.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' => {
                depth -= 1;
                if depth == 0 {
                    return Some((&rest[..at], &rest[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// A grant of a component with fields.
#[must_use]
pub fn component(name: &str, fields: Vec<(Box<str>, Node)>) -> Node {
    if fields.is_empty() {
        return text(name.trim());
    }
    let mut entries = vec![("component".into(), text(name.trim()))];
    entries.extend(fields);
    Node::Map(entries)
}

/// `level: write; environments: dev, stage`.
fn stated(rest: &str) -> Option<Vec<(Box<str>, Node)>> {
    let mut fields: Vec<(Box<str>, Node)> = Vec::new();
    // The reason is last, since it may hold anything.
    let (rest, reason) = match rest.split_once("reason: ") {
        Some((rest, reason)) => (rest.trim().trim_end_matches(';'), Some(reason)),
        None => (rest, None),
    };
    for part in rest.split("; ").map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once(':')?;
        let key = GRANT_KEYS.into_iter().find(|known| *known == key.trim())?;
        let values = split_list(value);
        let many = matches!(key, "environments" | "tools" | "phases" | "roles" | "approval")
            && values.len() > 1
            || key == "environments";
        let value = if many {
            Node::List(values.iter().map(|word| text(word)).collect())
        } else {
            text(value.trim())
        };
        fields.push((key.into(), value));
    }
    fields.extend(reason.map(|reason| ("reason".into(), text(reason.trim()))));
    (!fields.is_empty()).then_some(fields)
}

/// Levels, roles and environments in a few words: `read`, `write in dev`, `Reader, prod`. All of it or nothing.
fn access_words(inner: &str, words: &Vocabulary) -> Option<Vec<(Box<str>, Node)>> {
    let (mut level, mut roles, mut environments) = (None, Vec::new(), Vec::new());
    let spaced =
        inner.replace(['/', '+', '&'], ",").replace(" in ", ",").replace(" and ", ",").replace(" on ", ",");
    let spaced = spaced.strip_prefix("in ").unwrap_or(&spaced);
    for part in spaced.split([',', ';']) {
        let part = part.trim().trim_end_matches(" access").trim();
        if part.is_empty() {
            continue;
        }
        if let Some(known) = words.level(part) {
            if level.replace(known).is_some_and(|earlier| earlier != known) {
                return None;
            }
        } else if let Some(role) = words.role(part) {
            roles.push(text(role));
        } else if let Some((environment, _)) = words.environment(part) {
            environments.push(text(&environment));
        } else {
            return None;
        }
    }
    let mut fields: Vec<(Box<str>, Node)> = Vec::new();
    match roles.len() {
        0 => {}
        1 => fields.push(("role".into(), roles.remove(0))),
        _ => fields.push(("roles".into(), Node::List(roles))),
    }
    fields.extend(level.map(|level| ("level".into(), text(level))));
    if !environments.is_empty() {
        fields.push(("environments".into(), Node::List(environments)));
    }
    (!fields.is_empty()).then_some(fields)
}

#[cfg(test)]
pub(super) fn usual() -> Vocabulary {
    let names = |words: &[&str]| words.iter().map(|word| Name::new(word)).collect();
    Vocabulary {
        environments: names(&["dev", "stage", "prod"]),
        levels: names(&["read", "write", "admin"]),
        roles: names(&["Reader", "Contributor", "Owner"]),
        mapping: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> Node {
        Node::Map(entries.iter().map(|(key, value)| ((*key).into(), text(value))).collect())
    }

    #[test]
    fn lists_are_cut_outside_parentheses_only() {
        assert_eq!(
            split_list("Python, model knowledge (LLM, SLM), RAG"),
            ["Python", "model knowledge (LLM, SLM)", "RAG"]
        );
        assert_eq!(split_list("A; B, and C."), ["A", "B", "C"]);
        assert_eq!(split_list("Research and development"), ["Research and development"]);
        assert_eq!(split_list("N/A"), Vec::<String>::new());
        assert_eq!(split_list("a :( , b"), ["a :(", "b"]);
    }

    #[test]
    fn labels_have_synonyms() {
        for (label, field) in [
            ("Services & Security Access Needed", "component_access"),
            ("Skills Needed", "skills"),
            ("Area or Team", "team"),
            ("🔹Primary interaction", "primary_interaction"),
            ("persona_name", "name"),
        ] {
            assert_eq!(field_of(label), Some(field), "{label}");
        }
        assert_eq!(field_of("Use case"), None);
    }

    #[test]
    fn what_is_in_parentheses_is_a_reason_an_access_or_part_of_the_name() {
        let words = usual();
        assert_eq!(
            grant("Azure Machine Learning (for training scenarios)", &words),
            map(&[("component", "Azure Machine Learning"), ("reason", "for training scenarios")])
        );
        assert_eq!(
            grant("Azure Storage (Reader)", &words),
            map(&[("component", "Azure Storage"), ("role", "Reader")])
        );
        assert_eq!(
            grant("Azure Storage: read", &words),
            map(&[("component", "Azure Storage"), ("level", "read")])
        );
        assert_eq!(grant("Web (front end/back end)", &words), text("Web (front end/back end)"));
        assert_eq!(grant("Team: Red", &words), text("Team: Red"));
        let Node::Map(fields) = grant("GitHub (write in dev, stage)", &words) else { panic!("no fields") };
        assert_eq!(fields[2], ("environments".into(), Node::List(vec![text("dev"), text("stage")])));
    }

    #[test]
    fn ids_stand_in_parentheses_or_in_front() {
        assert_eq!(name_and_id("BI Analyst (P003)"), ("BI Analyst".into(), Some("P003".into())));
        assert_eq!(name_and_id("P003: BI Analyst"), ("BI Analyst".into(), Some("P003".into())));
        assert_eq!(name_and_id("Project Lead (Data Science Lead)").1, None);
    }

    #[test]
    fn a_name_says_agent_or_does_not() {
        for (name, agent) in [
            ("Dev Router Agent", true),
            ("Build Agent MLOps", true),
            ("Agent Developer", false),
            ("Analyst", false),
            ("Agentic Lead", false),
        ] {
            assert_eq!(says_agent(name), agent, "{name}");
        }
    }

    #[test]
    fn environments_have_other_names() {
        let words = usual();
        assert_eq!(words.environment("Production Environment"), Some(("prod".into(), true)));
        assert_eq!(words.environment("Pre-Production Environment"), Some(("stage".into(), true)));
        assert_eq!(words.environment("dev"), Some(("dev".into(), false)));
        assert_eq!(words.environment("Azure"), None);
    }
}
