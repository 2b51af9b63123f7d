//! `persona serve`: the report on this machine's own address, following the files while they are edited.
//!
//! It only reads, and only what the report is made of: there is no file that a request could name. It
//! listens on the loopback address and answers nobody who calls it by another name.

mod answer;
mod connections;
mod state;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use anyhow::Context as _;
use clap::Args;

use super::style::{Style, safe};
use super::{Common, OK, print, source};
use crate::analysis::Analysis;
use crate::store::{self, Root};
use state::State;

/// Show the report in a browser on this machine, up to date while cards are edited
#[derive(Debug, Args)]
#[command(
    after_help = "The page is that of `persona export html`. It loads itself anew when a card changes, and keeps
its place. Nothing can be changed through it, and nothing outside this machine can reach it.
It ends with ctrl-c.

Examples:
  persona serve
  persona serve team/personas
  persona serve --port 8080        the same address each time"
)]
pub struct Arguments {
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// The port [default: one that is free].
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
}

/// What ends a wait.
enum Event {
    /// Files changed.
    Changed,
    /// The user has enough.
    End,
}

pub fn run(arguments: &Arguments, common: &Common, _style: Style) -> anyhow::Result<u8> {
    let root = source::root(arguments.path.as_deref())?;
    let analysis = source::analysis_of(&root, common.day())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).with_context(|| {
        format!(
            "port {} cannot be had; another program may have it: take another --port, or none",
            arguments.port
        )
    })?;
    let port = listener.local_addr().context("the address of the server")?.port();
    let state = Arc::new(State::new(&analysis));
    let name = safe(&analysis.catalog.name);
    drop(analysis);
    let (sender, events) = channel();
    end_on_signals(sender.clone())?;
    let watch = store::watch(&root.path, move || {
        let _ = sender.send(Event::Changed);
    });
    if let Err(error) = &watch {
        state.trouble(format!("Changes are not noticed here ({error}); load the page anew to see them."));
    }
    let shared = state.clone();
    std::thread::spawn(move || connections::serve(&listener, port, &shared));
    print(&format!("{name} is at http://127.0.0.1:{port}/ until ctrl-c\n"))?;
    while let Ok(Event::Changed) = events.recv() {
        // Several changes at once are one.
        let mut ended = false;
        while let Ok(event) = events.try_recv() {
            ended |= matches!(event, Event::End);
        }
        if ended {
            break;
        }
        match read_again(&root, common) {
            Ok(analysis) => state.update(&analysis),
            Err(error) => state.trouble(format!("The catalog cannot be read any more: {error:#}")),
        }
    }
    drop(watch);
    Ok(OK)
}

fn read_again(root: &Root, common: &Common) -> anyhow::Result<Analysis> {
    source::analysis_of(root, common.day())
}

fn end_on_signals(sender: Sender<Event>) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).context("signals cannot be heard")?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            let _ = sender.send(Event::End);
        }
    });
    Ok(())
}
