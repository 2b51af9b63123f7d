//! What threads beside the screen do: read, analyse, try, save, and keep what is unsaved.
//!
//! Each answers with a message. What they are asked for is decided in [`crate::tui::update`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::Incoming;
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::fixes::{Done, Each, Proven, Way};
use crate::analysis::outside::is_outside;
use crate::analysis::supposed::supposed;
use crate::analysis::whatif::Supposition;
use crate::audit::collect::Collector;
use crate::audit::engine::{Block, Engine, Piece, Source};
use crate::audit::filter::Filter;
use crate::audit::mapping::{self, Mapping};
use crate::audit::opened::Opened;
use crate::audit::readers::Framing;
use crate::audit::versions::Versions;
use crate::audit::ways::{admitted, ways};
use crate::card::{CardFile, parse_text};
use crate::catalog::{self, CardEdit, FileChange};
use crate::session::meeting::{Meeting, known_of};
use crate::session::{Journal, Session};
use crate::store::{self, Cut, LogPiece, Root};
use crate::tui::form::Preview;
use crate::tui::layers::deed::Wish;
use crate::tui::message::{Message, Read};
use crate::tui::screens::audit::Logs;

/// What was analysed last, to read, parse and analyse again only what changed.
pub type Latest = Arc<Mutex<Option<Arc<Analysis>>>>;

/// Does work on a thread of its own and sends its answer; a panic becomes a sentence.
fn aside(
    sender: &Sender<Incoming>,
    failed: impl FnOnce(String) -> Message + Send + 'static,
    work: impl FnOnce() -> Message + Send + 'static,
) {
    let sender = sender.clone();
    std::thread::spawn(move || {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        let message = done.unwrap_or_else(|_| {
            failed("this failed on an error of the program itself; nothing was changed".to_owned())
        });
        let _ = sender.send(Incoming::Message(message));
    });
}

/// Reads the files, merges what is unsaved, and analyses.
pub fn load(
    sender: &Sender<Incoming>,
    root: &Root,
    (revision, day): (u64, Option<Date>),
    latest: &Latest,
    session: Session,
) {
    let (root, latest) = (root.clone(), latest.clone());
    aside(
        sender,
        move |why| Message::Failed(revision, why),
        move || {
            let day = day.unwrap_or_else(|| jiff::Zoned::now().date());
            match read_and_analyse(&root, day, &latest, session) {
                Ok(read) => Message::Read(revision, Box::new(read)),
                Err(error) => Message::Failed(revision, format!("{error:#}")),
            }
        },
    );
}

/// Analyses a catalog with other texts in some files.
pub fn analyse(
    sender: &Sender<Incoming>,
    revision: u64,
    before: Arc<Analysis>,
    changes: Vec<FileChange>,
    latest: &Latest,
) {
    let latest = latest.clone();
    aside(
        sender,
        move |why| Message::Failed(revision, why),
        move || {
            let after = Arc::new(before.after(Arc::new(before.catalog.with(&changes)), before.day));
            // The screens ask for the graph at once, and are not to wait for it.
            after.graph.get();
            if let Ok(mut latest) = latest.lock() {
                *latest = Some(after.clone());
            }
            Message::Loaded(revision, after)
        },
    );
}

/// Says what edits would come to.
pub fn preview(sender: &Sender<Incoming>, asked: u64, before: Arc<Analysis>, edits: Vec<CardEdit>) {
    aside(
        sender,
        |why| Message::Say(why, true),
        move || {
            let preview = match before.outcome(&edits) {
                Ok(outcome) => {
                    let said =
                        |finding: &crate::analysis::Finding| (finding.severity, finding.message.clone());
                    Preview {
                        gone: outcome.gone.iter().map(|&place| said(&before.findings[place])).collect(),
                        new: outcome.new_findings().map(said).collect(),
                        scores: (before.score.value, outcome.score().value),
                        refused: None,
                    }
                }
                Err(refusal) => Preview { refused: Some(refusal.to_string()), ..Preview::default() },
            };
            Message::Previewed(asked, preview)
        },
    );
}

/// Says what a wish would come to.
pub fn try_wish(sender: &Sender<Incoming>, asked: u64, analysis: Arc<Analysis>, wish: Wish) {
    aside(
        sender,
        move |why| Message::Tried(asked, Err(why)),
        move || Message::Tried(asked, wish.tried(&analysis).map(Arc::new)),
    );
}

/// Says what the ways out of several gaps come to.
pub fn together(
    sender: &Sender<Incoming>,
    asked: u64,
    (shown, bare): (Arc<Analysis>, Arc<Analysis>),
    wanted: Vec<(usize, Option<String>)>,
) {
    aside(
        sender,
        move |why| Message::Together(asked, Err(why)),
        move || {
            if Arc::ptr_eq(&shown, &bare) {
                return Message::Together(asked, Ok(Arc::new(bare.together(&wanted))));
            }
            // What logs prove is closed one by one, on screen 8: here it is listed and left as it is.
            let own = |place: usize| {
                let finding = shown.findings.get(place)?;
                bare.findings.iter().position(|other| other.same_key(finding))
            };
            let places: Vec<Option<usize>> = wanted.iter().map(|(place, _)| own(*place)).collect();
            let known = places.iter().zip(&wanted);
            let known: Vec<_> =
                known.filter_map(|(own, (_, title))| Some(((*own)?, title.clone()))).collect();
            let mut found = bare.together(&known);
            let mut done = std::mem::take(&mut found.each).into_iter();
            for (own, (place, _)) in places.iter().zip(&wanted) {
                let Some(finding) = shown.findings.get(*place) else { continue };
                let left = Each {
                    place: *place,
                    severity: finding.severity,
                    message: finding.message.clone(),
                    ways: Vec::new(),
                    done: Done::Nothing,
                };
                let each = if own.is_some() { done.next() } else { None };
                found.each.push(each.map_or(left, |each| Each { place: *place, ..each }));
            }
            Message::Together(asked, Ok(Arc::new(found)))
        },
    );
}

/// A gap whose fixes are tried.
pub struct Gap {
    /// The analysis in which it stands, with what logs prove.
    pub shown: Arc<Analysis>,
    /// The same without: what fixes are measured by.
    pub bare: Arc<Analysis>,
    /// Where it stands in what is shown.
    pub place: usize,
    /// The logs that are open.
    pub opened: Option<Arc<Opened>>,
}

/// Tries the fixes of a gap.
pub fn fixes(sender: &Sender<Incoming>, asked: u64, gap: Gap) {
    aside(
        sender,
        |why| Message::Say(why, true),
        move || {
            let Gap { shown, bare, place, opened } = gap;
            let Some(finding) = shown.findings.get(place) else {
                return Message::Fixes(asked, place, Arc::default());
            };
            let (Some(opened), true) = (opened, is_outside(finding.rule)) else {
                let own = bare.findings.iter().position(|other| other.same_key(finding));
                let found = own.map(|own| bare.fixes(own)).unwrap_or_default();
                return Message::Fixes(asked, place, Arc::new(found));
            };
            let mut notes = Vec::new();
            let mut found = Vec::new();
            for fix in ways(&opened, &shown, place) {
                let outcome = if fix.is_advice() {
                    None
                } else {
                    match bare.outcome(&fix.edits) {
                        Ok(outcome) => Some(outcome),
                        Err(_) => continue,
                    }
                };
                let judged = outcome.as_ref().filter(|_| fix.way == Way::JustInTime);
                let admitted = judged.map(|outcome| admitted(&opened, finding, &outcome.after));
                notes.push(match admitted {
                Some((fits, all)) if all > 0 => {
                    format!(
                        "{fits} of the {all} events at hand would be within the boundary; where the grant asks for \
                         an approval, once they are approved."
                    )
                }
                _ => String::new(),
            });
                found.push(Proven { fix, outcome });
            }
            Message::Ways(asked, place, Arc::new(found), notes)
        },
    );
}

/// How large a piece of a log is, all that are looked at at once together.
const PIECES: usize = 16 << 20;
/// How often it is said how much has been read.
const SAID: Duration = Duration::from_millis(200);
/// A grant is unused when it was not used for so many days.
const UNUSED_DAYS: u32 = 90;

/// Reads and judges logs, on threads of their own: what is edited meanwhile does not wait for them.
pub fn read_logs(
    sender: &Sender<Incoming>,
    asked: u64,
    logs: Logs,
    analysis: Arc<Analysis>,
    stop: Arc<AtomicBool>,
) {
    let progress = sender.clone();
    aside(
        sender,
        move |why| Message::LogsRead(asked, Err(why)),
        move || Message::LogsRead(asked, judge_logs(asked, &logs, analysis, &stop, progress)),
    );
}

fn judge_logs(
    asked: u64,
    logs: &Logs,
    analysis: Arc<Analysis>,
    stop: &AtomicBool,
    progress: Sender<Incoming>,
) -> Result<Arc<Opened>, String> {
    let mapping = match &logs.map {
        None => Mapping::default(),
        Some(path) => {
            let text = std::fs::read_to_string(at_home(path))
                .map_err(|error| format!("{path} cannot be read: {}", store::plainly(&error)))?;
            mapping::read(&text, path)?
        }
    };
    let paths: Vec<PathBuf> = logs.paths.iter().map(|path| at_home(path)).collect();
    let files = store::log_files(&paths)?;
    if files.is_empty() {
        return Err(format!("{}: there is no log in it", logs.paths.join(", ")));
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // One core is left for whoever works meanwhile.
    let threads = threads.saturating_sub(1).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| format!("no threads can be started: {error}"))?;
    let engine =
        Engine { versions: Versions::only(analysis, &mapping), filter: Filter::default(), rows: None };
    let piece = (PIECES / threads).clamp(1 << 20, 8 << 20);
    let open = move |number, name: &str, head: &[u8]| {
        let source = Source::of(number, name, head, None, &mapping);
        let cut = match source.framing {
            Framing::Lines => Cut::Lines,
            Framing::Table => Cut::Quoted,
            Framing::Document => Cut::Whole,
        };
        (source, cut)
    };
    let (mut bytes, mut said) = (0, Instant::now());
    let pieces =
        store::Logs::new(files, piece, open).take_while(|_| !stop.load(Ordering::SeqCst)).map(move |piece| {
            match piece {
                LogPiece::Records { source, first_line, bytes: read, too_long } => {
                    bytes += read.len() as u64;
                    if said.elapsed() >= SAID {
                        said = Instant::now();
                        let _ = progress.send(Incoming::Message(Message::LogsProgress(asked, bytes)));
                    }
                    Piece::Block(Block { source, first_line, bytes: read, too_long })
                }
                LogPiece::Unreadable(name, why) => Piece::Unreadable(name, why),
            }
        });
    let now = jiff::Timestamp::now().as_microsecond();
    let totals = pool.install(|| engine.run(pieces, Collector::new(now, None).keeping()));
    if stop.load(Ordering::SeqCst) {
        return Err("reading the logs was given up".to_owned());
    }
    Ok(Arc::new(Opened::of(engine, totals, UNUSED_DAYS)))
}

/// A path as people type it: `~/` is the home folder.
fn at_home(path: &str) -> PathBuf {
    let home =
        path.strip_prefix("~/").and_then(|rest| Some(PathBuf::from(std::env::var_os("HOME")?).join(rest)));
    home.unwrap_or_else(|| PathBuf::from(path))
}

/// Tries the ways out of a gap for a meeting.
pub fn remedies(
    sender: &Sender<Incoming>,
    asked: u64,
    (shown, place): (Arc<Analysis>, usize),
    bare: Arc<Analysis>,
) {
    aside(sender, Message::Unsaved, move || {
        let finding = shown.findings.get(place);
        let own = finding.and_then(|own| bare.findings.iter().position(|other| other.same_key(own)));
        Message::Remedies(asked, Arc::new(own.map_or_else(Vec::new, |own| bare.fixes(own))))
    });
}

/// Finds out what suppositions come to.
pub fn suppose(
    sender: &Sender<Incoming>,
    asked: u64,
    analysis: Arc<Analysis>,
    suppositions: Vec<Supposition>,
    context: Context,
) {
    aside(
        sender,
        move |why| Message::Supposed(asked, Err((0, why))),
        move || Message::Supposed(asked, supposed(&analysis, &suppositions, &context).map(Arc::new)),
    );
}

/// Reads the catalog as it was at a commit, and tells which gaps there were.
pub fn known(sender: &Sender<Incoming>, root: &Root, asked: u64, name: String, day: Option<Date>) {
    let root = root.clone();
    aside(
        sender,
        move |why| Message::Known(asked, Err(why)),
        move || {
            let day = day.unwrap_or_else(|| jiff::Zoned::now().date());
            let known = store::load_at(&root, &name).map(|loaded| {
                let input = catalog::Input {
                    folder: loaded.folder,
                    path: loaded.root.shown,
                    files: loaded.files,
                    problems: loaded.problems,
                };
                Arc::new(known_of(&Analysis::of(Arc::new(catalog::build(input)), day)))
            });
            Message::Known(asked, known.map_err(|error| error.to_string()))
        },
    );
}

/// Writes minutes.
pub fn minutes(
    sender: &Sender<Incoming>,
    root: &Path,
    path: String,
    (markdown, html): (String, String),
    chosen: bool,
) {
    let root = root.to_owned();
    aside(
        sender,
        |why| Message::Minutes(Err(why)),
        move || Message::Minutes(store::write_minutes(&root, &path, (&markdown, &html), chosen)),
    );
}

/// Tells how much time has passed, now and then, until it is dropped.
pub struct Clock {
    _stop: Sender<()>,
}

/// How far apart it tells. What is shown of it are minutes.
const TICK: Duration = Duration::from_secs(15);

impl Clock {
    /// Starts it.
    pub fn start(sender: Sender<Incoming>) -> Self {
        let (stop, stopped) = channel::<()>();
        std::thread::spawn(move || {
            let mut last = Instant::now();
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                // A machine that slept was not in the meeting.
                let seconds = last.elapsed().min(TICK * 2).as_secs();
                last = Instant::now();
                if sender.send(Incoming::Message(Message::Passed(seconds))).is_err() {
                    return;
                }
            }
        });
        Self { _stop: stop }
    }
}

/// The thread that keeps how a meeting stands; of several that wait only the last is written.
pub struct Scribe {
    sender: Option<Sender<Meeting>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Scribe {
    /// Starts it for the catalog of a root.
    pub fn start(root: PathBuf) -> Self {
        let (sender, receiver) = channel::<Meeting>();
        let thread = std::thread::spawn(move || {
            while let Ok(mut meeting) = receiver.recv() {
                while let Ok(newer) = receiver.try_recv() {
                    meeting = newer;
                }
                // What cannot be kept is lost to tomorrow only; decisions are in the cards.
                if let Ok(text) = meeting.write() {
                    let _ = store::write_meeting(&root, &text);
                }
            }
        });
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// Keeps a meeting.
    pub fn keep(&self, meeting: &Meeting) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(meeting.clone());
        }
    }
}

impl Drop for Scribe {
    /// Waits until the last is written.
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Makes a picture.
pub fn draw(sender: &Sender<Incoming>, work: impl FnOnce() -> Message + Send + 'static) {
    aside(sender, Message::Undrawn, work);
}

/// Writes files, all or none.
pub fn save(sender: &Sender<Incoming>, root: &Path, changes: Vec<FileChange>) {
    let root = root.to_owned();
    aside(sender, Message::Unsaved, move || match store::save(&root, &changes) {
        Ok(()) => Message::Saved(changes),
        Err(error) => Message::Unsaved(format!(
            "{error}; your edits are kept (`write the unsaved edits into another folder` is in the palette)"
        )),
    });
}

/// Writes unsaved texts into a folder of their own beside the current one.
pub fn save_elsewhere(sender: &Sender<Incoming>, changes: Vec<FileChange>) {
    aside(
        sender,
        |why| Message::Say(why, true),
        move || {
            let files: Vec<_> =
                changes.into_iter().filter_map(|change| Some((change.path, change.after?))).collect();
            let current = std::env::current_dir().unwrap_or_else(|_| std::env::temp_dir());
            let places = [current, std::env::temp_dir()];
            let folders = places.iter().flat_map(|place| {
                (1..100).map(move |number| place.join(format!("persona-unsaved-{number}")))
            });
            let mut last = String::new();
            for folder in folders {
                if folder.exists() {
                    continue;
                }
                match store::write_elsewhere(&folder, &files) {
                    Ok(()) => return Message::Say(format!("written to {}", folder.display()), false),
                    Err(error) => last = format!("{}: {}", folder.display(), store::plainly(&error)),
                }
            }
            Message::Say(format!("the unsaved edits could not be written anywhere: {last}"), true)
        },
    );
}

/// The thread that keeps what is unsaved; of several sessions that wait only the last is written.
pub struct Keeper {
    sender: Option<Sender<Journal>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Keeper {
    /// Starts it for the catalog of a root.
    pub fn start(root: PathBuf, complain: Sender<Incoming>) -> Self {
        let (sender, receiver) = channel::<Journal>();
        let thread = std::thread::spawn(move || {
            let mut complained = false;
            while let Ok(mut journal) = receiver.recv() {
                while let Ok(newer) = receiver.try_recv() {
                    journal = newer;
                }
                let text = if journal.is_empty() { None } else { serde_json::to_string(&journal).ok() };
                if let Err(error) = store::write_drafts(&root, text.as_deref())
                    && !complained
                {
                    complained = true;
                    let why = format!(
                        "unsaved edits cannot be kept for a crash: {}; save often",
                        store::plainly(&error)
                    );
                    let _ = complain.send(Incoming::Message(Message::Say(why, true)));
                }
            }
        });
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// Keeps a session.
    pub fn keep(&self, session: &Session) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(Journal::of(session, &clock()));
        }
    }
}

/// However the workbench ends, also by a panic: it ends once everything is kept.
impl Drop for Keeper {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The time of day, as it is written beside steps.
pub fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}

fn read_and_analyse(root: &Root, day: Date, latest: &Latest, mut session: Session) -> anyhow::Result<Read> {
    let known = latest.lock().ok().and_then(|latest| latest.clone());
    let files = known.iter().flat_map(|known| known.catalog.files());
    let previous: HashMap<Arc<str>, Arc<CardFile>> =
        files.map(|file| (file.path.clone(), file.clone())).collect();
    let mut loaded = store::load_again(root, &previous)?;
    let merged = session.disk(|path| {
        let file = loaded.files.iter().find(|file| *file.path == *path);
        file.map(|file| file.text.clone())
    });
    for (path, text) in session.drafts() {
        let place = loaded.files.iter().position(|file| file.path == *path);
        // What was parsed already is not parsed again.
        let parsed = |text: &Arc<str>| match previous.get(path).filter(|known| known.text == *text) {
            Some(known) => known.clone(),
            None => Arc::new(parse_text(path, text)),
        };
        match (place, text) {
            (Some(place), Some(text)) => loaded.files[place] = parsed(text),
            (Some(place), None) => drop(loaded.files.remove(place)),
            (None, Some(text)) => {
                let place = loaded.files.partition_point(|file| file.path.split('/').lt(path.split('/')));
                loaded.files.insert(place, parsed(text));
            }
            (None, None) => {}
        }
    }
    for file in &mut loaded.files {
        if let Some(good) =
            previous.get(&file.path).filter(|good| file.is_unreadable() && !good.cards.is_empty())
        {
            *file = Arc::new(file.with_cards_of(good));
        }
    }
    let input = catalog::Input {
        folder: loaded.folder,
        path: loaded.root.shown,
        files: loaded.files,
        problems: loaded.problems,
    };
    let analysis = Arc::new(match known {
        Some(known) => known.after(Arc::new(known.catalog.followed_by(input)), day),
        None => Analysis::of(Arc::new(catalog::build(input)), day),
    });
    analysis.graph.get();
    if let Ok(mut latest) = latest.lock() {
        *latest = Some(analysis.clone());
    }
    Ok(Read { analysis, session, merged })
}
