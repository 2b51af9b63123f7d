//! Which stretches share a track, and where a text has room.
//!
//! Pure numbers; what the stretches belong to is for the lines.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// As many stretches are nested by length; more are packed as they come.
const NESTED: usize = 400;

/// More tracks than this are shared, so that ways do not grow without end.
const MOST: u32 = 48;

/// The track of each stretch, from 0, and how many tracks there are. Stretches of one track do not
/// touch, unless there are more at one place than there can be tracks. Short ones get the first tracks,
/// so that they nest in longer ones.
pub(super) fn assign(stretches: &[(u32, u32)]) -> (Vec<u32>, u32) {
    let mut tracks = vec![0; stretches.len()];
    let mut count = 0;
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    if stretches.len() <= NESTED {
        order.sort_by_key(|&place| (stretches[place].1 - stretches[place].0, stretches[place], place));
        let mut taken: Vec<Vec<(u32, u32)>> = Vec::new();
        for place in order {
            let (low, high) = stretches[place];
            let free = |others: &Vec<(u32, u32)>| {
                others.iter().all(|(first, last)| high + 1 < *first || low > last + 1)
            };
            let track = taken.iter().position(free).unwrap_or(taken.len());
            if track == taken.len() {
                taken.push(Vec::new());
            }
            taken[track].push((low, high));
            tracks[place] = u32::try_from(track).unwrap_or(u32::MAX) % MOST;
            count = count.max(tracks[place] + 1);
        }
        return (tracks, count);
    }
    order.sort_by_key(|&place| (stretches[place], place));
    let mut busy: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
    let mut made = 0;
    for place in order {
        let (low, high) = stretches[place];
        while let Some(Reverse((end, track))) = busy.peek().copied()
            && end + 1 < low
        {
            busy.pop();
            free.push(Reverse(track));
        }
        let track = free.pop().map_or_else(
            || {
                made += 1;
                made - 1
            },
            |Reverse(track)| track,
        );
        busy.push(Reverse((high, track)));
        tracks[place] = track % MOST;
        count = count.max(tracks[place] + 1);
    }
    (tracks, count)
}

/// Where a text of some columns has room from `low` to before `high` without touching what is blocked
/// (sorted): the first such place, else the largest gap. The columns that it has there, too.
pub(super) fn gap(low: u32, high: u32, wanted: u32, blocked: &[u32]) -> (u32, u32) {
    let mut best = (low, 0);
    let mut start = low;
    let inside = blocked.iter().copied().filter(|x| (low..high).contains(x));
    for stop in inside.chain([high]) {
        let room = stop.saturating_sub(start);
        if room >= wanted {
            return (start, wanted);
        }
        if room > best.1 {
            best = (start, room);
        }
        start = stop + 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_a_track_do_not_touch_and_short_ones_nest() {
        let (tracks, count) = assign(&[(0, 20), (2, 5), (7, 9), (6, 12)]);
        assert_eq!((tracks, count), (vec![2, 0, 0, 1], 3));
        let many: Vec<(u32, u32)> = (0..1000).map(|place| (place * 3, place * 3 + 4)).collect();
        let (tracks, count) = assign(&many);
        assert!(count <= 3, "{count}");
        for (place, (low, _)) in many.iter().enumerate().skip(2) {
            for other in place - 2..place {
                assert!(tracks[other] != tracks[place] || many[other].1 + 1 < *low);
            }
        }
    }

    #[test]
    fn a_text_finds_the_first_gap_or_else_the_largest() {
        assert_eq!(gap(2, 30, 5, &[4, 12]), (5, 5));
        assert_eq!(gap(2, 20, 15, &[4, 12]), (5, 7));
        assert_eq!(gap(2, 20, 15, &[]), (2, 15));
        assert_eq!(gap(5, 5, 3, &[]), (5, 0));
    }
}
