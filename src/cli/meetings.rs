//! `persona meetings`: who must meet whom, as a proposed set of meetings.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::formats::markdown::escaped;
use super::report::{self, entity};
use super::style::{Style, safe, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::meetings::{Cadence, Meeting, Meetings, Pair, Reason, Tie, meetings};
use crate::analysis::people::{of_actor, with_people};
use crate::analysis::view::line_of;
use crate::catalog::{Actor, Entity};

/// Propose meetings: few in which all meet who work together, hand work over, or escalate
///
/// Two must meet where one names the other (or its team), both do a step, one hands work over to the
/// other, or an agent escalates. Agents do not meet: those who answer for them do. In a meeting
/// everybody has something with everybody else; at most six meet at once.
#[derive(Debug, Args)]
#[command(
    after_help = "How often: as a card states (`cadence` of an interaction), the most frequent wins; else weekly, every
two weeks or monthly by how much binds those who meet. On the agenda stand the open gaps between them.

Examples:
  persona meetings
  persona meetings --format markdown > meetings.md
  persona meetings --format json | jq '.meetings[] | [.cadence, .participants[].entity.id]'

The schema of the JSON is assets/schema/meetings-1.json."
)]
pub struct Arguments {
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// One fact a line.
    Plain,
    /// For wikis and invitations.
    Markdown,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let found = meetings(&analysis);
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, &found))? + "\n",
        Format::Markdown => markdown(&analysis, &found),
        Format::Terminal if !common.plain => terminal(&analysis, &found, style),
        Format::Terminal | Format::Plain => plain(&analysis, &found),
    };
    print(&text)?;
    Ok(OK)
}

/// "MLOps and GenAIOps", or who meets.
fn topic(analysis: &Analysis, meeting: &Meeting) -> String {
    let label = |of: Entity| analysis.catalog.name(of).into_owned();
    let words: Vec<String> = match meeting.processes.as_slice() {
        [] => meeting.participants.iter().map(|actor| label((*actor).into())).collect(),
        processes => processes.iter().take(3).map(|process| label((*process).into())).collect(),
    };
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn cadence(meeting: &Meeting) -> String {
    match &meeting.cadence {
        Cadence::Stated(word) => format!("{word}, as a card states"),
        Cadence::Derived(word) => format!("{word}, by what binds them"),
    }
}

/// "P011 (P007 answers) works with P006 (file:line)": of an agent who of the two speaks for it.
fn tie_words(analysis: &Analysis, pair: &Pair, tie: &Tie) -> String {
    let catalog = &analysis.catalog;
    let named = |id: crate::catalog::PersonaId| {
        let ends = [pair.ends.0, pair.ends.1];
        let answers = analysis.facts.answerable[id.index()].iter().find(|actor| ends.contains(actor));
        match answers.filter(|_| !catalog.personas[id.index()].is_human()) {
            Some(actor) => format!("{} ({} answers)", catalog.id(id.into()), catalog.id((*actor).into())),
            None => catalog.id(id.into()).into_owned(),
        }
    };
    let (from, to) = (named(tie.from), named(tie.to));
    let step = |id: &crate::catalog::StepId| catalog.id((*id).into()).into_owned();
    let words = match &tie.reason {
        Reason::Interaction { team: false, .. } => format!("{from} works with {to}"),
        Reason::Interaction { team: true, .. } => format!("{from} works with the team of {to}"),
        Reason::Step(of) => format!("{from} and {to} both do {}", step(of)),
        Reason::HandOver(of, then) => format!("{from} hands over to {to}: {} to {}", step(of), step(then)),
        Reason::Escalation => format!("{from} escalates to {to}"),
    };
    format!("{words} ({})", line_of(analysis, tie.place))
}

fn pair_words(analysis: &Analysis, pair: &Pair) -> String {
    let label = |actor: Actor| analysis.catalog.id(actor.into()).into_owned();
    format!("{} and {}", label(pair.ends.0), label(pair.ends.1))
}

fn represented(analysis: &Analysis, meeting: &Meeting) -> Option<String> {
    let names: Vec<String> =
        meeting.represented.iter().map(|id| analysis.catalog.label((*id).into())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What there is to say where nobody has to meet.
fn nothing(analysis: &Analysis) -> &'static str {
    if analysis.catalog.personas.is_empty() {
        "There is no persona yet. `persona new persona NAME` adds one."
    } else {
        "Nobody has to meet: no card names another, no step has several performers, nothing is handed over."
    }
}

/// Shown of each list; --format json has all.
const SHOWN: usize = 6;

fn terminal(analysis: &Analysis, found: &Meetings, style: Style) -> String {
    if found.meetings.is_empty() {
        return format!("{}\n", nothing(analysis)) + &unrepresented(analysis, found, style);
    }
    let mut out = format!("{}\n", style.strong(&totals(found)));
    for (number, meeting) in found.meetings.iter().enumerate() {
        out.push_str(&format!(
            "\n{:>2}. {}  {}\n",
            number + 1,
            style.strong(&safe(&topic(analysis, meeting))),
            style.faint(&safe(&cadence(meeting)))
        ));
        for actor in &meeting.participants {
            out.push_str(&wrap(&safe(&with_people(analysis, *actor)), style.width, "    "));
        }
        if let Some(names) = represented(analysis, meeting) {
            out.push_str(&wrap(&safe(&format!("speaking for {names}")), style.width, "    "));
        }
        out.push_str(&format!("    {}\n", style.faint("why")));
        for pair in meeting.pairs.iter().map(|pair| &found.pairs[*pair]) {
            let shown: Vec<String> =
                pair.ties.iter().take(2).map(|tie| tie_words(analysis, pair, tie)).collect();
            let more = if pair.ties.len() > 2 {
                format!("; and {} more", pair.ties.len() - 2)
            } else {
                String::new()
            };
            let text = format!("{}: {}{more}", pair_words(analysis, pair), shown.join("; "));
            let text = wrap(&safe(&text), style.width, "        ");
            out.push_str(&format!("      {}", &text[6..]));
        }
        if meeting.agenda.is_empty() {
            out.push_str(&format!("    {}\n", style.faint("agenda: no gap is open between them")));
            continue;
        }
        out.push_str(&format!("    {}\n", style.faint("agenda")));
        for finding in meeting.agenda.iter().take(SHOWN).map(|place| &analysis.findings[*place]) {
            let text = wrap(&safe(&finding.message), style.width, "         ");
            out.push_str(&format!("      {} {}", style.badge(finding.severity), text.trim_start()));
        }
        if meeting.agenda.len() > SHOWN {
            out.push_str(&format!(
                "      and {} more; --format json has all\n",
                meeting.agenda.len() - SHOWN
            ));
        }
    }
    out + &unrepresented(analysis, found, style)
}

fn totals(found: &Meetings) -> String {
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let pairs = found.pairs.len();
    format!(
        "{} in which the {} that need each other all meet",
        counted(found.meetings.len(), "meeting"),
        if pairs == 1 { "two".to_owned() } else { counted(pairs, "pair") }
    )
}

fn unrepresented(analysis: &Analysis, found: &Meetings, style: Style) -> String {
    if found.unrepresented.is_empty() {
        return String::new();
    }
    let names: Vec<String> =
        found.unrepresented.iter().map(|id| analysis.catalog.label((*id).into())).collect();
    let text = format!("Nobody speaks for {}: no human answers for it.", names.join(", "));
    format!("\n{}", wrap(&safe(&text), style.width, ""))
}

fn plain(analysis: &Analysis, found: &Meetings) -> String {
    let mut out = String::new();
    for (number, meeting) in found.meetings.iter().enumerate() {
        let number = number + 1;
        let mut line = |what: &str, words: &str| {
            out.push_str(&format!("meeting {number}: {what}: {}\n", safe(words)));
        };
        line("about", &topic(analysis, meeting));
        line("how often", &cadence(meeting));
        for actor in &meeting.participants {
            line("who", &with_people(analysis, *actor));
        }
        if let Some(names) = represented(analysis, meeting) {
            line("speaking for", &names);
        }
        for pair in meeting.pairs.iter().map(|pair| &found.pairs[*pair]) {
            pair.ties.iter().for_each(|tie| line("why", &tie_words(analysis, pair, tie)));
        }
        for finding in meeting.agenda.iter().map(|place| &analysis.findings[*place]) {
            line("agenda", &format!("{}: {}", finding.severity.word(), finding.message));
        }
    }
    if out.is_empty() {
        out = format!("{}\n", nothing(analysis));
    }
    let style = Style { color: false, ascii: true, width: 100_000 };
    out + unrepresented(analysis, found, style).trim_start()
}

fn markdown(analysis: &Analysis, found: &Meetings) -> String {
    let mut out = format!("# Meetings of {}\n\n", escaped(&analysis.catalog.name));
    if found.meetings.is_empty() {
        out.push_str(&format!("{}\n", nothing(analysis)));
    } else {
        out.push_str(&format!("{}, on {}.\n", totals(found), analysis.day));
    }
    for (number, meeting) in found.meetings.iter().enumerate() {
        out.push_str(&format!("\n## {}. {}\n\n", number + 1, escaped(&topic(analysis, meeting))));
        out.push_str(&format!("**How often:** {}\n\n**Who:**\n\n", escaped(&cadence(meeting))));
        for actor in &meeting.participants {
            out.push_str(&format!("- {}\n", escaped(&with_people(analysis, *actor))));
        }
        if let Some(names) = represented(analysis, meeting) {
            out.push_str(&format!("\n**Speaking for:** {}\n", escaped(&names)));
        }
        out.push_str("\n**Why:**\n\n");
        for pair in meeting.pairs.iter().map(|pair| &found.pairs[*pair]) {
            for tie in &pair.ties {
                out.push_str(&format!("- {}\n", escaped(&tie_words(analysis, pair, tie))));
            }
        }
        out.push_str("\n**Agenda:**\n\n");
        for finding in meeting.agenda.iter().map(|place| &analysis.findings[*place]) {
            out.push_str(&format!("- [ ] {}: {}\n", finding.severity.word(), escaped(&finding.message)));
        }
        if meeting.agenda.is_empty() {
            out.push_str("- no gap is open between them\n");
        }
    }
    let style = Style { color: false, ascii: true, width: 100_000 };
    out + &escaped(unrepresented(analysis, found, style).trim()).replace("Nobody speaks", "\nNobody speaks")
}

fn json(analysis: &Analysis, found: &Meetings) -> Value {
    let catalog = &analysis.catalog;
    let part = |of: Entity| entity(catalog, of);
    let tie = |tie: &Tie| {
        let (kind, steps) = match &tie.reason {
            Reason::Interaction { team: false, .. } => ("interaction", Vec::new()),
            Reason::Interaction { team: true, .. } => ("team", Vec::new()),
            Reason::Step(step) => ("step", vec![*step]),
            Reason::HandOver(step, then) => ("hand-over", vec![*step, *then]),
            Reason::Escalation => ("escalation", Vec::new()),
        };
        json!({
            "kind": kind,
            "from": part(tie.from.into()),
            "to": part(tie.to.into()),
            "steps": steps.into_iter().map(|step| part(step.into())).collect::<Vec<_>>(),
            "location": report::location(catalog, tie.place),
        })
    };
    let all: Vec<Value> = found
        .meetings
        .iter()
        .map(|meeting| {
            json!({
                "topic": topic(analysis, meeting),
                "cadence": meeting.cadence.word(),
                "cadence_stated": matches!(meeting.cadence, Cadence::Stated(_)),
                "participants": meeting.participants.iter().map(|actor| json!({
                    "entity": part((*actor).into()),
                    "people": of_actor(analysis, *actor).into_iter().map(|id| part(id.into())).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
                "represented": meeting.represented.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
                "processes": meeting.processes.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
                "pairs": meeting.pairs.iter().map(|pair| &found.pairs[*pair]).map(|pair| json!({
                    "ends": [part(pair.ends.0.into()), part(pair.ends.1.into())],
                    "strength": pair.strength(),
                    "ties": pair.ties.iter().map(tie).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
                "agenda": meeting.agenda.iter().map(|place| &analysis.findings[*place]).map(|finding| json!({
                    "rule": finding.rule.id,
                    "severity": finding.severity,
                    "message": finding.message,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/meetings/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "meetings": all,
        "unrepresented": found.unrepresented.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
    })
}
