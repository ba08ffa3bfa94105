//! Who signed, who can open it, and what is only taken along for two.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crm::access::signature::Signer;
use crm::store::backup::NAMESPACE;

use super::{flaw, headed, made, members, names, packed, with_manifest};
use crate::support::{Run, Sandbox};

/// A key to sign with, in a file beside the store; its public half.
fn key(sandbox: &Sandbox, seed: u8) -> (PathBuf, String) {
    let pair = ssh_key::private::Ed25519Keypair::from_seed(&[seed; 32]);
    let private = ssh_key::PrivateKey::from(pair);
    let path = sandbox.outside(&format!("key-{seed}"));
    let text = private.to_openssh(ssh_key::LineEnding::LF).expect("a key");
    fs::write(&path, text.as_bytes()).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("for one only");
    let public = private.public_key().to_openssh().expect("a key");
    fs::write(path.with_extension("pub"), format!("{public}\n")).expect("a file");
    (path, public)
}

/// A pair of keys to encrypt with: the file of the secret one, and the public one.
fn pair(sandbox: &Sandbox, name: &str) -> (String, String) {
    let path = sandbox.outside(name).to_string_lossy().into_owned();
    let public = sandbox.ok(&["backup", "keygen", &path]);
    let about = fs::metadata(&path).expect("a file");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    assert!(public.starts_with("age1"));
    (path, public)
}

fn backup(sandbox: &Sandbox, name: &str, more: &[&str]) -> (String, Run) {
    let path = sandbox.outside(name).to_string_lossy().into_owned();
    let run = sandbox.crm(&[&["backup", "create", &path], more].concat()[..]);
    (path, run)
}

#[test]
fn a_signed_backup_names_the_user_and_holds_to_its_key() {
    let sandbox = Sandbox::trading();
    let ((one, public), (_, other)) = (key(&sandbox, 1), key(&sandbox, 2));
    sandbox.ok(&["user", "key", "add", "ann", "--key", &public, "--label", "laptop"]);
    let (path, run) = backup(&sandbox, "a.crmbackup", &["--sign-key", &one.to_string_lossy()]);
    run.exits(0);
    sandbox.crm(&["backup", "verify", &path]).exits(0).prints(&["ann"]);
    let folder = sandbox.outside("").to_string_lossy().into_owned();
    let rows = sandbox.crm(&["backup", "list", &folder, "--format", "json"]).exits(0).json();
    assert_eq!(rows[0]["signed_by"], "ann");
    sandbox.ok(&["backup", "verify", &path, "--signed-by", &public]);
    sandbox.ok(&["backup", "verify", &path, "--signed-by", &one.with_extension("pub").to_string_lossy()]);
    sandbox.fails(9, &["backup", "verify", &path, "--signed-by", &other]).says(&["another key"]);
    sandbox.fails(2, &["backup", "verify", &path, "--signed-by", "nonsense"]);
    let target = sandbox.outside("new");
    let restore = ["backup", "restore", &path, "--to", &target.to_string_lossy(), "--signed-by"];
    sandbox.fails(9, &[&restore[..], &[&other]].concat()[..]);
    assert!(!target.exists());
    sandbox.ok(&[&restore[..], &[&public]].concat()[..]);
    let plain = made(&sandbox, "b.crmbackup").to_string_lossy().into_owned();
    sandbox.fails(9, &["backup", "verify", &plain, "--signed-by", &public]).says(&["not signed"]);
}

#[test]
fn another_signature_or_none_where_the_manifest_says_one_is_found() {
    let sandbox = Sandbox::trading();
    let ((one, public), (other, theirs)) = (key(&sandbox, 1), key(&sandbox, 2));
    let (path, run) = backup(&sandbox, "a.crmbackup", &["--sign-key", &one.to_string_lossy()]);
    run.exits(0);
    let whole = fs::read(path).expect("the backup");
    assert_eq!(flaw(&whole), None);
    let all = members(&whole);
    assert_eq!(all[1].0, "manifest.sig");
    let signer = Signer::read(&other).expect("a key");
    let signature = |namespace: &str| signer.sign(namespace, &all[0].1).expect("signed").into_bytes();
    let with = |signature: Vec<u8>| {
        let mut all = all.clone();
        all[1].1 = signature;
        flaw(&packed(&headed(all)))
    };
    assert_eq!(with(signature(NAMESPACE)), Some("backup-wrong-signer"));
    assert_eq!(with(signature("git")), Some("backup-bad-signature"));
    assert_eq!(with(b"nonsense".to_vec()), Some("backup-bad-signature"));
    let mut without = all.clone();
    without.remove(1);
    assert_eq!(flaw(&packed(&headed(without))), Some("backup-bad-member"));
    // Any change of the manifest, were it of no consequence.
    let changed = with_manifest(&whole, |manifest| manifest["store"] = "other".into());
    assert_eq!(flaw(&changed), Some("backup-bad-signature"));
    let renamed = with_manifest(&whole, |manifest| manifest["signer"] = theirs.clone().into());
    assert_eq!(flaw(&renamed), Some("backup-bad-signature"));
    let unsigned = with_manifest(&whole, |manifest| manifest["signed"] = false.into());
    assert_eq!(flaw(&unsigned), Some("backup-bad-member"));
    assert_ne!(public, theirs);
}

#[test]
fn the_key_that_git_signs_with_signs_and_a_bad_one_is_told() {
    let sandbox = Sandbox::trading();
    if sandbox.bare("ssh-keygen").arg("-?").output().is_err() {
        eprintln!("no ssh-keygen here: nothing signs as git does");
        return;
    }
    let (one, public) = key(&sandbox, 1);
    sandbox.git("config gpg.format ssh");
    sandbox.git(&["config", "user.signingkey", &one.to_string_lossy()]);
    let (path, run) = backup(&sandbox, "a.crmbackup", &[]);
    run.exits(0);
    sandbox.ok(&["backup", "verify", &path, "--signed-by", &public]);
    sandbox.git(&["config", "user.signingkey", "/nowhere/key"]);
    let (path, run) = backup(&sandbox, "b.crmbackup", &[]);
    run.exits(0).says(&["not signed", "/nowhere/key"]);
    sandbox.fails(9, &["backup", "verify", &path, "--signed-by", &public]);
    let (_, run) = backup(&sandbox, "c.crmbackup", &["--sign-key", "crm.toml"]);
    run.exits(2).says(&["cannot sign"]);
}

#[test]
fn each_recipient_opens_an_encrypted_backup_and_nobody_else() {
    let mut sandbox = Sandbox::trading();
    let [(one, first), (two, second), (stranger, _)] = ["k1", "k2", "k3"].map(|name| pair(&sandbox, name));
    let (path, run) = backup(&sandbox, "a.crmbackup", &["--recipient", &first, "--recipient", &second]);
    run.exits(0);
    let bytes = fs::read(&path).expect("the backup");
    let all: Vec<String> = members(&bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(all, ["manifest.json", "content.age"]);
    for text in ["海尔北京", "ann@acme.example", "PACK", "SO-2026-0001", "customer"] {
        assert!(!bytes.windows(text.len()).any(|part| part == text.as_bytes()), "{text}");
    }
    let tip = sandbox.git("rev-parse HEAD");
    for identity in [&one, &two] {
        sandbox.ok(&["backup", "verify", &path, "--identity", identity]);
    }
    sandbox.fails(9, &["backup", "verify", &path, "--identity", &stranger]).says(&["none of the keys"]);
    sandbox.fails(2, &["backup", "verify", &path]).says(&["--identity"]);
    sandbox.fails(2, &["backup", "verify", &path, "--identity", "crm.toml"]);
    sandbox.fails(1, &["backup", "verify", &path, "--identity", "nowhere"]);
    let target = sandbox.outside("new");
    let restore = ["backup", "restore", &path, "--to", &target.to_string_lossy()];
    sandbox.fails(9, &[&restore[..], &["--identity", &stranger]].concat()[..]);
    assert!(!target.exists());
    sandbox.ok(&[&restore[..], &["--identity", &two]].concat()[..]);
    let folder = sandbox.outside("").to_string_lossy().into_owned();
    let rows = sandbox.crm(&["backup", "list", &folder, "--format", "json"]).exits(0).json();
    assert_eq!((&rows[0]["encrypted"], &rows[0]["records"]), (&true.into(), &serde_json::Value::Null));
    sandbox.enter(&target);
    assert_eq!(sandbox.git("rev-parse HEAD"), tip);
    sandbox.ok("check");
}

#[test]
fn what_is_around_and_in_an_encrypted_backup_must_belong_together() {
    let sandbox = Sandbox::trading();
    let (identity, public) = pair(&sandbox, "k1");
    let (path, run) = backup(&sandbox, "a.crmbackup", &["--recipient", &public]);
    run.exits(0);
    let whole = fs::read(&path).expect("the backup");
    let verify = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        sandbox.crm(&["backup", "verify", &path, "--identity", &identity])
    };
    verify(&with_manifest(&whole, |manifest| manifest["created_at"] = "2026-03-05T00:00:00Z".into()))
        .exits(9);
    verify(&with_manifest(&whole, |manifest| manifest["encrypted"] = false.into())).exits(9);
    let mut all = members(&whole);
    let at = all[1].1.len() - 40;
    all[1].1[at] ^= 1;
    let digits: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(&all[1].1).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let damaged = packed(&headed(all));
    let damaged = with_manifest(&damaged, |manifest| manifest["members"][0]["sha256"] = digits.into());
    verify(&damaged).exits(9).says(&["encrypted is damaged"]);
    verify(&whole).exits(0);
}

#[test]
fn secrets_go_along_for_two_people_and_come_back_where_there_are_none() {
    let sandbox = Sandbox::trading();
    let [(one, first), (_, second)] = ["k1", "k2"].map(|name| pair(&sandbox, name));
    let root = sandbox.git("rev-list --max-parents=0 HEAD");
    let state = sandbox.outside("home/.local/state/crm").join(&root);
    let config = sandbox.outside("home/.config/crm");
    fs::create_dir_all(state.join("sessions")).expect("folders");
    fs::create_dir_all(&config).expect("folders");
    let put = |path: PathBuf, text: &str, mode: u32| {
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
    };
    put(state.join("ann.toml"), "hash = 1\n", 0o600);
    put(state.join("sessions/s1"), "s1", 0o600);
    put(state.join("readable"), "not secret", 0o644);
    std::os::unix::fs::symlink("/etc/passwd", state.join("link")).expect("a link");
    put(config.join("config.toml"), "lang = \"en\"\n", 0o644);
    for few in [vec![], vec!["--recipient", &first], vec!["--recipient", &first, "--recipient", &first]] {
        let (_, run) = backup(&sandbox, "no.crmbackup", &[&["--with-secrets"][..], &few].concat()[..]);
        run.exits(2).says(&["two people"]);
    }
    assert!(!sandbox.outside("no.crmbackup").exists());
    let both = ["--with-secrets", "--recipient", &first, "--recipient", &second];
    let (path, run) = backup(&sandbox, "a.crmbackup", &both);
    run.exits(0);
    let target = sandbox.outside("new").to_string_lossy().into_owned();
    fs::remove_dir_all(&state).expect("gone");
    let restore = ["backup", "restore", &path, "--to", &target, "--identity", &one];
    sandbox.crm(&restore).exits(0).says(&["3 files of secrets", "--with-secrets"]);
    assert!(!state.exists());
    let other = sandbox.outside("other").to_string_lossy().into_owned();
    let restore = ["backup", "restore", &path, "--to", &other, "--identity", &one, "--with-secrets"];
    sandbox.crm(&restore).exits(0).says(&["2 files of secrets", "config.toml was there and stays"]);
    assert_eq!(names(&state), ["ann.toml", "sessions"]);
    let mode = |path: PathBuf| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(state.join("ann.toml")), 0o600);
    assert_eq!(mode(state.join("sessions")), 0o700);
    assert_eq!(fs::read_to_string(state.join("sessions/s1")).expect("a file"), "s1");
}

#[test]
fn recipients_come_from_files_and_a_bad_one_is_named() {
    let sandbox = Sandbox::trading();
    let (identity, public) = pair(&sandbox, "k1");
    let list = sandbox.outside("recipients");
    fs::write(&list, format!("# office\n{public}\n\n")).expect("a file");
    let (path, run) = backup(&sandbox, "a.crmbackup", &["--recipient", &list.to_string_lossy()]);
    run.exits(0);
    sandbox.ok(&["backup", "verify", &path, "--identity", &identity]);
    let (_, run) = backup(&sandbox, "b.crmbackup", &["--recipient", "age1nonsense"]);
    run.exits(2).says(&["age1nonsense", "keygen"]);
    let (_, run) = backup(&sandbox, "b.crmbackup", &["--recipient", &identity]);
    run.exits(2);
    fs::write(&list, "# nobody\n").expect("a file");
    let (_, run) = backup(&sandbox, "b.crmbackup", &["--recipient", &list.to_string_lossy()]);
    run.exits(2);
    sandbox.fails(6, &["backup", "keygen", &identity]);
    assert!(!sandbox.outside("b.crmbackup").exists());
}
