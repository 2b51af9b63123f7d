//! `persona assess`: the recommendations for workload teams as questions, answered from the catalog.

mod html;
mod markdown;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::check::write;
use super::report;
use super::style::{Style, safe, wrap};
use super::{Common, OK, PathArgument, source};
use crate::analysis::assess::{Answer, Assessment, Section, Verdict, assess};
use crate::analysis::{Analysis, Severity};

/// Answer the questions that a review of a workload team asks, with the evidence and what to do next
///
/// Each question looks at things on the cards, such as grants or agents. The answer is yes where all are
/// as asked, partly where half or more are, no otherwise. What the cards do not say counts as not known,
/// never as good; where nothing is known, the answer is that one cannot tell.
#[derive(Debug, Args)]
#[command(
    after_help = "The total is the mean of the answers, each from 0 to 100, by their weights; questions that cannot be
answered do not count. If they hold more than half of the weight, there is no grade. A ≥ 90, B ≥ 80,
C ≥ 70, D ≥ 60, E ≥ 50, F. This total is another than the score of `persona check`, which looks at
gaps only.

Examples:
  persona assess
  persona assess --format html --output assessment.html
  persona assess --format markdown
  persona assess --format json | jq '.answers[] | select(.answer == \"no\") | .question'

The schema of the JSON is assets/schema/assess-1.json."
)]
pub struct Arguments {
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Write it to a file.
    #[arg(long, short, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// One answer a line.
    Plain,
    /// For wikis.
    Markdown,
    /// A page of its own, light and dark.
    Html,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let found = assess(&analysis);
    let style = Style { color: style.color && arguments.output.is_none(), ..style };
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, &found))? + "\n",
        Format::Html => html::text(&analysis, &found),
        Format::Markdown => markdown::text(&analysis, &found),
        Format::Terminal if !common.plain => terminal(&analysis, &found, style),
        Format::Terminal | Format::Plain => plain(&analysis, &found),
    };
    write(arguments.output.as_deref(), &text)?;
    Ok(OK)
}

/// So many sentences of evidence are shown of an answer; JSON has all.
const SHOWN: usize = 3;

/// "Total 71.4, grade C".
fn total(found: &Assessment) -> String {
    match (found.value, found.grade()) {
        (Some(value), Some(grade)) => format!("Total {value:.1}, grade {grade}"),
        (Some(value), None) => format!("Total {value:.1}, no grade"),
        (None, _) => "No total".to_owned(),
    }
}

/// What the total is made of.
fn made_of(found: &Assessment) -> String {
    let count = |verdict: Verdict| found.answers.iter().filter(|answer| answer.verdict == verdict).count();
    let mut text = format!(
        "{} questions: {} yes, {} partly, {} no; of {} the cards do not say enough to tell.",
        found.answers.len(),
        count(Verdict::Yes),
        count(Verdict::Partly),
        count(Verdict::No),
        count(Verdict::CannotTell)
    );
    text.push_str(&format!(
        " The total is the mean of those answered, by weight: {:.0} % of all weight.",
        found.answered * 100.0
    ));
    if found.grade().is_none() {
        text.push_str(" That is too little for a grade.");
    }
    text
}

/// The weighted mean of a section.
fn of_section(found: &Assessment, section: Section) -> Option<f64> {
    let (sum, weights) = found
        .of(section)
        .filter_map(|answer| Some((answer.score?, f64::from(answer.question.weight))))
        .fold((0.0, 0.0), |(sum, all), (score, weight)| (sum + score * weight, all + weight));
    (weights > 0.0).then(|| sum / weights)
}

/// What speaks against a yes: the sentences that are shown, and how many more there are.
fn evidence(answer: &Answer) -> (Vec<&str>, usize) {
    let all = answer.sample.against.iter().chain(&answer.sample.doubts);
    let count = answer.sample.against.len() + answer.sample.doubts.len();
    (all.take(SHOWN).map(String::as_str).collect(), count.saturating_sub(SHOWN))
}

fn sign(answer: &Answer, style: Style) -> String {
    let (sign, severity) = match (answer.verdict, style.ascii) {
        (Verdict::Yes, false) => ("✓", None),
        (Verdict::Yes, true) => ("+", None),
        (Verdict::Partly, false) => ("◐", Some(Severity::Medium)),
        (Verdict::Partly, true) => ("~", Some(Severity::Medium)),
        (Verdict::No, false) => ("✗", Some(Severity::High)),
        (Verdict::No, true) => ("x", Some(Severity::High)),
        (Verdict::CannotTell, _) => ("?", Some(Severity::Low)),
    };
    let text = format!("{sign} {:<11}", answer.verdict.word());
    severity.map_or_else(|| style.added(&text), |severity| style.severity(severity, &text))
}

fn terminal(analysis: &Analysis, found: &Assessment, style: Style) -> String {
    let name = safe(&analysis.catalog.name);
    let mut out = format!("{}\n", style.strong(&format!("{name}: {}", total(found))));
    out.push_str(&wrap(&made_of(found), style.width, ""));
    for section in Section::ALL {
        let value = of_section(found, section).map_or("-".to_owned(), |value| format!("{value:.0}"));
        out.push_str(&format!("\n{}  {}\n", style.strong(section.title()), style.faint(&value)));
        for answer in found.of(section) {
            let text = wrap(answer.question.text, style.width, "                ");
            out.push_str(&format!("  {} {}", sign(answer, style), text.trim_start()));
            let mut line = |text: &str| out.push_str(&wrap(&safe(text), style.width, "                "));
            let score = answer.score.map_or(String::new(), |score| format!(", {score:.0} of 100"));
            line(&format!("{}{score}, weight {}", answer.basis(), answer.question.weight));
            if answer.verdict == Verdict::Yes {
                continue;
            }
            let (shown, more) = evidence(answer);
            for sentence in shown {
                let text = wrap(&safe(sentence), style.width, "                  ");
                out.push_str(&format!("                - {}", text.trim_start()));
            }
            if more > 0 {
                out.push_str(&format!("                - and {more} more\n"));
            }
            let text = wrap(answer.question.next, style.width, "                  ");
            out.push_str(&format!("                {} {}", style.arrow(), text.trim_start()));
        }
    }
    out
}

fn plain(analysis: &Analysis, found: &Assessment) -> String {
    let mut out = format!("{}: {}. {}\n", safe(&analysis.catalog.name), total(found), made_of(found));
    for answer in &found.answers {
        let question = answer.question;
        let score = answer.score.map_or("no score".to_owned(), |score| format!("score {score:.0}"));
        out.push_str(&format!(
            "{}: {}: {}: {}; {score}, weight {}\n",
            question.section.title(),
            answer.verdict.word(),
            question.text,
            answer.basis(),
            question.weight
        ));
        if answer.verdict == Verdict::Yes {
            continue;
        }
        for sentence in answer.sample.against.iter().chain(&answer.sample.doubts) {
            out.push_str(&format!("{}: evidence: {}\n", question.id, safe(sentence)));
        }
        out.push_str(&format!("{}: next: {}\n", question.id, question.next));
    }
    out
}

fn json(analysis: &Analysis, found: &Assessment) -> Value {
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let answers: Vec<Value> = found
        .answers
        .iter()
        .map(|answer| {
            let question = answer.question;
            let sample = &answer.sample;
            json!({
                "id": question.id,
                "section": question.section.title(),
                "question": question.text,
                "answer": answer.verdict.word(),
                "score": answer.score.map(round),
                "weight": question.weight,
                "of": sample.of,
                "good": sample.good,
                "bad": sample.bad,
                "unknown": sample.unknown,
                "against": sample.against,
                "doubts": sample.doubts,
                "findings": sample.findings.iter().map(|place| &analysis.findings[*place]).map(|finding| json!({
                    "rule": finding.rule.id,
                    "severity": finding.severity,
                    "message": finding.message,
                })).collect::<Vec<_>>(),
                "rules": question.rules,
                "rules_off": answer.off,
                "next": question.next,
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/assess/1",
        "catalog": report::catalog(&analysis.catalog),
        "at": analysis.day.to_string(),
        "total": {
            "value": found.value.map(round),
            "grade": found.grade(),
            "answered": (found.answered * 100.0).round() / 100.0,
        },
        "sections": Section::ALL.map(|section| json!({
            "title": section.title(),
            "value": of_section(found, section).map(round),
        })),
        "answers": answers,
    })
}
