//! `persona new`: a card from a template.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::schema::with_modelines;
use super::style::safe;
use super::{OK, print, source};
use crate::card::kinds::Kind;
use crate::card::words::Name;
use crate::catalog::Catalog;
use crate::session::deeds::template;
use crate::store::{create_file, find, has_schema, slug};

/// Add a card from a template
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona new persona \"Load Test Agent\"
  persona new component \"Azure Load Testing\" --into team/personas")]
pub struct Arguments {
    /// The kind.
    #[arg(value_enum, value_name = "KIND")]
    kind: Template,
    /// The name.
    name: String,
    /// The id of a persona [default: the next free one, such as P013].
    #[arg(long)]
    id: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long, value_name = "PATH")]
    into: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    Component,
    Person,
    Persona,
    Process,
    Skill,
    Team,
}

impl Template {
    fn kind(self) -> Kind {
        match self {
            Self::Component => Kind::Component,
            Self::Person => Kind::Person,
            Self::Persona => Kind::Persona,
            Self::Process => Kind::Process,
            Self::Skill => Kind::Skill,
            Self::Team => Kind::Team,
        }
    }

    fn known(self, catalog: &Catalog, word: &Name) -> bool {
        match self {
            Self::Component => {
                catalog.find_component(word).is_some_and(|id| catalog.components[id.index()].declared)
            }
            Self::Person => catalog.find_person(word).is_some(),
            Self::Persona => catalog.find_persona(word).is_some(),
            Self::Process => {
                catalog.find_process(word).is_some_and(|id| catalog.processes[id.index()].declared)
            }
            Self::Skill => catalog.find_skill(word).is_some_and(|id| catalog.skills[id.index()].declared),
            Self::Team => catalog.find_team(word).is_some_and(|id| catalog.teams[id.index()].declared),
        }
    }
}

pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let name = Name::new(&arguments.name);
    if name.is_empty() {
        bail!("a card needs a name");
    }
    let root = find(arguments.into.as_deref(), &std::env::current_dir()?)?;
    let catalog = source::catalog(Some(&root.path))?;
    let id = arguments.id.clone().unwrap_or_else(|| next_id(&catalog));
    let words =
        if arguments.kind == Template::Persona { vec![name.clone(), Name::new(&id)] } else { vec![name] };
    if let Some(word) = words.iter().find(|word| arguments.kind.known(&catalog, word)) {
        bail!("there is a card called {} already", safe(word.written()));
    }
    let Some(card) = template(arguments.kind.kind()) else { bail!("there is no template of this kind") };
    let text = card.filled(&id, &arguments.name);
    let stem = if arguments.kind == Template::Persona {
        slug(&format!("{id}-{}", arguments.name.to_lowercase()))
    } else {
        slug(&arguments.name.to_lowercase())
    };
    let path = free_path(&root.path, card.folder, &stem);
    let text = match path.strip_prefix(&root.path) {
        Ok(below) if has_schema(&root.path) => with_modelines(&text, below),
        _ => text,
    };
    create_file(&path, &text)?;
    print(&format!("{}\n", path.display()))?;
    Ok(OK)
}

/// In the kind's folder where the catalog has one, else beside `catalog.yaml`; a number is added
/// where the name is taken.
fn free_path(root: &Path, folder: &str, stem: &str) -> PathBuf {
    let below = root.join(folder);
    let folder = if below.is_dir() { below } else { root.to_path_buf() };
    let plain = folder.join(format!("{stem}.yaml"));
    if !plain.exists() {
        return plain;
    }
    (2..)
        .map(|number| folder.join(format!("{stem}-{number}.yaml")))
        .find(|path| !path.exists())
        .unwrap_or(plain)
}

/// The next of ids such as P012; P001 where there are none.
fn next_id(catalog: &Catalog) -> String {
    let highest = catalog
        .personas
        .iter()
        .filter_map(|persona| {
            let digits = persona.id.written().strip_prefix(['P', 'p'])?;
            digits.parse::<u32>().ok()
        })
        .max()
        .unwrap_or(0);
    format!("P{:03}", highest.saturating_add(1))
}
