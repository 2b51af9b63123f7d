//! `persona access`: what a persona may do in a context of environment, phase, risk and day.

mod over;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::report::{self, entity, location};
use super::show::find;
use super::style::{Style, lines, safe, table, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::effective::{Access, Condition, Context, Uncovered, access};
use crate::analysis::evidence::{grant_phrase, need_phrase};
use crate::analysis::people::{of_actor, with_people};
use crate::analysis::strip::{Axis, Strip, strip};
use crate::analysis::view::{asker, line_of};
use crate::card::kinds::Mode;
use crate::catalog::{Entity, Grant, PersonaId};

/// Show what a persona may do: at once, once it is activated, and what is refused by which condition
///
/// Give an environment, a phase, a risk or (with --at) a day, and only what holds there counts. Without
/// them the grants stand in a table over the environments, with their conditions. With --over it is shown
/// step by step where the access widens and narrows, and by which grant.
#[derive(Debug, Args)]
#[command(
    after_help = "Standing access holds at once. Access that is eligible or just in time holds once it is
activated: it is said who must approve and for how long it lasts. What is refused says which of its
conditions is not met: environment, phase, risk, starts (first day) or expires (last day). A need that no
grant covers there is shown as well.

Examples:
  persona access P011                                        all of it, over the environments
  persona access P011 --environment dev --phase test --risk low
  persona access P009 --environment prod --at 2026-12-01
  persona access \"Data scientist B\" --environment prod       all that a person's personas may do
  persona access P011 --over risk                            what is cut as the risk grows
  persona access P009 --over time --environment prod         what starts and expires, and when
  persona access P011 --over phase --phase deploy            phase by phase, with one marked
  persona access P011 --environment dev --format json | jq '.personas[].activated[].component.id'

The schema of the JSON is assets/schema/access-1.json; with --over, access-over-1.json beside it."
)]
pub struct Arguments {
    /// Whose access: a persona, or a person for all personas that the person embodies.
    who: String,
    /// In this environment [default: all].
    #[arg(long, short, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// In this phase of a process [default: any].
    #[arg(long, value_name = "PHASE")]
    phase: Option<String>,
    /// At this risk [default: any].
    #[arg(long, value_name = "RISK")]
    risk: Option<String>,
    /// Step by step over this. A phase or a risk that is given, and the day, mark their step.
    #[arg(long, value_enum, value_name = "AXIS")]
    over: Option<Over>,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Over {
    /// The phases that its grants and its steps name.
    Phase,
    /// The risks, from least to most.
    Risk,
    /// The days on which its grants start and expire.
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// One fact a line.
    Plain,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let context = Context::of_words(
        &analysis.catalog,
        arguments.environment.as_deref(),
        arguments.phase.as_deref(),
        arguments.risk.as_deref(),
    )
    .map_err(|why| anyhow!("{}", lines(&why)))?;
    let who = find(&analysis.catalog, &arguments.who)?;
    let personas: Vec<PersonaId> = match who {
        Entity::Persona(id) => vec![id],
        Entity::Person(id) => {
            let own = &analysis.catalog.people[id.index()].personas;
            own.iter().filter_map(|embodied| embodied.persona).collect()
        }
        other => bail!(
            "{} is a {}; personas have access, and people through them. For a component, ask `persona who`",
            safe(&analysis.catalog.label(other)),
            analysis.catalog.kind(other).word()
        ),
    };
    if let Some(over) = arguments.over {
        let axis = match over {
            Over::Phase => Axis::Phase,
            Over::Risk => Axis::Risk,
            Over::Time => Axis::Time,
        };
        let strips: Vec<Strip> = personas.iter().map(|id| strip(&analysis, *id, axis, &context)).collect();
        let text = match arguments.format {
            Format::Json => {
                let report = over::json(&analysis, who, axis.word(), &context, &strips);
                serde_json::to_string_pretty(&report)? + "\n"
            }
            Format::Terminal if !common.plain => {
                let parts: Vec<String> =
                    strips.iter().map(|own| over::terminal(&analysis, own, style)).collect();
                parts.join("\n")
            }
            Format::Terminal | Format::Plain => {
                strips.iter().map(|own| over::plain(&analysis, own)).collect::<String>()
            }
        };
        print(&text)?;
        return Ok(OK);
    }
    let found: Vec<Access> = personas.iter().map(|id| access(&analysis, *id, &context)).collect();
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, who, &context, &found))? + "\n",
        Format::Terminal if !common.plain => {
            let mut out = String::new();
            if let Entity::Person(_) = who {
                let count = found.len();
                let label = style.strong(&safe(&analysis.catalog.label(who)));
                let personas = if count == 1 { "1 persona".to_owned() } else { format!("{count} personas") };
                out.push_str(&format!("{label} embodies {personas}.\n\n"));
            }
            let parts: Vec<String> =
                found.iter().map(|own| terminal(&analysis, &context, own, style)).collect();
            out + &parts.join("\n")
        }
        Format::Terminal | Format::Plain => {
            found.iter().map(|own| plain(&analysis, &context, own)).collect::<String>()
        }
    };
    print(&text)?;
    Ok(OK)
}

fn grant<'a>(analysis: &'a Analysis, own: &Access, place: usize) -> Option<&'a Grant> {
    analysis.catalog.personas[own.persona.index()].grants.get(place)
}

fn head(analysis: &Analysis, context: &Context, own: &Access) -> String {
    let context = if context.is_open() { "everywhere".to_owned() } else { context.phrase(&analysis.catalog) };
    safe(&format!("{}, {context}, on {}", analysis.catalog.label(own.persona.into()), analysis.day))
}

/// "write as Reviewer, with run_tests": in the environment asked for, or in all that it states.
fn level_words(analysis: &Analysis, context: &Context, grant: &Grant) -> String {
    let settings = &analysis.catalog.settings;
    let Some(environment) = context.environment else { return grant_phrase(&analysis.catalog, grant) };
    let mut words =
        grant.level_in(environment).map_or("no stated level", |level| settings.level(level)).to_owned();
    let list = |names: &[crate::card::words::Name]| {
        names.iter().map(crate::card::words::Name::written).collect::<Vec<_>>().join(", ")
    };
    if !grant.roles.is_empty() {
        words.push_str(&format!(" as {}", list(&grant.roles)));
    }
    if grant.has_every_tool() {
        words.push_str(" with every tool");
    } else if !grant.tools.is_empty() {
        words.push_str(&format!(" with {}", list(&grant.tools)));
    }
    words
}

/// What holding it takes, as sentences without a full stop.
fn terms(analysis: &Analysis, grant: &Grant) -> Vec<String> {
    let mut terms = Vec::new();
    terms.push(match grant.mode {
        None => "always on: no mode is stated".to_owned(),
        Some(Mode::Standing) => "always on".to_owned(),
        Some(Mode::Eligible) => "eligible: to be activated".to_owned(),
        Some(Mode::JustInTime) => "just in time: given when it is used".to_owned(),
    });
    if grant.is_standing() {
        let approvers: Vec<String> = approvers(analysis, grant);
        if !approvers.is_empty() {
            terms.push(format!("approved by {}", approvers.join("; ")));
        }
    } else {
        let approvers = approvers(analysis, grant);
        terms.push(if approvers.is_empty() {
            "nobody has to approve".to_owned()
        } else {
            format!("approved by {}", approvers.join("; "))
        });
        terms.push(
            grant
                .max_duration
                .map_or("no limit of time is stated".to_owned(), |most| format!("for {most:#} at most")),
        );
    }
    terms.push(
        grant
            .auth
            .as_ref()
            .map_or("how it signs in is not stated".to_owned(), |auth| format!("signs in by {auth}")),
    );
    terms
}

fn approvers(analysis: &Analysis, grant: &Grant) -> Vec<String> {
    grant
        .approval
        .iter()
        .map(|named| match named.target {
            Some(actor) => with_people(analysis, actor),
            None => format!("{}, who is not known", named.name),
        })
        .collect()
}

/// "only in phase test; up to medium risk; until 2026-12-31": the conditions that it states.
fn conditions(analysis: &Analysis, grant: &Grant) -> String {
    let mut words = Vec::new();
    if !grant.phases.is_empty() {
        let phases: Vec<&str> = grant.phases.iter().map(crate::card::words::Name::written).collect();
        words.push(format!("only in phase {}", phases.join(", ")));
    }
    words.extend(grant.max_risk.map(|risk| format!("up to {} risk", analysis.catalog.settings.risk(risk))));
    words.extend(grant.starts.map(|day| format!("from {day}")));
    words.extend(grant.expires.map(|day| format!("until {day}")));
    words.join("; ")
}

fn refusal(analysis: &Analysis, context: &Context, grant: &Grant, refused: &[Condition]) -> String {
    let words: Vec<String> =
        refused.iter().map(|condition| condition.phrase(analysis, grant, context)).collect();
    words.join("; ")
}

fn terminal(analysis: &Analysis, context: &Context, own: &Access, style: Style) -> String {
    let mut out = format!("{}\n", style.strong(&head(analysis, context, own)));
    if context.is_open() {
        out.push_str(&over_environments(analysis, own, style));
    } else {
        for (title, places) in [("It may at once", &own.at_once), ("It may, once activated", &own.activated)]
        {
            out.push_str(&format!("\n{} ({})\n", style.strong(title), places.len()));
            for grant in places.iter().filter_map(|place| grant(analysis, own, *place)) {
                out.push_str(&item(analysis, grant, &level_words(analysis, context, grant), style));
                let mut all = terms(analysis, grant);
                all.extend(Some(conditions(analysis, grant)).filter(|words| !words.is_empty()));
                out.push_str(&wrap(&safe(&all.join("; ")), style.width, "    "));
            }
        }
    }
    let refused: Vec<_> =
        own.refused.iter().filter_map(|(place, why)| Some((grant(analysis, own, *place)?, why))).collect();
    if !context.is_open() || !refused.is_empty() {
        let title = if context.is_open() { "Not in force on the day" } else { "Refused here" };
        out.push_str(&format!("\n{} ({})\n", style.strong(title), refused.len()));
        for (grant, why) in refused {
            out.push_str(&item(analysis, grant, &grant_phrase(&analysis.catalog, grant), style));
            out.push_str(&wrap(&safe(&refusal(analysis, context, grant, why)), style.width, "    "));
        }
    }
    let title = if context.is_open() {
        "Needed, and covered by nothing"
    } else {
        "Needed here, and covered by nothing"
    };
    if own.uncovered.is_empty() {
        let word = match (own.needed, context.is_open()) {
            (0, true) => "Nothing that it does says that it needs anything.",
            (0, false) => "Nothing that it does says that it needs anything here.",
            (_, true) => "All that it needs is covered.",
            (_, false) => "All that it needs here is covered.",
        };
        out.push_str(&format!("\n{word}\n"));
    } else {
        out.push_str(&format!("\n{} ({})\n", style.strong(title), own.uncovered.len()));
        for one in &own.uncovered {
            let (component, what, line) = need_words(analysis, own, one);
            out.push_str(&format!("  {}: {}  {}\n", style.strong(&component), what, style.faint(&line)));
            for (place, why) in &one.refused {
                if let Some(grant) = grant(analysis, own, *place) {
                    let text =
                        format!("a grant would cover it, but {}", refusal(analysis, context, grant, why));
                    out.push_str(&wrap(&safe(&text), style.width, "    "));
                }
            }
        }
    }
    out
}

fn item(analysis: &Analysis, grant: &Grant, what: &str, style: Style) -> String {
    format!(
        "  {}: {}  {}\n",
        style.strong(&safe(&analysis.catalog.label(grant.component.into()))),
        safe(what),
        style.faint(&safe(&line_of(analysis, grant.place)))
    )
}

fn need_words(analysis: &Analysis, own: &Access, one: &Uncovered) -> (String, String, String) {
    let catalog = &analysis.catalog;
    let need = &analysis.facts.of_persona(own.persona).needs[one.need];
    let place = one
        .environment
        .map_or(String::new(), |environment| format!(", here {}", catalog.settings.environment(environment)));
    let place = if need.environments.iter().count() > 1 { place } else { String::new() };
    (
        safe(&catalog.label(need.component.into())),
        safe(&format!(
            "{}{place}, for {}",
            need_phrase(catalog, need),
            catalog.label(asker(analysis, need.source))
        )),
        safe(&line_of(analysis, need.asked_by(catalog).place)),
    )
}

/// "as Contributor, run_tests, by oauth2": role, tools and how it signs in.
fn with_words(grant: &Grant) -> String {
    let list = |names: &[crate::card::words::Name]| {
        names.iter().map(crate::card::words::Name::written).collect::<Vec<_>>().join(", ")
    };
    let mut words = Vec::new();
    if !grant.roles.is_empty() {
        words.push(format!("as {}", list(&grant.roles)));
    }
    if grant.has_every_tool() {
        words.push("every tool".to_owned());
    } else if !grant.tools.is_empty() {
        words.push(list(&grant.tools));
    }
    words.extend(grant.auth.as_ref().map(|auth| format!("by {auth}")));
    words.join(", ")
}

/// The grants in force, a row each, a column for each environment.
fn over_environments(analysis: &Analysis, own: &Access, style: Style) -> String {
    let settings = &analysis.catalog.settings;
    let mut head = vec!["component".to_owned()];
    head.extend(settings.environments.iter().map(|name| safe(name.written())));
    head.extend(["how", "with", "conditions", "line"].map(str::to_owned));
    let mut rows = vec![head];
    let mut places: Vec<usize> = own.at_once.iter().chain(&own.activated).copied().collect();
    places.sort_unstable();
    for grant in places.iter().filter_map(|place| grant(analysis, own, *place)) {
        let mut row = vec![safe(&analysis.catalog.label(grant.component.into()))];
        for environment in 0..settings.environments.len() {
            let holds = grant.environments.is_empty() || grant.environments.contains(environment);
            let level = grant.level_in(environment).map_or("?", |level| settings.level(level));
            row.push(if holds { safe(level) } else { "-".to_owned() });
        }
        row.push(grant.mode.map_or("standing?", Mode::word).to_owned());
        row.push(safe(&with_words(grant)));
        let mut how = Some(conditions(analysis, grant))
            .filter(|words| !words.is_empty())
            .into_iter()
            .collect::<Vec<_>>();
        // The people behind stand in the view of a context; here the table would be too wide.
        how.extend(grant.approval.iter().map(|named| {
            let id = named.target.map(|actor| analysis.catalog.id(actor.into()).into_owned());
            format!("{} approves", id.unwrap_or_else(|| named.name.to_string()))
        }));
        row.push(safe(&how.join("; ")));
        row.push(safe(&line_of(analysis, grant.place)));
        rows.push(row);
    }
    if rows.len() == 1 {
        return "\nIt is granted nothing that is in force on the day.\n".to_owned();
    }
    let marks = rows.iter().flatten().map(String::as_str);
    let mut notes = Vec::new();
    if marks.clone().any(|cell| cell == "?") {
        notes.push("? no level is stated");
    }
    if marks.clone().any(|cell| cell == "standing?") {
        notes.push("standing? no mode is stated, and so it is always on");
    }
    let text = table(&rows);
    let mut lines = text.lines();
    let mut out = format!("\n{}\n", style.faint(lines.next().unwrap_or_default()));
    lines.for_each(|line| out.push_str(&format!("{line}\n")));
    if !notes.is_empty() {
        out.push_str(&format!("\n{}\n", notes.join("; ")));
    }
    out
}

fn plain(analysis: &Analysis, context: &Context, own: &Access) -> String {
    let who = head(analysis, context, own);
    let mut out = String::new();
    let mut line = |what: &str, grant: &Grant, words: String| {
        out.push_str(&format!(
            "{who}: {what}: {}: {} ({})\n",
            safe(&analysis.catalog.label(grant.component.into())),
            safe(&words),
            safe(&line_of(analysis, grant.place))
        ));
    };
    for (title, places) in [("at once", &own.at_once), ("once activated", &own.activated)] {
        for grant in places.iter().filter_map(|place| grant(analysis, own, *place)) {
            let mut words = vec![level_words(analysis, context, grant)];
            words.extend(terms(analysis, grant));
            words.extend(Some(conditions(analysis, grant)).filter(|words| !words.is_empty()));
            line(title, grant, words.join("; "));
        }
    }
    for (place, why) in &own.refused {
        if let Some(grant) = grant(analysis, own, *place) {
            let words = format!(
                "{}; {}",
                grant_phrase(&analysis.catalog, grant),
                refusal(analysis, context, grant, why)
            );
            line("refused", grant, words);
        }
    }
    for one in &own.uncovered {
        let (component, what, place) = need_words(analysis, own, one);
        out.push_str(&format!("{who}: not covered: {component}: {what} ({place})\n"));
    }
    if out.is_empty() {
        out.push_str(&format!("{who}: nothing is granted, and nothing is needed\n"));
    }
    out
}

fn json(analysis: &Analysis, who: Entity, context: &Context, found: &[Access]) -> Value {
    let catalog = &analysis.catalog;
    json!({
        "schema": "persona-workbench/access/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "who": entity(catalog, who),
        "context": context_part(analysis, context),
        "personas": found.iter().map(|own| {
            let mut part = access_part(analysis, own);
            part.insert("persona".to_owned(), json!(entity(catalog, own.persona.into())));
            part
        }).collect::<Vec<_>>(),
    })
}

fn context_part(analysis: &Analysis, context: &Context) -> Value {
    let settings = &analysis.catalog.settings;
    json!({
        "environment": context.environment.map(|environment| settings.environment(environment)),
        "phase": context.phase.as_ref().map(|phase| phase.written()),
        "risk": context.risk.map(|risk| settings.risk(risk)),
    })
}

/// What holds, what is refused, and what is not covered.
fn access_part(analysis: &Analysis, own: &Access) -> serde_json::Map<String, Value> {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let needs = &analysis.facts.of_persona(own.persona).needs;
    let part = |place: &usize| grant(analysis, own, *place).map(|grant| grant_part(analysis, grant, &[]));
    let refused = |refused: &[(usize, Vec<Condition>)]| {
        let parts = refused.iter();
        parts
            .filter_map(|(place, why)| Some(grant_part(analysis, grant(analysis, own, *place)?, why)))
            .collect::<Vec<_>>()
    };
    let uncovered: Vec<Value> = own
        .uncovered
        .iter()
        .map(|one| {
            let need = &needs[one.need];
            json!({
                "component": entity(catalog, need.component.into()),
                "environment": one.environment.map(|environment| settings.environment(environment)),
                "level": need.level.map(|level| settings.level(level)),
                "asked_by": entity(catalog, asker(analysis, need.source)),
                "location": location(catalog, need.asked_by(catalog).place),
                "refused": refused(&one.refused),
            })
        })
        .collect();
    let mut parts = serde_json::Map::new();
    parts.insert("at_once".to_owned(), own.at_once.iter().filter_map(part).collect());
    parts.insert("activated".to_owned(), own.activated.iter().filter_map(part).collect());
    parts.insert("refused".to_owned(), json!(refused(&own.refused)));
    parts.insert("uncovered".to_owned(), json!(uncovered));
    parts
}

fn grant_part(analysis: &Analysis, grant: &Grant, refused: &[Condition]) -> Value {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let words = |names: &[crate::card::words::Name]| {
        names.iter().map(|name| name.written().to_owned()).collect::<Vec<_>>()
    };
    let levels: serde_json::Map<String, Value> = (0..settings.environments.len())
        .filter(|environment| grant.environments.is_empty() || grant.environments.contains(*environment))
        .map(|environment| {
            let level = grant.level_in(environment).map(|level| settings.level(level));
            (settings.environment(environment).to_owned(), json!(level))
        })
        .collect();
    json!({
        "component": entity(catalog, grant.component.into()),
        "levels": levels,
        "every_environment": grant.environments.is_empty(),
        "roles": words(&grant.roles),
        "tools": words(&grant.tools),
        "mode": grant.mode.map(Mode::word),
        "auth": grant.auth.as_ref().map(|auth| auth.written()),
        "phases": words(&grant.phases),
        "max_risk": grant.max_risk.map(|risk| settings.risk(risk)),
        "max_duration": grant.max_duration.map(|most| most.to_string()),
        "starts": grant.starts.map(|day| day.to_string()),
        "expires": grant.expires.map(|day| day.to_string()),
        "approval": grant.approval.iter().map(|named| json!({
            "name": named.name.written(),
            "entity": named.target.map(|actor| entity(catalog, actor.into())),
            "people": named.target.map_or(Vec::new(), |actor| of_actor(analysis, actor)).into_iter()
                .map(|id| entity(catalog, id.into())).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "reason": grant.reason,
        "refused_by": refused.iter().map(|condition| condition.word()).collect::<Vec<_>>(),
        "location": location(catalog, grant.place),
    })
}
