//! `persona plan`: the cheapest set of fixes that reaches a grade, or clears a severity.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::changes::{counted, patch, write};
use super::fix::{score, summary};
use super::style::{Style, safe, wrap};
use super::{Common, FOUND, OK, PathArgument, print, source};
use crate::analysis::plan::{Plan, Target, left_over, opened, plan};
use crate::analysis::{Analysis, Severity};

/// Find the cheapest edits that reach a grade, or clear a severity
///
/// A changed value costs 1, a new card 2, a removed card 3, and what takes more than an edit to be
/// true (giving access, giving work to somebody else, claiming a skill) 2 more. The result is
/// computed, not added up. Whether it is proven that no cheaper set of the known fixes does it is said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona plan --target B              what it takes to get to grade B
  persona plan --clear high            no open gap of high severity or worse
  persona plan --clear high --diff     with the difference in the cards
  persona plan --target B --apply      make it so

Exit status: 0 the target is reached by the plan, 1 no known fixes reach it, 2 the catalog could not
be read or written.")]
pub struct Arguments {
    #[command(flatten)]
    path: PathArgument,
    /// The grade to reach.
    #[arg(long, value_enum, value_name = "GRADE", ignore_case = true, required_unless_present = "clear")]
    target: Option<Grade>,
    /// The severity to clear.
    #[arg(long, value_enum, value_name = "SEVERITY", conflicts_with = "target")]
    clear: Option<Clear>,
    /// Show the difference in the cards.
    #[arg(long)]
    diff: bool,
    /// Apply the plan.
    #[arg(long)]
    apply: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Grade {
    A,
    B,
    C,
    D,
    E,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clear {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences.
    Terminal,
    /// For other programs.
    Json,
}

impl Arguments {
    fn target(&self) -> Target {
        match (self.target, self.clear) {
            (Some(grade), _) => Target::Grade(match grade {
                Grade::A => 'A',
                Grade::B => 'B',
                Grade::C => 'C',
                Grade::D => 'D',
                Grade::E => 'E',
            }),
            (None, clear) => Target::Clear(match clear {
                Some(Clear::Critical) => Severity::Critical,
                None | Some(Clear::High) => Severity::High,
                Some(Clear::Medium) => Severity::Medium,
                Some(Clear::Low) => Severity::Low,
                Some(Clear::Info) => Severity::Info,
            }),
        }
    }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = Arc::new(source::analysis(arguments.path.path.as_deref(), common.day())?);
    let target = arguments.target();
    let plan = plan(&analysis, target);
    let mut out = match arguments.format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report(&analysis, &plan, target))?;
            text.push('\n');
            text
        }
        Format::Terminal => terminal(&analysis, &plan, target, arguments.diff, style),
    };
    if arguments.apply && !plan.changes.is_empty() {
        write(arguments.path.path.as_deref(), &plan.changes)?;
        if arguments.format == Format::Terminal {
            out.push_str(&format!("Wrote {}.\n", counted(&plan.changes)));
        }
    }
    print(&out)?;
    Ok(if plan.reached { OK } else { FOUND })
}

fn goal(target: Target) -> String {
    match target {
        Target::Grade(grade) => format!("grade {grade}"),
        Target::Clear(severity) => format!("no open gap of {} severity or worse", severity.word()),
    }
}

fn terminal(analysis: &Analysis, plan: &Plan, target: Target, diff: bool, style: Style) -> String {
    let mut out = String::new();
    if plan.steps.is_empty() && plan.reached {
        return format!("The catalog has {} already: score {}.\n", goal(target), score(analysis));
    }
    for (number, step) in plan.steps.iter().enumerate() {
        let title = format!("{:>2}. {}", number + 1, safe(&step.fix.title));
        out.push_str(&wrap(&style.strong(&title), style.width, ""));
        out.push_str(&wrap(&safe(&step.message), style.width, "    "));
        out.push_str(&format!(
            "    {}\n",
            style.faint(&format!("{}; costs {}", step.fix.way.word(), step.cost))
        ));
    }
    if diff {
        out.push('\n');
        out.push_str(&patch(&plan.changes, style));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let steps = match plan.steps.len() {
        1 => "1 fix".to_owned(),
        count => format!("{count} fixes"),
    };
    let reached = if plan.reached {
        let proof = if plan.proven {
            "proven: no cheaper set of the known fixes does it"
        } else {
            "not proven optimal: too many sets to try them all"
        };
        let reach = if matches!(target, Target::Grade(_)) { "reach" } else { "leave" };
        format!("{steps} that cost {} {reach} {}; {proof}.", plan.cost, goal(target))
    } else if plan.given_up {
        format!(
            "{steps} that cost {} are a beginning; {} is not reached, and there is too much to try to go on. \
             Apply it and ask again, or clear what is worse first.",
            plan.cost,
            goal(target)
        )
    } else if plan.steps.is_empty() {
        format!("No known fix edits a card for it; {} is not reached.", goal(target))
    } else {
        format!("{steps} that cost {} do what known fixes can; {} is not reached.", plan.cost, goal(target))
    };
    out.push_str(&wrap(&reached, style.width, ""));
    out.push_str(&format!("{}\n", summary(analysis, &plan.after)));
    let new = opened(analysis, plan);
    if !new.is_empty() {
        out.push_str("It opens:\n");
        for place in new {
            let finding = &plan.after.findings[place];
            out.push_str(&format!("  {} ", style.finding(finding)));
            out.push_str(wrap(&safe(&finding.message), style.width, "     ").trim_start());
        }
    }
    if !plan.reached {
        out.push_str(if plan.given_up {
            "What is left:\n"
        } else {
            "What is left takes more than an edit of a card:\n"
        });
        for place in left_over(plan, target) {
            let finding = &plan.after.findings[place];
            out.push_str(&format!("  {} ", style.finding(finding)));
            out.push_str(wrap(&safe(&finding.message), style.width, "     ").trim_start());
        }
    }
    out
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    target: String,
    reached: bool,
    proven: bool,
    given_up: bool,
    cost: u32,
    before: ScoreReport,
    after: ScoreReport,
    steps: Vec<StepReport>,
    opens: Vec<String>,
    left: Vec<String>,
    changes: Vec<ChangeReport>,
}

#[derive(Serialize)]
struct ScoreReport {
    value: Option<f64>,
    grade: Option<char>,
    open: usize,
}

#[derive(Serialize)]
struct StepReport {
    finding: String,
    title: String,
    way: &'static str,
    cost: u32,
}

#[derive(Serialize)]
struct ChangeReport {
    file: String,
    diff: String,
}

fn report(analysis: &Analysis, plan: &Plan, target: Target) -> Report {
    let score = |analysis: &Analysis| ScoreReport {
        value: analysis.score.value,
        grade: analysis.score.grade(),
        open: analysis.findings.iter().filter(|finding| finding.is_open()).count(),
    };
    let message = |place: usize| plan.after.findings[place].message.clone();
    let plain = Style { color: false, ascii: true, width: 100 };
    Report {
        schema: "persona-workbench/plan/1",
        target: goal(target),
        reached: plan.reached,
        proven: plan.proven,
        given_up: plan.given_up,
        cost: plan.cost,
        before: score(analysis),
        after: score(&plan.after),
        steps: plan
            .steps
            .iter()
            .map(|step| StepReport {
                finding: step.message.clone(),
                title: step.fix.title.clone(),
                way: step.fix.way.word(),
                cost: step.cost,
            })
            .collect(),
        opens: opened(analysis, plan).into_iter().map(message).collect(),
        left: if plan.reached {
            Vec::new()
        } else {
            left_over(plan, target).into_iter().map(message).collect()
        },
        changes: plan
            .changes
            .iter()
            .map(|change| ChangeReport {
                file: change.path.to_string(),
                diff: patch(std::slice::from_ref(change), plain),
            })
            .collect(),
    }
}
