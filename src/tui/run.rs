//! The terminal and the loop: the only part of the workbench that reads, writes, and asks the time.
//!
//! Messages are drained, then the screen is drawn once. Work that takes time is done on threads of
//! its own, and answers with a message.
#![allow(clippy::disallowed_methods)]

mod follow;
mod work;

pub use follow::follow;

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event, poll, read,
};
use crossterm::execute;
use ratatui::DefaultTerminal;

use super::Options;
use super::actions::KeyMap;
use super::message::{Effect, Message};
use super::model::{Layer, Model, Screen, Spot};
use super::render::render;
use super::screens::audit::Logs;
use super::screens::cards::KINDS;
use super::theme::{Depth, Theme};
use super::update::{farewell, left, load, offer, remember, spot, update};
use crate::session::meeting::Meeting;
use crate::store::{self, Config, Root, Session};

/// How long the input's thread waits before it looks whether somebody else wants the keyboard.
const LOOK_UP: Duration = Duration::from_millis(200);

/// What arrives at the loop.
enum Incoming {
    Message(Message),
    /// A signal asks the program to end.
    End,
}

/// Opens the workbench, and returns when it is closed.
///
/// # Errors
/// Where the terminal cannot be used.
pub fn start(options: Options) -> anyhow::Result<()> {
    let (config, mut complaints) = store::config();
    let theme = choose_theme(&options, &config);
    let (keys, wrong) = KeyMap::new(&config.keys);
    complaints.extend(wrong);
    let mouse = options.mouse && config.mouse.unwrap_or(true);
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut model = Model::new(theme, keys, options.day, size);
    model.readonly = options.readonly;
    model.autosave = config.autosave.unwrap_or(false);
    model.diff_first = config.diff_first.unwrap_or(false);
    if !options.readonly {
        // What a crash left between two files is finished before anything is read.
        for path in store::recover(&options.root.path) {
            complaints.push(format!("{path}: what the last run left half done is done now"));
        }
        match store::read_drafts(&options.root.path).map(|text| serde_json::from_str(&text)) {
            Some(Ok(journal)) => offer(&mut model, journal),
            Some(Err(_)) => {
                let aside = store::put_drafts_aside(&options.root.path);
                let place = aside.map_or(String::new(), |path| format!("; they are at {}", path.display()));
                complaints.push(format!("the unsaved edits of the last run cannot be read{place}"));
            }
            None => {}
        }
    }
    if let Some(meeting) = store::read_meeting(&options.root.path).as_deref().and_then(Meeting::read) {
        remember(&mut model, meeting);
    }
    let session = store::session(&options.root.path);
    model.restore = session.as_ref().and_then(spot_of);
    if let Some(scope) = options.review.clone() {
        model.restore = None;
        model.screen = Screen::Review;
        model.review.choose.scope = scope;
    }
    if !options.logs.paths.is_empty() {
        model.audit.logs = options.logs.clone();
        // Whoever names logs wants to see them, wherever the last session ended.
        model.restore = None;
        model.screen = Screen::Audit;
    } else if let Some(session) = session {
        model.audit.logs = Logs { paths: session.logs, map: session.map };
    }

    report_panics();
    let mut terminal = ratatui::try_init().context("the terminal cannot be used")?;
    enter(mouse)?;
    let (sender, receiver) = channel();
    let keyboard = Keyboard::start(sender.clone(), size);
    end_on_signals(sender.clone());
    let watching = sender.clone();
    let watch = store::watch(&options.root.path, move || {
        let _ = watching.send(Incoming::Message(Message::Changed));
    });
    if let Err(error) = &watch {
        complaints.push(format!("changes on disk are not noticed: {error}"));
    }
    if let Some(complaint) = complaints.first() {
        let _ = update(&mut model, Message::Say(complaint.clone(), true));
    }
    let (_presence, other) = store::be_present(&options.root.path);
    if let Some(other) = other {
        let text = format!("another workbench ({other}) is open on this catalog; both follow the files");
        let _ = update(&mut model, Message::Say(text, false));
    }
    let keeper = work::Keeper::start(options.root.path.clone(), sender.clone());
    let mut world = World {
        root: options.root.clone(),
        sender,
        latest: Arc::default(),
        keeper,
        scribe: work::Scribe::start(options.root.path.clone()),
        clock: None,
        keyboard,
        mouse,
        reading: Arc::default(),
    };
    for effect in load(&mut model, "reading the catalog") {
        world.carry_out(effect, &mut model, &mut terminal);
    }
    let ended = main_loop(&mut model, &mut world, &receiver, &mut terminal);
    let _ = store::save_session(&options.root.path, &session_of(&model));
    if let Some(meeting) = left(&model) {
        world.scribe.keep(&meeting);
    }
    drop(world);
    leave(mouse);
    ratatui::restore();
    if let Some(words) = farewell(&model.session) {
        let _ = writeln!(stdout(), "{words}");
    }
    ended
}

fn main_loop(
    model: &mut Model,
    world: &mut World,
    receiver: &Receiver<Incoming>,
    terminal: &mut DefaultTerminal,
) -> anyhow::Result<()> {
    terminal.draw(|frame| render(model, frame))?;
    while !model.leaving {
        let Ok(first) = receiver.recv() else { return Ok(()) };
        let mut next = Some(first);
        while let Some(incoming) = next {
            match incoming {
                Incoming::End => return Ok(()),
                Incoming::Message(message) => {
                    model.clock = work::clock();
                    for effect in update(model, message) {
                        world.carry_out(effect, model, terminal);
                    }
                }
            }
            if model.leaving {
                return Ok(());
            }
            next = receiver.try_recv().ok();
        }
        terminal.draw(|frame| render(model, frame))?;
    }
    Ok(())
}

/// What effects need.
struct World {
    root: Root,
    sender: Sender<Incoming>,
    /// What was read last, to read, parse and analyse again only what changed.
    latest: work::Latest,
    keeper: work::Keeper,
    scribe: work::Scribe,
    /// Tells how much time passes, as long as it is kept.
    clock: Option<work::Clock>,
    keyboard: Keyboard,
    mouse: bool,
    /// Set, it stops the logs that are being read.
    reading: Arc<AtomicBool>,
}

impl World {
    fn carry_out(&mut self, effect: Effect, model: &mut Model, terminal: &mut DefaultTerminal) {
        match effect {
            Effect::Draw(job) => {
                work::draw(&self.sender, move || Message::Drawn(job.number, Arc::new(job.draw())))
            }
            Effect::DrawMap(job) => {
                work::draw(&self.sender, move || Message::MapDrawn(job.number, Arc::new(job.draw())))
            }
            Effect::Load(revision, day) => {
                let session = if model.review.following {
                    follow::unsaved(&self.root.path)
                } else {
                    model.session.clone()
                };
                work::load(&self.sender, &self.root, (revision, day), &self.latest, session);
            }
            Effect::Analyse(revision, changes) => {
                if let Some(before) = model.bare.clone() {
                    work::analyse(&self.sender, revision, before, changes, &self.latest);
                }
            }
            Effect::Clock(on) => self.clock = on.then(|| work::Clock::start(self.sender.clone())),
            Effect::Known(asked, name) => {
                let day = model.analysis.as_ref().map(|analysis| analysis.day);
                work::known(&self.sender, &self.root, asked, name, day);
            }
            Effect::Minutes { path, markdown, html, chosen } => {
                work::minutes(&self.sender, &self.root.path, path, (markdown, html), chosen);
            }
            Effect::Suppose(asked, suppositions, context) => {
                if let Some(analysis) = model.bare.clone() {
                    work::suppose(&self.sender, asked, analysis, suppositions, context);
                }
            }
            Effect::Remedies(asked, place) => {
                // What logs prove is not in the cards, and is left out of what a fix comes to.
                if let (Some(shown), Some(bare)) = (model.analysis.clone(), model.bare.clone()) {
                    work::remedies(&self.sender, asked, (shown, place), bare);
                }
            }
            Effect::Preview(asked, edits) => {
                if let Some(before) = model.bare.clone() {
                    work::preview(&self.sender, asked, before, edits);
                }
            }
            Effect::Together(asked, wanted) => {
                if let (Some(shown), Some(bare)) = (model.analysis.clone(), model.bare.clone()) {
                    work::together(&self.sender, asked, (shown, bare), wanted);
                }
            }
            Effect::Try(asked, wish) => {
                if let Some(analysis) = model.bare.clone() {
                    work::try_wish(&self.sender, asked, analysis, *wish);
                }
            }
            Effect::Fixes(asked, place) => {
                if let (Some(shown), Some(bare)) = (model.analysis.clone(), model.bare.clone()) {
                    let gap = work::Gap { shown, bare, place, opened: model.audit.opened.clone() };
                    work::fixes(&self.sender, asked, gap);
                }
            }
            Effect::ReadLogs(asked, logs) => {
                self.reading.store(true, Ordering::SeqCst);
                self.reading = Arc::default();
                if let Some(bare) = model.bare.clone() {
                    work::read_logs(&self.sender, asked, logs, bare, self.reading.clone());
                }
            }
            Effect::StopLogs => self.reading.store(true, Ordering::SeqCst),
            // Who looks on keeps nothing: it would be in the place of what is kept by who leads.
            Effect::Keep | Effect::KeepMeeting(_) if model.review.following => {}
            // What is offered and not answered is what has to be kept.
            Effect::Keep if model.layers.iter().any(|layer| matches!(layer, Layer::Recovered(_))) => {}
            Effect::Keep => self.keeper.keep(&model.session),
            Effect::KeepMeeting(meeting) => self.scribe.keep(&meeting),
            Effect::Save(changes) => work::save(&self.sender, &self.root.path, changes),
            Effect::SaveElsewhere(changes) => work::save_elsewhere(&self.sender, changes),
            Effect::Copy(text) => {
                let _ = execute!(stdout(), CopyToClipboard::to_clipboard_from(text));
            }
            Effect::Edit(file, line) => {
                let done = self.outside(terminal, || edit(&self.root.path, &file, line));
                if let Err(error) = done {
                    let _ = update(model, Message::Say(format!("{error:#}"), true));
                }
                let _ = self.sender.send(Incoming::Message(Message::Changed));
            }
            Effect::Suspend => {
                let done = self.outside(terminal, || {
                    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
                        .context("this terminal cannot suspend programs")
                });
                if let Err(error) = done {
                    let _ = update(model, Message::Say(format!("{error:#}"), true));
                }
            }
        }
    }

    /// Does something that needs the terminal for itself, and takes the terminal back.
    fn outside<T>(&self, terminal: &mut DefaultTerminal, work: impl FnOnce() -> T) -> T {
        self.keyboard.pause();
        leave(self.mouse);
        ratatui::restore();
        let done = work();
        if let Ok(fresh) = ratatui::try_init() {
            *terminal = fresh;
        }
        let _ = enter(self.mouse);
        let _ = terminal.clear();
        self.keyboard.resume();
        if let Ok((width, height)) = crossterm::terminal::size() {
            let _ = self.sender.send(Incoming::Message(Message::Resize(width, height)));
        }
        done
    }
}

/// The thread that reads keys, and steps aside when an editor wants them.
struct Keyboard {
    paused: Arc<AtomicBool>,
    aside: Arc<AtomicBool>,
}

impl Keyboard {
    /// `size` is what the first frame is laid out for.
    fn start(sender: Sender<Incoming>, size: (u16, u16)) -> Self {
        let keyboard = Self { paused: Arc::default(), aside: Arc::default() };
        let (paused, aside) = (keyboard.paused.clone(), keyboard.aside.clone());
        let began = Instant::now();
        std::thread::spawn(move || {
            let mut size = size;
            loop {
                if paused.load(Ordering::SeqCst) {
                    aside.store(true, Ordering::SeqCst);
                    std::thread::sleep(LOOK_UP / 4);
                    continue;
                }
                aside.store(false, Ordering::SeqCst);
                let looked = poll(LOOK_UP);
                // The library forgets a resize that comes together with a key, and knows of none from
                // before the first look, as when a window manager places a new window.
                if let Ok(now) = crossterm::terminal::size()
                    && now != size
                {
                    size = now;
                    if sender.send(Incoming::Message(Message::Resize(now.0, now.1))).is_err() {
                        return;
                    }
                }
                let message = match looked {
                    Ok(false) => continue,
                    Ok(true) => match read() {
                        Ok(Event::Key(key)) => Message::Key(key),
                        Ok(Event::Mouse(mouse)) => {
                            let at = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                            Message::Mouse(mouse, at)
                        }
                        Ok(Event::Paste(text)) => Message::Paste(text),
                        Ok(Event::Resize(width, height)) => Message::Resize(width, height),
                        Ok(Event::FocusGained | Event::FocusLost) => continue,
                        // The terminal is gone.
                        Err(_) => {
                            let _ = sender.send(Incoming::End);
                            return;
                        }
                    },
                    Err(_) => {
                        let _ = sender.send(Incoming::End);
                        return;
                    }
                };
                if sender.send(Incoming::Message(message)).is_err() {
                    return;
                }
            }
        });
        keyboard
    }

    /// Returns when the thread no longer reads.
    fn pause(&self) {
        self.paused.store(true, Ordering::SeqCst);
        let deadline = Instant::now() + LOOK_UP * 4;
        while !self.aside.load(Ordering::SeqCst) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn resume(&self) {
        self.paused.store(false, Ordering::SeqCst);
    }
}

fn end_on_signals(sender: Sender<Incoming>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT]) {
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                let _ = sender.send(Incoming::End);
            }
        });
    }
}

fn enter(mouse: bool) -> std::io::Result<()> {
    execute!(stdout(), EnableBracketedPaste)?;
    if mouse {
        execute!(stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

fn leave(mouse: bool) {
    let _ = execute!(stdout(), DisableBracketedPaste);
    if mouse {
        let _ = execute!(stdout(), DisableMouseCapture);
    }
}

/// A panic restores the screen, and says in one sentence where its report is.
fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        let report = format!("{info}\n\n{}\n", std::backtrace::Backtrace::force_capture());
        let place = store::save_report(&report);
        // A worker's panic is answered with a message; the screen is still in use.
        if std::thread::current().name() == Some("main") {
            leave(true);
            ratatui::restore();
            let place = place.map_or("it could not be written".to_owned(), |path| path.display().to_string());
            let _ =
                writeln!(std::io::stderr(), "persona stopped on an error of its own. The report: {place}");
        }
    }));
}

/// Opens a file in the user's editor at a line.
fn edit(root: &Path, file: &str, line: u32) -> anyhow::Result<()> {
    let editor = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.trim().is_empty())
        .unwrap_or_else(|| "vi".to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let path = root.join(file);
    let mut command = std::process::Command::new(program);
    command.args(words);
    let name =
        Path::new(program).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.as_str() {
        "code" | "codium" | "cursor" => {
            command.arg("--goto").arg(format!("{}:{line}", path.display())).arg("--wait");
        }
        "hx" | "helix" | "zed" | "subl" => {
            command.arg(format!("{}:{line}", path.display()));
        }
        _ => {
            command.arg(format!("+{line}")).arg(&path);
        }
    }
    let status = command.status().with_context(|| format!("{program} could not be started; set $EDITOR"))?;
    anyhow::ensure!(status.success(), "{program} ended with {status}");
    Ok(())
}

fn choose_theme(options: &Options, config: &Config) -> Theme {
    let ascii = options.ascii || config.ascii.unwrap_or(false);
    let depth = match supports_color::on(supports_color::Stream::Stdout) {
        _ if !options.color => Depth::None,
        Some(level) if level.has_16m => Depth::True,
        Some(level) if level.has_256 => Depth::Cube,
        Some(_) => Depth::Sixteen,
        None => Depth::Sixteen,
    };
    let named = options.theme.clone().or_else(|| config.theme.clone());
    let name = named.unwrap_or_else(|| {
        if depth == Depth::None {
            "none".to_owned()
        } else if is_light() {
            "light".to_owned()
        } else {
            "dark".to_owned()
        }
    });
    Theme::new(&name, depth, ascii)
}

/// Whether the terminal says that its background is light; it has a moment to say so.
fn is_light() -> bool {
    if !stdout().is_terminal() {
        return false;
    }
    let mut query = terminal_colorsaurus::QueryOptions::default();
    query.timeout = Duration::from_millis(80);
    matches!(terminal_colorsaurus::theme_mode(query), Ok(terminal_colorsaurus::ThemeMode::Light))
}

fn session_of(model: &Model) -> Session {
    let spot = spot(model);
    Session {
        screen: spot.screen.title().to_owned(),
        kind: spot.kind.word().to_owned(),
        entity: spot.entity.map(|(kind, id)| (kind.word().to_owned(), id)),
        filter: spot.filter,
        row: spot.row,
        logs: model.audit.logs.paths.clone(),
        map: model.audit.logs.map.clone(),
    }
}

fn spot_of(session: &Session) -> Option<Spot> {
    let kind = |word: &str| crate::catalog::EntityKind::ALL.into_iter().find(|kind| kind.word() == word);
    Some(Spot {
        screen: Screen::ALL.into_iter().find(|screen| screen.title() == session.screen)?,
        kind: kind(&session.kind).filter(|kind| KINDS.contains(kind))?,
        entity: session.entity.as_ref().and_then(|(word, id)| Some((kind(word)?, id.clone()))),
        filter: session.filter.clone(),
        row: session.row,
    })
}
