//! Work on many things at once: sealing and opening are nearly all of what a long list costs.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `work` over the items on all cores; the results are in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_parallel_with(items, || (), |(), item| work(item))
}

/// The same with something that each thread keeps for itself from item to item.
///
/// A thread takes neighbouring items, a block at a time, so that no core waits for another that
/// has other work.
pub(super) fn in_parallel_with<T: Sync, R: Send, S>(
    items: &[T],
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    const BLOCK: usize = 32;
    let next = AtomicUsize::new(0);
    let share = || {
        let mut state = begin();
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(BLOCK, Ordering::Relaxed);
            let Some(rest) = items.get(start..).filter(|rest| !rest.is_empty()) else {
                return done;
            };
            let block = rest.iter().take(BLOCK);
            let results: Vec<R> = block.map(|item| work(&mut state, item)).collect();
            done.push((start, results));
        }
    };
    // For one block a thread costs more than it saves. This thread works too.
    let others = match items.len() {
        0..=BLOCK => 0,
        _ => std::thread::available_parallelism().map_or(1, usize::from) - 1,
    };
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..others).map(|_| scope.spawn(share)).collect();
        let mut done = share();
        for thread in threads {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_all_cores_keeps_the_order() {
        for count in [0, 1, 31, 32, 33, 64, 1000, 1025] {
            let items: Vec<usize> = (0..count).collect();
            let doubled = in_parallel(&items, |item| item * 2);
            assert!(doubled.iter().copied().eq((0..count).map(|n| n * 2)));
        }
    }
}
