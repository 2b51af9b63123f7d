//! `persona [PATH]`: the workbench, or its content as text.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::style::{Style, safe};
use super::{Common, OK, plain, source};
use crate::session::meeting::{Meeting, Scope};
use crate::tui;

/// Options of the workbench.
#[derive(Clone, Debug, Default, Args)]
pub struct OpenArguments {
    /// The folder of the catalog [default: upward from here, then ./personas].
    path: Option<PathBuf>,
    /// The look [default: by the terminal's background].
    #[arg(long, value_name = "THEME", value_parser = clap::builder::PossibleValuesParser::new(tui::THEMES))]
    theme: Option<String>,
    /// Leave the mouse to the terminal.
    #[arg(long)]
    no_mouse: bool,
    /// Refuse every edit: for a projector.
    #[arg(long)]
    readonly: bool,
    /// Open audit logs too, a file or a folder: what they prove joins the findings [default: those of the
    /// last session].
    #[arg(long, value_name = "LOGS")]
    audit: Vec<PathBuf>,
    /// What words of these logs mean, as in `persona audit --map`.
    #[arg(long, value_name = "FILE", requires = "audit")]
    map: Option<PathBuf>,
}

impl OpenArguments {
    /// The workbench on a folder.
    #[must_use]
    pub fn of(path: PathBuf) -> Self {
        Self { path: Some(path), ..Self::default() }
    }

    /// The workbench on a folder, in a look.
    #[must_use]
    pub fn themed(path: Option<PathBuf>, theme: Option<String>) -> Self {
        Self { path, theme, ..Self::default() }
    }

    /// What was given of these, for a message.
    pub fn given(&self) -> Option<String> {
        let path = self.path.as_ref().map(|path| format!("the path {}", safe(&path.display().to_string())));
        let theme = self.theme.as_ref().map(|_| "--theme".to_owned());
        path.or(theme)
            .or_else(|| self.no_mouse.then(|| "--no-mouse".to_owned()))
            .or_else(|| self.readonly.then(|| "--readonly".to_owned()))
            .or_else(|| (!self.audit.is_empty()).then(|| "--audit".to_owned()))
            .or_else(|| self.map.is_some().then(|| "--map".to_owned()))
    }

    /// A path that may be meant as a command: one bare word that names nothing on the disk.
    pub fn misspelt_command(&self) -> Option<String> {
        let word = self.path.as_ref()?.to_str()?;
        let bare = word.chars().all(|letter| letter.is_ascii_alphabetic());
        (bare && !std::path::Path::new(word).exists()).then(|| word.to_owned())
    }
}

pub fn run(arguments: &OpenArguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let logs = logs(arguments)?;
    // Without a terminal there is no workbench; its content is still good for something.
    if common.plain || !in_terminal() {
        let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
        plain::print_all(&analysis, style)?;
        if !logs.paths.is_empty() {
            eprintln!("persona: `persona audit LOGS --plain` says as text what the logs hold");
        }
        return Ok(OK);
    }
    tui::start(options(arguments, None, common, style)?)?;
    Ok(OK)
}

/// Whether there is a terminal to open a workbench in.
#[must_use]
pub fn in_terminal() -> bool {
    std::io::stdout().is_terminal() && std::io::stdin().is_terminal()
}

/// Opens the workbench where the agenda of a review is chosen.
///
/// # Errors
/// Where there is no catalog, or the terminal cannot be used.
pub fn review(arguments: &OpenArguments, scope: Scope, common: &Common, style: Style) -> anyhow::Result<u8> {
    tui::start(options(arguments, Some(scope), common, style)?)?;
    Ok(OK)
}

/// Follows a review that runs elsewhere; returns it where it has ended.
///
/// # Errors
/// Where there is no catalog, no such theme, or no terminal.
pub fn follow(arguments: &OpenArguments, common: &Common, style: Style) -> anyhow::Result<Option<Meeting>> {
    if let Some(theme) = arguments.theme.as_deref().filter(|theme| !tui::THEMES.contains(theme)) {
        anyhow::bail!("there is no theme {}; there are {}", safe(theme), tui::THEMES.join(", "));
    }
    let options = options(arguments, None, common, style)?;
    if common.plain || !in_terminal() {
        anyhow::bail!("following takes a terminal; `persona minutes` prints how the review stands");
    }
    tui::follow(&options)
}

fn options(
    arguments: &OpenArguments,
    review: Option<Scope>,
    common: &Common,
    style: Style,
) -> anyhow::Result<tui::Options> {
    Ok(tui::Options {
        root: crate::store::find(arguments.path.as_deref(), &std::env::current_dir()?)?,
        day: common.at,
        theme: arguments.theme.clone(),
        color: style.color
            || common.color == super::ColorChoice::Auto
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        ascii: style.ascii,
        mouse: !arguments.no_mouse,
        readonly: arguments.readonly,
        logs: logs(arguments)?,
        review,
    })
}

/// The logs that were named, wherever the workbench is started the next time.
fn logs(arguments: &OpenArguments) -> anyhow::Result<tui::screens::audit::Logs> {
    let whole = |path: &PathBuf| -> anyhow::Result<String> {
        let found = path.canonicalize();
        let found = found.with_context(|| format!("{} cannot be read", safe(&path.display().to_string())))?;
        Ok(found.to_string_lossy().into_owned())
    };
    Ok(tui::screens::audit::Logs {
        paths: arguments.audit.iter().map(whole).collect::<Result<_, _>>()?,
        map: arguments.map.as_ref().map(whole).transpose()?,
    })
}
