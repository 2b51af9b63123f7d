//! Every route for people: hop by hop, what is taken, and how it ends.

use super::super::style::{Style, safe, table, wrap};
use super::{Shown, all_orders, orders, routes, widest};
use crate::analysis::Severity;
use crate::analysis::routes::asks::Ruling;
use crate::analysis::routes::phrases::{
    answers, ask_words, grant_terms, order_words, refusal_words, stuck_words, trigger_words,
};
use crate::analysis::routes::{Hop, Route};
use crate::analysis::view::line_of;

pub fn print(shown: &Shown<'_>, style: Style) -> String {
    let catalog = &shown.analysis.catalog;
    let [through, some, none] = shown.totals();
    let mut out = format!(
        "{}: {}, on {}\n",
        style.strong(&safe(shown.name())),
        routes(shown.found.routes.len()),
        shown.analysis.day
    );
    let counts = [
        (through, "through in every order"),
        (some, "through in some orders"),
        (none, "stuck in every order"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if counts.is_empty() {
        out.push_str("It has no trigger and no router from which a route could begin.\n");
    } else {
        out.push_str(&format!("{}\n", counts.join("; ")));
    }
    if !shown.found.movers.is_empty() {
        let words: Vec<String> = shown
            .found
            .movers
            .iter()
            .map(|id| {
                let there = shown.found.at_start.contains(id);
                format!(
                    "{} ({})",
                    catalog.label((*id).into()),
                    if there { "there at the start" } else { "not there at the start" }
                )
            })
            .collect();
        out.push_str(&wrap(&safe(&format!("Who comes and goes: {}", words.join(", "))), style.width, ""));
    }
    for (number, route) in shown.found.routes.iter().enumerate() {
        let title = trigger_words(catalog, shown.trigger(route));
        out.push_str(&format!(
            "\n{}  {}\n",
            style.strong(&(number + 1).to_string()),
            style.strong(&safe(&title))
        ));
        out.push_str(&context(shown, route, style));
        for (place, hop) in route.hops.iter().enumerate() {
            out.push_str(&stop(shown, hop, place, style));
        }
        out.push_str(&ends(shown, route, style));
    }
    for sentence in &shown.found.left_out {
        out.push_str(&format!(
            "\n{}\n",
            style.severity(Severity::Medium, &safe(&format!("Left out: {sentence}.")))
        ));
    }
    out
}

fn context(shown: &Shown<'_>, route: &Route, style: Style) -> String {
    let mut words: Vec<String> = shown.after(route).into_iter().collect();
    if !route.absent.is_empty() {
        let names: Vec<String> =
            route.absent.iter().map(|id| shown.analysis.catalog.label((*id).into())).collect();
        words.push(format!("{} not there at first", names.join(", ")));
    }
    if words.is_empty() { String::new() } else { wrap(&safe(&words.join("; ")), style.width, "   ") }
}

fn stop(shown: &Shown<'_>, hop: &Hop, place: usize, style: Style) -> String {
    let analysis = shown.analysis;
    let arrow = if place == 0 { String::new() } else { format!("{} ", style.arrow()) };
    let by = hop
        .protocol
        .as_ref()
        .map_or_else(String::new, |protocol| format!(" by {}", safe(protocol.written())));
    let line = style.faint(&safe(&line_of(analysis, hop.place)));
    let mut out = format!("   {arrow}{}{by}  {line}\n", style.strong(&safe(&shown.label(hop))));
    let Some(id) = hop.persona else { return out };
    let people = answers(analysis, id);
    if people.is_empty() {
        out.push_str(&format!("     {}\n", style.severity(Severity::Critical, "no human answers for it")));
    } else {
        out.push_str(&wrap(&safe(&format!("answers: {}", people.join("; "))), style.width, "     "));
    }
    if !hop.work.described && !hop.work.asks.is_empty() {
        out.push_str("     no step says what it does here; its grants give\n");
    }
    let rows: Vec<Vec<String>> = hop
        .work
        .asks
        .iter()
        .map(|(ask, ruling)| {
            let sign = match (ruling, style.ascii) {
                (Ruling::Admitted(_), false) => "·",
                (Ruling::Admitted(_), true) => "-",
                (Ruling::Refused(..), false) => "▲",
                (Ruling::Refused(..), true) => "^",
            };
            let what = match ruling {
                Ruling::Admitted(grant) => grant_terms(analysis, id, *grant),
                Ruling::Refused(grant, lacks) => {
                    format!("refused: {}", refusal_words(analysis, id, *grant, lacks))
                }
            };
            vec![format!("     {sign}"), safe(&ask_words(&analysis.catalog, ask)), safe(&what)]
        })
        .collect();
    out.push_str(&table(&rows));
    out
}

fn ends(shown: &Shown<'_>, route: &Route, style: Style) -> String {
    let catalog = &shown.analysis.catalog;
    let all = all_orders(route);
    let mut out = String::new();
    for outcome in &route.outcomes {
        let count = orders(outcome.orders, all);
        match &outcome.stuck {
            None => out.push_str(&format!("   {} {count}\n", style.added("through"))),
            Some((at, stuck)) => {
                let sign = style.badge(Severity::High);
                out.push_str(&format!("   {sign} {} {count}\n", style.severity(Severity::High, "stuck")));
                if let Some(hop) = route.hops.get(*at) {
                    let (why, help) = stuck_words(shown.analysis, hop, stuck);
                    out.push_str(&wrap(&safe(&why), style.width, "     "));
                    out.push_str(&wrap(&safe(&help), style.width, "     "));
                }
            }
        }
        if all > 1 {
            let order = order_words(catalog, route, &outcome.example);
            out.push_str(&wrap(&safe(&format!("for instance: {order}")), style.width, "     "));
        }
        if let Some(hop) = widest(route, outcome).map(|place| &route.hops[place]).filter(|hop| hop.width > 0)
        {
            let grants =
                if hop.held.len() == 1 { "1 grant".to_owned() } else { format!("{} grants", hop.held.len()) };
            let text = format!(
                "widest while {} is at work: {grants} held, of weight {}",
                shown.label(hop),
                hop.width
            );
            out.push_str(&wrap(&safe(&text), style.width, "     "));
        }
    }
    out
}
