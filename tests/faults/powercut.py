#!/usr/bin/env python3
"""Cuts the power under a `crm` binary at its system calls and checks what the disk kept.

    tests/faults/powercut.py target/release/crm                  ext4 and XFS, every point
    tests/faults/powercut.py target/release/crm --every 10       a sample
    tests/faults/powercut.py target/release/crm --control        without any fsync: must fail

At each point the program is killed and its file system shut down without writing anything
back (`xfs_io -x -c shutdown`), then mounted again. What was acknowledged must be there, the
repository sound, and the next command must work. The control lets every fsync do nothing; a run
of it in which nothing is lost says that this test is blind.

Needs root, loop mounts, strace, git, mkfs and xfs_io. Deliberately absent: kills and errors
without a power cut (sweep.py).
"""

import argparse
import collections
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import sweep

FILE_SYSTEMS = {
    # name: (size in MB, make, mount options); ext4 writes back only when it is told to
    "ext4": (96, ["mkfs.ext4", "-q", "-F"], "loop,commit=600"),
    "xfs": (320, ["mkfs.xfs", "-q", "-f"], "loop"),
}
SYNCS = ["fsync", "fdatasync", "syncfs", "sync", "msync", "sync_file_range"]


class Disk:
    """A file system in a file, which can lose its power."""

    def __init__(self, folder, kind):
        self.size, self.make, self.options = FILE_SYSTEMS[kind]
        self.image, self.mount_point = folder / f"{kind}.img", folder / kind
        self.mount_point.mkdir()
        self.format()

    def format(self):
        with open(self.image, "wb") as image:
            image.truncate(self.size << 20)
        self.must(*self.make, str(self.image))
        self.mount()

    @staticmethod
    def must(*argv):
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)

    def mount(self):
        self.must("mount", "-o", self.options, str(self.image), str(self.mount_point))

    def unmount(self):
        self.must("umount", str(self.mount_point))

    def settle(self):
        self.must("sync", "-f", str(self.mount_point))

    def cut(self):
        self.must("xfs_io", "-x", "-c", "shutdown", str(self.mount_point))
        self.unmount()
        self.mount()


class Cuts:
    def __init__(self, disk, crm, control):
        self.disk, self.crm, self.control = disk, crm, control
        self.names = itertools.count()
        self.prepare()

    def prepare(self):
        """A store without a person's edits, safe on the disk."""
        self.world = sweep.World(self.crm, self.disk.mount_point, 1)
        self.store = self.world.template
        self.world.git(self.store, "reset", "--hard", "-q")
        (self.store / "untracked.txt").unlink()

    def add(self):
        return self.world.command(sweep.ADD, name=f"Customer{next(self.names)}")

    def points(self):
        rehearsal = self.world.copy()
        calls = sweep.trace(self.world, self.add(), rehearsal, "")
        shutil.rmtree(rehearsal.parent)
        return [*calls.points, None]

    def at(self, point):
        """What is wrong after a cut at this point; `None` is after the end."""
        self.disk.settle()
        rules = ["{}:signal=KILL:when={}".format(*point)] if point else []
        if self.control:
            # A call has one rule; that of the kill goes before.
            idle = [name for name in SYNCS if not point or name != point[0]]
            rules.append(f"{','.join(idle)}:retval=0")
        options = [word for rule in rules for word in ("-e", f"inject={rule}")]
        code, out, _ = self.world.run(self.add(), self.store, trace=["-o", "/dev/null", *options])
        self.disk.cut()
        wrong = self.wrong(code, out)
        if wrong:
            self.disk.unmount()
            self.disk.format()
            self.prepare()
        return wrong

    def wrong(self, code, out):
        try:
            next_code, _, err = self.world.run(self.add(), self.store)
            if next_code != 0:
                return f"I7: the next command exits {next_code}: {err.strip()[:200]}"
            if found := self.world.git(self.store, "fsck", "--full", "--strict", "--no-dangling").strip():
                return f"I1: {found[:200]}"
            if found := self.world.git(self.store, "status", "--porcelain").strip():
                return f"I3, I4: {found[:200]}"
            tree = self.world.git(self.store, "ls-tree", "-r", "--name-only", "HEAD")
            if code == 0 and f"/{out.strip()}.toml" not in tree:
                return f"I2: {out.strip()} was acknowledged and is lost"
            if left := sweep.leftovers(self.store):
                return f"I6: left over: {', '.join(left)}"
        except sweep.Broken as broken:
            return f"I1: {str(broken)[:200]}"
        return None

    def run(self, name, every):
        tally = collections.Counter()
        points = self.points()
        chosen = points[every // 2::every]
        if chosen[-1] is not None:
            chosen.append(None)
        for point in chosen:
            wrong = self.at(point)
            tally["bad" if wrong else "good"] += 1
            if wrong and not self.control:
                print(f"  BAD {name} {point}: {wrong}", flush=True)
        control = " without fsync" if self.control else ""
        print(f"power cut on {name}{control}: {len(chosen)} of {len(points)} points: "
              f"{tally['good']} good, {tally['bad']} bad", flush=True)
        return tally["bad"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crm", type=pathlib.Path, help="the binary")
    parser.add_argument("--every", type=int, default=1, help="take every n-th point")
    parser.add_argument("--on", default=",".join(FILE_SYSTEMS), help="file systems")
    parser.add_argument("--control", action="store_true", help="let fsync do nothing")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("needs root for its loop mounts")
    failed = False
    for name in arguments.on.split(","):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="crm-power-"))
        disk = Disk(folder, name)
        try:
            bad = Cuts(disk, arguments.crm.resolve(), arguments.control).run(name, arguments.every)
        finally:
            disk.unmount()
            shutil.rmtree(folder)
        failed |= (bad == 0) if arguments.control else (bad > 0)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
