//! Every route for a wiki or a pull request.

use super::super::formats::markdown::escaped;
use super::{Shown, all_orders, orders, routes, widest};
use crate::analysis::routes::asks::Ruling;
use crate::analysis::routes::phrases::{
    answers, ask_words, grant_terms, order_words, refusal_words, stuck_words, trigger_words,
};

pub fn print(shown: &Shown<'_>) -> String {
    let (analysis, catalog) = (shown.analysis, &shown.analysis.catalog);
    let [through, some, none] = shown.totals();
    let mut out = format!(
        "# {}\n\n{} on {}: {through} through in every order, {some} in some orders, {none} in none.\n",
        escaped(shown.name()),
        routes(shown.found.routes.len()),
        analysis.day
    );
    for (number, route) in shown.found.routes.iter().enumerate() {
        out.push_str(&format!(
            "\n## {}. {}\n\n",
            number + 1,
            escaped(&trigger_words(catalog, shown.trigger(route)))
        ));
        if let Some(after) = shown.after(route) {
            out.push_str(&format!("Set off {}.\n\n", escaped(&after)));
        }
        out.push_str("| stop | takes | how | answers |\n| --- | --- | --- | --- |\n");
        for hop in &route.hops {
            let who = escaped(&shown.label(hop));
            let Some(id) = hop.persona else {
                out.push_str(&format!("| {who} | | **no card** | |\n"));
                continue;
            };
            let people = answers(analysis, id);
            let people =
                if people.is_empty() { "**no human**".to_owned() } else { escaped(&people.join("; ")) };
            if hop.work.asks.is_empty() {
                out.push_str(&format!("| {who} | | | {people} |\n"));
            }
            for (place, (ask, ruling)) in hop.work.asks.iter().enumerate() {
                let what = match ruling {
                    Ruling::Admitted(grant) => escaped(&grant_terms(analysis, id, *grant)),
                    Ruling::Refused(grant, lacks) => {
                        format!("**refused**: {}", escaped(&refusal_words(analysis, id, *grant, lacks)))
                    }
                };
                let (who, people) = if place == 0 { (who.as_str(), people.as_str()) } else { ("", "") };
                out.push_str(&format!(
                    "| {who} | {} | {what} | {people} |\n",
                    escaped(&ask_words(catalog, ask))
                ));
            }
        }
        out.push('\n');
        let all = all_orders(route);
        for outcome in &route.outcomes {
            let count = orders(outcome.orders, all);
            match outcome.stuck.as_ref().and_then(|(at, why)| Some((route.hops.get(*at)?, why))) {
                None => out.push_str(&format!("- Through {count}")),
                Some((hop, stuck)) => {
                    let (why, help) = stuck_words(analysis, hop, stuck);
                    out.push_str(&format!("- **Stuck** {count}: {} {}", escaped(&why), escaped(&help)));
                }
            }
            if all > 1 {
                let order = order_words(catalog, route, &outcome.example);
                out.push_str(&format!("; for instance {}", escaped(&order)));
            }
            if let Some(hop) = widest(route, outcome).map(|place| &route.hops[place]) {
                out.push_str(&format!(
                    "; widest while {} is at work ({} held, of weight {})",
                    escaped(&shown.label(hop)),
                    hop.held.len(),
                    hop.width
                ));
            }
            out.push('\n');
        }
    }
    for sentence in &shown.found.left_out {
        out.push_str(&format!("\n**Left out:** {}.\n", escaped(sentence)));
    }
    out
}
