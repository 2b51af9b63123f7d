//! Into which pictures a catalog's architecture falls apart.
//!
//! Nothing in the cards says so: layers belong together that exchange more with each other than with the
//! rest (the modularity of the graph of layers, joined greedily); fewer than three make no picture of
//! their own. Layers that nothing flows through
//! belong to every picture, and so does what a picture's flows lead to elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Request;
use super::gather::gather;
use crate::card::words::fold;
use crate::catalog::{Catalog, ComponentId};

/// The name of a layer as it is shown; layers are the same where they fold to the same.
#[derive(Clone, Debug)]
pub(super) struct LayerName(pub(super) Option<String>);

impl LayerName {
    fn key(&self) -> Option<String> {
        self.0.as_deref().map(fold)
    }
}

impl PartialEq for LayerName {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for LayerName {}

impl std::hash::Hash for LayerName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// The layer of a component; what has no card has none.
pub(super) fn layer_of(catalog: &Catalog, component: ComponentId) -> LayerName {
    let layer = catalog.components[component.index()].layer.as_ref();
    LayerName(layer.map(|layer| layer.written().to_owned()))
}

/// One of several pictures of an architecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is called: after its first and its last layer.
    pub name: String,
    /// What stands in it.
    pub components: BTreeSet<ComponentId>,
    /// Its own layers, for finding it by one of them.
    pub layers: Vec<String>,
}

/// As few layers make a picture of their own.
const FEWEST: usize = 3;

/// As many layers are grouped; of more there is one picture only.
const MOST: usize = 200;

/// The pictures that a catalog falls apart into; none where it is one.
#[must_use]
pub fn views(catalog: &Catalog) -> Vec<View> {
    let all: Vec<ComponentId> = (0..catalog.components.len()).map(ComponentId::from_index).collect();
    let mut names: Vec<LayerName> = Vec::new();
    let mut place: HashMap<LayerName, usize> = HashMap::new();
    let mut layer = vec![None; all.len()];
    for &component in &all {
        let name = layer_of(catalog, component);
        if name.0.is_some() {
            let number = *place.entry(name.clone()).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            });
            layer[component.index()] = Some(number);
        }
    }
    if names.len() > MOST {
        return Vec::new();
    }
    let mut weights: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &component in &all {
        for flow in &catalog.components[component.index()].flows_to {
            if let (Some(from), Some(to)) = (layer[component.index()], layer[flow.component.index()])
                && from != to
            {
                *weights.entry((from.min(to), from.max(to))).or_default() += 1;
            }
        }
    }
    let groups = communities(names.len(), &weights);
    let touched: BTreeSet<usize> = weights.keys().flat_map(|(one, other)| [*one, *other]).collect();
    let mut members: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for &one in &touched {
        members.entry(groups[one]).or_default().insert(one);
    }
    if members.len() < 2 {
        return Vec::new();
    }
    members.into_values().map(|own| view(catalog, &all, &layer, &names, &touched, &own)).collect()
}

fn view(
    catalog: &Catalog,
    all: &[ComponentId],
    layer: &[Option<usize>],
    names: &[LayerName],
    touched: &BTreeSet<usize>,
    own: &BTreeSet<usize>,
) -> View {
    let is_own = |component: ComponentId| layer[component.index()].is_some_and(|layer| own.contains(&layer));
    let mut components: BTreeSet<ComponentId> = all
        .iter()
        .copied()
        .filter(|component| {
            is_own(*component) || layer[component.index()].is_some_and(|layer| !touched.contains(&layer))
        })
        .collect();
    for &component in all {
        for flow in &catalog.components[component.index()].flows_to {
            if is_own(component) {
                components.insert(flow.component);
            }
            // What has no layer belongs to what it flows to.
            if is_own(flow.component) && layer[component.index()].is_none() {
                components.insert(component);
            }
        }
    }
    let only: BTreeSet<ComponentId> = all.iter().copied().filter(|component| is_own(*component)).collect();
    let request = Request {
        view: Some(View { name: String::new(), components: only, layers: Vec::new() }),
        ..Request::default()
    };
    let order = gather(catalog, &request, 12);
    let name = match (order.first(), order.last()) {
        (Some(first), Some(last)) if order.len() > 1 => format!("{} to {}", first.title(), last.title()),
        (Some(first), _) => first.title().to_owned(),
        _ => String::new(),
    };
    let layers = own.iter().filter_map(|one| names[*one].0.clone()).collect();
    View { name, components, layers }
}

/// Groups of layers, as a number each: those are joined, best first, that gain by it.
fn communities(count: usize, weights: &BTreeMap<(usize, usize), usize>) -> Vec<usize> {
    let total: usize = weights.values().sum();
    let mut group: Vec<usize> = (0..count).collect();
    let mut degree = vec![0_usize; count];
    let mut between = weights.clone();
    for ((one, other), weight) in weights {
        degree[*one] += weight;
        degree[*other] += weight;
    }
    // What joining gains is w / m - 2 d e / (2 m)^2; times 2 m^2 it is a whole number.
    while let Some((gain, (one, other))) = between
        .iter()
        .map(|((one, other), weight)| {
            let gain = i128::try_from(2 * weight * total).unwrap_or(0)
                - i128::try_from(degree[*one] * degree[*other]).unwrap_or(0);
            (gain, (*one, *other))
        })
        .max_by_key(|(gain, pair)| (*gain, std::cmp::Reverse(*pair)))
        && gain > 0
    {
        degree[one] += std::mem::take(&mut degree[other]);
        join(&mut group, &mut between, one, other);
    }
    // What is too small for a picture goes with the group that it exchanges most with.
    loop {
        let size = |wanted: usize| group.iter().filter(|known| **known == wanted).count();
        let small = between.iter().filter(|((one, other), _)| size(*one).min(size(*other)) < FEWEST);
        let Some((one, other)) =
            small.max_by_key(|(pair, weight)| (**weight, std::cmp::Reverse(**pair))).map(|(pair, _)| *pair)
        else {
            return group;
        };
        join(&mut group, &mut between, one, other);
    }
}

/// Makes one group of two.
fn join(group: &mut [usize], between: &mut BTreeMap<(usize, usize), usize>, one: usize, other: usize) {
    for known in group.iter_mut().filter(|known| **known == other) {
        *known = one;
    }
    let mut joined: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for ((a, b), weight) in std::mem::take(between) {
        let rename = |place: usize| if place == other { one } else { place };
        let (a, b) = (rename(a), rename(b));
        if a != b {
            *joined.entry((a.min(b), a.max(b))).or_default() += weight;
        }
    }
    *between = joined;
}
