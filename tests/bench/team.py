#!/usr/bin/env python3
"""Times what a team does: two clones with many commits each come together.

    cargo build --release
    python3 tests/bench/team.py --crm target/release/crm --work DIR --records 10000 --changes 1000

A store with that many customers is shared through a bare repository. Two clones each make that many
changes, one commit each, of random fields of random customers and of tags; fields are given to one
clone or the other, so that every change is clean. Printed are medians of several runs: the sync of
the first, which pushes, of the second, which makes its commits again on top and checks the store, of
the first again, which takes them, and a sync with nothing to do. The peer is git with its own merge
by line: `git pull --rebase` and `git push` of the same commits, which stops at the first conflict.
"""

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import time
from pathlib import Path

NOW = "2026-06-15T10:00:00+08:00"
FIELDS = ["city", "street", "district", "province", "website", "department", "title"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--crm", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--reps", type=int, default=3)
    args = parser.parse_args()
    bench = Bench(args)
    bench.make()
    times = [bench.meet() for _ in range(args.reps)]
    for name in times[0]:
        values = [run[name] for run in times if run[name] is not None]
        shown = f"{statistics.median(values):.2f} s" if values else "stopped at a conflict"
        print(f"{name}: {shown}")


class Bench:
    def __init__(self, args):
        self.args = args
        self.crm = args.crm.resolve()
        self.work = args.work.resolve()
        self.store = self.work / "team"
        self.work.mkdir(parents=True, exist_ok=True)
        config = self.work / "gitconfig"
        config.write_text("[user]\n\tname = Boss\n\temail = boss@acme.example\n")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
            "CRM_USER": "boss", "CRM_NOW": NOW, "LANG": "en_US.UTF-8",
            "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1"}

    def run(self, *words, cwd, code=0):
        done = subprocess.run([str(word) for word in words], cwd=cwd, env=self.env, capture_output=True, text=True)
        if code is not None and done.returncode != code:
            raise SystemExit(f"{words}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def time(self, *words, cwd, code=0):
        began = time.perf_counter()
        done = self.run(*words, cwd=cwd, code=code)
        return time.perf_counter() - began, done

    def make(self):
        shutil.rmtree(self.store, ignore_errors=True)
        self.run(self.crm, "init", self.store, "--name", "Boss", "--email", "boss@acme.example", "--user", "boss", cwd=self.work)
        file = self.work / "customers.csv"
        with open(file, "w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["id", "name", "email", "city", "street"])
            for n in range(self.args.records):
                rows.writerow([f"cus_{letters(n)}", f"客户 {n} Trading", f"c{n}@acme.example", "北京", f"长安街{n}号"])
        self.run(self.crm, "import", "customer", file, cwd=self.store)

    def meet(self):
        """One meeting of two clones, and the same with git alone."""
        clones = self.fresh("hub", "one", "two", "sync")
        times = {}
        for number, clone in enumerate(clones):
            self.change(clone, number)
        peers = self.copy(clones)
        times["sync, first clone pushes"] = self.time(self.crm, "sync", cwd=clones[0])[0]
        times["sync, second clone merges, checks and pushes"] = self.time(self.crm, "sync", cwd=clones[1])[0]
        times["sync, first clone takes that and checks"] = self.time(self.crm, "sync", cwd=clones[0])[0]
        times["sync, nothing to do"] = self.time(self.crm, "sync", cwd=clones[0])[0]
        times["of which a check of the whole store"] = self.time(self.crm, "check", cwd=clones[0])[0]
        tips = {self.run("git", "rev-parse", "HEAD", cwd=clone).stdout for clone in clones}
        assert len(tips) == 1, tips
        self.run("git", "fsck", "--strict", cwd=clones[1])
        times["git push, first clone"] = self.time("git", "push", "-q", cwd=peers[0])[0]
        pull, done = self.time("git", "pull", "-q", "--rebase", cwd=peers[1], code=None)
        times["git pull --rebase, second clone"] = pull if done.returncode == 0 else None
        return times

    def fresh(self, hub, *rest):
        *names, _ = rest
        for name in [hub, *names]:
            shutil.rmtree(self.work / name, ignore_errors=True)
        self.run("git", "init", "-q", "--bare", "-b", "main", self.work / hub, cwd=self.work)
        self.run("git", "push", "-q", self.work / hub, "main", cwd=self.store)
        for name in names:
            self.run(self.crm, "clone", self.work / hub, self.work / name, cwd=self.work)
        return [self.work / name for name in names]

    def change(self, clone, number):
        rng = random.Random(number)
        lines = []
        for n in range(self.args.changes):
            who = rng.randrange(self.args.records)
            field = rng.choice([f for f in FIELDS[:5] if (FIELDS.index(f) + who) % 2 == number])
            value = f"https://{n}.example/{number}" if field == "website" else f"v{n} of {number}"
            tag = ["--add-tag", f"t{number}x{rng.randrange(99)}"] if n % 4 == 0 else []
            lines.append(" ".join(["customer", "set", f"cus_{letters(who)}", f"--{field}", f'"{value}"', *tag]))
        batch = self.work / "batch"
        batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.run(self.crm, "batch", "--each", "--quiet", batch, cwd=clone)
        # The mirror as it is on a day of work.
        self.run(self.crm, "customer", "list", "--limit", "1", cwd=clone)

    def copy(self, clones):
        """The same clones and hub for git alone, with its merge by line."""
        hub = self.work / "peer-hub"
        shutil.rmtree(hub, ignore_errors=True)
        shutil.copytree(self.work / "hub", hub)
        peers = []
        for clone in clones:
            peer = clone.with_name(f"peer-{clone.name}")
            shutil.rmtree(peer, ignore_errors=True)
            shutil.copytree(clone, peer)
            self.run("git", "remote", "set-url", "origin", hub, cwd=peer)
            self.run("git", "config", "merge.crm.driver", "git merge-file --marker-size=%L %A %O %B", cwd=peer)
            self.run("git", "status", cwd=peer)
            peers.append(peer)
        return peers


def letters(number):
    """A number in the letters of ids, twelve of them, the changing ones first as in random ids."""
    text = ""
    for _ in range(12):
        text += "klmnopqrstuvwxyz"[number % 16]
        number //= 16
    return text


if __name__ == "__main__":
    main()
