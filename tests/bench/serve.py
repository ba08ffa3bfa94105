#!/usr/bin/env python3
"""Times what cron and people do every day over many follow-ups, beside git doing as much.

    cargo build --release
    python3 tests/bench/serve.py --crm target/release/crm --work DIR --followups 200000 --members 10000

A store with that many follow-ups, a tenth of them planned, and that many customers of a campaign is
made from CSV files that are the same at every run. Printed are medians of several runs with a warm
mirror: `followup todo`, `remind run` with nothing new to tell, and a campaign that queues a message
for every member in one commit. The peers: `git grep` for the planned ones, and writing as many files
of the same bytes with `git add` and `git commit`.
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--crm", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--followups", type=int, default=200_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--reps", type=int, default=5)
    args = parser.parse_args()
    bench = Bench(args)
    bench.make()
    bench.daily()
    bench.campaign()


class Bench:
    def __init__(self, args):
        self.args = args
        self.crm = args.crm.resolve()
        self.store = args.work.resolve() / f"serve-{args.followups}"
        config = args.work.resolve() / "gitconfig"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("[user]\n\tname = Boss\n\temail = boss@acme.example\n")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {"CRM_USER": "boss"} | {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1", "CRM_NOW": NOW, "LANG": "en_US.UTF-8"}

    def run(self, *words, cwd=None):
        done = subprocess.run([str(word) for word in words], cwd=cwd or self.store, env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{words}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def time(self, *words, cwd=None):
        began = time.perf_counter()
        self.run(*words, cwd=cwd)
        return time.perf_counter() - began

    def make(self):
        if (self.store / "crm.toml").exists():
            return
        self.run(self.crm, "init", self.store, "--name", "Boss", "--email", "boss@acme.example", "--user", "boss", cwd=self.args.work)
        rng = random.Random(7)
        customers = self.args.work / "members.csv"
        with open(customers, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["id", "name", "email"])
            for n in range(self.args.members):
                out.writerow([f"cus_{letters(n)}", f"客户 {n} Trading", f"c{n}@members.example"])
        followups = self.args.work / "calls.csv"
        with open(followups, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["target", "kind", "status", "due", "done_at", "remind", "subject", "summary"])
            for n in range(self.args.followups):
                target = f"cus_{letters(rng.randrange(self.args.members))}"
                day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
                if n % 10 == 0:
                    out.writerow([target, "call", "planned", day, "", "1d;0m", f"Ring {n}", ""])
                else:
                    done = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T10:00:00+08:00"
                    out.writerow([target, "visit", "done", "", done, "", f"Visit {n}", "谈了价格 and delivery"])
        for noun, file in [("customer", customers), ("followup", followups)]:
            print(f"import {noun}: {self.time(self.crm, 'import', noun, file.resolve()):.1f} s")

    def daily(self):
        self.run(self.crm, "remind", "run")
        rows = []
        for name, ours, theirs in [
            ("followup todo", [self.crm, "followup", "todo"], ["git", "grep", "-l", '^status = "planned"']),
            ("remind run, nothing new", [self.crm, "remind", "run"], ["git", "grep", "-l", '^status = "planned"']),
            ("remind list", [self.crm, "remind", "list"], ["git", "grep", "-l", '^status = "planned"']),
        ]:
            mine, other = [], []
            for _ in range(self.args.reps):
                mine.append(self.time(*ours))
                other.append(self.time(*theirs))
            rows.append((name, statistics.median(mine), statistics.median(other)))
        for name, mine, other in rows:
            print(f"{name}: {mine:.2f} s, git grep {other:.2f} s, ratio {mine / other:.2f}")

    def campaign(self):
        name = f"c{int(time.time())}"
        self.run(self.crm, "segment", "upsert", "all", "--name", "All", "--of", "customer", "--when", "status=normal")
        self.run(self.crm, "template", "upsert", "t", "--name", "T", "--channel", "email", "--subject", "{{customer.name}}",
                 "--body", "您好 {{customer.name}}，\n夏季新品已到货。\n{{owner.name}}")
        self.run(self.crm, "campaign", "add", name, "--name", name, "--kind", "email", "--segment", "all", "--template", "t")
        self.run(self.crm, "campaign", "start", name)
        before = self.run("git", "rev-list", "--count", "HEAD")
        mine = self.time(self.crm, "campaign", "send", name, "--quiet")
        after = self.run("git", "rev-list", "--count", "HEAD")
        files = sorted((self.store / "messages").glob("*/*.toml"))[: self.args.members]
        other = self.by_git(files)
        print(f"campaign send, {len(files)} messages, {int(after) - int(before)} commit: {mine:.2f} s, "
              f"git add and commit of as many files {other:.2f} s, ratio {mine / other:.2f}")

    def by_git(self, files):
        peer = self.args.work.resolve() / "peer"
        shutil.rmtree(peer, ignore_errors=True)
        peer.mkdir()
        self.run("git", "init", "-q", cwd=peer)
        contents = [(file.relative_to(self.store), file.read_bytes()) for file in files]
        began = time.perf_counter()
        for path, data in contents:
            target = peer / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.run("git", "add", "-A", cwd=peer)
        self.run("git", "commit", "-q", "-m", "all", cwd=peer)
        return time.perf_counter() - began


def letters(number):
    """A number in the letters of ids, twelve of them, the changing ones first as in random ids."""
    text = ""
    for _ in range(12):
        text += "klmnopqrstuvwxyz"[number % 16]
        number //= 16
    return text


if __name__ == "__main__":
    main()
