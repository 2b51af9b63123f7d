//! `persona whatif`: suppose something, and see which gaps come and go.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::changes::{counted, patch, write};
use super::fix::{score, summary};
use super::style::{Style, safe, table, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::fixes::Outcome;
use crate::analysis::tradeoff::{MOST, Point, Reshape, tradeoff};
use crate::analysis::whatif::Supposition;
use crate::analysis::{Analysis, Finding};
use crate::catalog::Entity;

/// Suppose that somebody leaves, that personas merge, that access changes: what comes, what goes
///
/// Options of one kind can be repeated; suppositions are made in the order of this list: days, who
/// leaves, who comes, what is disabled, merged, split, granted, revoked. Whoever leaves leaves a gap
/// where cards name them. Nothing is written without --apply.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona whatif --remove-person \"Data engineer A\"
  persona whatif --remove-person \"App developer A\" --add-person \"New one=P007\"
  persona whatif --disable P012
  persona whatif --merge P004,P006 --diff
  persona whatif --split \"P006=GenAIOps\"
  persona whatif --grant \"P006=Azure Storage:read@dev,stage\"
  persona whatif --revoke \"P006=Azure Key Vault\" --apply
  persona whatif --day 2027-06-01
  persona whatif --counts 3-15         how many personas: what merging and splitting costs")]
pub struct Arguments {
    #[command(flatten)]
    path: PathArgument,
    /// It is another day.
    #[arg(long, value_name = "DAY")]
    day: Option<jiff::civil::Date>,
    /// A person leaves.
    #[arg(long, value_name = "NAME")]
    remove_person: Vec<String>,
    /// A persona is no more.
    #[arg(long, value_name = "PERSONA")]
    remove_persona: Vec<String>,
    /// A person comes, who knows what the personas list.
    #[arg(long, value_name = "NAME=PERSONA,...")]
    add_person: Vec<String>,
    /// An agent or service is not to run.
    #[arg(long, value_name = "AGENT")]
    disable: Vec<String>,
    /// Personas become one; the first stays.
    #[arg(long, value_name = "PERSONA,PERSONA,...")]
    merge: Vec<String>,
    /// A persona gives processes to a new one.
    #[arg(long, value_name = "PERSONA=PROCESS,...")]
    split: Vec<String>,
    /// A persona is granted a component.
    #[arg(long, value_name = "PERSONA=COMPONENT[:LEVEL][@ENVIRONMENT,...]")]
    grant: Vec<String>,
    /// A persona loses its access to a component.
    #[arg(long, value_name = "PERSONA=COMPONENT")]
    revoke: Vec<String>,
    /// The best merge or split for each number of personas, and the excess access that it causes.
    #[arg(long, value_name = "FROM-TO", num_args = 0..=1, default_missing_value = "3-15")]
    counts: Option<String>,
    /// Show the difference in the cards.
    #[arg(long)]
    diff: bool,
    /// Keep it: write the cards.
    #[arg(long, conflicts_with = "counts")]
    apply: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences.
    Terminal,
    /// For other programs.
    Json,
}

impl Arguments {
    fn suppositions(&self) -> anyhow::Result<Vec<Supposition>> {
        let mut all: Vec<Supposition> = self.day.map(Supposition::Day).into_iter().collect();
        all.extend(self.remove_person.iter().cloned().map(Supposition::RemovePerson));
        all.extend(self.remove_persona.iter().cloned().map(Supposition::RemovePersona));
        for word in &self.add_person {
            let (name, personas) = pair(word, "--add-person", "NAME=PERSONA")?;
            all.push(Supposition::AddPerson { name, personas: list(&personas) });
        }
        all.extend(self.disable.iter().cloned().map(Supposition::Disable));
        all.extend(self.merge.iter().map(|word| Supposition::Merge(list(word))));
        for word in &self.split {
            let (persona, processes) = pair(word, "--split", "PERSONA=PROCESS")?;
            all.push(Supposition::Split { persona, processes: list(&processes) });
        }
        for word in &self.grant {
            let (persona, access) = pair(word, "--grant", "PERSONA=COMPONENT:LEVEL@ENVIRONMENT")?;
            let (access, environments) = access.rsplit_once('@').unwrap_or((&access, ""));
            let (component, level) = match access.rsplit_once(':') {
                Some((component, level)) => (component, Some(level.trim().to_owned())),
                None => (access, None),
            };
            all.push(Supposition::Grant {
                persona,
                component: component.trim().to_owned(),
                level,
                environments: list(environments),
            });
        }
        for word in &self.revoke {
            let (persona, component) = pair(word, "--revoke", "PERSONA=COMPONENT")?;
            all.push(Supposition::Revoke { persona, component });
        }
        Ok(all)
    }
}

fn pair(word: &str, option: &str, form: &str) -> anyhow::Result<(String, String)> {
    match word.split_once('=') {
        Some((left, right)) if !left.trim().is_empty() && !right.trim().is_empty() => {
            Ok((left.trim().to_owned(), right.trim().to_owned()))
        }
        _ => bail!("{option} wants {form}, but got {}", safe(word)),
    }
}

fn list(words: &str) -> Vec<String> {
    words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.path.as_deref(), common.day())?;
    if let Some(range) = &arguments.counts {
        return counts(&analysis, range, arguments.format, style).map(|()| OK);
    }
    let suppositions = arguments.suppositions()?;
    if suppositions.is_empty() {
        bail!("nothing is supposed; `persona whatif --help` lists what can be");
    }
    let outcome = analysis.suppose(&suppositions).map_err(|why| anyhow!("{}", safe(&why)))?;
    let text = match arguments.format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report(&analysis, &suppositions, &outcome))?;
            text.push('\n');
            text
        }
        Format::Terminal => {
            let mut text = terminal(&analysis, &suppositions, &outcome, style);
            if arguments.diff {
                text.push('\n');
                text.push_str(&patch(&outcome.changes, style));
            }
            text
        }
    };
    print(&text)?;
    if arguments.apply && !outcome.changes.is_empty() {
        write(arguments.path.path.as_deref(), &outcome.changes)?;
        if arguments.format == Format::Terminal {
            print(&format!("\nWrote {}.\n", counted(&outcome.changes)))?;
        }
    }
    Ok(OK)
}

fn terminal(analysis: &Analysis, suppositions: &[Supposition], outcome: &Outcome, style: Style) -> String {
    let supposed: Vec<String> = suppositions.iter().map(|one| safe(&one.to_string())).collect();
    let mut out = wrap(&style.strong(&format!("If {}:", supposed.join(", and "))), style.width, "");
    let mut section = |title: &str, sign: &str, findings: Vec<&Finding>| {
        if findings.is_empty() {
            return;
        }
        out.push_str(&format!("\n{title}\n"));
        for finding in findings {
            out.push_str(&format!("  {sign} {} ", style.finding(finding)));
            out.push_str(
                wrap(&safe(&finding.message), style.width.saturating_sub(2), "       ").trim_start(),
            );
        }
    };
    section("New gaps", "+", outcome.new_findings().collect());
    section("Gaps that go", "-", outcome.gone.iter().map(|&place| &*analysis.findings[place]).collect());
    if outcome.new.is_empty() && outcome.gone.is_empty() {
        out.push_str("\nNo gap comes, and none goes.\n");
    }
    out.push_str(&format!("\n{}\n", summary(analysis, &outcome.after)));
    out
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    supposed: Vec<String>,
    before: ScoreReport,
    after: ScoreReport,
    new: Vec<FindingReport>,
    gone: Vec<FindingReport>,
}

#[derive(Serialize)]
struct ScoreReport {
    value: Option<f64>,
    grade: Option<char>,
    open: usize,
}

#[derive(Serialize)]
struct FindingReport {
    rule: &'static str,
    severity: &'static str,
    message: String,
}

fn report(analysis: &Analysis, suppositions: &[Supposition], outcome: &Outcome) -> Report {
    let score = |analysis: &Analysis| ScoreReport {
        value: analysis.score.value,
        grade: analysis.score.grade(),
        open: analysis.findings.iter().filter(|finding| finding.is_open()).count(),
    };
    let finding = |finding: &Finding| FindingReport {
        rule: finding.rule.id,
        severity: finding.severity.word(),
        message: finding.message.clone(),
    };
    Report {
        schema: "persona-workbench/whatif/1",
        supposed: suppositions.iter().map(ToString::to_string).collect(),
        before: score(analysis),
        after: score(&outcome.after),
        new: outcome.new_findings().map(finding).collect(),
        gone: outcome.gone.iter().map(|&place| finding(&analysis.findings[place])).collect(),
    }
}

fn counts(analysis: &Analysis, range: &str, format: Format, style: Style) -> anyhow::Result<()> {
    let bounds = range.split_once('-').or_else(|| range.split_once("..")).unwrap_or((range, range));
    let (Ok(least), Ok(most)) = (bounds.0.trim().parse::<usize>(), bounds.1.trim().parse::<usize>()) else {
        bail!("--counts wants two numbers such as 3-15, but got {}", safe(range));
    };
    if least == 0 || most < least || most > MOST {
        bail!("--counts wants two numbers from 1 to {MOST}, the smaller first, but got {}", safe(range));
    }
    let count = analysis.catalog.personas.len();
    if count > MOST {
        bail!("{count} personas are too many to look at every pair; at most {MOST} are compared");
    }
    let points = tradeoff(analysis, least, most);
    if format == Format::Json {
        let mut text = serde_json::to_string_pretty(&CountsReport {
            schema: "persona-workbench/counts/1",
            today: count,
            points: points.iter().map(|point| point_report(analysis, point)).collect(),
        })?;
        text.push('\n');
        return print(&text);
    }
    print(&curve(analysis, &points, style))
}

fn described(analysis: &Analysis, point: &Point) -> String {
    let label = |entity: Entity| safe(&analysis.catalog.id(entity));
    match &point.change {
        None => "as it is today".to_owned(),
        Some(Reshape::Merge(personas)) => {
            let names: Vec<String> = personas.iter().map(|id| label((*id).into())).collect();
            format!("merge {}", names.join(" + "))
        }
        Some(Reshape::Split(persona, processes)) => {
            let names: Vec<String> = processes.iter().map(|id| label((*id).into())).collect();
            format!("split {}: {} on its own", label((*persona).into()), names.join(", "))
        }
    }
}

/// The table, and beside it the curve.
fn curve(analysis: &Analysis, points: &[Point], style: Style) -> String {
    if points.is_empty() {
        return "No number of personas in that range can be reached by merging or splitting.\n".to_owned();
    }
    let most = points.iter().map(|point| point.excess).max().unwrap_or(0).max(1);
    let today = points.iter().find(|point| point.change.is_none()).map(|point| point.excess);
    let mut rows = vec![
        ["personas", "excess", "change", "", "how, from the number next to it"].map(str::to_owned).to_vec(),
    ];
    for point in points {
        let bar = usize::try_from(point.excess * 24 / most).unwrap_or(24);
        let sign = if style.ascii { "#" } else { "█" };
        let change = today.map_or(String::new(), |today| match point.excess.cmp(&today) {
            std::cmp::Ordering::Greater => format!("+{}", point.excess - today),
            std::cmp::Ordering::Less => format!("-{}", today - point.excess),
            std::cmp::Ordering::Equal => "0".to_owned(),
        });
        rows.push(vec![
            format!("{:>8}", point.personas),
            format!("{:>6}", point.excess),
            format!("{change:>6}"),
            format!("{:<24}", sign.repeat(bar)),
            described(analysis, point),
        ]);
    }
    let mut out = table(&rows);
    out.push('\n');
    out.push_str(&wrap(
        "Excess is what the work of one process gets beyond its needs because other work of the same \
         persona needs it: steps of level, summed over components and environments. Merging adds to it, \
         splitting takes it away. Each row is the best step found from the row next to it towards \
         today's; that the row is the best of all is not proven.",
        style.width,
        "",
    ));
    out.push_str(&format!("Score today: {}.\n", score(analysis)));
    out
}

#[derive(Serialize)]
struct CountsReport {
    schema: &'static str,
    today: usize,
    points: Vec<PointReport>,
}

#[derive(Serialize)]
struct PointReport {
    personas: usize,
    excess: u64,
    merge: Vec<String>,
    split: Option<SplitReport>,
}

#[derive(Serialize)]
struct SplitReport {
    persona: String,
    processes: Vec<String>,
}

fn point_report(analysis: &Analysis, point: &Point) -> PointReport {
    let id = |entity: Entity| analysis.catalog.id(entity).into_owned();
    let (merge, split) = match &point.change {
        None => (Vec::new(), None),
        Some(Reshape::Merge(personas)) => (personas.iter().map(|one| id((*one).into())).collect(), None),
        Some(Reshape::Split(persona, processes)) => (
            Vec::new(),
            Some(SplitReport {
                persona: id((*persona).into()),
                processes: processes.iter().map(|one| id((*one).into())).collect(),
            }),
        ),
    };
    PointReport { personas: point.personas, excess: point.excess, merge, split }
}
