#!/usr/bin/env python3
"""Random work of eight people in eight clones behind a gate, against a model of it.

    tests/faults/model.py target/release/crm [--operations 1000] [--seeds 1] [--work DIR]

An administrator, a manager, four salespeople, a reader and a service user change customers, give
them away, take changes back and sync, each in a clone of the own, with a key of the own, through a
bare repository with the hook. The model knows who may do what, and every tag that was acknowledged:
tags are only ever added, one for each operation, so a lost change shows as a tag that is missing and
an invented one as a tag that nobody was told of. At the end all clones are the same, `crm check` and
`crm audit` find nothing, and every value of a field is one that somebody was told was written.

Prints what it did; ends with 1 where something does not hold."""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

PEOPLE = {
    "ada": "admin", "mia": "manager", "bo": "sales", "cy": "sales", "di": "sales", "ed": "sales",
    "ray": "reader", "bot": "manager",
}
CUSTOMERS = 24
LEVELS = ["A", "B", "C"]


class World:
    def __init__(self, crm, work, seed):
        self.crm, self.work, self.random = str(crm), work, random.Random(seed)
        self.tags = collections.defaultdict(set)
        self.values = collections.defaultdict(set)
        self.wrong, self.count, self.clock = [], collections.Counter(), 1_767_225_600

    def run(self, user, *words, ok=(0,), cwd=None):
        self.clock += 60
        env = {
            "PATH": f"{pathlib.Path(self.crm).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(self.work),
            "CRM_USER": user, "CRM_LANG": "en", "CRM_NO_INPUT": "1", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": f"{self.clock} +0000", "GIT_COMMITTER_DATE": f"{self.clock} +0000",
        }
        done = subprocess.run(
            [self.crm, *words], cwd=cwd or self.work / user, env=env, capture_output=True, text=True)
        if ok is not None and done.returncode not in ok:
            self.wrong.append(f"{user}: crm {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def git(self, *words, cwd):
        subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, env={**os.environ, "HOME": str(self.work)})

    def build(self):
        hub, first = self.work / "hub", self.work / "ada"
        for user in PEOPLE:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.work / f"{user}.key")], check=True)
        self.run("ada", "init", "ada", "--company", "Acme", "--user", "ada", "--name", "Ada", "--email", "ada@x.example", cwd=self.work)
        own = "type=customer,create=true,read=all,edit=own"
        for role, grants in {"sales": own, "manager": "type=customer,create=true,read=all,edit=all,assign=true", "reader": "type=customer,read=all"}.items():
            self.run("ada", "role", "add", role, "--name", role, "--grant", grants)
        for user, role in PEOPLE.items():
            if user != "ada":
                kind = "service" if user == "bot" else "person"
                self.run("ada", "user", "add", user, "--name", user.title(), "--email", f"{user}@x.example", "--role", role, "--kind", kind)
            self.run("ada", "user", "key", "add", user, "--key", (self.work / f"{user}.key.pub").read_text().strip())
        sellers = [user for user, role in PEOPLE.items() if role == "sales"]
        lines = [f"customer add --name c{n} --kind company --owner {sellers[n % len(sellers)]}" for n in range(CUSTOMERS)]
        (first / "lines").write_text("\n".join(lines) + "\n")
        self.ids = self.run("ada", "batch", "lines").stdout.split()
        (first / "lines").unlink()
        self.key("ada")
        self.run("ada", "config", "set", "policy.gate", "true")
        self.git("init", "-q", "--bare", "-b", "main", str(hub), cwd=self.work)
        root = subprocess.check_output(["git", "rev-list", "--max-parents=0", "HEAD"], cwd=first, text=True).strip()
        self.git("config", "crm.root", root, cwd=hub)
        hook = hub / "hooks" / "pre-receive"
        hook.write_text(f"#!/bin/sh\nexec {self.crm} hook pre-receive\n")
        hook.chmod(0o755)
        self.git("remote", "add", "origin", str(hub), cwd=first)
        self.run("ada", "sync")
        for user in PEOPLE:
            if user != "ada":
                self.run(user, "clone", str(hub), user, "--root", root, "--user", user, cwd=self.work)
                self.key(user)

    def key(self, user):
        for name, value in [("gpg.format", "ssh"), ("user.signingkey", str(self.work / f"{user}.key"))]:
            self.git("config", name, value, cwd=self.work / user)

    def owner(self, user, customer):
        shown = self.run(user, "customer", "show", customer, "--format", "json")
        return json.loads(shown.stdout)["owner"]

    def operate(self, number):
        user = self.random.choice(list(PEOPLE))
        what = self.random.choices(["set", "give", "undo", "sync"], [12, 1, 1, 3])[0]
        self.count[what] += 1
        if what == "sync":
            return self.sync(user)
        customer = self.random.choice(self.ids)
        role = PEOPLE[user]
        if what == "undo":
            # Nothing to take back, or what others have built on: refused and nothing else.
            done = self.run(user, "undo", ok=(0, 3, 6, 11))
            if done.returncode == 0:
                self.undone(user)
            return None
        mine = self.owner(user, customer) == user
        if what == "give":
            to = self.random.choice([u for u, r in PEOPLE.items() if r == "sales"])
            before = self.owner(user, customer)
            allowed = role in ("admin", "manager") or before == to
            done = self.run(user, "customer", "assign", customer, "--to", to, ok=(0,) if allowed else (11,))
            if done.returncode == 0:
                self.values[customer, "owner"].add(to)
            return None
        tag, level = f"t{number}", self.random.choice(LEVELS)
        words = ["customer", "set", customer, "--add-tag", tag]
        if self.random.random() < 0.3:
            words += ["--level", level]
        allowed = role in ("admin", "manager") or (role == "sales" and mine)
        done = self.run(user, *words, ok=(0,) if allowed else (11,))
        if done.returncode == 0:
            self.tags[customer].add(tag)
            if "--level" in words:
                self.values[customer, "level"].add(level)
        self.count["denied"] += not allowed
        return None

    def undone(self, user):
        """What an undo took away is not missing."""
        shown = subprocess.check_output(["git", "show", "--format=", "HEAD"], cwd=self.work / user, text=True)
        for line in shown.splitlines():
            if line.startswith('-  "t'):
                tag = line.strip('- ",')
                for tags in self.tags.values():
                    tags.discard(tag)
            elif line.startswith('+  "t'):
                path = next(l for l in shown.splitlines() if l.startswith("+++ "))
                self.tags[path.rsplit("/", 1)[1].removesuffix(".toml")].add(line.strip('+ ",'))

    def sync(self, user):
        for _ in range(12):
            done = self.run(user, "sync", "--format", "json", ok=None)
            if done.returncode in (0, 9):
                return True
            if done.returncode == 11:
                return self.rebuilt(user)
            if done.returncode != 6:
                self.wrong.append(f"{user}: sync: exit {done.returncode}\n{done.stderr}")
                return False
            self.count["conflict"] += 1
            for one in json.loads(self.run(user, "conflicts", "--format", "json").stdout):
                side = self.random.choice(["--ours", "--theirs"])
                self.run(user, "resolve", one["record"], "--field", one["field"], side)
        self.wrong.append(f"{user}: no sync in twelve tries")
        return False

    def rebuilt(self, user):
        """A record was given away meanwhile: own work on it is no longer allowed and is put off."""
        self.count["refused"] += 1
        here = self.work / user
        ours = subprocess.check_output(["git", "log", "--format=", "-p", "refs/remotes/origin/main..HEAD"], cwd=here, text=True)
        # Newest first: what each of these commits did is taken back.
        path = ""
        for line in ours.splitlines():
            if line.startswith(("+++ ", "--- ")) and "/dev/null" not in line:
                path = line.rsplit("/", 1)[1].removesuffix(".toml")
            elif line.startswith('+  "t'):
                self.tags[path].discard(line.strip('+ ",'))
            elif line.startswith('-  "t'):
                self.tags[path].add(line.strip('- ",'))
        self.git("reset", "-q", "--hard", "refs/remotes/origin/main", cwd=here)
        return True

    def judge(self):
        for _ in range(3):
            for user in PEOPLE:
                self.sync(user)
        tips = {subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=self.work / user, text=True) for user in PEOPLE}
        if len(tips) != 1:
            self.wrong.append(f"clones differ: {tips}")
        self.run("ada", "check")
        self.run("ada", "audit")
        for customer in self.ids:
            record = json.loads(self.run("ada", "customer", "show", customer, "--format", "json").stdout)
            found = {tag for tag in record["tags"] or [] if tag.startswith("t")}
            if found != self.tags[customer]:
                lost, more = self.tags[customer] - found, found - self.tags[customer]
                self.wrong.append(f"{customer}: lost {sorted(lost)}, invented {sorted(more)}")
            level = record["level"]
            if level is not None and level not in self.values[customer, "level"]:
                self.wrong.append(f"{customer}: level {level} was written by nobody")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("crm", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--work", default=None)
    options = parser.parse_args()
    bad = 0
    for seed in range(options.first, options.first + options.seeds):
        work = pathlib.Path(tempfile.mkdtemp(prefix="crm-model-", dir=options.work))
        world = World(options.crm, work, seed)
        world.build()
        for number in range(options.operations):
            if world.wrong:
                break
            world.operate(number)
        world.judge()
        told = ", ".join(f"{count} {what}" for what, count in sorted(world.count.items()))
        print(f"seed {seed}: {told}: {'holds' if not world.wrong else 'WRONG'}", flush=True)
        for wrong in world.wrong[:5]:
            print(wrong)
        if not world.wrong:
            shutil.rmtree(work)
        bad += bool(world.wrong)
    sys.exit(1 if bad else 0)


main()
