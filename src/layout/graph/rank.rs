//! Layers that follow from the edges: each box one layer behind what leads to it, cycles broken.

use petgraph::algo::greedy_feedback_arc_set;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use super::order::Edge;

/// How often boxes are moved nearer to what they are connected with.
const PASSES: usize = 12;

/// The layer of each box, such that few edges lead back and edges are short.
#[must_use]
pub fn ranks(boxes: usize, edges: &[Edge]) -> Vec<usize> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(boxes, edges.len());
    let nodes: Vec<_> = (0..boxes).map(|_| graph.add_node(())).collect();
    for edge in edges {
        if edge.from != edge.to {
            graph.add_edge(nodes[edge.from], nodes[edge.to], ());
        }
    }
    let back: std::collections::HashSet<_> = greedy_feedback_arc_set(&graph).map(|edge| edge.id()).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for edge in graph.edge_references() {
        let (from, to) = (edge.source().index(), edge.target().index());
        // An edge that would close a cycle is laid the other way round, and drawn as it is.
        let (from, to) = if back.contains(&edge.id()) { (to, from) } else { (from, to) };
        if !next[from].contains(&to) {
            next[from].push(to);
            before[to].push(from);
        }
    }
    let mut rank = longest(&next, &before);
    tighten(&mut rank, &next, &before);
    rank
}

fn longest(next: &[Vec<usize>], before: &[Vec<usize>]) -> Vec<usize> {
    let mut rank = vec![0; next.len()];
    let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut queue: std::collections::VecDeque<usize> =
        (0..next.len()).filter(|node| waiting[*node] == 0).collect();
    while let Some(node) = queue.pop_front() {
        for &other in &next[node] {
            rank[other] = rank[other].max(rank[node] + 1);
            waiting[other] -= 1;
            if waiting[other] == 0 {
                queue.push_back(other);
            }
        }
    }
    rank
}

/// Moves boxes within the room that their edges leave, to where these are shortest.
fn tighten(rank: &mut [usize], next: &[Vec<usize>], before: &[Vec<usize>]) {
    for _ in 0..PASSES {
        let mut moved = false;
        for node in 0..rank.len() {
            let least = before[node].iter().map(|other| rank[*other] + 1).max();
            let most = next[node].iter().map(|other| rank[*other] - 1).min();
            let to = match (least, most) {
                (Some(least), Some(most)) => match before[node].len().cmp(&next[node].len()) {
                    std::cmp::Ordering::Greater => least,
                    std::cmp::Ordering::Less => most,
                    std::cmp::Ordering::Equal => rank[node],
                },
                (Some(least), None) => least,
                (None, Some(most)) => most,
                (None, None) => 0,
            };
            moved |= to != rank[node];
            rank[node] = to;
        }
        if !moved {
            break;
        }
    }
    let first = rank.iter().copied().min().unwrap_or(0);
    for rank in rank {
        *rank -= first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_on_stands_behind_and_a_cycle_is_broken_once() {
        let edges: Vec<Edge> = [(0, 1), (1, 2), (0, 2), (2, 0), (3, 2)]
            .into_iter()
            .map(|(from, to)| Edge { from, to, class: 0 })
            .collect();
        let ranks = ranks(5, &edges);
        let back = edges.iter().filter(|edge| ranks[edge.from] >= ranks[edge.to]).count();
        assert_eq!(back, 1, "{ranks:?}");
        // 3 stands right before 2, not at the start.
        assert_eq!(ranks[3] + 1, ranks[2]);
    }
}
