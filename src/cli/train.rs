//! `persona train`: who should learn what first, by which course, and what that comes to.

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::fix::summary;
use super::report::{self, entity};
use super::style::{Style, safe, table, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::learning::{Course, Cover, Coverage, Fit, Lesson, Plan, courses, coverage, plan};
use crate::analysis::people::names;
use crate::analysis::whatif::person;
use crate::analysis::{Analysis, Finding};
use crate::catalog::{Entity, PersonId};

/// Plan who should learn what, in order of benefit, and show what that comes to
///
/// A lesson is worth the gaps that it closes: most of them first, then the worst, then those of
/// production, then those that most work depends on. The gaps and the score after the plan are
/// computed, as if the cards listed what was learnt; nothing is written.
#[derive(Debug, Args)]
#[command(
    after_help = "Courses come from `learn` of the skill's card; where it has none, from a skill that includes it, or
from a skill that it includes. A skill for which the catalog knows no course is said to have none.

Examples:
  persona train                           the whole plan
  persona train --budget 3                the three lessons that bring most
  persona train --person \"AI engineer A\"
  persona train --coverage                each skill: who knows it, who is the only one, who lacks it
  persona train --format json | jq '.lessons[] | [.person.name, .skill.name]'

The schema of the JSON is assets/schema/train-1.json."
)]
pub struct Arguments {
    /// Only what this person should learn.
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// As many lessons at most.
    #[arg(long, value_name = "N")]
    budget: Option<usize>,
    /// Show which skill is covered by whom, instead of the plan.
    #[arg(long, conflicts_with_all = ["person", "budget"])]
    coverage: bool,
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
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let who = match &arguments.person {
        Some(word) => Some(person(&analysis.catalog, word).map_err(|why| anyhow!("{}", safe(&why)))?),
        None => None,
    };
    let covered = coverage(&analysis);
    let is_plain =
        arguments.format == Format::Plain || (arguments.format == Format::Terminal && common.plain);
    let text = if arguments.coverage && arguments.format != Format::Json {
        if is_plain {
            coverage_plain(&analysis, &covered)
        } else {
            coverage_table(&analysis, &covered, style)
        }
    } else {
        let plan = plan(&analysis, who, arguments.budget);
        match arguments.format {
            Format::Json => serde_json::to_string_pretty(&json(&analysis, &plan, &covered))? + "\n",
            _ if is_plain => plain(&analysis, &plan),
            _ => terminal(&analysis, &plan, who, style),
        }
    };
    print(&text)?;
    Ok(OK)
}

/// "\"Azure storage basics\", https://...", or that there is none.
fn course_words(analysis: &Analysis, lesson: &Lesson) -> String {
    let all = courses(analysis, lesson.skill);
    let Some(first) = all.first() else { return "no course is stated for it".to_owned() };
    let words = match (&first.card.title, &first.card.url) {
        (Some(title), Some(url)) => format!("\"{title}\" ({url})"),
        (Some(title), None) => format!("\"{title}\""),
        (None, Some(url)) => url.clone(),
        (None, None) => String::new(),
    };
    let of = analysis.catalog.label(first.of.into());
    let more = if all.len() > 1 { format!(", or {} more", all.len() - 1) } else { String::new() };
    match first.fit {
        Fit::Own => format!("{words}{more}"),
        Fit::Wider => format!("{words}, the course for {of}, which includes it{more}"),
        Fit::Part => format!("{words}, the course for {of}, which is a part of it{more}"),
    }
}

/// "as AI engineer (P006), for MLOps / train and Azure Storage".
fn asked_words(analysis: &Analysis, lesson: &Lesson) -> Vec<String> {
    let label = |of: &Entity| analysis.catalog.label(*of);
    lesson
        .asked_by
        .iter()
        .map(|(persona, asking)| {
            let persona = label(&(*persona).into());
            if asking.is_empty() {
                return format!("{persona}, whose card lists it");
            }
            let names: Vec<String> = asking.iter().take(3).map(label).collect();
            let more =
                if asking.len() > 3 { format!(" and {} more", asking.len() - 3) } else { String::new() };
            format!("{persona}, for {}{more}", names.join(", "))
        })
        .collect()
}

fn terminal(analysis: &Analysis, plan: &Plan, who: Option<PersonId>, style: Style) -> String {
    let catalog = &analysis.catalog;
    let mut out = String::new();
    if catalog.people.is_empty() {
        out.push_str(
            "The catalog names no people, so nobody can be trained. `persona new person NAME` adds one.\n",
        );
    } else if plan.lessons.is_empty() {
        let whom = who.map_or("Nobody".to_owned(), |id| safe(&catalog.label(id.into())));
        let verb = if who.is_some() { "lacks nothing" } else { "lacks a skill" };
        out.push_str(&format!("{whom} {verb} that the work asks for.\n"));
    } else {
        let count = plan.lessons.len();
        let lessons = if count == 1 { "1 lesson".to_owned() } else { format!("{count} lessons") };
        out.push_str(&format!(
            "{}\n",
            style.strong(&if count == 1 {
                lessons
            } else {
                format!("{lessons}, those that bring most first")
            })
        ));
    }
    for (number, lesson) in plan.lessons.iter().enumerate() {
        let production = if lesson.in_production { ", asked for in production" } else { "" };
        out.push_str(&format!(
            "\n{:>2}. {} learns {}{production}\n",
            number + 1,
            style.strong(&safe(&catalog.label(lesson.person.into()))),
            style.strong(&safe(&catalog.label(lesson.skill.into()))),
        ));
        let mut line = |title: &str, text: &str| {
            let text = wrap(&safe(text), style.width, "             ");
            out.push_str(&format!("    {}  {}", style.faint(&format!("{title:<7}")), text.trim_start()));
        };
        for asked in asked_words(analysis, lesson) {
            line("as", &asked);
        }
        if lesson.asked_by.is_empty() {
            line("why", "so that there is a second one who knows it");
        }
        if !lesson.also.is_empty() {
            let also: Vec<String> = lesson.also.iter().map(|skill| catalog.label((*skill).into())).collect();
            line("with it", &format!("{}, which comes along", also.join(", ")));
        }
        line("course", &course_words(analysis, lesson));
        let closes: Vec<&Finding> = lesson.closes.iter().map(|place| &*analysis.findings[*place]).collect();
        if closes.is_empty() {
            line("closes", "no gap by itself; others have to learn it too");
        }
        for finding in closes {
            let text = wrap(&safe(&finding.message), style.width, "                ");
            out.push_str(&format!(
                "    {}  {} {}",
                style.faint("closes "),
                style.badge(finding.severity),
                text.trim_start()
            ));
        }
    }
    out.push_str(&tail(analysis, plan, style));
    out
}

fn tail(analysis: &Analysis, plan: &Plan, style: Style) -> String {
    let mut out = String::new();
    if plan.beyond > 0 {
        let lessons = if plan.beyond == 1 {
            "1 lesson more is".to_owned()
        } else {
            format!("{} lessons more are", plan.beyond)
        };
        out.push_str(&format!("\n{lessons} beyond the budget.\n"));
    }
    if let Some(outcome) = &plan.outcome {
        out.push_str(&format!("\n{} {}\n", style.strong("After it:"), summary(analysis, &outcome.after)));
    }
    if !plan.untaught.is_empty() {
        out.push_str(&format!("\n{}\n", style.strong("What no course for a person closes")));
        for finding in plan.untaught.iter().take(UNTAUGHT).map(|place| &analysis.findings[*place]) {
            let text = format!("{} {}", finding.message, other_way(analysis, finding));
            let text = wrap(&safe(text.trim_end()), style.width, "     ");
            out.push_str(&format!("  {} {}", style.badge(finding.severity), text.trim_start()));
        }
        if plan.untaught.len() > UNTAUGHT {
            let more = plan.untaught.len() - UNTAUGHT;
            out.push_str(&format!("  and {more} more; `persona check rule:missing-skill` lists all\n"));
        }
    }
    out
}

/// So many of what no course closes are shown.
const UNTAUGHT: usize = 12;

fn other_way(analysis: &Analysis, finding: &Finding) -> &'static str {
    match finding.subject {
        Entity::Persona(id) if !analysis.catalog.personas[id.index()].is_human() => {
            "An agent is given instructions and tools for it."
        }
        _ if analysis.catalog.people.is_empty() => "",
        _ => "Nobody who is there embodies it.",
    }
}

fn plain(analysis: &Analysis, plan: &Plan) -> String {
    let mut out = String::new();
    for (number, lesson) in plan.lessons.iter().enumerate() {
        let label = |of: Entity| safe(&analysis.catalog.label(of));
        let asked = asked_words(analysis, lesson);
        let why = if asked.is_empty() {
            "so that a second one knows it".to_owned()
        } else {
            format!("as {}", asked.join("; as "))
        };
        let closes: Vec<&str> = lesson.closes.iter().map(|place| analysis.findings[*place].rule.id).collect();
        let closes = if closes.is_empty() { "no gap by itself".to_owned() } else { closes.join(", ") };
        out.push_str(&format!(
            "{}. {} learns {}: {}; course: {}; closes: {closes}\n",
            number + 1,
            label(lesson.person.into()),
            label(lesson.skill.into()),
            safe(&why),
            safe(&course_words(analysis, lesson)),
        ));
    }
    if plan.lessons.is_empty() {
        out.push_str("nobody lacks a skill that the work asks for\n");
    }
    let style = Style { color: false, ascii: true, width: 100_000 };
    out.push_str(tail(analysis, plan, style).trim_start());
    out
}

fn who_words(analysis: &Analysis, one: &Coverage) -> String {
    match (one.known_by.as_slice(), one.cover) {
        ([], _) => "nobody".to_owned(),
        ([only], Cover::One) => format!("{} alone", names(analysis, &[*only])),
        (people, _) => names(analysis, people),
    }
}

fn coverage_table(analysis: &Analysis, covered: &[Coverage], style: Style) -> String {
    let catalog = &analysis.catalog;
    if covered.is_empty() {
        return "No work asks for a skill, and nobody has one. Steps, processes and components state skills.\n".to_owned();
    }
    let mut out = String::new();
    for (cover, title) in [
        (Cover::Nobody, "Nobody knows it"),
        (Cover::One, "One alone knows it: a single point of failure"),
        (Cover::Several, "Several know it"),
        (Cover::Agents, "Only agents need it, and no person knows it"),
        (Cover::Unasked, "Known, and asked for by no work"),
    ] {
        let rows: Vec<&Coverage> = covered.iter().filter(|one| one.cover == cover).collect();
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("{} ({})\n", style.strong(title), rows.len()));
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|one| {
                let asked: Vec<_> = one.asked_by.iter().map(|id| safe(&catalog.id((*id).into()))).collect();
                let course = if courses(analysis, one.skill).is_empty() { "no course" } else { "" };
                let lacks = if one.lacked_by.is_empty() {
                    String::new()
                } else {
                    format!("lacking: {}", names(analysis, &one.lacked_by))
                };
                vec![
                    format!("  {}", safe(&catalog.label(one.skill.into()))),
                    if asked.is_empty() { String::new() } else { format!("for {}", shortened(&asked)) },
                    safe(&who_words(analysis, one)),
                    safe(&lacks),
                    course.to_owned(),
                ]
            })
            .collect();
        out.push_str(&table(&rows));
        out.push('\n');
    }
    if catalog.people.is_empty() {
        out.push_str("The catalog names no people. `persona new person NAME` adds one.\n");
    }
    out
}

fn shortened(words: &[String]) -> String {
    if words.len() <= 4 {
        return words.join(", ");
    }
    format!("{} and {} more", words[..3].join(", "), words.len() - 3)
}

fn coverage_plain(analysis: &Analysis, covered: &[Coverage]) -> String {
    let mut out = String::new();
    for one in covered {
        let asked: Vec<_> = one.asked_by.iter().map(|id| analysis.catalog.id((*id).into())).collect();
        let lacks = if one.lacked_by.is_empty() {
            String::new()
        } else {
            format!("; lacking: {}", names(analysis, &one.lacked_by))
        };
        let line = format!(
            "{}: {}; asked for by {}; known by {}{lacks}",
            analysis.catalog.label(one.skill.into()),
            one.cover.word(),
            if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") },
            who_words(analysis, one)
        );
        out.push_str(&safe(&line));
        out.push('\n');
    }
    out
}

fn json(analysis: &Analysis, plan: &Plan, covered: &[Coverage]) -> Value {
    let catalog = &analysis.catalog;
    let part = |of: Entity| entity(catalog, of);
    let gap = |place: &usize| {
        let finding = &analysis.findings[*place];
        json!({"rule": finding.rule.id, "severity": finding.severity, "message": finding.message})
    };
    let count = |analysis: &Analysis| {
        json!({
            "value": analysis.score.value.map(|value| (value * 10.0).round() / 10.0),
            "grade": analysis.score.grade(),
            "open": analysis.findings.iter().filter(|finding| finding.is_open()).count(),
        })
    };
    let course = |course: &Course<'_>| {
        let fit = match course.fit {
            Fit::Own => "own",
            Fit::Wider => "wider",
            Fit::Part => "part",
        };
        json!({"title": course.card.title, "url": course.card.url, "of": part(course.of.into()), "fit": fit})
    };
    let lessons: Vec<Value> = plan
        .lessons
        .iter()
        .map(|lesson| {
            json!({
                "person": part(lesson.person.into()),
                "skill": part(lesson.skill.into()),
                "also": lesson.also.iter().map(|skill| part((*skill).into())).collect::<Vec<_>>(),
                "asked_by": lesson.asked_by.iter().map(|(persona, asking)| json!({
                    "persona": part((*persona).into()),
                    "through": asking.iter().map(|of| part(*of)).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
                "in_production": lesson.in_production,
                "courses": courses(analysis, lesson.skill).iter().map(course).collect::<Vec<_>>(),
                "closes": lesson.closes.iter().map(gap).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/train/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "lessons": lessons,
        "beyond": plan.beyond,
        "untaught": plan.untaught.iter().map(gap).collect::<Vec<_>>(),
        "before": count(analysis),
        "after": plan.outcome.as_ref().map_or_else(|| count(analysis), |outcome| count(&outcome.after)),
        "coverage": covered.iter().map(|one| json!({
            "skill": part(one.skill.into()),
            "cover": one.cover.word(),
            "asked_by": one.asked_by.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
            "known_by": one.known_by.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
            "lacked_by": one.lacked_by.iter().map(|id| part((*id).into())).collect::<Vec<_>>(),
            "has_course": !courses(analysis, one.skill).is_empty(),
        })).collect::<Vec<_>>(),
    })
}
