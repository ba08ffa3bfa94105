//! Two texts, line by line: what goes and what comes, for dry runs.

/// Lines beyond which two texts are told apart as a whole.
const MOST: usize = 4000;

/// The lines that differ: `-` what goes, `+` what comes, in their order.
pub fn diff(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same..], &new[same..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let gone = |line: &&str| format!("-{line}");
    let come = |line: &&str| format!("+{line}");
    if old.len().saturating_mul(new.len()) > MOST * MOST {
        return old.iter().map(gone).chain(new.iter().map(come)).collect();
    }
    // Lengths of the longest common subsequences of what is left, from each place on.
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            lengths[a * width + b] = if old[a] == new[b] {
                lengths[(a + 1) * width + b + 1] + 1
            } else {
                lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b, mut lines) = (0, 0, Vec::new());
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            (a, b) = (a + 1, b + 1);
        } else if b == new.len()
            || a < old.len() && lengths[(a + 1) * width + b] >= lengths[a * width + b + 1]
        {
            lines.push(gone(&old[a]));
            a += 1;
        } else {
            lines.push(come(&new[b]));
            b += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn only_what_differs_is_shown() {
        for (old, new, expected) in [
            ("a\nb\nc\n", "a\nB\nc\n", vec!["-b", "+B"]),
            ("a\nb\n", "a\nb\n", vec![]),
            ("", "a\n", vec!["+a"]),
            ("a\nb\nc\nd\n", "b\nx\nd\n", vec!["-a", "-c", "+x"]),
        ] {
            assert_eq!(diff(old, new), expected, "{old:?} {new:?}");
        }
    }
}
