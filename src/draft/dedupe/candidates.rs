//! The pairs that score enough, found without comparing each record with each.
//!
//! Records that share a phone, e-mail, tax number, domain, name key, or the beginning of the key
//! in one city form a block; only pairs of a block are candidates. In a small block all pairs are
//! scored. A large one is cut further without losing a pair that scores enough: what its records
//! share is worth `base` points, so a pair must have something else in common that is worth the
//! rest. Leaving out things that together are worth less than the rest, every pair that scores
//! enough shares at least one of the others, by which the block is cut again; alike names are
//! found by their letters (see `alike`). A pair with several things in common is found in the
//! block of the first of them, so later blocks need not look for what earlier ones are made of.
//!
//! One exception, which is told: where more than [`CROWD`] records share what alone scores enough
//! (a switchboard, a placeholder), each is paired with the one of them that stays.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Reason, Subject, alike, score};

/// Blocks up to this size are compared each with each.
const SMALL: usize = 40;
/// More records than this with one phone are no pairs but a crowd.
pub const CROWD: usize = 500;
/// More pairs than this nobody reads.
const LIMIT: usize = 500_000;

/// A crowd: what its records share, and how many they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowd {
    pub reason: Reason,
    pub records: usize,
}

/// Pairs that score enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Places of the record to keep and the one to drop, and the score; best first, then by ids.
    pub pairs: Vec<(usize, usize, u32)>,
    pub crowds: Vec<Crowd>,
    /// There are more pairs than anybody reads; those here are only some of them.
    pub overflow: bool,
}

/// The things by which blocks are made, in the order in which they are looked at.
const BLOCKS: [Reason; 5] = [Reason::TaxId, Reason::Phone, Reason::Email, Reason::Name, Reason::Domain];

/// What a large block is cut by, the most laborious first.
const CUTS: [Reason; 8] = [
    Reason::City,
    Reason::SimilarName,
    Reason::Domain,
    Reason::Street,
    Reason::Birthday,
    Reason::Name,
    Reason::Email,
    Reason::Phone,
];

/// Every pair of candidates that scores at least so much.
pub fn pairs(subjects: &[Subject], least: u32) -> Found {
    let mut search = Search { subjects, least: least.max(1), seen: HashSet::new(), found: Found::default() };
    let all: Vec<usize> = (0..subjects.len()).collect();
    for (place, reason) in BLOCKS.into_iter().enumerate() {
        let known = &BLOCKS[..=place];
        let rest: Vec<Reason> = CUTS.into_iter().filter(|cut| !known.contains(cut)).collect();
        let rest = rest.into_iter().filter(|cut| reason != Reason::Name || *cut != Reason::SimilarName);
        let rest: Vec<Reason> = rest.collect();
        for block in search.groups(&all, reason) {
            search.block(&block, reason, reason.points(), &rest);
        }
    }
    let rest = [Reason::SimilarName, Reason::Street, Reason::Birthday];
    for block in neighbours(subjects) {
        search.block(&block, Reason::City, Reason::City.points(), &rest);
    }
    search.told()
}

/// Records of one city whose keys begin alike.
fn neighbours(subjects: &[Subject]) -> Vec<Vec<usize>> {
    let mut blocks: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        if let (Some(city), Some(beginning)) = (subject.city.as_deref(), subject.beginning()) {
            blocks.entry((city, beginning)).or_default().push(at);
        }
    }
    blocks.into_values().filter(|block| block.len() > 1).collect()
}

struct Search<'s> {
    subjects: &'s [Subject],
    least: u32,
    /// Pairs that score enough.
    seen: HashSet<(usize, usize)>,
    found: Found,
}

impl Search<'_> {
    /// Scores the pairs of a block whose records share what is worth `base` points.
    fn block(&mut self, members: &[usize], shared: Reason, base: u32, rest: &[Reason]) {
        if self.found.overflow {
            return;
        }
        if base >= self.least && members.len() > CROWD {
            return self.crowd(members, shared);
        }
        if base >= self.least || members.len() <= SMALL {
            for (at, one) in members.iter().enumerate() {
                for other in &members[at + 1..] {
                    self.look(*one, *other);
                }
            }
            return;
        }
        let need = self.least - base;
        let mut left_out = 0;
        let cuts: Vec<Reason> = rest
            .iter()
            .copied()
            .filter(|cut| {
                let few = left_out + cut.points() < need;
                left_out += if few { cut.points() } else { 0 };
                !few
            })
            .collect();
        for cut in cuts {
            if cut == Reason::SimilarName {
                self.alike(members);
                continue;
            }
            // Who lives in one street lives in one city.
            let city = cut == Reason::Street && rest.contains(&Reason::City);
            let base = base + cut.points() + if city { Reason::City.points() } else { 0 };
            let rest: Vec<Reason> = rest
                .iter()
                .copied()
                .filter(|other| *other != cut && !(city && *other == Reason::City))
                .filter(|other| cut != Reason::Name || *other != Reason::SimilarName)
                .collect();
            for group in self.groups(members, cut) {
                self.block(&group, cut, base, &rest);
            }
        }
    }

    /// Each of many with the one of them that stays.
    fn crowd(&mut self, members: &[usize], reason: Reason) {
        let stays = |one: usize, other: usize| self.subjects[one].stays_before(&self.subjects[other]);
        let hub = members.iter().copied().reduce(|best, at| if stays(at, best) { at } else { best });
        for member in members {
            if let Some(hub) = hub.filter(|hub| hub != member) {
                self.look(hub, *member);
            }
        }
        self.found.crowds.push(Crowd { reason, records: members.len() });
    }

    fn alike(&mut self, members: &[usize]) {
        let subjects = self.subjects;
        let names: Vec<&str> = members.iter().map(|at| subjects[*at].key.as_str()).collect();
        alike::near(&names, &mut |one, other| {
            self.look(members[one], members[other]);
            !self.found.overflow
        });
    }

    fn look(&mut self, one: usize, other: usize) {
        let pair = (one.min(other), one.max(other));
        let (first, second) = (&self.subjects[pair.0], &self.subjects[pair.1]);
        let Some((score, _)) = score(first, second).filter(|(score, _)| *score >= self.least) else { return };
        if self.found.overflow || !self.seen.insert(pair) {
            return;
        }
        let (keep, drop) = if first.stays_before(second) { pair } else { (pair.1, pair.0) };
        self.found.pairs.push((keep, drop, score));
        self.found.overflow = self.found.pairs.len() >= LIMIT;
    }

    /// The members that share something, each group of at least two.
    fn groups(&self, members: &[usize], by: Reason) -> Vec<Vec<usize>> {
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in members {
            for value in values(&self.subjects[*at], by) {
                let group = groups.entry(value).or_default();
                if group.last() != Some(at) {
                    group.push(*at);
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
        groups.sort_unstable();
        groups
    }

    fn told(mut self) -> Found {
        let id = |at: usize| self.subjects[at].id.as_str();
        self.found
            .pairs
            .sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (id(a.0), id(a.1)).cmp(&(id(b.0), id(b.1)))));
        self.found.crowds.sort_by_key(|crowd| (crowd.reason, std::cmp::Reverse(crowd.records)));
        self.found
    }
}

/// What two records must share for a reason to hold.
fn values(subject: &Subject, reason: Reason) -> Vec<&str> {
    match reason {
        Reason::TaxId => one(subject.tax_id.as_deref()),
        Reason::Phone => all(&subject.phones),
        Reason::Email => all(&subject.emails),
        Reason::Domain => all(&subject.domains),
        Reason::Name | Reason::SimilarName => one(Some(subject.key.as_str()).filter(|key| !key.is_empty())),
        Reason::Street => one(subject.street.as_deref()),
        Reason::Birthday => one(subject.birthday.as_deref()),
        Reason::City => one(subject.city.as_deref()),
    }
}

fn one(value: Option<&str>) -> Vec<&str> {
    value.into_iter().collect()
}

fn all(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Raw;
    use super::*;

    type Listed = Vec<(String, String, u32)>;

    fn listed(subjects: &[Subject], found: &Found) -> Listed {
        let id = |at: usize| subjects[at].id.clone();
        found.pairs.iter().map(|(keep, drop, score)| (id(*keep), id(*drop), *score)).collect()
    }

    /// Whether two records are candidates, as the definition says.
    fn candidates(one: &Subject, other: &Subject) -> bool {
        let common = |a: &[String], b: &[String]| a.iter().any(|value| b.contains(value));
        let both = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        common(&one.phones, &other.phones)
            || common(&one.emails, &other.emails)
            || common(&one.domains, &other.domains)
            || both(&one.tax_id, &other.tax_id)
            || !one.key.is_empty() && one.key == other.key
            || both(&one.city, &other.city) && both(&one.beginning(), &other.beginning())
    }

    /// Every pair compared with every other.
    fn slowly(subjects: &[Subject], least: u32) -> Listed {
        let mut all = Vec::new();
        for (at, one) in subjects.iter().enumerate() {
            for other in &subjects[at + 1..] {
                if let Some((score, _)) = score(one, other).filter(|_| candidates(one, other)) {
                    let (keep, drop) = if one.stays_before(other) { (one, other) } else { (other, one) };
                    all.push((keep.id.clone(), drop.id.clone(), score));
                }
            }
        }
        all.retain(|(_, _, score)| *score >= least);
        all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.0, &a.1).cmp(&(&b.0, &b.1))));
        all
    }

    /// Records that share much with each other: from few values of everything.
    fn crowded(count: usize, sides: usize) -> Vec<Subject> {
        let mut die = 99_usize;
        let mut roll = |sides: usize| {
            die = die.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (die >> 33) % sides
        };
        let words = ["海纳", "物流", "汽车", "销售", "科技", "贸易", "东", "南", "西", "北"];
        (0..count)
            .map(|at| {
                let name: String = (0..=roll(4)).map(|_| words[roll(words.len())]).collect();
                let name = format!("深圳{name}");
                let some = |text: String, die: usize| (die < 3).then_some(text);
                let phone = some(format!("+86{}", roll(sides * 8)), roll(8));
                let email = some(format!("m{}@d{}.cn", roll(sides * 8), roll(sides)), roll(5));
                let street = some(format!("路{}", roll(sides)), roll(4));
                let birthday = some(format!("1990-01-{:02}", 1 + roll(9)), roll(6));
                let tax = some(format!("T{}", roll(sides * 30)), roll(9));
                let id = format!("cus_{at:06}");
                Subject::new(Raw {
                    id: &id,
                    name: &name,
                    phones: phone.iter().map(String::as_str).collect(),
                    emails: email.iter().map(String::as_str).collect(),
                    tax_id: tax.as_deref(),
                    city: Some(["深圳", "深圳市", "广州"][roll(3)]),
                    street: street.as_deref(),
                    birthday: birthday.as_deref(),
                    documents: roll(3) as u64,
                    ..Raw::default()
                })
            })
            .collect()
    }

    #[test]
    fn no_pair_is_lost_whatever_the_score_asked_for() {
        for (count, sides) in [(300, 3), (450, 12)] {
            let subjects = crowded(count, sides);
            for least in [20, 30, 35, 40, 50, 60, 65, 75, 90, 100] {
                let found = pairs(&subjects, least);
                assert!(found.crowds.is_empty() && !found.overflow);
                let slowly = slowly(&subjects, least);
                assert_eq!(listed(&subjects, &found), slowly, "{count} {least}");
                assert!(least > 75 || !slowly.is_empty(), "{count} {least}");
            }
        }
    }

    #[test]
    fn a_whole_city_that_begins_alike_is_cut() {
        let subjects: Vec<Subject> = (0..20_000)
            .map(|at| {
                let (id, name) = (format!("cus_{at:06}"), format!("深圳市第{at}公司"));
                let phone = format!("+86{}", at / 2);
                let phones = if at < 100 { vec![phone.as_str()] } else { Vec::new() };
                Subject::new(Raw { id: &id, name: &name, phones, city: Some("深圳"), ..Raw::default() })
            })
            .collect();
        let found = pairs(&subjects, 60);
        assert_eq!((found.pairs.len(), found.crowds.len(), found.overflow), (50, 0, false));
    }

    #[test]
    fn who_share_a_switchboard_are_a_crowd() {
        let subjects: Vec<Subject> = (0..=CROWD)
            .map(|at| {
                let id = format!("cus_{at:06}");
                let documents = u64::from(at == 7);
                Subject::new(Raw { id: &id, phones: vec!["+8610"], documents, ..Raw::default() })
            })
            .collect();
        let found = pairs(&subjects, 60);
        assert_eq!(found.pairs.len(), CROWD);
        assert!(found.pairs.iter().all(|(keep, _, score)| *keep == 7 && *score == 60));
        assert_eq!(found.crowds, [Crowd { reason: Reason::Phone, records: CROWD + 1 }]);
        let fewer = pairs(&subjects[..CROWD], 60);
        assert_eq!((fewer.pairs.len(), fewer.crowds.len()), (CROWD * (CROWD - 1) / 2, 0));
    }

    #[test]
    fn nothing_is_a_pair_with_itself() {
        let id = "cus_a";
        let twice = Raw { id, phones: vec!["1", "1"], emails: vec!["a@b.cn", "a@b.cn"], ..Raw::default() };
        assert_eq!(pairs(&[Subject::new(twice)], 1), Found::default());
        assert_eq!(pairs(&[], 60), Found::default());
    }
}
