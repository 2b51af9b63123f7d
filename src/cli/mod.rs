//! The command line: one file a command, in one table.
//!
//! Commands read arguments, call the library and print. What they print is computed below them.
#![allow(clippy::disallowed_methods)]

mod access;
mod agent_card;
mod assess;
mod assign;
mod audit;
mod backlog;
mod changes;
mod check;
mod completions;
mod decide;
mod demo;
mod diff;
mod duplicate;
mod explain;
mod export;
pub mod fix;
mod fmt;
mod follow;
pub mod formats;
mod generate;
mod grant;
mod import;
mod init;
mod list;
mod man;
mod matrix;
mod meetings;
mod minutes;
mod narrow;
mod new;
mod open;
mod path;
mod plain;
mod plan;
mod policy;
mod reach;
mod remove;
mod rename;
pub mod report;
mod review;
mod revoke;
mod schema;
mod score;
mod serve;
mod set;
mod show;
mod simulate;
mod source;
mod style;
mod train;
mod whatif;
mod who;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use style::Style;

/// Everything went well.
const OK: u8 = 0;
/// A check found open findings at or above the severity asked for.
const FOUND: u8 = 1;
/// The catalog has errors, or could not be read.
const BROKEN: u8 = 2;
/// The command was used wrongly.
const USAGE: u8 = 64;

/// A terminal workbench for the personas of an AI workload team: humans and agents, what each may
/// touch, what each must know, and who answers for it.
#[derive(Debug, Parser)]
#[command(
    name = "persona",
    version,
    override_usage = "persona [OPTIONS] [PATH]\n       persona [OPTIONS] <COMMAND>",
    after_help = "Examples:
  persona                     open the workbench on the catalog around here
  persona team/personas       open it on a folder
  persona demo                try it on an example, in a scratch copy
  persona check               list the gaps; exit with 1 where one is high
  persona show P006           one card, with what is too wide and what is missing
  persona path P010 \"Azure Container Registry\"

PATH is the folder of a catalog. Without it, persona looks upward from here for a
folder that holds catalog.yaml, then for a folder named personas."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    open: open::OpenArguments,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The day for which grants and decisions count, as 2026-11-23 [default: today].
    #[arg(long, global = true, value_name = "DAY")]
    at: Option<jiff::civil::Date>,
    /// Colours.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    /// Plain text: no colours, no boxes, nothing drawn.
    #[arg(long, global = true)]
    plain: bool,
    /// Letters and signs of ASCII only.
    #[arg(long, global = true)]
    ascii: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    /// In a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands, in alphabetical order.
#[derive(Debug, Subcommand)]
enum Command {
    Access(access::Arguments),
    AgentCard(agent_card::Arguments),
    Assess(assess::Arguments),
    Audit(audit::Arguments),
    Backlog(backlog::Arguments),
    Check(check::Arguments),
    Completions(completions::Arguments),
    Decide(decide::Arguments),
    Demo(demo::Arguments),
    Diff(diff::Arguments),
    Duplicate(duplicate::Arguments),
    Explain(explain::Arguments),
    Export(export::Arguments),
    Fix(fix::Arguments),
    Fmt(fmt::Arguments),
    Follow(follow::Arguments),
    #[command(hide = true)]
    Generate(generate::Arguments),
    Grant(grant::Arguments),
    Import(import::Arguments),
    Init(init::Arguments),
    List(list::Arguments),
    Man(man::Arguments),
    Matrix(matrix::Arguments),
    Meetings(meetings::Arguments),
    Minutes(minutes::Arguments),
    Narrow(narrow::Arguments),
    New(new::Arguments),
    Path(path::Arguments),
    Plan(plan::Arguments),
    Policy(policy::Arguments),
    Reach(reach::Arguments),
    Remove(remove::Arguments),
    Rename(rename::Arguments),
    Review(review::Arguments),
    Revoke(revoke::Arguments),
    Schema(schema::Arguments),
    Score(score::Arguments),
    Serve(serve::Arguments),
    Set(set::Arguments),
    Show(show::Arguments),
    Simulate(simulate::Arguments),
    Train(train::Arguments),
    Whatif(whatif::Arguments),
    Who(who::Arguments),
}

/// The command line, with paragraphs of help that are broken where they are shown, not where they are written.
fn program() -> clap::Command {
    let command = Arguments::command();
    let names: Vec<String> = command.get_subcommands().map(|known| known.get_name().to_owned()).collect();
    names.into_iter().fold(flowing(command), |command, name| command.mut_subcommand(name, flowing))
}

fn flowing(command: clap::Command) -> clap::Command {
    match command.get_after_help().map(|help| joined(&help.to_string())) {
        Some(help) => command.after_help(help),
        None => command,
    }
}

/// Lines of one paragraph as one line; what is set in, such as an example, stays as it is.
fn joined(text: &str) -> String {
    let mut out = String::new();
    let mut in_paragraph = false;
    for line in text.lines() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        if !out.is_empty() {
            out.push(if in_paragraph && is_prose { ' ' } else { '\n' });
        }
        out.push_str(line);
        in_paragraph = is_prose && !line.ends_with(':');
    }
    out
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let parsed = program().try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            let wrong = error.use_stderr();
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return ExitCode::from(if wrong { USAGE } else { OK });
        }
    };
    if let Some(error) = misused(&arguments) {
        let _ = error.print();
        return ExitCode::from(USAGE);
    }
    let style = Style::new(&arguments.common);
    let done = match &arguments.command {
        None => open::run(&arguments.open, &arguments.common, style),
        Some(command) => run(command, &arguments.common, style),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "persona: {}", style::lines(&format!("{error:#}")));
            ExitCode::from(BROKEN)
        }
    }
}

/// What clap cannot see: options of the workbench before a command, and a misspelt command, which
/// looks like a path.
fn misused(arguments: &Arguments) -> Option<clap::Error> {
    use clap::error::ErrorKind;
    let mut command = program();
    if arguments.command.is_some() {
        let stray = arguments.open.given()?;
        return Some(command.error(
            ErrorKind::ArgumentConflict,
            format!("{stray} stands before a command, where it means nothing; put it after the command, or leave it out"),
        ));
    }
    let word = arguments.open.misspelt_command()?;
    let names: Vec<String> = command.get_subcommands().map(|known| known.get_name().to_owned()).collect();
    let near = crate::card::words::nearest(&word, names.iter().map(String::as_str))?;
    let message = format!("there is no command {word}, and no folder either; did you mean `persona {near}`?");
    Some(command.error(ErrorKind::InvalidSubcommand, message))
}

fn run(command: &Command, common: &Common, style: Style) -> anyhow::Result<u8> {
    match command {
        Command::Access(arguments) => access::run(arguments, common, style),
        Command::AgentCard(arguments) => agent_card::run(arguments, common),
        Command::Assess(arguments) => assess::run(arguments, common, style),
        Command::Audit(arguments) => audit::run(arguments, common, style),
        Command::Backlog(arguments) => backlog::run(arguments, common, style),
        Command::Check(arguments) => check::run(arguments, common, style),
        Command::Completions(arguments) => completions::run(arguments, &mut program()),
        Command::Decide(arguments) => decide::run(arguments, common, style),
        Command::Demo(arguments) => demo::run(arguments, common, style),
        Command::Diff(arguments) => diff::run(arguments, common, style),
        Command::Duplicate(arguments) => duplicate::run(arguments, common, style),
        Command::Explain(arguments) => explain::run(arguments, style),
        Command::Export(arguments) => export::run(arguments, common, style),
        Command::Fix(arguments) => fix::run(arguments, common, style),
        Command::Fmt(arguments) => fmt::run(arguments, style),
        Command::Follow(arguments) => follow::run(arguments, common, style),
        Command::Generate(arguments) => generate::run(arguments, common),
        Command::Grant(arguments) => grant::run(arguments, common, style),
        Command::Init(arguments) => init::run(arguments),
        Command::Import(arguments) => import::run(arguments, style),
        Command::List(arguments) => list::run(arguments, common, style),
        Command::Man(arguments) => man::run(arguments, program()),
        Command::Matrix(arguments) => matrix::run(arguments, common, style),
        Command::Meetings(arguments) => meetings::run(arguments, common, style),
        Command::Narrow(arguments) => narrow::run(arguments, common, style),
        Command::Minutes(arguments) => minutes::run(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Path(arguments) => path::run(arguments, common, style),
        Command::Plan(arguments) => plan::run(arguments, common, style),
        Command::Policy(arguments) => policy::run(arguments, common),
        Command::Reach(arguments) => reach::run(arguments, common, style),
        Command::Remove(arguments) => remove::run(arguments, common, style),
        Command::Rename(arguments) => rename::run(arguments, common, style),
        Command::Review(arguments) => review::run(arguments, common, style),
        Command::Revoke(arguments) => revoke::run(arguments, common, style),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Score(arguments) => score::run(arguments, common, style),
        Command::Serve(arguments) => serve::run(arguments, common, style),
        Command::Set(arguments) => set::run(arguments, common, style),
        Command::Show(arguments) => show::run(arguments, common, style),
        Command::Simulate(arguments) => simulate::run(arguments, common, style),
        Command::Train(arguments) => train::run(arguments, common, style),
        Command::Whatif(arguments) => whatif::run(arguments, common, style),
        Command::Who(arguments) => who::run(arguments, common, style),
    }
}

/// Prints to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

impl Common {
    /// The day that counts.
    fn day(&self) -> jiff::civil::Date {
        self.at.unwrap_or_else(|| jiff::Zoned::now().date())
    }
}

/// The catalog's folder.
#[derive(Clone, Debug, Args)]
pub struct PathArgument {
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH", id = "catalog")]
    path: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_paragraph_of_help_is_one_line_and_examples_stay() {
        let text = "Examples:\n  persona a\n  persona b\n\nOne word\nafter another.\n\nAgain.";
        assert_eq!(
            super::joined(text),
            "Examples:\n  persona a\n  persona b\n\nOne word after another.\n\nAgain."
        );
    }
}
