//! Archives that somebody made to do harm: nothing outside the new folder is ever touched.

use std::fs;

use super::{flaw, headed, header, made, members, packed, why, with_manifest};
use crate::support::Sandbox;

type Members = Vec<(tar::Header, Vec<u8>)>;

fn basis(sandbox: &Sandbox) -> (Vec<u8>, Members) {
    let bytes = fs::read(made(sandbox, "a.crmbackup")).expect("the backup");
    let members = headed(members(&bytes));
    (bytes, members)
}

/// With one member more.
fn and(members: &Members, header: tar::Header, content: &[u8]) -> Vec<u8> {
    let mut all = members.clone();
    all.push((header, content.to_vec()));
    packed(&all)
}

/// A header with a name that the library would not write.
fn named(name: &str, size: usize) -> tar::Header {
    let mut header = header("x", size);
    header.as_mut_bytes()[..100].fill(0);
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_cksum();
    header
}

#[test]
fn no_member_leads_out_or_is_anything_but_a_file() {
    let sandbox = Sandbox::trading();
    let (_, members) = basis(&sandbox);
    for name in ["../x", "/etc/x", "auth/../../x", "auth//x", "./x", "auth/", "a\\b", "auth/\u{1b}[2J"] {
        let text = why(&and(&members, named(name, 1), b"x"));
        assert!(text.starts_with("backup-bad-member") && text.ends_with(" path"), "{name}: {text}");
    }
    for (kind, reason) in [
        (tar::EntryType::Symlink, "link"),
        (tar::EntryType::Link, "link"),
        (tar::EntryType::Char, "kind"),
        (tar::EntryType::Block, "kind"),
        (tar::EntryType::Fifo, "kind"),
        (tar::EntryType::Directory, "kind"),
        (tar::EntryType::GNULongName, "kind"),
        (tar::EntryType::XHeader, "kind"),
        (tar::EntryType::GNUSparse, "kind"),
    ] {
        let mut header = header("auth/x", 0);
        header.set_entry_type(kind);
        header.set_cksum();
        assert_eq!(why(&and(&members, header, b"")), format!("backup-bad-member auth/x {reason}"));
    }
}

#[test]
fn no_member_is_unknown_there_twice_or_as_large_as_it_likes() {
    let sandbox = Sandbox::trading();
    let (_, members) = basis(&sandbox);
    assert_eq!(why(&and(&members, header("hook", 1), b"x")), "backup-bad-member hook unknown");
    assert_eq!(why(&and(&members, header("auth/x", 1), b"x")), "backup-bad-member auth/x unknown");
    let (bundle, content) = members[1].clone();
    assert_eq!(why(&and(&members, bundle, &content)), "backup-bad-member bundle twice");
    let mut huge = header("auth/x", 0);
    huge.set_size(8_000_000_000);
    huge.set_cksum();
    assert_eq!(why(&and(&members, huge.clone(), b"x")), "backup-bad-member auth/x size");
    huge.set_size(u64::MAX / 2);
    huge.set_cksum();
    assert_eq!(why(&and(&members, huge, b"x")), "backup-bad-member auth/x size");
    let mut other = header("auth/x", 1);
    other.set_mode(0o4755);
    other.set_cksum();
    assert_eq!(why(&and(&members, other, b"x")), "backup-bad-member auth/x header");
    let many: Members = (0..5000).map(|at| (header(&format!("auth/{at}"), 0), Vec::new())).collect();
    assert!(why(&packed(&many)).ends_with(" many"));
}

#[test]
fn a_listed_member_that_the_form_does_not_have_is_refused() {
    let sandbox = Sandbox::trading();
    let (bytes, _) = basis(&sandbox);
    let entry = serde_json::json!({
        "name": "hooks/x", "size": 1,
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    });
    let listed = with_manifest(&bytes, |manifest| {
        manifest["members"].as_array_mut().expect("members").push(entry);
        manifest["secrets"] = true.into();
    });
    let mut all = headed(members(&listed));
    all.push((header("hooks/x", 1), b"x".to_vec()));
    assert_eq!(why(&packed(&all)), "backup-bad-member hooks/x unknown");
}

/// The bundle is git's own form: what is wrong in it is found before there is a store.
#[test]
fn a_bundle_that_lies_is_refused() {
    use sha2::Digest as _;
    let sandbox = Sandbox::trading();
    let (bytes, _) = basis(&sandbox);
    let with_bundle = |change: &dyn Fn(String) -> String| {
        let all = members(&bytes);
        let at = all[1].1.windows(2).position(|two| two == b"\n\n").expect("the end of the references") + 2;
        let head = change(String::from_utf8(all[1].1[..at].to_vec()).expect("text"));
        let bundle = [head.as_bytes(), &all[1].1[at..]].concat();
        let digits: String = sha2::Sha256::digest(&bundle).iter().map(|byte| format!("{byte:02x}")).collect();
        let changed = with_manifest(&bytes, |manifest| {
            manifest["members"][0]["size"] = bundle.len().into();
            manifest["members"][0]["sha256"] = digits.into();
        });
        let mut all = members(&changed);
        all[1].1 = bundle;
        flaw(&packed(&headed(all)))
    };
    assert_eq!(with_bundle(&|head| head), None);
    let tip = sandbox.git("rev-parse HEAD");
    let main = format!("{tip} refs/heads/main");
    let bad = Some("backup-bad-bundle");
    assert_eq!(with_bundle(&|head| head.replace(&main, &format!("{tip} ../../x"))), bad);
    assert_eq!(with_bundle(&|head| head.replace(&main, &format!("{tip} refs/heads/../../x"))), bad);
    assert_eq!(with_bundle(&|head| head.replace(&main, &format!("{main}\n{main}"))), bad);
    assert_eq!(with_bundle(&|head| head.replace(&main, &format!("-{tip}\n{main}"))), bad);
    assert_eq!(with_bundle(&|head| head.replace("v2", "v9")), bad);
    let parent = sandbox.git("rev-parse HEAD~1");
    let earlier = |head: String| head.replace(&tip, &parent);
    assert_eq!(with_bundle(&earlier), Some("backup-wrong-tip"));
    let nowhere = |head: String| head.replace(&tip, "1234567890123456789012345678901234567890");
    assert_eq!(with_bundle(&nowhere), bad);
}
