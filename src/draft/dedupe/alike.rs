//! Which of many names are alike, without comparing each with each.
//!
//! Names whose Jaro–Winkler similarity is at least 0.92 have many letters in common. It exceeds
//! Jaro's by at most 0.4 of what is missing, so Jaro's is at least 1 − 0.08 / 0.6; with m letters in
//! common out of a and b it is at most (m / a + m / b + 1) / 3, so m / a + m / b ≥ 1.6, which is
//! m ≥ 8 a b / (5 (a + b)). If a is the longer, m ≥ 0.6 a.
//!
//! With the letters of each name in one order, the rarest first, the first letter that two names
//! share has at least m − 1 letters behind it in both. So it is one of the first a − ⌈0.6 a⌉ + 1,
//! and only names that meet in such a place are compared. No pair is lost.

use std::cmp::Ordering;
use std::collections::HashMap;

use strsim::jaro_winkler;

use super::ALIKE;

/// Whether two keys are alike.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    jaro_winkler(one, other) >= ALIKE
}

/// A letter and the how manieth of its kind it is in the name.
type Letter = (char, u8);

/// Calls `each` with the places of two names that may be alike, once for every two that are; gives
/// up when it says so.
pub(super) fn near(names: &[&str], each: &mut dyn FnMut(usize, usize) -> bool) -> bool {
    let (names, kinds) = ranked(names);
    // By letter: the names that have it among their rarest, and at which place.
    let mut having: Vec<Vec<(usize, usize)>> = vec![Vec::new(); kinds];
    let mut met: Vec<usize> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        met.clear();
        for (place, letter) in name.iter().enumerate().take(rare(name.len())) {
            let others = &mut having[*letter];
            met.extend(others.iter().filter_map(|(other, there)| {
                let length = names[*other].len();
                let behind = (name.len() - place).min(length - there);
                (behind >= shared_least(name.len(), length)).then_some(*other)
            }));
            others.push((at, place));
        }
        met.sort_unstable();
        met.dedup();
        for other in &met {
            let (one, least) = (&names[*other], shared_least(name.len(), names[*other].len()));
            if shared(one, name) >= least && !each(*other, at) {
                return false;
            }
        }
    }
    true
}

/// The letters of each name as their ranks, the rarest first, and how many kinds there are.
fn ranked(names: &[&str]) -> (Vec<Vec<usize>>, usize) {
    let letters: Vec<Vec<Letter>> = names.iter().map(|name| letters(name)).collect();
    let mut counts: HashMap<Letter, usize> = HashMap::new();
    for letter in letters.iter().flatten() {
        *counts.entry(*letter).or_default() += 1;
    }
    let mut order: Vec<(usize, Letter)> = counts.into_iter().map(|(letter, count)| (count, letter)).collect();
    order.sort_unstable();
    let ranks: HashMap<Letter, usize> =
        order.iter().enumerate().map(|(rank, (_, letter))| (*letter, rank)).collect();
    let ranked = letters.into_iter().map(|name| {
        let mut name: Vec<usize> = name.iter().filter_map(|letter| ranks.get(letter).copied()).collect();
        name.sort_unstable();
        name
    });
    (ranked.collect(), order.len())
}

fn letters(name: &str) -> Vec<Letter> {
    let mut seen: HashMap<char, u8> = HashMap::new();
    let of = |c: char, seen: &mut HashMap<char, u8>| {
        let count = seen.entry(c).or_default();
        *count = count.saturating_add(1);
        (c, *count)
    };
    name.chars().map(|c| of(c, &mut seen)).collect()
}

/// How many letters two sorted names share.
fn shared(one: &[usize], other: &[usize]) -> usize {
    let (mut a, mut b, mut count) = (0, 0, 0);
    while a < one.len() && b < other.len() {
        match one[a].cmp(&other[b]) {
            Ordering::Less => a += 1,
            Ordering::Greater => b += 1,
            Ordering::Equal => (a, b, count) = (a + 1, b + 1, count + 1),
        }
    }
    count
}

/// How many letters names of these lengths must share to be alike.
fn shared_least(one: usize, other: usize) -> usize {
    (8 * one * other).div_ceil(5 * (one + other).max(1)).max(1)
}

/// How many of the rarest letters of a name to look at.
fn rare(length: usize) -> usize {
    let shared = (length * 3).div_ceil(5);
    (length + 1 - shared.max(1)).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names made of few letters, so that many are alike: a linear congruence as a die.
    fn names(count: usize, alphabet: &str, longest: usize) -> Vec<String> {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let mut die = 12_345_usize;
        let mut roll = |sides: usize| {
            die = die.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (die >> 33) % sides
        };
        (0..count).map(|_| (0..=roll(longest)).map(|_| alphabet[roll(alphabet.len())]).collect()).collect()
    }

    #[test]
    fn no_pair_that_is_alike_is_lost() {
        let mut found_any = 0;
        for (alphabet, longest) in
            [("ab", 6), ("abc", 9), ("海纳物流科技深圳", 8), ("abcdefghij", 5), ("0123456789", 12)]
        {
            let names = names(400, alphabet, longest);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut found = std::collections::BTreeSet::new();
            near(&names, &mut |a, b| {
                found.insert((a, b));
                true
            });
            for a in 0..names.len() {
                for b in a + 1..names.len() {
                    if are_alike(names[a], names[b]) {
                        found_any += 1;
                        assert!(found.contains(&(a, b)), "{} {}", names[a], names[b]);
                    }
                }
            }
        }
        assert!(found_any > 1000, "{found_any}");
    }

    #[test]
    fn names_of_other_letters_are_not_compared() {
        let mut compared = 0;
        near(&["海纳物流", "比亚迪汽车", "acme", ""], &mut |_, _| {
            compared += 1;
            true
        });
        assert_eq!(compared, 0);
    }

    #[test]
    fn it_gives_up_when_told() {
        let mut compared = 0;
        assert!(!near(&["a", "a", "a", "a"], &mut |_, _| {
            compared += 1;
            false
        }));
        assert_eq!(compared, 1);
    }
}
