//! What commands and screen say of a reach, in the same words.
//!
//! Text of cards is in it as it is written; whoever shows it makes it safe.

use crate::analysis::Analysis;
use crate::analysis::evidence::grant_phrase;
use crate::catalog::Entity;

use super::{Access, Choke, Hop, Reach};

/// Names, one after the other.
#[must_use]
pub fn labels(analysis: &Analysis, entities: &[Entity]) -> String {
    let labels: Vec<String> = entities.iter().map(|one| analysis.catalog.label(*one)).collect();
    labels.join(", ")
}

/// Who answers for one who is reached, down to people where they are known, and whether anybody does.
#[must_use]
pub fn answers(analysis: &Analysis, hop: &Hop) -> Option<(bool, String)> {
    let Entity::Persona(id) = hop.entity else { return None };
    let human = analysis.catalog.personas[id.index()].is_human();
    let named: Vec<String> = hop
        .answers
        .iter()
        .map(|one| {
            let people = match one {
                Entity::Persona(persona) => &analysis.facts.embodied_by[persona.index()][..],
                _ => &[],
            };
            let people: Vec<Entity> = people.iter().map(|person| (*person).into()).collect();
            let label = analysis.catalog.label(*one);
            if people.is_empty() { label } else { format!("{label}: {}", labels(analysis, &people)) }
        })
        .collect();
    let named = named.join("; ");
    // Where no people are declared, that a human persona has none says nothing.
    let unknown = human && analysis.catalog.people.is_empty();
    Some(match (hop.answers.is_empty(), human) {
        (true, true) if unknown => (true, "a human persona".to_owned()),
        (true, true) => (false, "nobody embodies it".to_owned()),
        (true, false) => (false, "no human answers for it".to_owned()),
        (false, true) => (true, format!("embodied by {named}")),
        (false, false) => (true, format!("answers for it: {named}")),
    })
}

/// "write in dev, jit": the grant behind an access.
#[must_use]
pub fn access_phrase(analysis: &Analysis, hop: &Hop, access: &Access) -> String {
    let Entity::Persona(id) = hop.entity else { return String::new() };
    let grants = &analysis.catalog.personas[id.index()].grants;
    let grant = grants.iter().find(|grant| grant.place == access.place);
    grant.map_or(String::new(), |grant| grant_phrase(&analysis.catalog, grant))
}

/// "3 of the 12 components that anybody can write in prod (25 %)".
#[must_use]
pub fn blast(analysis: &Analysis, found: &Reach) -> String {
    let settings = &analysis.catalog.settings;
    let prod = settings.environment(settings.production());
    let write = settings.level(settings.second_level().min(settings.top_level()));
    let count = found.writes.len();
    let percent = found.share().map_or(String::new(), |share| format!(" ({:.0} %)", share * 100.0));
    match (found.incoming, found.of) {
        (true, 1) => format!("{count} of 1 persona has {write} or more in {prod}{percent}"),
        (true, of) => format!("{count} of {of} personas have {write} or more in {prod}{percent}"),
        (false, 0) => format!("nobody has {write} or more to anything in {prod}"),
        (false, 1) => format!("{count} of the 1 component that anybody can write in {prod}{percent}"),
        (false, of) => format!("{count} of the {of} components that anybody can write in {prod}{percent}"),
    }
}

/// "cuts 2 writes in prod, 5 components in all, and 2 personas".
#[must_use]
pub fn cuts(analysis: &Analysis, found: &Reach, choke: &Choke) -> String {
    let settings = &analysis.catalog.settings;
    let prod = settings.environment(settings.production());
    let counted = |count: usize, one: &str, many: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
    };
    let (one, many) = if found.incoming { ("persona", "personas") } else { ("component", "components") };
    let touches = counted(choke.touches.len(), one, many);
    let others = choke.loses.len();
    let others = if others == 0 || found.incoming {
        String::new()
    } else {
        format!(", and {}", counted(others, "persona", "personas"))
    };
    format!("cuts {} in {prod}, {touches} in all{others}", counted(choke.writes.len(), "write", "writes"))
}
