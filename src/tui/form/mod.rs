//! A form over a card: each field as a row, edited in place, lists and grants as pages of their own.
//!
//! What is typed is held against the field while one types, and what it would come to is asked for.
//! A form makes edits; it applies none, writes nothing, and computes no findings.

pub mod draw;
pub mod input;
pub mod page;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::analysis::Analysis;
use crate::card::Spot;
use crate::card::edit::{self, Change, Route, Step};
use crate::card::fields::{Form as Shape, Mapping, Takes, mapping_of};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::{FieldPath, Segment};
use crate::catalog::{CardEdit, CardId, Entity, Place};
use crate::tui::actions::Action;
use crate::tui::model::Cursor;

use input::{Accepted, Input};
use page::{Fields, Placement, Row, What};
use words::Around;

/// What a key came to.
#[derive(Debug)]
pub enum Done {
    /// It was the form's own affair.
    Stays,
    /// The form closes.
    Closes,
    /// These edits are to be made, under this name.
    Edits(String, Vec<CardEdit>),
    /// What these edits would come to is wanted; none where there is nothing to ask.
    Asks(Vec<CardEdit>),
    /// It is an action of the workbench.
    Acts(Action),
}

/// What edits would come to, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// The findings that would go, each a sentence.
    pub gone: Vec<(crate::analysis::Severity, String)>,
    /// The findings that would come.
    pub new: Vec<(crate::analysis::Severity, String)>,
    /// The score before and after.
    pub scores: (Option<f64>, Option<f64>),
    /// Why the edits cannot be made.
    pub refused: Option<String>,
}

/// A page that is open.
#[derive(Clone, Debug)]
struct Page {
    placement: Placement,
    mapping: &'static Mapping,
    title: String,
    node: Node,
    fields: Fields,
    rows: Vec<Row>,
    cursor: Cursor,
}

/// What was typed into a form and not kept when it closed.
#[derive(Clone, Debug)]
pub struct Left {
    file: Arc<str>,
    spot: Spot,
    drafts: BTreeMap<String, String>,
}

/// A form over a card.
#[derive(Clone, Debug)]
pub struct Form {
    file: Arc<str>,
    spot: Spot,
    kind: Kind,
    title: String,
    entity: Option<Entity>,
    pages: Vec<Page>,
    input: Option<Input>,
    /// What was typed and not kept, by the way to its field.
    drafts: BTreeMap<String, String>,
    /// What is wrong with what was asked last.
    complaint: Option<String>,
    preview: Option<Preview>,
    /// How many rows are shown.
    height: usize,
}

impl Form {
    /// A form over the card of a place, at the row of the place; none where the file cannot be edited.
    #[must_use]
    pub fn open(analysis: &Analysis, place: Place) -> Option<Self> {
        let catalog = &analysis.catalog;
        let file = catalog.file_of(place.card);
        let spot = catalog.spot_of(place.card);
        let placed = file.cards.iter().find(|placed| placed.spot == spot)?;
        let mut form = Self {
            file: file.path.clone(),
            spot,
            kind: placed.card.kind(),
            title: String::new(),
            entity: None,
            pages: Vec::new(),
            input: None,
            drafts: BTreeMap::new(),
            complaint: None,
            preview: None,
            height: 12,
        };
        form.push(analysis, Placement::Card, mapping_of(form.kind), String::new())?;
        form.entity = entity_of(analysis, place.card);
        form.retitle(analysis);
        if let Some(page) = form.pages.first_mut() {
            page.title.clone_from(&form.title);
        }
        form.go_to(analysis, place.path);
        Some(form)
    }

    /// Looks at the card again after the catalog changed; `false` where it is gone.
    pub fn refresh(&mut self, analysis: &Analysis) -> bool {
        let Some(card) = self.card(analysis) else { return false };
        self.entity = entity_of(analysis, card);
        self.retitle(analysis);
        let mut kept = Vec::new();
        for mut page in std::mem::take(&mut self.pages) {
            let Some(node) = self.value(analysis, &page.placement.route()) else { break };
            page.fields = Fields::of(&node, &page.placement, |word| is_level(analysis, word));
            page.rows = page::rows(page.mapping, &page.fields);
            page.node = node;
            page.title = page_title(&page, &self.title);
            page.cursor.to(page.cursor.row, page.rows.len(), self.height);
            kept.push(page);
        }
        self.pages = kept;
        self.preview = None;
        !self.pages.is_empty()
    }

    /// How many rows there is room for.
    pub fn fit(&mut self, height: usize) {
        self.height = height.max(1);
        if let Some(page) = self.pages.last_mut() {
            page.cursor.to(page.cursor.row, page.rows.len(), self.height);
        }
    }

    /// The file of the card.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// What edits that were asked about would come to.
    pub fn answer(&mut self, preview: Preview) {
        if self.input.is_some() {
            self.preview = Some(preview);
        }
    }

    /// What was typed and not kept, to be given back to a form of the same card.
    #[must_use]
    pub fn left(self) -> Option<Left> {
        let Self { file, spot, drafts, .. } = self;
        (!drafts.is_empty()).then_some(Left { file, spot, drafts })
    }

    /// Takes up what was typed and not kept in an earlier form of the card, if there is any.
    pub fn take_up(&mut self, left: &mut Vec<Left>) {
        let own = left.iter().position(|left| left.file == self.file && left.spot == self.spot);
        if let Some(place) = own {
            self.drafts = left.remove(place).drafts;
        }
    }

    /// The line of the file of what is selected.
    #[must_use]
    pub fn place(&self, analysis: &Analysis) -> Option<Place> {
        let card = self.card(analysis)?;
        let Some(Step::Key(key)) = self.route().and_then(|route| route.0.first().cloned()) else {
            return Some(Place { card, path: FieldPath::CARD });
        };
        let known = mapping_of(self.kind).field(&key).map(|field| FieldPath::CARD.key(field.name));
        Some(Place { card, path: known.unwrap_or(FieldPath::CARD) })
    }

    /// Pasted text goes where one types.
    pub fn paste(&mut self, analysis: &Analysis, text: &str) -> Done {
        let Some(input) = &mut self.input else { return Done::Stays };
        input.paste(text);
        self.checked(analysis)
    }

    /// A key.
    pub fn press(&mut self, analysis: &Analysis, event: KeyEvent) -> Done {
        if self.input.is_some() {
            return self.press_input(analysis, event);
        }
        self.complaint = None;
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let page = isize::try_from(self.height).unwrap_or(10);
        match event.code {
            KeyCode::Char('s') if control => return Done::Acts(Action::Save),
            KeyCode::Char('z') if control => return Done::Acts(Action::Suspend),
            KeyCode::Char('d') if control => self.step(page / 2),
            KeyCode::Char('u') if control => self.step(-page / 2),
            KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => self.step(1),
            KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => self.step(-1),
            KeyCode::PageDown => self.step(page),
            KeyCode::PageUp => self.step(-page),
            KeyCode::Char('g') | KeyCode::Home => self.step(-100_000),
            KeyCode::Char('G') | KeyCode::End => self.step(100_000),
            KeyCode::Esc | KeyCode::Char('h' | 'q') | KeyCode::Left => {
                if self.pages.len() > 1 && event.code != KeyCode::Char('q') {
                    self.pages.pop();
                } else {
                    return Done::Closes;
                }
            }
            KeyCode::Enter | KeyCode::Char('e' | 'l' | ' ') | KeyCode::Right => return self.enter(analysis),
            KeyCode::Char('i') | KeyCode::Insert => return self.begin(analysis, true),
            KeyCode::Char('D') | KeyCode::Delete => return self.remove(analysis),
            KeyCode::Char('J') => return self.reorder(analysis, true),
            KeyCode::Char('K') => return self.reorder(analysis, false),
            KeyCode::Char('u') => return Done::Acts(Action::Undo),
            KeyCode::Char('U') => return Done::Acts(Action::Redo),
            KeyCode::Char('E') => return Done::Acts(Action::EditFile),
            _ => {}
        }
        Done::Stays
    }

    /// Moves by some rows, as the wheel does.
    pub fn scroll(&mut self, delta: isize) {
        match &mut self.input {
            Some(input) => input.scroll(delta),
            None => self.step(delta),
        }
    }

    /// Selects the row at this line of the form. What was being typed elsewhere stays there as a draft.
    pub fn click(&mut self, analysis: &Analysis, line: usize) {
        let Some(page) = self.pages.last() else { return };
        let row = page.cursor.offset + line;
        if row >= page.rows.len() {
            return;
        }
        if self.input.is_some() {
            if row == page.cursor.row {
                return;
            }
            let _ = self.press_input(analysis, KeyEvent::from(KeyCode::Esc));
        }
        if let Some(page) = self.pages.last_mut() {
            page.cursor.to(row, page.rows.len(), self.height);
        }
    }

    /// A click on a choice below the rows: it is chosen, and where there is one to choose kept too.
    pub fn click_choice(&mut self, analysis: &Analysis, line: usize, below: ratatui::layout::Rect) -> Done {
        let room = draw::choices_room(self, usize::from(below.width), usize::from(below.height));
        let Some(Input { way: input::Way::Pick(pick), .. }) = &mut self.input else { return Done::Stays };
        // The rule and what is typed stand above them.
        let Some(line) = line.checked_sub(2).filter(|line| *line < room) else { return Done::Stays };
        let place = draw::first_choice(pick, room) + line;
        if place >= pick.shown.len() {
            return Done::Stays;
        }
        pick.choose(place);
        if pick.chosen.is_some() { self.checked(analysis) } else { self.keep(analysis) }
    }

    fn press_input(&mut self, analysis: &Analysis, event: KeyEvent) -> Done {
        let Some(input) = &mut self.input else { return Done::Stays };
        match input.press(event) {
            Accepted::No => Done::Stays,
            Accepted::Changed => self.checked(analysis),
            Accepted::Leaves => {
                let left = input.text();
                let (route, before) = (self.draft_key(), self.current_text());
                if left != before && !left.is_empty() {
                    self.drafts.insert(route, left);
                } else {
                    self.drafts.remove(&route);
                }
                self.input = None;
                self.complaint = None;
                self.preview = None;
                Done::Stays
            }
            Accepted::Yes { onward } => {
                let done = self.keep(analysis);
                if onward && self.input.is_none() {
                    self.step(1);
                }
                done
            }
        }
    }

    /// Says what is wrong with what is typed, and asks what it would come to.
    fn checked(&mut self, analysis: &Analysis) -> Done {
        self.preview = None;
        match self.edits(analysis) {
            Ok((_, edits)) => {
                self.complaint = self.doubt(analysis);
                Done::Asks(edits)
            }
            Err(why) => {
                self.complaint = Some(why);
                Done::Asks(Vec::new())
            }
        }
    }

    /// Keeps what is typed.
    fn keep(&mut self, analysis: &Analysis) -> Done {
        match self.edits(analysis) {
            Ok((name, edits)) => {
                let key = self.draft_key();
                self.drafts.remove(&key);
                let added = self.input.as_ref().is_some_and(|input| input.adding);
                self.input = None;
                self.preview = None;
                self.complaint = None;
                if edits.is_empty() {
                    return Done::Stays;
                }
                if added {
                    self.step_to_new();
                }
                Done::Edits(name, edits)
            }
            Err(why) => {
                self.complaint = Some(why);
                Done::Stays
            }
        }
    }

    /// After an item is added the cursor is on it.
    fn step_to_new(&mut self) {
        if let Some(page) = self.pages.last_mut()
            && let Some(row) = page.rows.get(page.cursor.row)
            && row.what.item().is_some()
        {
            // It is not there before the catalog is: one row more than there are now is allowed.
            page.cursor.to(page.cursor.row + 1, page.rows.len() + 1, self.height);
        }
    }

    /// The edits that what is typed means, and their name.
    fn edits(&self, analysis: &Analysis) -> Result<(String, Vec<CardEdit>), String> {
        let (Some(page), Some(input)) = (self.pages.last(), &self.input) else {
            return Ok(Default::default());
        };
        let Some(row) = page.rows.get(page.cursor.row) else { return Ok(Default::default()) };
        let Some(card) = self.card(analysis) else {
            return Err("The card is gone; what you typed is kept here.".to_owned());
        };
        let is_level = |word: &str| is_level(analysis, word);
        let set = |value| {
            page::set(
                &page.placement,
                &page.node,
                page.mapping,
                &page.fields,
                (row.field.name, value),
                is_level,
            )
        };
        let list = page::route_of(page.mapping, &page.fields, row.field.name);
        let at_item = |place: usize| {
            let list = list.clone()?;
            let whole = page.fields.get(page.mapping, row.field.name).map(|(_, node)| node);
            Some(match whole {
                Some(Node::List(_) | Node::Map(_)) | None => list.then(place),
                Some(_) => list,
            })
        };
        let said = input.value();
        let value = match &said {
            input::Said::Words(words) => words_node(words, row.node.as_ref()),
            input::Said::Text(text) if matches!(row.what, What::Value) => page::parsed(row.field, text)?,
            input::Said::Text(text) if text.trim().is_empty() => None,
            input::Said::Text(text) => Some(Node::Text(text.trim_end().into())),
        };
        let changes = match row.what {
            What::Value | What::Text | What::Words => {
                if value == row.node {
                    return Ok(Default::default());
                }
                set(value.clone())
            }
            What::Entry(_) | What::NoEntry => entry_changes(page, row, list, &said, input.adding)?,
            What::Word(place) if !input.adding => match (at_item(place), value.clone()) {
                (Some(route), Some(value)) => vec![(route, Change::Set(value))],
                (Some(route), None) => vec![(route, Change::Remove)],
                (None, _) => Vec::new(),
            },
            What::Word(_) | What::Item(..) | What::Empty => {
                let Some(Node::Text(word)) = value.clone() else { return Ok(Default::default()) };
                let place = row.what.item().map_or(usize::MAX, |place| place + 1);
                let item = new_item(row, &word);
                match list {
                    Some(list) => vec![(list, Change::Insert(place, item))],
                    None => set(Some(Node::List(vec![item]))),
                }
            }
            What::Mapping(_) | What::Foreign => Vec::new(),
        };
        let mut edits: Vec<CardEdit> =
            changes.into_iter().map(|(route, change)| CardEdit::Change { card, route, change }).collect();
        if let Some((kind, word)) = input.creates()
            && !edits.is_empty()
        {
            edits.push(CardEdit::Add {
                kind,
                fields: vec![("name".into(), Node::Text(word.as_str().into()))],
            });
        }
        let value = value.as_ref().map_or_else(|| input.text(), page::short);
        Ok((self.step_name(row, &value, input.adding), edits))
    }

    /// What is doubtful about a word that may be written all the same.
    fn doubt(&self, analysis: &Analysis) -> Option<String> {
        let (page, input) = (self.pages.last()?, self.input.as_ref()?);
        let row = page.rows.get(page.cursor.row)?;
        if input.creates().is_some() {
            return None;
        }
        let around = self.around(page);
        let said = match input.value() {
            input::Said::Words(words) => words,
            input::Said::Text(text) => vec![text],
        };
        said.iter().find_map(|word| words::complaint(analysis, row.refers, &around, word))
    }

    /// Opens a page, or begins to edit.
    fn enter(&mut self, analysis: &Analysis) -> Done {
        let Some(page) = self.pages.last() else { return Done::Closes };
        let Some(row) = page.rows.get(page.cursor.row) else { return Done::Stays };
        let list = page::route_of(page.mapping, &page.fields, row.field.name);
        match (row.what, list) {
            (What::Item(place, inner), Some(list)) => {
                let whole = page.fields.get(page.mapping, row.field.name).map(|(_, node)| node);
                let route = if matches!(whole, Some(Node::List(_))) { list.then(place) } else { list };
                let title = row.text.clone();
                let placement = Placement::Item(route, row.field.name);
                let _ = self.push(analysis, placement, inner, title);
                Done::Stays
            }
            (What::Mapping(inner), Some(route)) => {
                let title = row.field.name.replace('_', " ");
                let _ = self.push(analysis, Placement::One(route), inner, title);
                Done::Stays
            }
            (What::Item(..) | What::Mapping(_), None) => {
                self.complaint =
                    Some("This is written too short to be opened; give it another field first.".to_owned());
                Done::Stays
            }
            (What::Foreign, _) => {
                self.complaint =
                    Some("This is written in a form of its own; E opens it in an editor.".to_owned());
                Done::Stays
            }
            (What::Empty | What::NoEntry, _) => self.begin(analysis, true),
            _ => self.begin(analysis, false),
        }
    }

    /// Begins to edit a value, or to add one to its list.
    fn begin(&mut self, analysis: &Analysis, adding: bool) -> Done {
        let Some(page) = self.pages.last() else { return Done::Closes };
        let Some(row) = page.rows.get(page.cursor.row) else { return Done::Stays };
        let key = row_key(page, row, adding);
        if adding && !row.what.is_list() {
            if matches!(row.what, What::Value | What::Text | What::Words) {
                return self.begin(analysis, false);
            }
            self.complaint = Some("Nothing can be added to this; enter opens it.".to_owned());
            return Done::Stays;
        }
        let around = self.around(page);
        let draft = self.drafts.get(&key).cloned();
        self.input = Some(Input::new(analysis, row, &around, adding, draft));
        self.complaint = None;
        self.preview = None;
        Done::Stays
    }

    /// Removes what is selected.
    fn remove(&mut self, analysis: &Analysis) -> Done {
        let (Some(page), Some(card)) = (self.pages.last(), self.card(analysis)) else { return Done::Stays };
        let Some(row) = page.rows.get(page.cursor.row) else { return Done::Stays };
        if row.node.is_none() {
            self.complaint = Some("There is nothing to remove.".to_owned());
            return Done::Stays;
        }
        let names_item = matches!(&page.placement, Placement::Item(_, list)
            if edit::items::naming_field(list) == Some(row.field.name));
        if row.field.required || names_item {
            self.complaint = Some(format!("A {} is needed here; edit it instead.", row.field.name));
            return Done::Stays;
        }
        let list = page::route_of(page.mapping, &page.fields, row.field.name);
        let whole = page.fields.get(page.mapping, row.field.name).map(|(_, node)| node);
        let changes = match (row.what.item(), list, whole) {
            (Some(place), Some(list), Some(Node::List(items))) if items.len() > 1 => {
                vec![(list.then(place), Change::Remove)]
            }
            (Some(place), Some(list), Some(Node::Map(entries)))
                if entries.len() > 1 && matches!(row.what, What::Entry(_)) =>
            {
                vec![(list.then(place), Change::Remove)]
            }
            _ => page::set(
                &page.placement,
                &page.node,
                page.mapping,
                &page.fields,
                (row.field.name, None),
                |word| is_level(analysis, word),
            ),
        };
        let edits =
            changes.into_iter().map(|(route, change)| CardEdit::Change { card, route, change }).collect();
        Done::Edits(format!("{}: {} without {}", self.where_am_i(), field_word(row), row.text), edits)
    }

    /// Moves an item in its list.
    fn reorder(&mut self, analysis: &Analysis, down: bool) -> Done {
        let (Some(page), Some(card)) = (self.pages.last(), self.card(analysis)) else { return Done::Stays };
        let Some(row) = page.rows.get(page.cursor.row) else { return Done::Stays };
        let list = page::route_of(page.mapping, &page.fields, row.field.name);
        let whole = page.fields.get(page.mapping, row.field.name).map(|(_, node)| node);
        let (Some(place), Some(list), Some(Node::List(items))) = (row.what.item(), list, whole) else {
            self.complaint = Some("Only items of a list can be moved.".to_owned());
            return Done::Stays;
        };
        let target = if down { place + 1 } else { place.wrapping_sub(1) };
        if target >= items.len() {
            return Done::Stays;
        }
        let name = format!("{}: {} moved in {}", self.where_am_i(), row.text, field_word(row));
        self.step(if down { 1 } else { -1 });
        Done::Edits(
            name,
            vec![CardEdit::Change { card, route: list.then(place), change: Change::Move(target) }],
        )
    }

    fn push(
        &mut self,
        analysis: &Analysis,
        placement: Placement,
        mapping: &'static Mapping,
        title: String,
    ) -> Option<()> {
        let node = self.value(analysis, &placement.route()).unwrap_or(Node::Map(Vec::new()));
        let fields = Fields::of(&node, &placement, |word| is_level(analysis, word));
        let rows = page::rows(mapping, &fields);
        self.pages.push(Page { placement, mapping, title, node, fields, rows, cursor: Cursor::default() });
        Some(())
    }

    /// Selects the row of a path of the card, and opens the item that it leads into.
    fn go_to(&mut self, analysis: &Analysis, path: FieldPath) {
        let mut segments = path.segments().peekable();
        while let Some(Segment::Key(key)) = segments.next() {
            let item = match segments.peek() {
                Some(Segment::Index(place)) => {
                    let place = *place as usize;
                    segments.next();
                    Some(place)
                }
                _ => None,
            };
            let height = self.height;
            let Some(page) = self.pages.last_mut() else { return };
            let found = page.rows.iter().position(|row| {
                row.field.name == key
                    && (item.is_none() || row.what.item().is_none() || row.what.item() == item)
            });
            let Some(row) = found else { return };
            page.cursor.to(row, page.rows.len(), height);
            // Only what has a field of its own below is opened.
            if segments.peek().is_none() || !matches!(page.rows[row].what, What::Item(..) | What::Mapping(_))
            {
                return;
            }
            let _ = self.enter(analysis);
        }
    }

    fn step(&mut self, delta: isize) {
        if let Some(page) = self.pages.last_mut() {
            page.cursor.by(delta, page.rows.len(), self.height);
        }
    }

    fn card(&self, analysis: &Analysis) -> Option<CardId> {
        analysis.catalog.card_at(&self.file, self.spot)
    }

    fn value(&self, analysis: &Analysis, route: &Route) -> Option<Node> {
        let file = analysis.catalog.files().find(|file| file.path == self.file)?;
        edit::value_at(&file.text, self.spot, route)
    }

    fn retitle(&mut self, analysis: &Analysis) {
        self.title = match self.entity {
            Some(entity) => analysis.catalog.label(entity),
            None => self.kind.word().to_owned(),
        };
    }

    fn around(&self, page: &Page) -> Around {
        let of = |field: &str| page.fields.get(page.mapping, field).map(|(_, node)| page::short(node));
        let process = of("process").or_else(|| {
            let first = self.pages.first().filter(|_| self.kind == Kind::Process)?;
            first.fields.get(first.mapping, "name").map(|(_, node)| page::short(node))
        });
        Around { component: of("component"), process }
    }

    /// The way to what is selected.
    fn route(&self) -> Option<Route> {
        let page = self.pages.last()?;
        let row = page.rows.get(page.cursor.row)?;
        let list = page::route_of(page.mapping, &page.fields, row.field.name)
            .unwrap_or_else(|| page.placement.route());
        Some(row.what.item().map_or(list.clone(), |place| list.then(place)))
    }

    /// What the analysis says of what is selected: the open findings that stand there.
    #[must_use]
    fn said(&self, analysis: &Analysis) -> Vec<(crate::analysis::Severity, String)> {
        let (Some(card), Some(entity), Some(route)) = (self.card(analysis), self.entity, self.route()) else {
            return Vec::new();
        };
        let here = |place: Place| place.card == card && Route::from(place.path).0.starts_with(&route.0);
        analysis
            .about(entity)
            .filter(|(_, finding)| finding.is_open())
            .filter(|(_, finding)| {
                let own = finding.place.into_iter();
                own.chain(finding.evidence.iter().map(|edge| edge.place)).any(here)
            })
            .map(|(_, finding)| (finding.severity, finding.message.clone()))
            .collect()
    }

    fn draft_key(&self) -> String {
        let adding = self.input.as_ref().is_some_and(|input| input.adding);
        let page = self.pages.last();
        let row = page.and_then(|page| page.rows.get(page.cursor.row));
        page.zip(row).map_or(String::new(), |(page, row)| row_key(page, row, adding))
    }

    fn current_text(&self) -> String {
        if self.input.as_ref().is_some_and(|input| input.adding) {
            return String::new();
        }
        let row = self.pages.last().and_then(|page| page.rows.get(page.cursor.row));
        row.map_or(String::new(), |row| row.text.clone())
    }

    fn where_am_i(&self) -> String {
        match self.pages.as_slice() {
            [_, .., last] => format!("{}, {}", self.title, last.title),
            _ => self.title.clone(),
        }
    }

    fn step_name(&self, row: &Row, value: &str, adding: bool) -> String {
        let (place, field) = (self.where_am_i(), field_word(row));
        if adding {
            format!("{place}: {value} in {field}")
        } else if value.is_empty() {
            format!("{place}: no {field}")
        } else {
            format!("{place}: {field} is {value}")
        }
    }
}

/// What is typed into a row and not kept is known by this.
fn row_key(page: &Page, row: &Row, adding: bool) -> String {
    let item = row.what.item().map_or(String::new(), |place| format!("[{place}]"));
    format!("{} {}{item}{}", page.placement.route(), row.field.name, if adding { "+" } else { "" })
}

fn page_title(page: &Page, card: &str) -> String {
    match &page.placement {
        Placement::Card => card.to_owned(),
        Placement::One(_) => page.title.clone(),
        Placement::Item(_, list) => {
            edit::items::name_of(&page.node, list).map_or_else(|| page.title.clone(), str::to_owned)
        }
    }
}

/// The field as people say it: `component access`.
#[must_use]
fn field_word(row: &Row) -> String {
    row.field.name.replace('_', " ")
}

fn words_node(words: &[String], before: Option<&Node>) -> Option<Node> {
    match (words, before) {
        ([], _) => None,
        // One bare word stays one where it was written so, or where nothing was.
        ([one], Some(Node::Text(_))) => Some(Node::Text(one.as_str().into())),
        (several, _) => {
            Some(Node::List(several.iter().map(|word| Node::Text(word.as_str().into())).collect()))
        }
    }
}

fn new_item(row: &Row, word: &str) -> Node {
    let bare = row.field.takes.forms().iter().any(|form| matches!(form, Shape::Name | Shape::Word));
    match edit::items::naming_field(row.field.name) {
        Some(naming) if !bare && matches!(row.field.takes, Takes::List(_)) => {
            Node::Map(vec![(naming.into(), Node::Text(word.into()))])
        }
        _ => Node::Text(word.into()),
    }
}

/// The changes of a mapping of words to words, such as the tools of a component.
fn entry_changes(
    page: &Page,
    row: &Row,
    list: Option<Route>,
    said: &input::Said,
    adding: bool,
) -> Result<Vec<(Route, Change)>, String> {
    let text = match said {
        input::Said::Text(text) => text.trim().to_owned(),
        input::Said::Words(words) => words.join(", "),
    };
    let Some(list) = list else { return Ok(Vec::new()) };
    if !adding && let What::Entry(place) = row.what {
        if text.is_empty() {
            return Err("Write a level; D removes the line.".to_owned());
        }
        let value = Node::Text(text.as_str().into());
        return Ok(if Some(&value) == row.node.as_ref() {
            Vec::new()
        } else {
            vec![(list.then(place), Change::Set(value))]
        });
    }
    let Some((name, level)) = text.split_once(':') else {
        return Err("Write the name, a colon and the level, as run_tests: write.".to_owned());
    };
    let (name, level) = (name.trim(), Node::Text(level.trim().into()));
    let there = page.fields.get(page.mapping, row.field.name).is_some();
    Ok(if there {
        vec![(list.then(name), Change::Set(level))]
    } else {
        vec![(list, Change::Set(Node::Map(vec![(name.into(), level)])))]
    })
}

fn is_level(analysis: &Analysis, word: &str) -> bool {
    let word = crate::card::words::fold(word);
    analysis.catalog.settings.access_levels.iter().any(|level| level.is(&word))
}

/// The entity that a card declares.
fn entity_of(analysis: &Analysis, card: CardId) -> Option<Entity> {
    let catalog = &analysis.catalog;
    let own = |entity: &Entity| {
        catalog.is_declared(*entity)
            && catalog.place(*entity).is_some_and(|place| place.card == card && place.path == FieldPath::CARD)
    };
    analysis.graph.entities().find(own)
}
