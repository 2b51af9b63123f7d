//! A persona's card in a context: which of its grants hold there, and what keeps the others out.
//!
//! What is needed and what is wrong stays as it is; only what is looked at narrows.

use super::{CardView, Mark};
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::card::words::Name;
use crate::catalog::Entity;

/// Marks what of the card of a persona does not hold in a context on the day of the analysis, and says why.
pub fn narrow(analysis: &Analysis, view: &mut CardView, context: &Context) {
    let Entity::Persona(id) = view.entity else { return };
    if context.is_open() {
        return;
    }
    let catalog = &analysis.catalog;
    let grants = &catalog.personas[id.index()].grants;
    let Some(field) = view.fields.iter_mut().find(|field| field.title == "Component access") else { return };
    for value in &mut field.values {
        let grant = grants.iter().find(|grant| value.place == Some(grant.place));
        let Some(grant) = grant.filter(|_| value.mark != Mark::Missing) else {
            // What is missing elsewhere is not missing here.
            let elsewhere = value.findings.iter().all(|place| {
                let there = analysis.findings.get(*place).and_then(|finding| finding.environment);
                there.is_some() && context.environment.is_some() && there != context.environment
            });
            if value.mark == Mark::Missing && elsewhere {
                value.mark = Mark::Plain;
                value.detail = format!("not here: {}", value.detail);
            }
            continue;
        };
        let refused = context.refusals(grant, analysis.day);
        if refused.is_empty() {
            let holds = if grant.is_standing() {
                "It holds here.".to_owned()
            } else {
                let who: Vec<&str> = grant.approval.iter().map(|named| Name::written(&named.name)).collect();
                match who.as_slice() {
                    [] => "It holds here once it is activated.".to_owned(),
                    who => format!("It holds here once {} approves it.", who.join(" or ")),
                }
            };
            value.why.insert(0, holds);
            continue;
        }
        let words: Vec<&str> = refused.iter().map(|condition| condition.word()).collect();
        value.mark = Mark::Plain;
        value.detail = format!("not here ({}): {}", words.join(", "), value.detail);
        let why = refused.iter().map(|condition| {
            format!("It does not hold here. {}.", capital(&condition.phrase(analysis, grant, context)))
        });
        value.why.splice(0..0, why);
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;
    use crate::analysis::view::card_view;
    use crate::catalog::PersonaId;

    #[test]
    fn what_does_not_hold_says_why_and_what_holds_says_when() {
        let analysis = analysis(
            "kind: Persona\nid: B\nname: Bot\ntype: agent\ncomponent_access:
  - {component: S, level: read, environments: [dev]}
  - {component: T, level: write, mode: jit, max_risk: low, approval: H}
---
kind: Persona\nid: H\nname: Human
",
        );
        let details = |environment, risk| {
            let context = Context::of_words(&analysis.catalog, environment, None, risk).expect("a context");
            let mut view = card_view(&analysis, PersonaId::from_index(0).into());
            narrow(&analysis, &mut view, &context);
            let field = view.fields.iter().find(|field| field.title == "Component access").expect("access");
            let values = field.values.iter();
            values.map(|value| (value.detail.clone(), value.why[0].clone())).collect::<Vec<_>>()
        };
        let in_prod = details(Some("prod"), Some("low"));
        assert_eq!(in_prod[0].0, "not here (environment): read in dev");
        assert_eq!(in_prod[0].1, "It does not hold here. Environment: it holds in dev only.");
        assert_eq!(in_prod[1].1, "It holds here once H approves it.");
        let at_high = details(None, Some("high"));
        assert_eq!(at_high[0].1, "It holds here.");
        assert!(at_high[1].0.starts_with("not here (risk): "), "{at_high:?}");
    }
}
