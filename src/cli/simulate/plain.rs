//! Every route, one fact a line.

use super::super::style::safe;
use super::{Shown, all_orders, orders, widest};
use crate::analysis::routes::asks::Ruling;
use crate::analysis::routes::phrases::{
    answers, ask_words, grant_terms, order_words, refusal_words, stuck_words, trigger_words,
};

pub fn print(shown: &Shown<'_>) -> String {
    let (analysis, catalog) = (shown.analysis, &shown.analysis.catalog);
    let mut out = String::new();
    let [through, some, none] = shown.totals();
    let mut line = |text: String| out.push_str(&format!("{}\n", safe(&text)));
    line(format!(
        "{}, on {}: {} routes; {through} through in every order, {some} in some, {none} in none",
        shown.name(),
        analysis.day,
        shown.found.routes.len()
    ));
    for (number, route) in shown.found.routes.iter().enumerate() {
        let mut head = format!("{}: {}", number + 1, trigger_words(catalog, shown.trigger(route)));
        if let Some(after) = shown.after(route) {
            head = format!("{head}, {after}");
        }
        for hop in &route.hops {
            let who = shown.label(hop);
            let Some(id) = hop.persona else {
                line(format!("{head}: {who}: has no card"));
                continue;
            };
            let people = answers(analysis, id);
            let people = if people.is_empty() { "no human".to_owned() } else { people.join("; ") };
            line(format!("{head}: {who}: answers: {people}"));
            for (ask, ruling) in &hop.work.asks {
                let what = match ruling {
                    Ruling::Admitted(grant) => {
                        format!("takes {}: {}", ask_words(catalog, ask), grant_terms(analysis, id, *grant))
                    }
                    Ruling::Refused(grant, lacks) => format!(
                        "is refused {}: {}",
                        ask_words(catalog, ask),
                        refusal_words(analysis, id, *grant, lacks)
                    ),
                };
                line(format!("{head}: {who}: {what}"));
            }
        }
        let all = all_orders(route);
        for outcome in &route.outcomes {
            let count = orders(outcome.orders, all);
            match outcome.stuck.as_ref().and_then(|(at, why)| Some((route.hops.get(*at)?, why))) {
                None => line(format!(
                    "{head}: through {count}: {}",
                    order_words(catalog, route, &outcome.example)
                )),
                Some((hop, stuck)) => {
                    let (why, help) = stuck_words(analysis, hop, stuck);
                    let order = order_words(catalog, route, &outcome.example);
                    line(format!("{head}: stuck {count}: {order}: {why} {help}"));
                }
            }
            if let Some(hop) = widest(route, outcome).map(|place| &route.hops[place]) {
                line(format!(
                    "{head}: widest while {} is at work: {} grants held, of weight {}",
                    shown.label(hop),
                    hop.held.len(),
                    hop.width
                ));
            }
        }
    }
    for sentence in &shown.found.left_out {
        line(format!("left out: {sentence}"));
    }
    out
}
