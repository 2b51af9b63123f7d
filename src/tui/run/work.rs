//! What threads beside the screen do: read, analyse, try, save, and keep what is unsaved.
//!
//! Each answers with a message. What they are asked for is decided in [`crate::tui::update`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use super::Incoming;
use crate::analysis::Analysis;
use crate::card::{CardFile, parse_text};
use crate::catalog::{self, CardEdit, FileChange};
use crate::session::{Journal, Session};
use crate::store::{self, Root};
use crate::tui::form::Preview;
use crate::tui::layers::deed::Wish;
use crate::tui::message::{Message, Read};

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
    aside(sender, Message::Unsaved, move || {
        let preview = match before.outcome(&edits) {
            Ok(outcome) => {
                let said = |finding: &crate::analysis::Finding| (finding.severity, finding.message.clone());
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
    });
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
    analysis: Arc<Analysis>,
    wanted: Vec<(usize, Option<String>)>,
) {
    aside(
        sender,
        move |why| Message::Together(asked, Err(why)),
        move || Message::Together(asked, Ok(Arc::new(analysis.together(&wanted)))),
    );
}

/// Tries the fixes of a gap.
pub fn fixes(sender: &Sender<Incoming>, asked: u64, analysis: Arc<Analysis>, place: usize) {
    aside(sender, Message::Unsaved, move || Message::Fixes(asked, place, Arc::new(analysis.fixes(place))));
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
    aside(sender, Message::Unsaved, move || {
        let files: Vec<_> =
            changes.into_iter().filter_map(|change| Some((change.path, change.after?))).collect();
        let current = std::env::current_dir().unwrap_or_else(|_| std::env::temp_dir());
        let places = [current, std::env::temp_dir()];
        let folders = places
            .iter()
            .flat_map(|place| (1..100).map(move |number| place.join(format!("persona-unsaved-{number}"))));
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
        Message::Unsaved(format!("the unsaved edits could not be written anywhere: {last}"))
    });
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
