//! The content of the workbench as linear text: every persona's card, then the gaps.

use super::formats::{Shown, plain};
use super::print;
use super::show::terminal;
use super::style::{Style, safe};
use crate::analysis::Analysis;
use crate::analysis::view::card_view;
use crate::catalog::{Entity, PersonaId};

pub fn print_all(analysis: &Analysis, style: Style) -> anyhow::Result<()> {
    let style = Style { color: false, ..style };
    let catalog = &analysis.catalog;
    let mut out = format!("{}\n{}\n\n", safe(&catalog.name), safe(&catalog.path));
    if catalog.personas.is_empty() {
        out.push_str("There is no persona yet. `persona new persona NAME` adds one.\n\n");
    }
    for index in 0..catalog.personas.len() {
        let view = card_view(analysis, Entity::Persona(PersonaId::from_index(index)));
        out.push_str(&terminal(analysis, &view, style));
        out.push('\n');
    }
    out.push_str("Gaps and problems\n\n");
    out.push_str(&plain::print(&Shown::all(analysis), style));
    print(&out)
}
