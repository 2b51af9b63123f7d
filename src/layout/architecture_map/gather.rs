//! What stands in which layer, and in which order the layers stand.

use std::collections::{BTreeSet, HashMap};

use super::Request;
use super::views::{LayerName, layer_of};
use crate::catalog::{Catalog, ComponentId};
use crate::layout::process_map::gather::ranks;

/// A layer with its components.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What it is called; none: of components that state none.
    pub name: Option<String>,
    /// Its components.
    pub components: Vec<ComponentId>,
    /// Column and row of each within it.
    pub cells: Vec<(usize, usize)>,
    /// How many columns it takes.
    pub wide: usize,
    /// How many rows it takes.
    pub rows: usize,
    /// Whether it begins a row of its own: what nothing flows through lies below all else.
    pub apart: bool,
}

impl Layer {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("no layer")
    }
}

/// The layers of what is to be drawn, in the order of the flows.
#[must_use]
pub fn gather(catalog: &Catalog, request: &Request, across: usize) -> Vec<Layer> {
    let shown = components(catalog, request);
    let mut names: Vec<LayerName> = Vec::new();
    let mut members: HashMap<LayerName, Vec<ComponentId>> = HashMap::new();
    for &component in &shown {
        let name = layer_of(catalog, component);
        let known = members.entry(name.clone()).or_default();
        if known.is_empty() {
            names.push(name);
        }
        known.push(component);
    }
    let is_shown: BTreeSet<ComponentId> = shown.iter().copied().collect();
    let place: HashMap<&LayerName, usize> =
        names.iter().enumerate().map(|(place, name)| (name, place)).collect();
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); names.len()];
    for &component in &shown {
        let from = place[&layer_of(catalog, component)];
        for flow in catalog.components[component.index()]
            .flows_to
            .iter()
            .filter(|flow| is_shown.contains(&flow.component))
        {
            let to = place[&layer_of(catalog, flow.component)];
            if from != to {
                next[from].insert(to);
            }
        }
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    let late = late(&next);
    let touched = |one: usize| !next[one].is_empty() || next.iter().any(|others| others.contains(&one));
    // What nothing flows through comes below, and what has no layer at the very end.
    let group = |one: usize| match (&names[one].0, touched(one)) {
        (None, _) => 2,
        (Some(_), false) => 1,
        (Some(_), true) => 0,
    };
    let any_flow = (0..names.len()).any(touched);
    order.sort_by_key(|&one| (group(one), late[one], one));
    let mut before = None;
    order
        .into_iter()
        .map(|one| {
            let components = members.remove(&names[one]).unwrap_or_default();
            let apart = any_flow && group(one) > 0 && before != Some(group(one));
            before = Some(group(one));
            layer(catalog, names[one].0.clone(), components, across, apart)
        })
        .collect()
}

/// Ranks of layers; what nothing leads to stands just before what it leads to.
fn late(next: &[BTreeSet<usize>]) -> Vec<usize> {
    let ranks = ranks(next);
    let mut out = ranks.clone();
    for (one, others) in next.iter().enumerate() {
        let entered = next.iter().any(|others| others.contains(&one));
        if let (false, Some(first)) = (entered, others.iter().map(|other| ranks[*other]).min()) {
            out[one] = first.saturating_sub(1);
        }
    }
    out
}

/// The components of a view, in the catalog's order.
fn components(catalog: &Catalog, request: &Request) -> Vec<ComponentId> {
    let all = (0..catalog.components.len()).map(ComponentId::from_index);
    let of_view = |component: &ComponentId| {
        request.view.as_ref().is_none_or(|view| view.components.contains(component))
    };
    let chosen: Option<BTreeSet<ComponentId>> =
        request.components.as_ref().map(|chosen| chosen.iter().copied().collect());
    all.filter(of_view)
        .filter(|component| chosen.as_ref().is_none_or(|chosen| chosen.contains(component)))
        .collect()
}

/// Places the components of a layer: what flows within it from left to right, the rest below.
fn layer(
    catalog: &Catalog,
    name: Option<String>,
    components: Vec<ComponentId>,
    across: usize,
    apart: bool,
) -> Layer {
    let place: HashMap<ComponentId, usize> =
        components.iter().enumerate().map(|(place, component)| (*component, place)).collect();
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); components.len()];
    let mut linked = vec![false; components.len()];
    for (from, component) in components.iter().enumerate() {
        for flow in &catalog.components[component.index()].flows_to {
            if let Some(&to) = place.get(&flow.component).filter(|to| **to != from) {
                next[from].insert(to);
                linked[from] = true;
                linked[to] = true;
            }
        }
    }
    let ranks = ranks(&next);
    let mut cells = vec![(0, 0); components.len()];
    let mut used: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut first_row = 0;
    let mut rows = 0;
    let mut order: Vec<usize> = (0..components.len()).filter(|one| linked[*one]).collect();
    order.sort_by_key(|&one| (ranks[one], one));
    let mut before = 0;
    for one in order {
        let column = ranks[one] % across;
        if ranks[one] != before && column == 0 {
            first_row = rows;
        }
        before = ranks[one];
        let row = (first_row..).find(|row| !used.contains(&(column, *row))).unwrap_or(first_row);
        used.insert((column, row));
        rows = rows.max(row + 1);
        cells[one] = (column, row);
    }
    // What is alone fills what is free, and goes on below.
    let alone: Vec<usize> = (0..components.len()).filter(|one| !linked[*one]).collect();
    let wide =
        cells.iter().zip(&linked).filter(|(_, linked)| **linked).map(|((column, _), _)| column + 1).max();
    let wide = match wide {
        Some(wide) => (wide + alone.len().div_ceil(rows.max(1) + 1)).min(across),
        None if alone.len() <= across => alone.len(),
        None => alone.len().div_ceil(alone.len().div_ceil(across)),
    }
    .max(1);
    let mut free =
        (0..).flat_map(|row| (0..wide).map(move |column| (column, row))).filter(|cell| !used.contains(cell));
    for one in alone {
        if let Some(cell) = free.next() {
            cells[one] = cell;
            rows = rows.max(cell.1 + 1);
        }
    }
    let wide = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(1);
    Layer { name, components, cells, wide, rows, apart }
}
