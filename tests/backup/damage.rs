//! Every byte counts: whatever changes or is missing is found.

use std::fs;

use super::{archive, flaw, headed, made, members, packed, resealed, why, with_manifest};
use crate::support::Sandbox;

/// Numbers without a pattern, always the same.
fn numbers() -> impl Iterator<Item = usize> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 1).expect("a number")
    })
}

#[test]
fn each_of_a_thousand_flipped_bits_is_found() {
    let sandbox = Sandbox::trading();
    let whole = fs::read(made(&sandbox, "a.crmbackup")).expect("the backup");
    assert_eq!(flaw(&whole), None);
    let mut places: Vec<(usize, u8)> = Vec::new();
    // The headers, the ends, the last line: every region has its share.
    let ends = (0..512).step_by(8).chain(whole.len() - 1200..whole.len());
    places.extend(ends.map(|at| (at, 1 << (at % 8))));
    let mut numbers = numbers();
    while places.len() < 2000 {
        let (at, bit) = (numbers.next().expect("endless"), numbers.next().expect("endless"));
        places.push((at % whole.len(), 1 << (bit % 8)));
    }
    let mut damaged = whole.clone();
    for (at, bit) in places {
        damaged[at] ^= bit;
        assert!(flaw(&damaged).is_some(), "bit {bit} of byte {at} of {}", whole.len());
        damaged[at] = whole[at];
    }
    assert_eq!(flaw(&damaged), None);
}

#[test]
fn what_is_cut_off_anywhere_is_found() {
    let sandbox = Sandbox::trading();
    let whole = fs::read(made(&sandbox, "a.crmbackup")).expect("the backup");
    for part in 0..100 {
        let at = whole.len() * part / 100;
        assert!(flaw(&whole[..at]).is_some(), "{at} bytes of {}", whole.len());
    }
    for fewer in 1..=100 {
        assert_eq!(flaw(&whole[..whole.len() - fewer]), Some("backup-truncated"));
    }
    assert!(flaw(&[&whole[..], b"\n"].concat()).is_some());
    assert!(flaw(&[&whole[..], &whole[..]].concat()).is_some());
}

/// Whoever writes the checksum anew meets the manifest, git and the form of the archive.
#[test]
fn a_new_checksum_over_damage_does_not_hide_it() {
    let sandbox = Sandbox::trading();
    let whole = fs::read(made(&sandbox, "a.crmbackup")).expect("the backup");
    let mut damaged = archive(&whole).to_vec();
    let manifest = members(&whole)[0].1.len();
    let bundle = 1024 + manifest.next_multiple_of(512);
    let mut numbers = numbers();
    let spread = (0..200).map(|_| numbers.next().expect("endless") % (damaged.len() - bundle) + bundle);
    // All of the first header, what fills up the manifest, the header of the bundle.
    let all = (0..512).chain(512 + manifest..bundle).chain(spread);
    for at in all.collect::<Vec<_>>() {
        damaged[at] ^= 4;
        // The time of the members is the one thing that nothing else repeats.
        let is_time = |header: usize| (header + 136..header + 156).contains(&at);
        if !is_time(0) && !is_time(bundle - 512) {
            assert!(flaw(&resealed(&damaged)).is_some(), "byte {at} of {}", damaged.len());
        }
        damaged[at] ^= 4;
    }
    assert_eq!(flaw(&resealed(&damaged)), None);
}

#[test]
fn what_the_manifest_says_must_be_so() {
    let sandbox = Sandbox::trading();
    let whole = fs::read(made(&sandbox, "a.crmbackup")).expect("the backup");
    let said = |key: &str, value: serde_json::Value| {
        flaw(&with_manifest(&whole, |manifest| manifest[key] = value)).unwrap_or("fine")
    };
    let id = "1234567890123456789012345678901234567890";
    assert_eq!(said("store", "other".into()), "fine");
    assert_eq!(said("tip", id.into()), "backup-wrong-tip");
    assert_eq!(said("root", id.into()), "backup-wrong-root");
    assert_eq!(said("branch", "other".into()), "backup-bad-bundle");
    assert_eq!(said("records", serde_json::json!({"customer": 2})), "backup-wrong-count");
    assert_eq!(said("signed", true.into()), "backup-bad-member");
    assert_eq!(said("encrypted", true.into()), "backup-bad-member");
    assert_eq!(said("members", serde_json::json!([])), "backup-bad-member");
    assert_eq!(said("format", 2.into()), "backup-newer");
    assert_eq!(said("created_at", "yesterday".into()), "backup-bad-manifest");
    assert_eq!(said("members", 1.into()), "backup-bad-manifest");
    for id in ["", "äöü", "../../../../../../../../../../../../../x", &id.to_uppercase().replace('1', "A")]
    {
        assert_eq!(said("tip", id.into()), "backup-bad-manifest", "{id}");
        assert_eq!(said("root", id.into()), "backup-bad-manifest", "{id}");
    }
    for branch in ["", "../x", "a\nb", "a..b", "-x/"] {
        assert_eq!(said("branch", branch.into()), "backup-bad-manifest", "{branch}");
    }
}

#[test]
fn members_of_another_backup_do_not_fit() {
    let sandbox = Sandbox::trading();
    let first = members(&fs::read(made(&sandbox, "a.crmbackup")).expect("the backup"));
    sandbox.ok("region add south --name 南方");
    let second = members(&fs::read(made(&sandbox, "b.crmbackup")).expect("the backup"));
    let swapped = vec![second[0].clone(), first[1].clone()];
    assert!(why(&packed(&headed(swapped))).starts_with("backup-bad-member bundle"));
    let mut turned = first.clone();
    turned.reverse();
    assert_eq!(why(&packed(&headed(turned))), "backup-not-one");
    let lacking = vec![first[0].clone()];
    assert_eq!(why(&packed(&headed(lacking))), "backup-bad-member bundle missing");
    assert_eq!(flaw(&packed(&headed(first))), None);
}

#[test]
fn the_command_names_what_is_wrong_and_exits_9() {
    let sandbox = Sandbox::trading();
    let path = made(&sandbox, "a.crmbackup");
    let name = path.to_string_lossy().into_owned();
    let run = sandbox.crm(&["backup", "verify", &name, "--format", "json"]).exits(0);
    let rows = run.json();
    let states: Vec<_> = rows.as_array().expect("rows").iter().map(|row| row["what"].clone()).collect();
    let all = ["checksum", "members", "signature", "history", "tip", "records", "policy"];
    assert_eq!(states, all);
    let mut bytes = fs::read(&path).expect("the backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    sandbox.crm(&["backup", "verify", &name]).exits(9).prints(&["wrong"]).says(&["checksum"]);
    sandbox.crm(&["backup", "verify", &name, "--lang", "zh-CN"]).exits(9).says(&["校验和"]);
    let target = sandbox.outside("new");
    sandbox.fails(9, &["backup", "restore", &name, "--to", &target.to_string_lossy()]);
    assert!(!target.exists());
    sandbox.fails(1, "backup verify nowhere.crmbackup");
    sandbox.crm("backup verify crm.toml").exits(9).says(&["cut off, or is no backup"]);
}
