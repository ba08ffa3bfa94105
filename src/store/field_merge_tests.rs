//! Merging by field: each kind of value, what both sides did, and what no merge may lose.

use super::*;
use crate::model::kinds::KINDS;

fn kind(noun: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == noun).expect("a type")
}

fn merged(noun: &str, base: &str, ours: &str, theirs: &str) -> Merged {
    merge(Some(kind(noun)), base, ours, theirs, &|_| None).expect("three files")
}

/// Merges without a clash, and comes to the same the other way round.
#[track_caller]
fn clean(noun: &str, base: &str, ours: &str, theirs: &str) -> String {
    let one = merged(noun, base, ours, theirs);
    assert_eq!(one.conflicts, []);
    let other = merged(noun, base, theirs, ours);
    assert_eq!(one.text, other.text, "the same either way");
    one.text
}

const BASE: &str = "id = \"cus_k\"\n\nname = \"海尔\"\nkind = \"company\"\n\ncity = \"北京\"\nstreet = \"长安街1号\"\n\n\
    tags = [\n  \"kilo\",\n  \"november\",\n]\n\n[custom]\ncolour = \"red\"\n\n\
    [[history]]\nat = 2026-01-01T09:00:00+08:00\nby = \"li.na\"\nto = \"normal\"\n";

fn with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn different_fields_never_clash_however_near_they_stand() {
    let text = clean(
        "customer",
        BASE,
        &with(&[("city = \"北京\"", "city = \"上海\"")]),
        &with(&[("street = \"长安街1号\"", "street = \"长安街2号\"\nzip = \"100000\"")]),
    );
    assert!(text.contains("city = \"上海\"\nstreet = \"长安街2号\"\nzip = \"100000\"\n"), "{text}");
    let gone = clean(
        "customer",
        BASE,
        &with(&[("street = \"长安街1号\"\n", "")]),
        &with(&[("city = \"北京\"", "city = \"上海\"")]),
    );
    assert!(!gone.contains("street") && gone.contains("上海"), "{gone}");
}

#[test]
fn a_key_that_this_version_does_not_know_survives() {
    let text = clean(
        "customer",
        BASE,
        &with(&[("city = \"北京\"", "city = \"北京\"\nmoon_phase = \"full\"")]),
        &with(&[("colour = \"red\"", "colour = \"red\"\ndepth = 3")]),
    );
    assert!(text.contains("moon_phase = \"full\"") && text.contains("depth = 3"), "{text}");
}

#[test]
fn sets_are_united_and_removals_hold() {
    let text = clean(
        "customer",
        BASE,
        &with(&[("  \"kilo\",\n", "  \"alpha\",\n  \"kilo\",\n")]),
        &with(&[("  \"november\",\n", "  \"lima\",\n")]),
    );
    assert!(text.contains("tags = [\n  \"alpha\",\n  \"kilo\",\n  \"lima\",\n]\n"), "{text}");
}

#[test]
fn the_same_change_is_one_change() {
    let same = with(&[("city = \"北京\"", "city = \"上海\"")]);
    assert_eq!(clean("customer", BASE, &same, &same), same);
    let spaced = same.replace("city = ", "city   = ");
    assert_eq!(merged("customer", BASE, &spaced, &same).text, spaced, "looks are nobody's change");
}

#[test]
fn steps_of_both_sides_stand_in_the_order_of_their_time() {
    let step = |at: &str, to: &str| {
        format!("{BASE}\n[[history]]\nat = 2026-{at}T09:00:00+08:00\nby = \"bo\"\nto = \"{to}\"\n")
    };
    let text = clean("customer", BASE, &step("03-01", "blocked"), &step("02-01", "x"));
    let order: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("at = 2026-")).collect();
    assert_eq!(order, ["01-01T09:00:00+08:00", "02-01T09:00:00+08:00", "03-01T09:00:00+08:00"]);
    assert_eq!(text.matches("[[history]]").count(), 3);
}

const ORDER: &str = "id = \"ord_k\"\n\n[[lines]]\nid = \"aaaaaa\"\nproduct = \"P\"\nqty = \"1\"\nprice = \"10\"\n\n\
    [[lines]]\nid = \"bbbbbb\"\nproduct = \"Q\"\nqty = \"2\"\nprice = \"20\"\n";

#[test]
fn rows_are_told_by_their_id() {
    let row = |id: &str| {
        format!("{ORDER}\n[[lines]]\nid = \"{id}\"\nproduct = \"N\"\nqty = \"3\"\nprice = \"5\"\n")
    };
    let text = clean("order", ORDER, &row("dddddd"), &row("cccccc"));
    let ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("id = ")).collect();
    assert_eq!(ids, ["\"ord_k\"", "\"aaaaaa\"", "\"bbbbbb\"", "\"cccccc\"", "\"dddddd\""]);
    let text = clean(
        "order",
        ORDER,
        &ORDER.replace("qty = \"1\"", "qty = \"7\""),
        &ORDER.replace("price = \"10\"", "price = \"9\""),
    );
    assert!(text.contains("qty = \"7\"\nprice = \"9\""), "{text}");
    let (without, _) = ORDER.rsplit_once("\n[[lines]]").expect("two rows");
    let text = clean("order", ORDER, without, &ORDER.replace("qty = \"1\"", "qty = \"7\""));
    assert!(!text.contains("bbbbbb") && text.contains("qty = \"7\""), "{text}");
}

#[test]
fn two_changes_of_one_field_are_left_to_a_person_between_markers() {
    let ours = with(&[("city = \"北京\"", "city = \"上海\"")]);
    let theirs = with(&[("city = \"北京\"", "city = \"广州\""), ("name = \"海尔\"", "name = \"海尔集团\"")]);
    let got = merged("customer", BASE, &ours, &theirs);
    let clash = Clash {
        field: "city".to_owned(),
        base: Some("\"北京\"".to_owned()),
        ours: Some("\"上海\"".to_owned()),
        theirs: Some("\"广州\"".to_owned()),
    };
    assert_eq!(got.conflicts, [clash]);
    let expected =
        "\n<<<<<<< ours\ncity = \"上海\"\n=======\ncity = \"广州\"\n>>>>>>> theirs\nstreet = \"长安街1号\"\n";
    assert!(got.text.contains(expected), "{}", got.text);
    assert!(got.text.contains("name = \"海尔集团\""), "the rest is merged");
    for (side, city) in [(Side::Ours, "上海"), (Side::Theirs, "广州")] {
        let decided =
            merge(Some(kind("customer")), BASE, &ours, &theirs, &|_| Some(side.clone())).expect("merges");
        assert_eq!(decided.conflicts, []);
        assert!(decided.text.contains(&format!("city = \"{city}\"\n")), "{}", decided.text);
    }
}

#[test]
fn a_state_that_is_decided_takes_its_history_with_it() {
    let base = "id = \"lea_k\"\n\nname = \"A\"\nstatus = \"new\"\n";
    let step = |more: &str, to: &str, hour: u8| {
        format!(
            "id = \"lea_k\"\n\nname = \"A\"\nstatus = \"{to}\"\n{more}\n\
             [[history]]\nat = 2026-01-01T{hour:02}:00:00+08:00\nby = \"bo\"\nfrom = \"new\"\nto = \"{to}\"\n"
        )
    };
    let ours = step("", "contacted", 9);
    let theirs = step("lost_reason = \"price\"\nclosed_on = 2026-01-01\n", "unqualified", 8);
    for (side, expected) in [(Side::Ours, &ours), (Side::Theirs, &theirs)] {
        let got = merge(Some(kind("lead")), base, &ours, &theirs, &|_| Some(side.clone())).expect("merges");
        assert_eq!((got.text.as_str(), got.conflicts.len()), (expected.as_str(), 0), "{side:?}");
    }
    let open = merged("lead", base, &ours, &theirs);
    assert_eq!(open.conflicts.len(), 1);
    assert_eq!(open.text.matches("[[history]]").count(), 2, "nothing is dropped before it is decided");
}

#[test]
fn comments_of_both_sides_survive() {
    let noted = |mark: &str| with(&[("city = ", &format!("# {mark}\ncity = "))]);
    let text =
        merged("customer", BASE, &with(&[("street = \"长安街1号\"", "street = \"2\"")]), &noted("theirs"))
            .text;
    assert!(text.contains("\n# theirs\ncity = \"北京\"\nstreet = \"2\"\n"), "{text}");
    let text = merged("customer", BASE, &noted("ours"), &noted("theirs")).text;
    assert!(text.contains("# ours\n# theirs\ncity"), "{text}");
    let text = merged("customer", &noted("old"), &noted("old"), BASE).text;
    assert!(!text.contains("# old"), "{text}");
}

#[test]
fn another_value_may_stand_in_place_of_both() {
    let base = "id = \"x\"\nqty = 1\nname = \"A\"\n";
    let decide = |clash: &Clash| match clash.field.as_str() {
        "qty" => Some(Side::Value("7".to_owned())),
        _ => Some(Side::Value("say \"B\"".to_owned())),
    };
    let [ours, theirs] = ["2", "3"].map(|n| base.replace(['1', 'A'], n));
    let got = merge(None, base, &ours, &theirs, &decide).expect("merges");
    assert_eq!((got.conflicts.len(), got.text.as_str()), (0, "id = \"x\"\nqty = 7\nname = 'say \"B\"'\n"));
}

#[test]
fn a_removal_and_a_change_are_left_to_a_person() {
    let removed = with(&[("city = \"北京\"\n", "")]);
    let changed = with(&[("city = \"北京\"", "city = \"上海\"")]);
    let got = merged("customer", BASE, &removed, &changed);
    assert!(got.text.contains("<<<<<<< ours\n=======\ncity = \"上海\"\n>>>>>>> theirs\n"), "{}", got.text);
    let got = merged("customer", BASE, &changed, &removed);
    assert!(got.text.contains("<<<<<<< ours\ncity = \"上海\"\n=======\n>>>>>>> theirs\n"), "{}", got.text);
    let (without, _) = ORDER.rsplit_once("\n[[lines]]").expect("two rows");
    let got = merged("order", ORDER, without, &ORDER.replace("qty = \"2\"", "qty = \"7\""));
    assert_eq!(got.conflicts[0].field, "lines[bbbbbb]");
    assert!(got.text.contains("<<<<<<< ours\n=======\n[[lines]]\nid = \"bbbbbb\""), "{}", got.text);
    assert!(got.text.ends_with(">>>>>>> theirs\n"), "{}", got.text);
}

/// A record of some fields, a set, custom fields and rows, by numbers.
fn record(scalars: [u8; 4], tags: u8, custom: [u8; 2], rows: [u8; 4]) -> String {
    let mut text = String::from("id = \"cus_k\"\n\n");
    for (name, value) in ["city", "street", "phone", "future"].iter().zip(scalars) {
        if value > 0 {
            text += &format!("{name} = \"{value}\"\n");
        }
    }
    let members: Vec<String> =
        (0..5).filter(|n| tags >> n & 1 == 1).map(|n| format!("  \"t{n}\",\n")).collect();
    if !members.is_empty() {
        text += &format!("\ntags = [\n{}]\n", members.concat());
    }
    if custom.iter().any(|value| *value > 0) {
        text += "\n[custom]\n";
        for (name, value) in ["a", "b"].iter().zip(custom) {
            if value > 0 {
                text += &format!("{name} = {value}\n");
            }
        }
    }
    for (id, value) in ["ka", "kb", "kc", "kd"].iter().zip(rows) {
        if value > 0 {
            text += &format!("\n[[contacts_of]]\nid = \"{id}\"\nvalue = {value}\n");
        }
    }
    text
}

type Numbers = ([u8; 4], u8, [u8; 2], [u8; 4]);

fn numbers() -> impl proptest::strategy::Strategy<Value = Numbers> {
    use proptest::array::{uniform2, uniform4};
    (uniform4(0..4_u8), 0..32_u8, uniform2(0..3_u8), uniform4(0..3_u8))
}

/// What one number of three versions comes to; nothing where both sides changed it differently.
fn expected(base: u8, ours: u8, theirs: u8) -> Option<u8> {
    match (base, ours, theirs) {
        (_, o, t) if o == t => Some(o),
        (b, o, t) if b == o => Some(t),
        (b, o, t) if b == t => Some(o),
        _ => None,
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
    #[test]
    fn no_change_is_lost_and_none_is_invented(b in numbers(), o in numbers(), t in numbers()) {
        let text = |n: &Numbers| record(n.0, n.1, n.2, n.3);
        let got = merged("customer", &text(&b), &text(&o), &text(&t));
        let mut clashes = 0;
        let mut number = |b: u8, o: u8, t: u8| expected(b, o, t).unwrap_or_else(|| { clashes += 1; o });
        let mut one = |at: usize| number(b.0[at], o.0[at], t.0[at]);
        let scalars = [one(0), one(1), one(2), one(3)];
        let custom = [number(b.2[0], o.2[0], t.2[0]), number(b.2[1], o.2[1], t.2[1])];
        let row = |at: usize| (b.3[at], o.3[at], t.3[at]);
        let mut rows = [0; 4];
        for (at, out) in rows.iter_mut().enumerate() {
            let (b, o, t) = row(at);
            *out = number(b, o, t);
        }
        let tags = (b.1 | o.1 | t.1) & !((b.1 & !o.1) | (b.1 & !t.1));
        proptest::prop_assert_eq!(got.conflicts.len(), clashes, "{:?}", got.conflicts);
        if clashes == 0 {
            let back = merged("customer", &text(&b), &text(&t), &text(&o));
            let read = |text: &str| plain_table(text.parse::<DocumentMut>().expect("toml").as_table());
            let wanted = record(scalars, tags, custom, rows);
            // Rows that one side added stand behind those that were there.
            let sorted = |text: &str| {
                let mut parts: Vec<String> = text.split("\n[[").map(|part| part.trim().to_owned()).collect();
                parts[1..].sort();
                read(&parts.join("\n[["))
            };
            proptest::prop_assert_eq!(sorted(&got.text), sorted(&wanted), "{}", got.text);
            proptest::prop_assert_eq!(read(&got.text), read(&back.text));
        } else {
            proptest::prop_assert!(got.text.contains("<<<<<<<") && got.text.contains(">>>>>>>"), "{}", got.text);
        }
    }
}
