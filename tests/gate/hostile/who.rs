//! Who made a commit: keys, names, the gateway.

use super::super::harness::{SECONDS, gone, person, put, signed, world};
use super::super::store::{SAMS, SUES, path};
use super::{Case, case, note, odd};

pub const WHO: &[Case] = &[
    case("a commit that nobody signed", &["gate-unsigned"], |b, tip| {
        b.write(b.text("sam", tip, &[note(b, tip, SAMS)]).plain().as_bytes())
    }),
    case("a merge made on a web page, without a signature", &["gate-unsigned"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.committer = "GitHub <noreply@github.com>".into();
        b.write(text.plain().as_bytes())
    }),
    case("a key of nobody", &["gate-unknown-key"], |b, tip| {
        b.sign("stranger", &b.text("sam", tip, &[note(b, tip, SAMS)]))
    }),
    case("a revoked key with a date of better days", &["gate-unknown-key"], |b, tip| {
        let mut text = b.text("rex", tip, &[]);
        text.seconds = 1_577_836_800;
        b.sign("rex", &text)
    }),
    case("a suspended administrator", &["gate-unknown-key"], |b, tip| b.commit("sid", tip, &[])),
    case("a key that two users have", &["gate-unknown-key"], |b, tip| {
        b.sign("shared", &b.text("twin", tip, &[]))
    }),
    case("an RSA key", &["gate-signature"], |b, tip| b.sign("rsa", &b.text("sam", tip, &[]))),
    case("an ecdsa key of another curve", &["gate-signature"], |b, tip| {
        b.sign("p384", &b.text("sam", tip, &[]))
    }),
    case("a signature made for files", &["gate-signature"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain();
        b.write(signed(&plain, &b.pem("sam", "file", plain.as_bytes())).as_bytes())
    }),
    case("something that is no signature", &["gate-signature"], |b, tip| {
        let pem = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----";
        b.write(signed(&b.text("sam", tip, &[]).plain(), pem).as_bytes())
    }),
    case("a message changed after signing", &["gate-signature"], |b, tip| {
        odd(b, tip, |text| text.replace("by hand", "by foot"))
    }),
    case("a date changed after signing", &["gate-signature"], |b, tip| {
        odd(b, tip, |text| text.replace(&SECONDS.to_string(), &(SECONDS - 1).to_string()))
    }),
    case("a tree put under somebody's signature", &["gate-signature"], |b, tip| {
        let honest = b.text("sam", tip, &[note(b, tip, SAMS)]);
        let pem = b.pem("sam", "git", honest.plain().as_bytes());
        let other = b.text("sam", tip, &[gone(path(SAMS))]);
        b.write(signed(&other.plain(), &pem).as_bytes())
    }),
    case("a commit signed for another place in history, put here", &["gate-signature"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.parents = vec![world().open.clone()];
        let pem = b.pem("sam", "git", text.plain().as_bytes());
        text.parents = vec![tip.to_owned()];
        b.write(signed(&text.plain(), &pem).as_bytes())
    }),
    case("a good signature under the name of another", &["gate-committer"], |b, tip| {
        b.sign("sam", &b.text("ada", tip, &[]))
    }),
    case("an author who is not the signer", &["gate-author"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.author = person("ada");
        b.sign("sam", &text)
    }),
    case("a committer who is not the signer", &["gate-committer"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.committer = person("ada");
        b.sign("sam", &text)
    }),
    case("the right name with the address of nobody", &["gate-committer"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.committer = "Sam Ho <sam@evil.example>".into();
        text.author.clone_from(&text.committer);
        b.sign("sam", &text)
    }),
    case("a commit from the future", &["gate-future"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.seconds = SECONDS + 301;
        b.sign("sam", &text)
    }),
    case("the key that a rotation revoked, in the same push", &["gate-unknown-key"], |b, tip| {
        let path = "users/sam.toml";
        let text = b.read(tip, path).replace("state = \"active\"", "state = \"revoked\"");
        let next = format!("{text}\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public("next"));
        let rotated = b.commit("sam", tip, &[put(path, next)]);
        b.commit("sam", &rotated, &[note(b, tip, SAMS)])
    }),
    case("the gateway for a user who is suspended", &["gate-author"], |b, tip| {
        let mut text = b.text("gate", tip, &[]);
        text.author = person("sid");
        b.sign("gate", &text)
    }),
    case("the gateway for somebody unknown", &["gate-author"], |b, tip| {
        let mut text = b.text("gate", tip, &[]);
        text.author = "No Body <no@acme.example>".into();
        b.sign("gate", &text)
    }),
    case("the gateway for a user who may not", &["not-yours"], |b, tip| {
        let mut text = b.text("gate", tip, &[note(b, tip, SUES)]);
        text.author = person("sam");
        b.sign("gate", &text)
    }),
    case("the gateway for itself, without a role", &["no-grant"], |b, tip| {
        b.commit("gate", tip, &[note(b, tip, SUES)])
    }),
    case("a trailer that names another as the one who did it", &["gate-forged"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.message = "note\n\nCrm-Op: customer set\nCrm-Actor: ada".into();
        b.sign("sam", &text)
    }),
];
