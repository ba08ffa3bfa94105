#!/usr/bin/env python3
"""Kills or fails a `crm` binary at every system call and checks what is left.

    tests/faults/sweep.py target/release/crm                 everything, every point
    tests/faults/sweep.py target/release/crm --every 7       a sample, as for a pull request
    tests/faults/sweep.py target/release/crm --ops update --modes kill,double

Modes: `kill` SIGKILL before each call (before the next one is after this one),
`error` each call fails once, `stays` it and all later ones of its kind fail,
`double` a kill after the branch has moved and another at each call of the recovery.

Needs strace and git; Python's standard library only. Leaves nothing behind but what
`--keep` keeps: the store of each point that broke an invariant.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

# --- what is run: change these lines to try other operations ----------------------

INIT = "{crm} init {store} --company Faults --user u --name N --email e@example.com --no-input"
ADD = "{crm} customer add --name {name}"
OPERATIONS = {
    # name: (command, standard input)
    "create": ("{crm} customer add --name Fault", ""),
    "update": (
        "{crm} batch -",
        "customer set {a} --phone +8613800000001\n"
        "customer set {b} --phone +8613800000002\n"
        "customer set {c} --phone +8613800000003\n",
    ),
    "delete": ("{crm} customer remove {a} --yes", ""),
    "import": ("{crm} import customer {csv}", ""),
    "sync": ("{crm} sync --no-fetch --no-push", ""),
}
ERRORS = ["EIO", "ENOSPC"]

# A failure of these may end the program without a word: nothing can be done then.
MAY_ABORT = {
    "brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "execve", "arch_prctl",
    "set_tid_address", "set_robust_list", "rseq", "prlimit64", "getrandom", "pread64",
    "sigaltstack", "rt_sigaction", "rt_sigprocmask", "poll", "futex", "clone3", "clone",
    "sched_getaffinity", "access", "readlink", "fstat", "gettid", "getpid",
}
NEVER = {"execve", "exit_group", "exit", "rt_sigreturn", "restart_syscall"}
TIMEOUT = 120

# --- running ----------------------------------------------------------------------


class World:
    """A store to copy, with a person's own edits in it."""

    def __init__(self, crm, folder, rows):
        self.crm, self.folder = crm, folder
        self.home = folder / "home"
        self.home.mkdir()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Person",
            "GIT_AUTHOR_EMAIL": "person@example.com",
            "GIT_COMMITTER_NAME": "Person",
            "GIT_COMMITTER_EMAIL": "person@example.com",
            "CRM_USER": "u",
            "RAYON_NUM_THREADS": "1",
        }
        self.csv = folder / "rows.csv"
        self.csv.write_text("name\n" + "".join(f"Row {n}\n" for n in range(rows)))
        self.template = folder / "template"
        self.words = {"crm": crm, "csv": self.csv, "store": self.template}
        self.must(INIT, cwd=folder)
        for letter in "abcd":
            self.words[letter] = self.must(ADD, name=letter.upper()).split()[-1]
        self.part()
        self.edit_by_hand()
        self.base = self.git(self.template, "rev-parse", "HEAD")
        self.status = self.git(self.template, "status", "--porcelain")
        self.mine = self.own_files(self.template)

    def part(self):
        """What somebody else pushed, fetched already, and a change of one's own beside it."""
        store = self.template
        self.git(store, "remote", "add", "origin", "/nowhere")
        self.must("{crm} customer set {a} --city Theirs")
        self.must(ADD, name="Theirs")
        self.git(store, "update-ref", "refs/remotes/origin/main", "HEAD")
        self.git(store, "reset", "-q", "--hard", "HEAD~2")
        self.must("{crm} customer set {a} --street Ours")

    def edit_by_hand(self):
        [path] = self.template.rglob(f"{self.words['d']}*")
        self.edited = path.relative_to(self.template)
        path.write_text(path.read_text() + "# a person's note\n")
        (self.template / "staged.txt").write_text("staged\n")
        self.git(self.template, "add", "staged.txt")
        (self.template / "untracked.txt").write_text("untracked\n")

    def own_files(self, store):
        names = [self.edited, "staged.txt", "untracked.txt"]
        content = [(store / name).read_bytes() for name in names]
        return content + [self.git(store, "show", ":staged.txt")]

    def command(self, text, **more):
        words = {**self.words, **more}
        return [str(word).format(**words) for word in text.split()]

    def run(self, argv, cwd, stdin="", trace=None):
        if trace is not None:
            argv = ["strace", "-f", "-qq", *trace, *argv]
        process = subprocess.Popen(
            argv, cwd=cwd, env=self.env, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )
        try:
            out, err = process.communicate(stdin, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, "", "timed out"
        return process.returncode, out, err

    def must(self, text, cwd=None, stdin="", **more):
        code, out, err = self.run(self.command(text, **more), cwd or self.template, stdin)
        if code != 0:
            sys.exit(f"{text}: exit {code}\n{err}")
        return out

    def git(self, store, *arguments):
        done = subprocess.run(
            ["git", *arguments], cwd=store, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            raise Broken(f"git {' '.join(arguments)}: {done.stdout.strip()}")
        return done.stdout

    def copy(self, source=None):
        store = pathlib.Path(tempfile.mkdtemp(prefix="point-", dir=self.folder)) / "store"
        subprocess.run(["cp", "-a", str(source or self.template), str(store)], check=True)
        return store


class Broken(Exception):
    """An invariant does not hold."""


class Operation:
    def __init__(self, world, name):
        self.world, self.name = world, name
        text, stdin = OPERATIONS[name]
        self.argv = world.command(text)
        self.stdin = stdin.format(**world.words)
        store = world.copy()
        self.calls = trace(world, self.argv, store, self.stdin)
        if (code := self.calls.code) != 0:
            sys.exit(f"{name}: exit {code} without any fault\n{self.calls.err}")
        self.shape = shape(world, store, "HEAD")
        shutil.rmtree(store.parent)


class Calls:
    """The system calls of one run: in order, and as (name, how often) to inject."""

    def __init__(self, lines, code, err):
        self.code, self.err = code, err
        self.order, per_thread = [], collections.Counter()
        for line in lines:
            match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
            if match and match[2] not in NEVER:
                per_thread[match[1], match[2]] += 1
                self.order.append((match[2], per_thread[match[1], match[2]], match[3]))
        # A fault hits whichever thread makes its n-th call of that name first.
        self.points = list(dict.fromkeys((name, n) for name, n, _ in self.order))

    def after_branch_moved(self):
        """The calls after the commit point that no other thread could stand in for."""
        first = {}
        for at, (name, number, _) in enumerate(self.order):
            first.setdefault((name, number), at)
        for at, (name, _, rest) in enumerate(self.order):
            if name.startswith("rename") and "/refs/heads/" in rest:
                return [call for place, call in enumerate(self.order)
                        if place > at and first[call[:2]] == place]
        return []


def trace(world, argv, store, stdin):
    log = store.parent / "trace"
    code, _, err = world.run(argv, store, stdin, trace=["-o", str(log)])
    return Calls(log.read_text(errors="replace").splitlines(), code, err)


def shape(world, store, commit):
    """What a commit does, without saying to whom: how many files of each folder."""
    listed = world.git(store, "diff-tree", "--root", "--no-commit-id", "--no-renames",
                       "--name-status", "-r", commit)
    lines = (line.split("\t") for line in listed.splitlines())
    return collections.Counter((letter, path.split("/")[0]) for letter, path in lines)


# --- the invariants ---------------------------------------------------------------


def check(world, store, operation, known, code, out):
    """After any fault: the next command works (I7), and then the rest must hold."""
    if world.own_files(store) != world.mine:
        raise Broken("I5: a person's edits changed before recovery")
    argv = world.command(ADD, name="After")
    next_code, _, err = world.run(argv, store)
    if next_code != 0:
        raise Broken(f"I7: the next command exits {next_code}: {err.strip()}")
    fsck = world.git(store, "fsck", "--full", "--strict", "--no-dangling")
    if fsck.strip():
        raise Broken(f"I1: git fsck: {fsck.strip()}")
    commits = world.git(store, "rev-list", "--reverse", f"{world.base.strip()}..HEAD").split()
    shapes = [shape(world, store, commit) for commit in commits]
    for found in shapes:
        if found not in known and found != operation.shape:
            raise Broken(f"I3: a commit of unknown shape {dict(found)}")
    after = world.git(store, "status", "--porcelain")
    if after != world.status:
        raise Broken(f"I3, I4: git status is\n{after}instead of\n{world.status}")
    if world.own_files(store) != world.mine:
        raise Broken("I5: a person's edits changed")
    left = leftovers(store)
    if left:
        raise Broken(f"I6: left over: {', '.join(left)}")
    committed = operation.shape in shapes[:-1]
    acknowledged = code == 0 or (out.strip() != "" and operation.name == "create")
    if acknowledged and not committed:
        raise Broken(f"I2: acknowledged (exit {code}, {out.strip()!r}) but lost")
    # A sync says with 9 that it was done and that the check after it found something.
    told = (9, 13, 101, 134) if operation.name == "sync" else (13, 101, 134)
    if code is not None and code > 0 and code not in told and committed:
        raise Broken(f"I8: exit {code}, but it was committed")
    return committed


def leftovers(store):
    found = []
    for path in store.rglob("*"):
        name = path.name
        ours = (name.startswith((".crm-tmp-", "journal")) or name.endswith(".lock")
                or name in ("index.tx", "index.lock.tx"))
        if ours and path.is_file():
            found.append(str(path.relative_to(store)))
    return found


# --- the sweeps -------------------------------------------------------------------


class Sweep:
    def __init__(self, arguments, world):
        self.arguments, self.world = arguments, world
        commits = world.git(world.template, "rev-list", "HEAD", "origin/main").split()
        self.known = [shape(world, world.template, commit) for commit in commits]
        self.bad = 0

    def sample(self, points):
        """Every n-th point, from a place that differs from run to run."""
        every = self.arguments.every
        start = random.Random(self.arguments.seed).randrange(every)
        return points[start::every]

    def report(self, title, points, act):
        tally, aborts = collections.Counter(), collections.Counter()
        with concurrent.futures.ThreadPoolExecutor(self.arguments.jobs) as pool:
            for point, (outcome, words) in zip(points, pool.map(act, points)):
                tally[outcome] += 1
                if outcome == "aborted":
                    aborts[point[0]] += 1
                if outcome == "BAD":
                    self.bad += 1
                    print(f"  BAD {title} {point}: {words}", flush=True)
        parts = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
        more = f"  (aborted in {', '.join(sorted(aborts))})" if aborts else ""
        print(f"{title}: {len(points)} points: {parts or 'none'}{more}", flush=True)

    def point(self, operation, argv, stdin, source, inject):
        store = self.world.copy(source)
        keep = False
        try:
            code, out, err = self.world.run(
                argv, store, stdin, trace=["-o", "/dev/null", "-e", f"inject={inject}"])
            if code is None:
                raise Broken("it hangs")
            name = inject.split(":")[0]
            aborted = code in (101, 134, 139) or (code < 0 and "signal=" not in inject)
            if aborted and name not in MAY_ABORT:
                raise Broken(f"aborted (exit {code}): {err.strip()[-300:]}")
            committed = check(self.world, store, operation, self.known, code, out)
            if aborted:
                return "aborted", ""
            return ("committed" if committed else "not committed"), ""
        except Broken as broken:
            keep = self.arguments.keep
            where = f" [{store}]" if keep else ""
            return "BAD", f"{broken}{where}"
        finally:
            if not keep:
                shutil.rmtree(store.parent, ignore_errors=True)

    def simple(self, operation, title, form):
        act = lambda point: self.point(
            operation, operation.argv, operation.stdin, None, form.format(*point))
        points = self.sample(operation.calls.points)
        self.report(f"{operation.name} {title}", points, act)

    def double(self, operation):
        late = operation.calls.after_branch_moved()
        if not late:
            print(f"{operation.name} double: the branch is never moved by a rename")
            return
        spots = sorted({0, len(late) // 4, len(late) // 2, 3 * len(late) // 4, len(late) - 1})
        argv = self.world.command(ADD, name="Second")
        for spot in spots:
            name, number, _ = late[spot]
            crashed = self.world.copy()
            inject = f"inject={name}:signal=KILL:when={number}"
            self.world.run(operation.argv, crashed, operation.stdin,
                           trace=["-o", "/dev/null", "-e", inject])
            rehearsal = self.world.copy(crashed)
            calls = trace(self.world, argv, rehearsal, "")
            act = lambda point: self.point(
                operation, argv, "", crashed, "{}:signal=KILL:when={}".format(*point))
            self.report(f"{operation.name} double at {name} {number}",
                        self.sample(calls.points), act)
            for store in (crashed, rehearsal):
                shutil.rmtree(store.parent, ignore_errors=True)

    def run(self, operation):
        modes = self.arguments.modes
        if "kill" in modes:
            self.simple(operation, "kill", "{}:signal=KILL:when={}")
        for error in ERRORS:
            if "error" in modes:
                self.simple(operation, f"{error} once", "{}:error=" + error + ":when={}")
            if "stays" in modes:
                self.simple(operation, f"{error} stays", "{}:error=" + error + ":when={}+")
        if "double" in modes:
            self.double(operation)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crm", type=pathlib.Path, help="the binary")
    parser.add_argument("--ops", default=",".join(OPERATIONS))
    parser.add_argument("--modes", default="kill,error,stays,double")
    parser.add_argument("--every", type=int, default=1, help="take every n-th point")
    parser.add_argument("--seed", type=int, default=0, help="where the sample begins")
    parser.add_argument("--rows", type=int, default=1000, help="rows of the import")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--work", type=pathlib.Path, help="folder for the stores")
    parser.add_argument("--keep", action="store_true", help="keep the stores of bad points")
    arguments = parser.parse_args()
    arguments.modes = arguments.modes.split(",")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="crm-sweep-", dir=arguments.work))
    try:
        world = World(arguments.crm.resolve(), folder, arguments.rows)
        sweep = Sweep(arguments, world)
        for name in arguments.ops.split(","):
            sweep.run(Operation(world, name))
        print("every invariant held" if sweep.bad == 0 else f"{sweep.bad} bad points")
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if sweep.bad else 0)


if __name__ == "__main__":
    main()
