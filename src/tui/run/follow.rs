//! Who looks on: a second terminal that shows the page of a meeting that runs elsewhere on this machine.
//!
//! It learns of everything through files: the meeting and what is unsaved from the state folder, the cards
//! from the catalog. It writes nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use anyhow::Context as _;

use super::{Incoming, Keyboard, World, choose_theme, end_on_signals, enter, leave, main_loop, work};
use crate::session::meeting::{Course, Meeting};
use crate::session::{Journal, Session};
use crate::store;
use crate::tui::Options;
use crate::tui::actions::KeyMap;
use crate::tui::message::Message;
use crate::tui::model::{Model, Screen};
use crate::tui::update::load;

/// Follows until the meeting ends or somebody leaves. Returns the meeting where it has ended.
///
/// # Errors
/// Where the terminal cannot be used, or the files cannot be watched.
pub fn follow(options: &Options) -> anyhow::Result<Option<Meeting>> {
    let (config, _) = store::config();
    let (keys, _) = KeyMap::new(&config.keys);
    let root = &options.root.path;
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut model = Model::new(choose_theme(options, &config), keys, options.day, size);
    model.readonly = true;
    model.review.following = true;
    model.screen = Screen::Review;

    super::report_panics();
    let mut terminal = ratatui::try_init().context("the terminal cannot be used")?;
    enter(false)?;
    let (sender, receiver) = channel();
    let keyboard = Keyboard::start(sender.clone(), size);
    end_on_signals(sender.clone());
    let cards = sender.clone();
    let watching = store::watch(root, move || {
        let _ = cards.send(Incoming::Message(Message::Changed));
    });
    let (kept, place) = (sender.clone(), root.clone());
    let state = store::watch_meeting(root, move |unsaved_too| tell(&kept, &place, unsaved_too));
    let keeper = work::Keeper::start(root.clone(), sender.clone());
    let scribe = work::Scribe::start(root.clone());
    tell(&sender, root, false);
    let (latest, clock, mouse) = (Arc::default(), None, false);
    let mut world = World {
        root: options.root.clone(),
        sender,
        latest,
        keeper,
        scribe,
        clock,
        keyboard,
        mouse,
        reading: Arc::default(),
    };
    let mut ended = match (&watching, &state) {
        (Err(error), _) | (_, Err(error)) => Err(anyhow::anyhow!("the files cannot be watched: {error}")),
        (Ok(_), Ok(_)) => Ok(()),
    };
    if ended.is_ok() {
        for effect in load(&mut model, "reading the catalog") {
            world.carry_out(effect, &mut model, &mut terminal);
        }
        ended = main_loop(&mut model, &mut world, &receiver, &mut terminal);
    }
    drop(world);
    leave(false);
    ratatui::restore();
    ended?;
    Ok(model.review.meeting.take().filter(|meeting| meeting.course == Course::Over))
}

/// What is unsaved in the workbench that leads the meeting.
pub fn unsaved(root: &Path) -> Session {
    store::read_drafts(root)
        .and_then(|text| serde_json::from_str::<Journal>(&text).ok())
        .and_then(|journal| journal.session(true))
        .unwrap_or_default()
}

fn tell(sender: &Sender<Incoming>, root: &Path, unsaved_too: bool) {
    let meeting = store::read_meeting(root).as_deref().and_then(Meeting::read).map(Box::new);
    let _ = sender.send(Incoming::Message(Message::Meeting(meeting)));
    if unsaved_too {
        let _ = sender.send(Incoming::Message(Message::Changed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Depth, Theme};
    use crate::tui::update::update;

    #[test]
    fn a_meeting_that_was_over_before_is_not_what_is_waited_for() {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(Theme::new("none", Depth::None, false), keys, None, (80, 24));
        model.review.following = true;
        let analysis = crate::analysis::testing::analysis("kind: Persona\nname: Ana\n");
        let mut meeting = Meeting::begin(&analysis, crate::session::meeting::Scope::default(), &[0]);
        let mut hear = |meeting: &Meeting| {
            let _ = update(&mut model, Message::Meeting(Some(Box::new(meeting.clone()))));
            (model.review.meeting.is_some(), model.leaving)
        };
        meeting.course = Course::Over;
        assert_eq!(hear(&meeting), (false, false));
        meeting.course = Course::Running;
        assert_eq!(hear(&meeting), (true, false));
        meeting.course = Course::Over;
        assert_eq!(hear(&meeting), (true, true));
    }
}
