//! `persona [PATH]`: the workbench, or its content as text.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::style::{Style, safe};
use super::{Common, OK, plain, source};
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
    if common.plain || !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
        plain::print_all(&analysis, style)?;
        if !logs.paths.is_empty() {
            eprintln!("persona: `persona audit LOGS --plain` says as text what the logs hold");
        }
        return Ok(OK);
    }
    let root = crate::store::find(arguments.path.as_deref(), &std::env::current_dir()?)?;
    tui::start(tui::Options {
        root,
        day: common.at,
        theme: arguments.theme.clone(),
        color: style.color
            || common.color == super::ColorChoice::Auto
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        ascii: style.ascii,
        mouse: !arguments.no_mouse,
        readonly: arguments.readonly,
        logs,
    })?;
    Ok(OK)
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
