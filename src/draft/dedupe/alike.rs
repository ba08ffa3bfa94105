//! Which of many names are alike, without comparing each with each.
//!
//! Names whose Jaro–Winkler similarity is at least 0.92 have so many letters in common that among
//! the rarest letters of both there is one they share: if the longer name has n letters, at least
//! 0.6 n of them are in common. (The similarity exceeds Jaro's by at most 0.4 of what is missing,
//! so Jaro's is at least 1 − 0.08 / 0.6; with m letters in common out of a and b it is at most
//! (m / a + m / b + 1) / 3, so m / a + m / b ≥ 1.6, which needs m ≥ 0.6 max(a, b).) So only names that
//! share one of their n − ⌈0.6 n⌉ + 1 rarest letters are compared, and no pair is lost.

use std::collections::HashMap;

use strsim::jaro_winkler;

use super::ALIKE;

/// Whether two keys are alike.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    jaro_winkler(one, other) >= ALIKE
}

/// A letter and the how manieth of its kind it is in the name.
type Letter = (char, u8);

/// Calls `each` with the places of two names that may be alike, at least once for every two that
/// are; gives up when it says so.
pub(super) fn near(names: &[&str], each: &mut dyn FnMut(usize, usize) -> bool) -> bool {
    let letters: Vec<Vec<Letter>> = names.iter().map(|name| letters(name)).collect();
    let mut counts: HashMap<Letter, u32> = HashMap::new();
    for letter in letters.iter().flatten() {
        *counts.entry(*letter).or_default() += 1;
    }
    let mut having: HashMap<Letter, Vec<usize>> = HashMap::new();
    for (at, mut name) in letters.into_iter().enumerate() {
        let length = name.len();
        name.sort_by_key(|letter| (counts.get(letter).copied().unwrap_or_default(), *letter));
        let mut seen: Vec<usize> = Vec::new();
        for letter in &name[..rare(length)] {
            let others = having.entry(*letter).or_default();
            seen.extend(others.iter().copied());
            others.push(at);
        }
        seen.sort_unstable();
        seen.dedup();
        for other in seen {
            if !each(other, at) {
                return false;
            }
        }
    }
    true
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
