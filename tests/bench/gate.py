#!/usr/bin/env python3
"""How long the gate takes: an audit of 10,000 signed commits, and a push of 100 of them.

    tests/bench/gate.py target/release/crm [--commits 10000] [--records 2000]

The history's folders are made with `git fast-import`; every commit changes the note of one customer
and is signed here (package `cryptography`), since a process for each would take minutes. Prints seconds, and
ends with 1 where 100 pushed commits take 2 seconds or more."""

import argparse
import base64
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

WHO = "Ada Min <ada@acme.example>"
START = 1_767_225_600


def run(*words, cwd=None, data=None, env=None):
    done = subprocess.run(words, cwd=cwd, input=data, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr.decode()}")
    return done.stdout


def letters(number):
    """Twelve letters k to z that tell records apart and spread them over folders."""
    digest = hashlib.sha1(str(number).encode()).hexdigest()
    return "".join(chr(ord("k") + int(digit, 16)) for digit in digest[:12])


def customer(number, note):
    identity = f"cus_{letters(number)}"
    head = f'id = "{identity}"\ncreated_at = 2026-01-01T09:00:00+08:00\ncreated_by = "ada"\n\n'
    body = f'kind = "company"\nname = "Customer {number}"\n\nowner = "ada"\n\nstatus = "normal"\n'
    return f"customers/{identity[4:6]}/{identity}.toml", head + body + f'\nnote = "{note}"\n'


def object_id(kind, data):
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()


def seed(crm, folder, records, env):
    store = folder / "store"
    store.mkdir()
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key")
    words = "init . --company Acme --currency CNY --country CN --timezone Asia/Shanghai --user ada --email ada@acme.example"
    run(crm, *words.split(), "--name", "Ada Min", cwd=store, env=env)
    for name, value in [
        ("user.name", "Ada Min"),
        ("user.email", "ada@acme.example"),
        ("gpg.format", "ssh"),
        ("user.signingkey", str(folder / "key")),
    ]:
        run("git", "config", name, value, cwd=store, env=env)
    for number in range(records):
        path, text = customer(number, "at first")
        file = store / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    key = " ".join((folder / "key.pub").read_text().split()[:2])
    with open(store / "users/ada.toml", "a", encoding="utf-8") as file:
        file.write(f'\n[[keys]]\nkey = "{key}"\nstate = "active"\n')
    with open(store / "crm.toml", "a", encoding="utf-8") as file:
        file.write("\n[policy]\ngate = true\n")
    run("git", "add", "-A", cwd=store, env=env)
    run("git", "commit", "-q", "-m", "all there is", cwd=store, env=env)
    return store


def write_history(store, folder, records, commits, env):
    """Commits whose trees git makes, each then signed: a signature changes the id, so the chain is
    made of trees first and of commits after."""
    base = run("git", "rev-parse", "HEAD", cwd=store, env=env).decode().strip()
    stream = []
    for number in range(commits):
        path, text = customer(number % records, f"change {number}")
        data = text.encode()
        stream.append(f"commit refs/heads/trees\nmark :{number + 1}\ncommitter {WHO} {START + number} +0800\ndata 0\n".encode())
        if number == 0:
            stream.append(f"from {base}\n".encode())
        stream.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    run("git", "fast-import", "--quiet", cwd=store, data=b"".join(stream), env=env)
    trees = run("git", "log", "--reverse", "--format=%T", f"{base}..refs/heads/trees", cwd=store, env=env).decode().split()

    # Each commit holds the id of the signed one before it, so they are signed one after another.
    try:
        from cryptography.hazmat.primitives import serialization

        signer = serialization.load_ssh_private_key((folder / "key").read_bytes(), None)
        public = (folder / "key.pub").read_text().split()[1]
    except ImportError:
        sys.exit("needs the package `cryptography`, to sign without a process for each commit")
    def packed(data):
        return len(data).to_bytes(4, "big") + data

    head = packed(b"git") + packed(b"") + packed(b"sha512")
    blob = base64.b64decode(public)

    def pem(data):
        over = b"SSHSIG" + head + packed(hashlib.sha512(data).digest())
        signature = packed(b"ssh-ed25519") + packed(signer.sign(over))
        whole = b"SSHSIG" + (1).to_bytes(4, "big") + packed(blob) + head + packed(signature)
        text = base64.b64encode(whole).decode()
        lines = [text[at : at + 70] for at in range(0, len(text), 70)]
        return ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----"]

    parent = base
    texts = folder / "texts"
    texts.mkdir()
    names = []
    for number, tree in enumerate(trees):
        when = f"{START + number} +0800"
        headers = f"tree {tree}\nparent {parent}\nauthor {WHO} {when}\ncommitter {WHO} {when}\n"
        message = f"customer set: {number}\n\nCrm-Op: customer set\nCrm-Actor: ada\n"
        lines = "\n ".join(pem(f"{headers}\n{message}".encode()))
        data = f"{headers}gpgsig {lines}\n\n{message}".encode()
        file = texts / str(number)
        file.write_bytes(data)
        names.append(str(file))
        parent = object_id("commit", data)
    wrote = run("git", "hash-object", "-t", "commit", "-w", "--stdin-paths", cwd=store, data="\n".join(names).encode(), env=env)
    ids = wrote.decode().split()
    assert ids[-1] == parent
    run("git", "update-ref", "refs/heads/main", parent, cwd=store, env=env)
    run("git", "update-ref", "-d", "refs/heads/trees", cwd=store, env=env)
    run("git", "repack", "-adq", cwd=store, env=env)
    return base, ids


def timed(*words, cwd, env):
    start = time.monotonic()
    run(*words, cwd=cwd, env=env)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("crm", type=pathlib.Path)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--records", type=int, default=2_000)
    options = parser.parse_args()
    crm = options.crm.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        env = {
            "PATH": os.environ["PATH"],
            "HOME": name,
            "GIT_CONFIG_NOSYSTEM": "1",
            "CRM_NOW": "2026-12-01T12:00:00+08:00",
            "CRM_USER": "ada",
        }
        store = seed(crm, folder, options.records, env)
        start = time.monotonic()
        base, ids = write_history(store, folder, options.records, options.commits, env)
        print(f"history of {len(ids)} signed commits made in {time.monotonic() - start:.1f} s")
        audit = min(timed(crm, "audit", ids[-1], cwd=store, env=env) for _ in range(2))
        print(f"audit of {len(ids)} commits: {audit:.2f} s, {1000 * audit / len(ids):.2f} ms a commit")

        run("git", "clone", "-q", "--bare", store, folder / "hub", env=env)
        hub = folder / "hub"
        run("git", "config", "crm.root", base, cwd=hub, env=env)
        hook = hub / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\nexec {crm} hook pre-receive\n")
        hook.chmod(0o755)
        best = None
        for _ in range(3):
            run("git", "update-ref", "refs/heads/main", ids[-101], cwd=hub, env=env)
            took = timed("git", "push", "-q", hub, f"{ids[-1]}:refs/heads/main", cwd=store, env=env)
            best = min(took, best or took)
        hook.unlink()
        run("git", "update-ref", "refs/heads/main", ids[-101], cwd=hub, env=env)
        bare = timed("git", "push", "-q", hub, f"{ids[-1]}:refs/heads/main", cwd=store, env=env)
        print(f"push of 100 commits: {best:.2f} s with the hook, {bare:.2f} s without it")
        return 0 if best < 2 else 1


if __name__ == "__main__":
    sys.exit(main())
