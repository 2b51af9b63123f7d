//! Supposing something: what, and about whom, chosen from lists as one types.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::text::{Line, Span};

use crate::analysis::Analysis;
use crate::analysis::whatif::Supposition;
use crate::catalog::Entity;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{Fuzzy, cut, pad};
use crate::tui::widgets::{centred, popup, rows};

/// How many choices are seen at once.
const HEIGHT: usize = 10;

/// What can be supposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person leaves.
    Leaves,
    /// A person comes.
    Comes,
    /// An agent or service does not run.
    Disable,
    /// A persona is no more.
    NoMore,
    /// Personas become one.
    Merge,
    /// A persona gives processes to a new one.
    Split,
    /// A persona is granted a component.
    Grant,
    /// A persona loses its access to a component.
    Revoke,
    /// Another day.
    Day,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Leaves,
        Self::Comes,
        Self::Disable,
        Self::NoMore,
        Self::Merge,
        Self::Split,
        Self::Grant,
        Self::Revoke,
        Self::Day,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Leaves => "a person leaves",
            Self::Comes => "a person comes",
            Self::Disable => "an agent or service does not run",
            Self::NoMore => "a persona is no more",
            Self::Merge => "personas become one",
            Self::Split => "a persona gives processes to a new one",
            Self::Grant => "a persona is granted a component",
            Self::Revoke => "a persona loses its access to a component",
            Self::Day => "it is another day",
        }
    }

    fn questions(self) -> Vec<Question> {
        use Source::{
            Agents, Components, Day, Environments, Granted, Levels, Name, Others, People, Personas, Processes,
        };
        fn one(title: &'static str, source: Source) -> Question {
            Question { title, source, several: false, optional: false }
        }
        fn several(title: &'static str, source: Source, optional: bool) -> Question {
            Question { title, source, several: true, optional }
        }
        match self {
            Self::Leaves => vec![one("Who leaves?", People)],
            Self::Comes => {
                vec![one("What is the name?", Name), several("As which personas?", Personas, false)]
            }
            Self::Disable => vec![one("Which does not run?", Agents)],
            Self::NoMore => vec![one("Which persona is no more?", Personas)],
            Self::Merge => {
                vec![
                    one("Which persona stays?", Personas),
                    several("Which become a part of it?", Others, false),
                ]
            }
            Self::Split => vec![
                one("Which persona gives?", Personas),
                several("Which processes does it give?", Processes, false),
            ],
            Self::Grant => vec![
                one("Which persona is granted?", Personas),
                one("Which component?", Components),
                one("At which level?", Levels),
                several("In which environments? None marked: without", Environments, true),
            ],
            Self::Revoke => vec![one("Which persona loses?", Personas), one("Which access?", Granted)],
            Self::Day => vec![one("Which day, as 2027-03-31?", Day)],
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Question {
    title: &'static str,
    source: Source,
    several: bool,
    optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Agents,
    Components,
    Day,
    Environments,
    Granted,
    Levels,
    Name,
    Others,
    People,
    Personas,
    Processes,
}

/// A choice: what it says, and what it stands for.
type Choice = (String, String);

/// The questions, as far as they are answered.
#[derive(Clone, Debug, Default)]
pub struct Suppose {
    kind: Option<Kind>,
    answers: Vec<Vec<String>>,
    /// What is typed.
    pub input: String,
    shown: Vec<Choice>,
    marked: Vec<String>,
    cursor: Cursor,
    /// The kinds that make sense about what is selected.
    kinds: Vec<Kind>,
    /// What is selected, where that answers the first question.
    about: Option<String>,
    error: Option<String>,
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Stays,
    /// Nothing is supposed.
    Leaves,
    /// This is.
    Done(Supposition),
}

impl Suppose {
    /// About a persona or a person, or about anything.
    #[must_use]
    pub fn about(analysis: &Analysis, entity: Option<Entity>) -> Self {
        let mut state = Self { kinds: Kind::ALL.to_vec(), ..Self::default() };
        match entity {
            Some(Entity::Person(_)) => state.kinds = vec![Kind::Leaves],
            Some(Entity::Persona(id)) => {
                state.kinds = vec![Kind::NoMore, Kind::Merge, Kind::Split, Kind::Grant, Kind::Revoke];
                if !analysis.catalog.personas[id.index()].is_human() {
                    state.kinds.insert(0, Kind::Disable);
                }
            }
            _ => {}
        }
        if state.kinds.len() < Kind::ALL.len() {
            state.about = entity.map(|entity| analysis.catalog.id(entity).into_owned());
        }
        state.refresh(analysis);
        state
    }

    fn question(&self) -> Option<Question> {
        self.kind?.questions().get(self.answers.len()).copied()
    }

    fn choices(&self, analysis: &Analysis) -> Vec<Choice> {
        let catalog = &analysis.catalog;
        let Some(kind) = self.kind else {
            return self.kinds.iter().map(|kind| (kind.title().to_owned(), String::new())).collect();
        };
        let Some(question) = kind.questions().get(self.answers.len()).copied() else { return Vec::new() };
        let first = self.answers.first().and_then(|words| words.first());
        let personas = || {
            catalog
                .personas
                .iter()
                .enumerate()
                .map(|(index, own)| (crate::catalog::PersonaId::from_index(index), own))
        };
        let chosen =
            || personas().find(|(id, _)| first.is_some_and(|word| *word == catalog.id((*id).into())));
        let named = |entity: Entity| (catalog.label(entity), catalog.id(entity).into_owned());
        let mut found: Vec<Choice> = match question.source {
            Source::Day | Source::Name => Vec::new(),
            Source::Personas => personas().map(|(id, _)| named(id.into())).collect(),
            Source::Others => personas()
                .filter(|(id, _)| first.is_none_or(|word| *word != catalog.id((*id).into())))
                .map(|(id, _)| named(id.into()))
                .collect(),
            Source::Agents => {
                personas().filter(|(_, own)| !own.is_human()).map(|(id, _)| named(id.into())).collect()
            }
            Source::People => (0..catalog.people.len())
                .map(|index| named(crate::catalog::PersonId::from_index(index).into()))
                .collect(),
            Source::Components => (0..catalog.components.len())
                .map(|index| named(crate::catalog::ComponentId::from_index(index).into()))
                .collect(),
            Source::Granted => chosen()
                .map(|(_, own)| own.grants.iter().map(|grant| named(grant.component.into())).collect())
                .unwrap_or_default(),
            Source::Processes => chosen()
                .map(|(_, own)| own.processes.iter().map(|part| named(part.process.into())).collect())
                .unwrap_or_default(),
            Source::Levels => {
                catalog.settings.access_levels.iter().map(|name| written(name.written())).collect()
            }
            Source::Environments => {
                catalog.settings.environments.iter().map(|name| written(name.written())).collect()
            }
        };
        found.dedup();
        found
    }

    fn refresh(&mut self, analysis: &Analysis) {
        let fuzzy = Fuzzy::new(self.input.trim());
        self.shown =
            self.choices(analysis).into_iter().filter(|(title, _)| fuzzy.find(title).is_some()).collect();
        self.cursor = Cursor::default();
    }

    /// A key.
    pub fn press(&mut self, analysis: &Analysis, event: KeyEvent) -> Answer {
        self.error = None;
        match event.code {
            KeyCode::Esc if self.kind.is_none() => return Answer::Leaves,
            KeyCode::Esc => {
                // One question back; what was known from the start is no question.
                let known = usize::from(self.about.is_some());
                if self.answers.len() > known {
                    self.answers.pop();
                } else {
                    (self.kind, self.answers) = (None, Vec::new());
                }
                self.ask(analysis);
            }
            KeyCode::Down => self.cursor.by(1, self.shown.len(), HEIGHT),
            KeyCode::Up => self.cursor.by(-1, self.shown.len(), HEIGHT),
            KeyCode::Tab if self.question().is_some_and(|question| question.several) => {
                if let Some((_, id)) = self.shown.get(self.cursor.row).cloned() {
                    match self.marked.iter().position(|known| *known == id) {
                        Some(place) => drop(self.marked.remove(place)),
                        None => self.marked.push(id),
                    }
                }
            }
            KeyCode::Enter => return self.answer(analysis),
            _ => {
                self.input = crate::tui::update::typed(&self.input, event);
                self.refresh(analysis);
            }
        }
        Answer::Stays
    }

    fn ask(&mut self, analysis: &Analysis) {
        self.input.clear();
        self.marked.clear();
        self.refresh(analysis);
    }

    fn answer(&mut self, analysis: &Analysis) -> Answer {
        let Some(question) = self.question() else {
            let title = self.shown.get(self.cursor.row).map(|(title, _)| title.clone());
            self.kind = self.kinds.iter().copied().find(|kind| Some(kind.title()) == title.as_deref());
            if self.kind.is_some() {
                self.answers = self.about.clone().map(|about| vec![about]).into_iter().collect();
            }
            return self.next(analysis);
        };
        let typed = self.input.trim().to_owned();
        let words = match question.source {
            Source::Day => match typed.parse::<jiff::civil::Date>() {
                Ok(day) => vec![day.to_string()],
                Err(_) => {
                    self.error = Some("a day is written as 2027-03-31".to_owned());
                    return Answer::Stays;
                }
            },
            Source::Name if typed.is_empty() => {
                self.error = Some("a name is needed".to_owned());
                return Answer::Stays;
            }
            Source::Name => vec![typed],
            _ if !self.marked.is_empty() => self.marked.clone(),
            _ if question.optional => Vec::new(),
            _ => match self.shown.get(self.cursor.row) {
                Some((_, id)) => vec![id.clone()],
                None => {
                    self.error = Some("nothing is called that".to_owned());
                    return Answer::Stays;
                }
            },
        };
        self.answers.push(words);
        self.next(analysis)
    }

    /// The next question, or what is supposed.
    fn next(&mut self, analysis: &Analysis) -> Answer {
        match self.kind {
            Some(kind) if self.question().is_none() => match self.made(kind) {
                Some(made) => Answer::Done(made),
                None => Answer::Leaves,
            },
            _ => {
                self.ask(analysis);
                Answer::Stays
            }
        }
    }

    fn made(&self, kind: Kind) -> Option<Supposition> {
        let all = |place: usize| self.answers.get(place).cloned().unwrap_or_default();
        let one = |place: usize| all(place).into_iter().next();
        Some(match kind {
            Kind::Leaves => Supposition::RemovePerson(one(0)?),
            Kind::Comes => Supposition::AddPerson { name: one(0)?, personas: all(1) },
            Kind::Disable => Supposition::Disable(one(0)?),
            Kind::NoMore => Supposition::RemovePersona(one(0)?),
            Kind::Merge => Supposition::Merge(one(0).into_iter().chain(all(1)).collect()),
            Kind::Split => Supposition::Split { persona: one(0)?, processes: all(1) },
            Kind::Grant => Supposition::Grant {
                persona: one(0)?,
                component: one(1)?,
                level: one(2),
                environments: all(3),
            },
            Kind::Revoke => Supposition::Revoke { persona: one(0)?, component: one(1)? },
            Kind::Day => Supposition::Day(one(0)?.parse().ok()?),
        })
    }
}

fn written(word: &str) -> Choice {
    (word.to_owned(), word.to_owned())
}

/// Draws them.
pub fn render(model: &Model, state: &Suppose, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let height = u16::try_from(HEIGHT + 7).unwrap_or(17);
    let inner = popup(frame, centred(frame.area(), 76, height), "What if", theme);
    let width = usize::from(inner.width);
    let question = state.question();
    let title = match question {
        Some(question) => question.title.to_owned(),
        None => match &state.about {
            Some(about) => format!("What of {about}?"),
            None => "What is supposed?".to_owned(),
        },
    };
    let mut lines = vec![
        Line::from(Span::styled(cut(&title, width, theme.ellipsis()), theme.strong())),
        Line::from(vec![
            Span::styled(": ", theme.accent()),
            Span::raw(cut(&state.input, width.saturating_sub(4), theme.ellipsis())),
            Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()),
        ]),
    ];
    let several = question.is_some_and(|question| question.several);
    for (place, (title, id)) in state.shown.iter().enumerate().skip(state.cursor.offset).take(HEIGHT) {
        let style = if place == state.cursor.row { theme.selected(true) } else { theme.base() };
        let mark = match (several, state.marked.contains(id), theme.ascii) {
            (false, ..) => " ",
            (true, true, false) => "●",
            (true, true, true) => "*",
            (true, false, false) => "○",
            (true, false, true) => "o",
        };
        lines.push(Line::from(vec![
            Span::styled(format!(" {mark} "), style.patch(theme.accent())),
            Span::styled(pad(title, width.saturating_sub(3), theme.ellipsis()), style),
        ]));
    }
    lines.resize(HEIGHT + 2, Line::default());
    lines.push(match &state.error {
        Some(error) => {
            Line::from(Span::styled(error.clone(), theme.severity(crate::analysis::Severity::Medium)))
        }
        None => Line::default(),
    });
    let hint = if several {
        "tab: mark   enter: done   up, down: which   esc: one back"
    } else {
        "type to find   up, down: which   enter: this   esc: one back"
    };
    lines.push(Line::from(Span::styled(cut(hint, width, theme.ellipsis()), theme.faint())));
    rows(frame, inner, &lines, 0);
}
