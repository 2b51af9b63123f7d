//! Some cards that get the same: a field set, an item added to a list or taken from it, access given or
//! taken. One step, however many cards.

use super::create::choices_of;
use super::{Plan, Question, Wish, card_kind, choice, one_by_one, trimmed};
use crate::analysis::Analysis;
use crate::card::edit::items;
use crate::card::fields::{Field, Form, GRANT, Takes, mapping_of};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::Name;
use crate::catalog::{Catalog, Entity, EntityKind};
use crate::session::deeds::{
    Assignment, Bounds, Deed, GrantWords, Sign, assign, grant, narrow, revoke, set_on_grants,
};
use crate::tui::form::page::{parsed, short};
use crate::tui::form::words::{Around, Choice, Refers, choices, refers};

const SET: &str = "set a field";
const ADD: &str = "add to a list";
const TAKE: &str = "take from a list";
const GIVE: &str = "give access";
const NARROW: &str = "narrow access";
const GRANTS: &str = "set a field of grants";
const REVOKE: &str = "take access";
/// The answer that a grant is to say nothing about something.
const UNSTATED: &str = "not stated";
const EVERYWHERE: &str = "everywhere";
/// The answer that something stays.
const AS_IT_IS: &str = "as it is";
/// The answer that all grants are meant.
const ALL_GRANTS: &str = "all components";

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    match wish.about.as_slice() {
        [_] => format!("Change {}", wish.label(analysis)),
        several => format!("Change {} cards", several.len()),
    }
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let Some(kind) = kind_of(wish) else { return Vec::new() };
    let mut ways = Vec::new();
    if !lists(kind).is_empty() {
        ways.push(choice(ADD, "to the cards that have it not"));
        ways.push(choice(TAKE, "from the cards that have it"));
    }
    ways.push(choice(SET, "to the same value, or to none"));
    if kind == Kind::Persona {
        ways.push(choice(GIVE, "a grant on a component"));
        ways.push(choice(NARROW, "what is granted on a component, never widened"));
        ways.push(choice(GRANTS, "mode, expiry, approval and the like"));
        ways.push(choice(REVOKE, "to a component, or in one environment of it"));
    }
    let first = ways.first().map_or(SET, |way| if way.word == ADD { ADD } else { SET });
    let mut questions = vec![Question::one("do", "do", ways, first)];
    match wish.word("do") {
        SET => questions.extend(set_questions(analysis, wish, kind)),
        GIVE | NARROW | GRANTS | REVOKE => questions.extend(access_questions(analysis, wish)),
        way => questions.extend(list_questions(analysis, wish, kind, way == TAKE)),
    }
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let kind = kind_of(wish).ok_or("nothing is selected")?;
    let (field, value) = (wish.word("field"), trimmed(wish.word("value")));
    let mut untouched = 0;
    let each = |now: &Catalog, entity: Entity| -> Result<Option<Deed>, String> {
        let deed = match wish.word("do") {
            SET => {
                let known = mapping_of(kind).field(field).ok_or("choose a field")?;
                let value = parsed(known, &value)?;
                assign(now, &[entity], &[Assignment::of(field, Sign::Set, value)])?
            }
            GIVE => {
                let words = GrantWords {
                    level: Some(wish.word("level").to_owned()).filter(|level| level != UNSTATED),
                    environments: wish.words("environments").to_vec(),
                    fields: Vec::new(),
                };
                grant(now, &now.id(entity), wish.word("component"), &words)?
            }
            NARROW => {
                let bounds = Bounds {
                    level: Some(wish.word("level").to_owned()).filter(|level| level != AS_IT_IS),
                    environments: wish.words("environments").to_vec(),
                };
                if bounds == Bounds::default() {
                    return Err("Choose a level, or environments.".to_owned());
                }
                let Entity::Persona(own) = entity else { return Ok(None) };
                let component = Name::new(wish.word("component"));
                let component = now.find_component(&component).ok_or("choose a component")?;
                let grants = &now.personas[own.index()].grants;
                if !grants.iter().any(|grant| grant.component == component) {
                    return Ok(None);
                }
                narrow(now, &[own], wish.word("component"), &bounds)?
            }
            GRANTS => {
                let Entity::Persona(own) = entity else { return Ok(None) };
                let known = GRANT.field(field).ok_or("choose a field")?;
                let value = parsed(known, &value)?;
                let only = Some(wish.word("component")).filter(|word| *word != ALL_GRANTS);
                let component = only.and_then(|word| now.find_component(&Name::new(word)));
                let grants = &now.personas[own.index()].grants;
                if !grants.iter().any(|grant| component.is_none_or(|component| grant.component == component))
                {
                    return Ok(None);
                }
                set_on_grants(now, &[own], only, field, value.as_ref())?
            }
            REVOKE => {
                let place = Some(wish.word("environment")).filter(|place| *place != EVERYWHERE);
                match revoke(now, &now.id(entity), wish.word("component"), place) {
                    Ok(deed) => deed,
                    // Who has no such access has nothing to lose.
                    Err(_) => return Ok(None),
                }
            }
            way => {
                let sign = if way == TAKE { Sign::Take } else { Sign::Add };
                let item = Some(Node::Text(value.as_str().into()));
                match assign(now, &[entity], &[Assignment::of(field, sign, item)]) {
                    Ok(deed) => deed,
                    Err(_) if way == TAKE => return Ok(None),
                    Err(why) => return Err(why),
                }
            }
        };
        Ok(Some(deed).filter(|deed| !deed.edits.is_empty()))
    };
    if matches!(wish.word("do"), ADD | TAKE) && value.is_empty() {
        return Err("Choose what, or write it.".to_owned());
    }
    let edits = one_by_one(catalog, &wish.about, |now, entity| {
        let deed = each(now, entity)?;
        untouched += usize::from(deed.is_none());
        Ok(deed)
    })?;
    if edits.is_empty() {
        return Err("That is so already; no card would change.".to_owned());
    }
    let whom = match wish.about.as_slice() {
        [_] => catalog.id(wish.first(catalog)?).into_owned(),
        several => format!("{} cards", several.len() - untouched),
    };
    let name = match wish.word("do") {
        SET if value.is_empty() => format!("{whom}: no {}", spoken(field)),
        SET => format!("{whom}: {} is {value}", spoken(field)),
        GIVE => format!("{whom}: access to {}", wish.word("component")),
        REVOKE => format!("{whom}: no access to {}", wish.word("component")),
        NARROW => format!("{whom}: narrow access to {}", wish.word("component")),
        GRANTS if value.is_empty() => format!("{whom}: grants without {}", spoken(field)),
        GRANTS => format!("{whom}: {} of grants is {value}", spoken(field)),
        TAKE => format!("{whom}: {} without {value}", spoken(field)),
        _ => format!("{whom}: {value} in {}", spoken(field)),
    };
    let mut plan = Plan::of(Deed { name, edits });
    if untouched > 0 {
        plan.notes.push(match untouched {
            1 => "1 card stays as it is.".to_owned(),
            count => format!("{count} cards stay as they are."),
        });
    }
    Ok(plan)
}

fn set_questions(analysis: &Analysis, wish: &Wish, kind: Kind) -> Vec<Question> {
    let fields = fields(kind);
    let choices: Vec<Choice> = fields.iter().map(|field| choice(field.name, field.about)).collect();
    let first =
        ["team", "layer", "part_of"].into_iter().find(|name| fields.iter().any(|own| own.name == *name));
    let first = first.or(fields.first().map(|field| field.name)).unwrap_or_default();
    let chosen = match wish.word("field") {
        "" => first,
        chosen => chosen,
    };
    let mut questions = vec![Question::one("field", "field", choices, first)];
    let Some(field) = fields.into_iter().find(|field| field.name == chosen) else { return questions };
    let words = |words: &[&str]| words.iter().map(|word| choice(*word, "")).collect();
    let known = match field.takes {
        Takes::Choice(choices) => words(choices),
        Takes::Flag => words(&["true", "false"]),
        _ => choices_for(analysis, kind, field),
    };
    questions.push(Question::open("value", "value", known));
    questions
}

fn list_questions(analysis: &Analysis, wish: &Wish, kind: Kind, takes: bool) -> Vec<Question> {
    let lists = lists(kind);
    let choices: Vec<Choice> = lists.iter().map(|field| choice(field.name, field.about)).collect();
    let first =
        ["skills", "personas", "implies"].into_iter().find(|name| lists.iter().any(|own| own.name == *name));
    let first = first.or(lists.first().map(|field| field.name)).unwrap_or_default();
    let chosen = match wish.word("field") {
        "" => first,
        chosen => chosen,
    };
    let mut questions = vec![Question::one("field", "list", choices, first)];
    let Some(field) = lists.into_iter().find(|field| field.name == chosen) else { return questions };
    if takes {
        // Only what one of them has can be taken.
        let items = listed(analysis, wish, field.name);
        let first = items.first().map_or(String::new(), |item| item.word.clone());
        questions.push(Question::one("value", "item", items, &first));
    } else {
        questions.push(Question::open("value", "item", choices_for(analysis, kind, field)));
    }
    questions
}

fn access_questions(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let way = wish.word("do");
    let gives = way == GIVE;
    let mut components = choices_of(analysis, EntityKind::Component);
    if !gives {
        let has = |word: &str| {
            wish.entities(catalog).into_iter().any(|entity| match entity {
                Entity::Persona(id) => catalog.personas[id.index()]
                    .grants
                    .iter()
                    .any(|grant| *catalog.id(grant.component.into()) == *word),
                _ => false,
            })
        };
        components.retain(|component| has(&component.word));
    }
    if way == GRANTS {
        components.insert(0, choice(ALL_GRANTS, ""));
    }
    let first = components.first().map_or(String::new(), |component| component.word.clone());
    let mut questions = vec![Question::one("component", "component", components, &first)];
    let named =
        |words: &[Name]| -> Vec<Choice> { words.iter().map(|word| choice(word.written(), "")).collect() };
    let places = named(&catalog.settings.environments);
    if way == GRANTS {
        let fields: Vec<&Field> = GRANT.fields.iter().filter(|field| is_single(field)).collect();
        let fields = fields.iter().map(|field| choice(field.name, field.about)).collect();
        questions.push(Question::one("field", "field", fields, "mode"));
        let chosen = match wish.word("field") {
            "" => "mode",
            chosen => chosen,
        };
        if let Some(field) = GRANT.field(chosen) {
            let known = match field.takes {
                Takes::Choice(words) => words.iter().map(|word| choice(*word, "")).collect(),
                _ => choices(analysis, refers(&GRANT, field.name), &Around::default()),
            };
            questions.push(Question::open("value", "value", known));
        }
    } else if way == NARROW {
        let mut levels = vec![choice(AS_IT_IS, "")];
        levels.extend(named(&catalog.settings.access_levels));
        let lowest = levels.get(1).map_or(AS_IT_IS.to_owned(), |level| level.word.clone());
        questions.push(Question::one("level", "at most", levels, &lowest));
        questions.push(Question::several("environments", "only in", places, Vec::new()));
    } else if gives {
        let mut levels = vec![choice(UNSTATED, "")];
        levels.extend(named(&catalog.settings.access_levels));
        let lowest = levels.get(1).map_or(UNSTATED.to_owned(), |level| level.word.clone());
        questions.push(Question::one("level", "level", levels, &lowest));
        questions.push(Question::several("environments", "environments", places, Vec::new()));
    } else {
        let mut all = vec![choice(EVERYWHERE, "")];
        all.extend(places);
        questions.push(Question::one("environment", "environment", all, EVERYWHERE));
    }
    questions
}

fn kind_of(wish: &Wish) -> Option<Kind> {
    card_kind(wish.about.first()?.0)
}

/// The fields of a card that hold one value each, and mean something for several cards alike.
fn fields(kind: Kind) -> Vec<&'static Field> {
    mapping_of(kind).fields.iter().filter(|field| is_single(field)).collect()
}

/// Whether a field holds one value that several may have alike.
fn is_single(field: &Field) -> bool {
    !matches!(field.name, "kind" | "id" | "name" | "notes" | "color" | "component")
        && matches!(
            field.takes,
            Takes::Text
                | Takes::Choice(_)
                | Takes::Whole
                | Takes::Share
                | Takes::Flag
                | Takes::Day
                | Takes::Length
        )
}

/// The lists of a card whose items may be bare words.
fn lists(kind: Kind) -> Vec<&'static Field> {
    let is_list = |field: &&Field| {
        let forms = field.takes.forms();
        matches!(field.takes, Takes::List(_))
            && !matches!(field.name, "aliases" | "component_access")
            && forms.iter().any(|form| matches!(form, Form::Word | Form::Name))
    };
    mapping_of(kind).fields.iter().filter(is_list).collect()
}

/// What the words of a field may be.
fn choices_for(analysis: &Analysis, kind: Kind, field: &Field) -> Vec<Choice> {
    let inner = field.takes.forms().iter().find_map(|form| match form {
        Form::Map(inner) | Form::Access(inner) => Some(*inner),
        _ => None,
    });
    let means = match (inner, items::naming_field(field.name)) {
        (Some(inner), Some(naming)) => refers(inner, naming),
        _ => refers(mapping_of(kind), field.name),
    };
    if means == Refers::Free { Vec::new() } else { choices(analysis, means, &Around::default()) }
}

/// The items that the cards have in a list, each once.
fn listed(analysis: &Analysis, wish: &Wish, list: &'static str) -> Vec<Choice> {
    let catalog = &analysis.catalog;
    let mut found: Vec<(String, usize)> = Vec::new();
    for entity in wish.entities(catalog) {
        let Some(place) = catalog.place(entity).filter(|_| catalog.is_declared(entity)) else { continue };
        let items = match catalog.value_at(place.with(FieldPath::CARD.key(list))) {
            Some(Node::List(items)) => items,
            Some(Node::Null) | None => Vec::new(),
            Some(bare) => vec![bare],
        };
        for item in items {
            let word = items::name_of(&item, list).map_or_else(|| short(&item), str::to_owned);
            match found.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => found.push((word, 1)),
            }
        }
    }
    let on = |count: usize| if count == 1 { "on 1 card".to_owned() } else { format!("on {count} cards") };
    found.into_iter().map(|(word, count)| choice(word, on(count))).collect()
}

fn spoken(field: &str) -> String {
    field.replace('_', " ")
}
