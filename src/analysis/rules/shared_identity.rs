//! `shared-identity`: an agent acts under an identity that another persona uses too.

use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::Context;
use crate::analysis::evidence::{field_of, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "shared-identity",
    category: Category::Agents,
    summary: "two personas, one of them an agent, act under the same identity",
    help: include_str!("../../../assets/rules/shared-identity.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut holders: HashMap<(Arc<str>, Arc<str>), Vec<PersonaId>> = HashMap::new();
    for (index, persona) in catalog.personas.iter().enumerate() {
        let Some(identity) = &persona.identity else { continue };
        let (Some(provider), Some(id)) = (&identity.provider, &identity.id) else { continue };
        let holders = holders.entry((provider.key(), id.key())).or_default();
        for first in holders.iter() {
            let earlier = &catalog.personas[first.index()];
            if !persona.is_agent() && !earlier.is_agent() {
                continue;
            }
            let later = PersonaId::from_index(index);
            let message = format!(
                "{} and {} act under the same identity, so that no log can tell them apart.",
                catalog.label((*first).into()),
                catalog.label(later.into())
            );
            let (place, other) =
                (field_of(catalog, *first, "identity"), field_of(catalog, later, "identity"));
            let evidence = vec![
                stated(*first, "shares its identity with", later, place),
                stated(later, "shares its identity with", *first, other),
            ];
            sink.about(*first, Severity::High, message).object(later).because(Some(place), evidence);
        }
        holders.push(PersonaId::from_index(index));
    }
}
