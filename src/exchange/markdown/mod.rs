//! Pages of Markdown for a wiki or a repository: a page for each persona, process, component, skill, team,
//! person and scenario, with links between them, and pages of findings, decisions, settings and matrices.
//!
//! A page begins with the card, as `block` writes it and an import reads it back; what follows from the cards
//! stands below. What is drawn is for other formats.

pub mod block;
pub mod inline;

use std::collections::{HashMap, HashSet};

use super::cards::{Written, phrase};
use super::sheets::derived;
use crate::analysis::effective::Context;
use crate::analysis::matrix::{Kind as MatrixKind, Matrix, Options, State, View};
use crate::analysis::view::{Field, card_view, line_of};
use crate::analysis::{Analysis, Finding};
use crate::card::fields::mapping_of;
use crate::card::kinds::{Kind, Mode};
use crate::card::node::Node;
use crate::card::words::{Name, slug};
use crate::catalog::{Catalog, ComponentId, Entity, EntityKind};
use inline::{escaped, linked};

/// How the line above a card begins, which an import looks for.
pub const CARD: &str = "<!-- persona-card: ";

/// The line above a page that holds no card.
pub const PAGE: &str = "<!-- persona-page -->";

/// The pages, each with its path, with `/` between folders.
#[must_use]
pub fn pages(analysis: &Analysis, cards: &[Written]) -> Vec<(String, String)> {
    let book = Book::of(analysis, cards);
    let mut out = vec![("README.md".to_owned(), book.index())];
    let settings = book.apart(Kind::Catalog, "Settings");
    out.extend(settings.map(|text| ("settings.md".to_owned(), text)));
    let decisions = book.apart(Kind::Decision, "Decisions");
    out.extend(decisions.map(|text| ("decisions.md".to_owned(), text)));
    out.push(("findings.md".to_owned(), book.findings()));
    for sheet in derived::sheets(analysis).into_iter().filter(|sheet| sheet.file.starts_with("matrix-")) {
        let mut text = format!("{PAGE}\n\n# {}\n\n", escaped(&sheet.name));
        text.push_str(&table(
            &sheet.head.iter().map(|cell| escaped(cell)).collect::<Vec<_>>(),
            sheet.rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()),
        ));
        out.push((format!("matrices/{}.md", sheet.file.trim_start_matches("matrix-")), text));
    }
    for page in &book.pages {
        out.push((page.path.clone(), book.page(page)));
    }
    out
}

/// A page of an entity, or of a card that shares its name with an earlier one.
struct Page<'a> {
    path: String,
    entity: Option<Entity>,
    card: Option<&'a Written>,
}

struct Book<'a> {
    analysis: &'a Analysis,
    catalog: &'a Catalog,
    cards: &'a [Written],
    pages: Vec<Page<'a>>,
    paths: HashMap<Entity, String>,
    /// What each cell of personas and components is, for each environment.
    states: Vec<HashMap<(Entity, Entity), State>>,
}

const FOLDERS: [(Kind, &str, &str); 7] = [
    (Kind::Persona, "personas", "Personas"),
    (Kind::Process, "processes", "Processes"),
    (Kind::Component, "components", "Components"),
    (Kind::Skill, "skills", "Skills"),
    (Kind::Team, "teams", "Teams"),
    (Kind::Person, "people", "People"),
    (Kind::Scenario, "scenarios", "Scenarios"),
];

impl<'a> Book<'a> {
    fn of(analysis: &'a Analysis, cards: &'a [Written]) -> Self {
        let catalog = &*analysis.catalog;
        let mut pages = Vec::new();
        let mut taken: HashSet<String> = HashSet::new();
        let mut seen: HashSet<Entity> = HashSet::new();
        for card in cards {
            let Some((_, folder, _)) = FOLDERS.iter().find(|(kind, _, _)| *kind == card.kind) else {
                continue;
            };
            let entity = entity_of(catalog, card.kind, card.id()).filter(|entity| seen.insert(*entity));
            let words = if card.id() == card.name() {
                card.name().to_owned()
            } else {
                format!("{} {}", card.id(), card.name())
            };
            pages.push(Page { path: path(folder, &words, &mut taken), entity, card: Some(card) });
        }
        for (kind, folder, _) in FOLDERS {
            for entity in entities(catalog, kind).into_iter().filter(|entity| !seen.contains(entity)) {
                let path = path(folder, &catalog.name(entity), &mut taken);
                pages.push(Page { path, entity: Some(entity), card: None });
            }
        }
        let paths = pages.iter().filter_map(|page| Some((page.entity?, page.path.clone()))).collect();
        Self { analysis, catalog, cards, pages, paths, states: states(analysis) }
    }

    /// The way from a page to an entity's.
    fn to(&self, from: &str, entity: Entity) -> Option<String> {
        let target = match entity {
            // A step stands on the page of its process.
            Entity::Step(step) => self.paths.get(&Entity::Process(self.catalog.steps[step.index()].process)),
            other => self.paths.get(&other),
        }?;
        Some(way(from, target))
    }

    fn link(&self, from: &str, entity: Entity) -> String {
        let label = self.catalog.label(entity);
        self.to(from, entity).map_or_else(|| escaped(&label), |to| linked(&label, &to))
    }

    fn block(&self, from: &str, card: &Written) -> String {
        let links = |field: &str, name: &str| self.to(from, named(self.catalog, field, name)?);
        let file = encoded(&card.file).replace("--", "-%2D");
        let title = if block::is_titled(card.kind) {
            let field = mapping_of(card.kind).field("name");
            let name = Node::Text(card.name().into());
            escaped(&field.map_or_else(String::new, |field| phrase::line(field, &name)))
        } else if card.kind == Kind::Catalog {
            escaped(&self.catalog.name)
        } else {
            format!(
                "Decision on {}",
                escaped(&card.get("finding").map(crate::exchange::import::merge::said).unwrap_or_default())
            )
        };
        let level = if card.kind == Kind::Decision { "##" } else { "#" };
        format!(
            "{CARD}{}, file: {file} -->\n\n{level} {title}\n\n{}",
            card.kind.word(),
            block::text(card.kind, &card.fields, &links)
        )
    }

    fn page(&self, page: &Page<'_>) -> String {
        let mut out = match (page.card, page.entity) {
            (Some(card), _) => self.block(&page.path, card),
            (None, Some(entity)) => {
                let kind = self.catalog.kind(entity).word();
                format!(
                    "{PAGE}\n\n# {}\n\nA {kind} that cards name, and that has no card of its own.\n",
                    escaped(&self.catalog.name(entity))
                )
            }
            (None, None) => String::new(),
        };
        let Some(entity) = page.entity else {
            out.push_str("\nThis card shares its name with an earlier one, and is not looked at.\n");
            return out;
        };
        let own: Vec<&Finding> = self
            .analysis
            .about(entity)
            .map(|(_, finding)| finding)
            .filter(|finding| finding.is_open())
            .collect();
        if !own.is_empty() {
            out.push_str(&format!("\n## Gaps ({})\n\n", own.len()));
            own.iter().for_each(|finding| out.push_str(&self.gap(&page.path, entity, finding)));
        }
        if let Entity::Component(id) = entity {
            out.push_str(&self.who_has_access(&page.path, id));
        }
        let view = card_view(self.analysis, entity);
        if !view.fields.is_empty() {
            out.push_str("\n## As the analysis sees it\n\n");
            let rows = view.fields.iter().flat_map(|field| self.rows(&page.path, field));
            let head = ["Field", "Value", "Details", "State", "Stated in"].map(str::to_owned);
            out.push_str(&table(&head, rows));
        }
        out.push_str(&format!("\n[All pages]({})\n", way(&page.path, "README.md")));
        out
    }

    fn rows<'f>(&'f self, from: &'f str, field: &'f Field) -> impl Iterator<Item = Vec<String>> + 'f {
        field.values.iter().map(move |value| {
            let text = match value.entity.and_then(|entity| self.to(from, entity)) {
                Some(to) => linked(&value.text, &to),
                None => escaped(&value.text),
            };
            let place = value.place.map(|place| line_of(self.analysis, place)).unwrap_or_default();
            vec![
                field.title.to_owned(),
                text,
                escaped(&value.detail),
                value.mark.word().to_owned(),
                escaped(&place),
            ]
        })
    }

    fn gap(&self, page: &str, entity: Entity, finding: &Finding) -> String {
        let place = finding.place.map(|place| format!(" ({})", escaped(&line_of(self.analysis, place))));
        let others = std::iter::once(finding.subject).chain(finding.object).filter(|other| *other != entity);
        let others: Vec<String> = others.map(|other| self.link(page, other)).collect();
        let others = if others.is_empty() { String::new() } else { format!(" See {}.", others.join(", ")) };
        format!(
            "- **{}** {}: {}{}{others}\n",
            finding.severity.word(),
            finding.rule.id,
            escaped(&finding.message),
            place.unwrap_or_default()
        )
    }

    /// Roles and levels of each persona in each environment.
    fn who_has_access(&self, from: &str, component: ComponentId) -> String {
        let settings = &self.catalog.settings;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (place, persona) in self.catalog.personas.iter().enumerate() {
            let entity = Entity::Persona(crate::catalog::PersonaId::from_index(place));
            let mut row = vec![self.link(from, entity)];
            let mut any = false;
            for (environment, states) in self.states.iter().enumerate() {
                let grants = persona.grants.iter().filter(|grant| {
                    grant.component == component
                        && (grant.environments.is_empty() || grant.environments.contains(environment))
                });
                let mut words: Vec<String> = grants
                    .map(|grant| {
                        let mut own: Vec<String> =
                            grant.roles.iter().map(|role| role.written().to_owned()).collect();
                        own.extend(grant.level.map(|level| settings.level(level).to_owned()));
                        if own.is_empty() {
                            own.push("granted".to_owned());
                        }
                        own.extend(
                            grant
                                .mode
                                .filter(|mode| *mode != Mode::Standing)
                                .map(|mode| mode.word().to_owned()),
                        );
                        own.join(", ")
                    })
                    .collect();
                words.dedup();
                let state = states.get(&(entity, Entity::Component(component))).copied();
                any |= !words.is_empty() || state == Some(State::Missing);
                let state =
                    state.filter(|state| state.is_wrong()).map(|state| format!("**{}**", state.word()));
                let words = words.iter().map(|word| escaped(word)).chain(state);
                row.push(words.collect::<Vec<_>>().join("<br>"));
            }
            if any {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        let mut head = vec!["Persona".to_owned()];
        head.extend(settings.environments.iter().map(|environment| escaped(environment.written())));
        format!("\n## Who has access\n\n{}", table(&head, rows.into_iter()))
    }

    /// The cards of a kind on one page.
    fn apart(&self, kind: Kind, title: &str) -> Option<String> {
        let path = if kind == Kind::Catalog { "settings.md" } else { "decisions.md" };
        let blocks: Vec<String> =
            self.cards.iter().filter(|card| card.kind == kind).map(|card| self.block(path, card)).collect();
        let title = if kind == Kind::Catalog { String::new() } else { format!("{PAGE}\n\n# {title}\n\n") };
        (!blocks.is_empty()).then(|| format!("{title}{}\n[All pages](README.md)\n", blocks.join("\n")))
    }

    fn findings(&self) -> String {
        let mut out = format!("{PAGE}\n\n# Findings\n\n");
        let rows = self.analysis.findings.iter().map(|finding| {
            let environment =
                finding.environment.map(|place| self.catalog.settings.environment(place)).unwrap_or_default();
            vec![
                finding.severity.word().to_owned(),
                finding.rule.id.to_owned(),
                self.link("findings.md", finding.subject),
                finding.object.map(|object| self.link("findings.md", object)).unwrap_or_default(),
                escaped(environment),
                escaped(&finding.message),
                if finding.is_open() { "open" } else { "decided" }.to_owned(),
                escaped(&finding.place.map(|place| line_of(self.analysis, place)).unwrap_or_default()),
            ]
        });
        let head = ["Severity", "Rule", "Subject", "Object", "Environment", "Finding", "State", "Stated in"]
            .map(str::to_owned);
        if self.analysis.findings.is_empty() {
            out.push_str("There are none.\n");
        } else {
            out.push_str(&table(&head, rows));
        }
        out.push_str("\n[All pages](README.md)\n");
        out
    }

    fn index(&self) -> String {
        let mut out = format!("{PAGE}\n\n# {}\n\n", escaped(&self.catalog.name));
        let score = match (self.analysis.score.value, self.analysis.score.grade()) {
            (Some(value), Some(grade)) => format!("Score {value:.1}, grade {grade}. "),
            (Some(value), None) => format!("Score {value:.1}, without a grade. "),
            (None, _) => String::new(),
        };
        let open = self.analysis.findings.iter().filter(|finding| finding.is_open()).count();
        out.push_str(&format!(
            "{score}{open} open [findings](findings.md), as of {}.{}{}\n",
            self.analysis.day,
            if self.cards.iter().any(|card| card.kind == Kind::Decision) {
                " [Decisions](decisions.md)."
            } else {
                ""
            },
            if self.cards.iter().any(|card| card.kind == Kind::Catalog) {
                " [Settings](settings.md)."
            } else {
                ""
            },
        ));
        for (kind, folder, title) in FOLDERS {
            let own: Vec<&Page<'_>> =
                self.pages.iter().filter(|page| page.path.starts_with(&format!("{folder}/"))).collect();
            if own.is_empty() {
                continue;
            }
            out.push_str(&format!("\n## {title}\n\n"));
            if kind == Kind::Persona {
                out.push_str(&self.personas(&own));
                continue;
            }
            for page in own {
                let name = match (page.entity, page.card) {
                    (Some(entity), _) => self.catalog.label(entity),
                    (None, Some(card)) => card.name().to_owned(),
                    (None, None) => continue,
                };
                let gaps = page.entity.map_or(0, |entity| {
                    self.analysis.about(entity).filter(|(_, finding)| finding.is_open()).count()
                });
                let gaps = match gaps {
                    0 => String::new(),
                    1 => ", 1 gap".to_owned(),
                    several => format!(", {several} gaps"),
                };
                let bare = if page.card.is_none() { ", no card" } else { "" };
                out.push_str(&format!("- {}{gaps}{bare}\n", linked(&name, &way("README.md", &page.path))));
            }
        }
        out.push_str("\n## Matrices\n\n");
        for (name, file) in derived::matrices(self.catalog) {
            out.push_str(&format!(
                "- {}\n",
                linked(
                    &name,
                    &way("README.md", &format!("matrices/{}.md", file.trim_start_matches("matrix-")))
                )
            ));
        }
        out
    }

    fn personas(&self, pages: &[&Page<'_>]) -> String {
        let rows = pages.iter().map(|page| {
            let Some(card) = page.card else { return Vec::new() };
            let gaps = page.entity.map_or(0, |entity| {
                self.analysis.about(entity).filter(|(_, finding)| finding.is_open()).count()
            });
            vec![
                linked(card.name(), &way("README.md", &page.path)),
                escaped(card.text("id").unwrap_or_default()),
                escaped(card.text("type").unwrap_or("human")),
                escaped(card.text("team").unwrap_or_default().trim()),
                gaps.to_string(),
            ]
        });
        table(&["Persona", "Id", "Type", "Team", "Gaps"].map(str::to_owned), rows)
    }
}

fn states(analysis: &Analysis) -> Vec<HashMap<(Entity, Entity), State>> {
    (0..analysis.catalog.settings.environments.len())
        .map(|environment| {
            let context = Context { environment: Some(environment), ..Context::default() };
            let matrix = Matrix::of(analysis, MatrixKind::Components, &context);
            let view = View::of(analysis, &matrix, &Options::default());
            let places =
                (0..view.rows.len()).flat_map(|row| (0..view.columns.len()).map(move |column| (row, column)));
            places
                .filter_map(|(row, column)| {
                    Some(((view.rows[row], view.columns[column]), view.cell(&matrix, row, column)?.state))
                })
                .collect()
        })
        .collect()
}

/// A table; its cells are Markdown already.
fn table(head: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = vec!["---".to_owned(); head.len()];
    let mut out = line(head) + &line(&rule);
    rows.filter(|row| !row.is_empty()).for_each(|row| out.push_str(&line(&row)));
    out
}

fn entities(catalog: &Catalog, kind: Kind) -> Vec<Entity> {
    use crate::catalog::{PersonId, PersonaId, ProcessId, SkillId, TeamId};
    match kind {
        Kind::Persona => {
            (0..catalog.personas.len()).map(|place| PersonaId::from_index(place).into()).collect()
        }
        Kind::Process => {
            (0..catalog.processes.len()).map(|place| ProcessId::from_index(place).into()).collect()
        }
        Kind::Component => {
            (0..catalog.components.len()).map(|place| ComponentId::from_index(place).into()).collect()
        }
        Kind::Skill => (0..catalog.skills.len()).map(|place| SkillId::from_index(place).into()).collect(),
        Kind::Team => (0..catalog.teams.len()).map(|place| TeamId::from_index(place).into()).collect(),
        Kind::Person => (0..catalog.people.len()).map(|place| PersonId::from_index(place).into()).collect(),
        Kind::Catalog | Kind::Scenario | Kind::Decision => Vec::new(),
    }
}

fn entity_of(catalog: &Catalog, kind: Kind, word: &str) -> Option<Entity> {
    let word = Name::new(word);
    Some(match kind {
        Kind::Persona => catalog.find_persona(&word)?.into(),
        Kind::Process => catalog.find_process(&word)?.into(),
        Kind::Component => catalog.find_component(&word)?.into(),
        Kind::Skill => catalog.find_skill(&word)?.into(),
        Kind::Team => catalog.find_team(&word)?.into(),
        Kind::Person => catalog.find_person(&word)?.into(),
        Kind::Scenario => catalog
            .find(word.written())
            .into_iter()
            .find(|entity| catalog.kind(*entity) == EntityKind::Scenario)?,
        Kind::Catalog | Kind::Decision => return None,
    })
}

/// What a name in a field refers to.
fn named(catalog: &Catalog, field: &str, name: &str) -> Option<Entity> {
    let word = Name::new(name);
    Some(match field {
        "component_access" | "uses" | "flows_to" | "alternatives" | "component" => {
            catalog.find_component(&word)?.into()
        }
        "processes" | "part_of" | "process" => catalog.find_process(&word)?.into(),
        "skills" | "implies" | "removes" => catalog.find_skill(&word)?.into(),
        "team" => catalog.find_team(&word)?.into(),
        "primary_interaction" => catalog.find_party(&word)?.into(),
        "performers" | "personas" | "router" | "invokes" | "monitored_by" => {
            catalog.find_persona(&word)?.into()
        }
        "accountable" | "escalates_to" | "override" => catalog.find_actor(&word)?.into(),
        _ => return None,
    })
}

/// The longest name of a file, in bytes.
const LONGEST: usize = 120;

/// A path in a folder that no other page has, and that every file system takes.
fn path(folder: &str, words: &str, taken: &mut HashSet<String>) -> String {
    let mut stem = slug(words);
    while stem.len() > LONGEST {
        stem.pop();
    }
    let lower = stem.to_lowercase();
    let is_device = ["con", "prn", "aux", "nul"].contains(&lower.as_str())
        || ["com", "lpt"].iter().any(|start| lower.strip_prefix(start).is_some_and(|rest| rest.len() == 1));
    if is_device {
        stem.push_str("-card");
    }
    let numbered =
        (1_usize..).map(|number| if number == 1 { stem.clone() } else { format!("{stem}-{number}") });
    for own in numbered {
        if taken.insert(format!("{folder}/{}", own.to_lowercase())) {
            return format!("{folder}/{own}.md");
        }
    }
    format!("{folder}/{stem}.md")
}

/// The way from one page to another.
fn way(from: &str, to: &str) -> String {
    let up = if from.contains('/') { "../" } else { "" };
    format!("{up}{}", encoded(to))
}

/// An address: whatever a link could end at is a code.
fn encoded(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The path that such an address means.
#[must_use]
pub fn decoded(address: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis_of;
    use crate::exchange::cards::cards;

    /// Names that lead out of folders, are markup, share a file name, or none takes.
    const HOSTILE: &str = "kind: Persona\nname: ../../etc/passwd\ncomponent_access: ['a|b', 'A b', \"x](http://evil)\", con]\n---\nkind: Persona\nname: '<script>alert(1)</script> [x](y) | `z`'\nteam: \"\\e[31mRed\"\n---\nkind: Persona\nname: etc passwd\n---\nkind: Component\nname: con\n";

    #[test]
    fn every_link_leads_to_a_page_and_no_page_leads_out() {
        let analysis = analysis_of(&[("a.yaml", HOSTILE)]);
        let pages = pages(&analysis, &cards(&analysis.catalog));
        let paths: HashSet<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths.len(), pages.len());
        let mut links = 0;
        for (path, text) in &pages {
            assert!(path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{path}");
            assert!(!text.contains("<script") && !text.contains('\u{1b}'), "{text}");
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for (at, _) in text.match_indices("](") {
                // An escaped bracket ends no link.
                if text[..at].ends_with('\\') {
                    continue;
                }
                let address = &text[at + 2..at + 2 + text[at + 2..].find(')').expect("an end")];
                let target = match address.strip_prefix("../") {
                    Some(rest) if !folder.is_empty() => rest.to_owned(),
                    _ if folder.is_empty() => address.to_owned(),
                    _ => format!("{folder}/{address}"),
                };
                let target = decoded(&target).expect("an address");
                assert!(paths.contains(target.as_str()), "{path} leads to {address}");
                links += 1;
            }
        }
        assert!(links > 30, "{links}");
        assert!(
            paths.contains("components/con-card.md") && paths.contains("personas/etc-passwd-2.md"),
            "{paths:?}"
        );
    }
}
