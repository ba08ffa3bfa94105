#!/usr/bin/env python3
"""The benchmark: times `crm` beside the tools that people would use instead, in one run.

    cargo build --release
    python3 tests/bench/run.py --crm target/release/crm --sizes 1000,10000,100000 --work DIR

It makes stores of these sizes from CSV files that are the same at every run, takes the median of
several repetitions, ours and the peer's in turn, prints a table and writes it to RESULTS.md next
to this file (what stands there from "## Where the time goes" on is kept). Miller (`mlr`) and
`hledger` are needed for their rows; without them these rows say so. A store that is already in DIR
is used again; `--only add,show,...` runs some parts without touching RESULTS.md.
"""

import argparse
import csv
import io
import os
import platform
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path

REGIONS = ["north", "south", "east", "west", "centre", "coast", "islands", "hills", "plains", "delta"]
CITIES = ["海淀", "浦东", "天河", "武侯", "Harbour", "Riverside", "Oakland", "Northgate", "雨花", "江汉"]
TRADES = ["电器", "Appliances", "家居", "Motors", "酒店", "Trading", "学校", "Clinics", "物业", "Foods"]
PRODUCTS, BUYERS, FIRST_DAY, DAYS = 50, 500, date(2024, 11, 1), 730
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
SYNCS_ALL = "core.fsync=all"
SYNCS_DEFAULT = "core.fsync=committed,-loose-object"
PARTS = ["add", "show", "report", "import", "list", "sell"]
KEPT = "## Where the time goes"


def main():
    args = arguments()
    bench = Bench(args)
    for size in args.sizes:
        if {"add", "show", "list"} & set(args.only):
            customers(bench, size)
        if {"report", "import"} & set(args.only):
            orders(bench, size)
        if "sell" in args.only:
            sell(bench, size)
    print(bench.table())
    if args.only == PARTS:
        write_results(bench, args)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crm", required=True, type=Path, help="the release binary")
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of records, separated by commas")
    parser.add_argument("--work", required=True, type=Path, help="a directory for the stores")
    parser.add_argument("--reps", type=int, default=15, help="repetitions of what takes milliseconds (15)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    args = parser.parse_args()
    args.crm = args.crm.resolve()
    args.work = args.work.resolve()
    args.sizes = [int(size) for size in args.sizes.split(",")]
    args.only = [part for part in PARTS if part in args.only.split(",")]
    return args


class Took:
    """What a program took: milliseconds on the clock, and of processors."""

    def __init__(self, wall, cpu):
        self.wall, self.cpu = wall, cpu

    def __add__(self, other):
        return Took(self.wall + other.wall, self.cpu + other.cpu)

    @staticmethod
    def median(times):
        return Took(statistics.median(t.wall for t in times), statistics.median(t.cpu for t in times))


def stopped(work):
    """Times something that this process and its children do."""
    def cpu():
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(used.ru_utime + used.ru_stime for used in both)
    before, start = cpu(), time.perf_counter()
    work()
    return Took((time.perf_counter() - start) * 1000, (cpu() - before) * 1000)


class Bench:
    """Runs and times programs, and collects what they took."""

    def __init__(self, args):
        self.crm, self.work, self.reps, self.only = args.crm, args.work, args.reps, args.only
        self.work.mkdir(parents=True, exist_ok=True)
        config = self.work / "gitconfig"
        config.write_text("[user]\n\tname = Bench\n\temail = bench@bench.example\n[init]\n\tdefaultBranch = main\n")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self.env = kept | {
            "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "CRM_NO_INPUT": "1",
        }
        self.rows = []

    def run(self, *command, cwd=None):
        """Runs a program; gives what it printed."""
        done = subprocess.run(command, cwd=cwd, env=self.env, capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}: {done.stderr.decode()[-2000:]}")
        return done.stdout

    def time(self, *command, cwd=None):
        """What a program takes."""
        return stopped(lambda: self.run(*command, cwd=cwd))

    def in_turn(self, reps, **works):
        """Medians of several works that are done in turn, each told the number of its turn."""
        taken = {name: [] for name in works}
        for turn in range(reps):
            for name, work in works.items():
                taken[name].append(work(turn))
        return {name: Took.median(times) for name, times in taken.items()}

    def add(self, size, work, ours, peer, theirs, goal=None):
        """A line of the table that compares."""
        ratio = ours.wall / theirs.wall
        self.line(f"{size:,}", work, clock(ours.wall), peer, clock(theirs.wall), f"{ratio:.2f}x",
                  f"{ours.cpu / theirs.cpu:.2f}x", "" if goal is None else f"{goal:g}x", verdict(ratio, goal))

    def add_limit(self, size, work, took, limit, peak=None, most=None):
        """A line of something that has a limit of its own, in milliseconds, and of memory, in MB."""
        goal = clock(limit) + ("" if most is None else f", {most} MB")
        kept = took.wall <= limit and (most is None or peak <= most)
        found = clock(took.wall) + ("" if peak is None else f", {peak:.0f} MB")
        self.line(f"{size:,}", work, found, "", "", "", "", goal, "yes" if kept else "**no**")

    def peak(self, *command, cwd=None):
        """What a program takes, the most memory it had in MB, and what it printed."""
        with (self.work / "printed").open("w+b") as printed:
            start = time.perf_counter()
            child = subprocess.Popen(command, cwd=cwd, env=self.env, stdout=printed, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            took = Took((time.perf_counter() - start) * 1000, (used.ru_utime + used.ru_stime) * 1000)
            if child.returncode != 0:
                sys.exit(f"{' '.join(map(str, command))}\nended with {child.returncode}")
            printed.seek(0)
            return took, used.ru_maxrss / 1024, printed.read()

    def add_bytes(self, size, work, ours, goal):
        self.line(f"{size:,}", work, f"{ours / 1024:.1f} KB", "", "", "", "", f"{goal / 1024:g} KB", verdict(ours, goal))

    def line(self, *cells):
        self.rows.append(cells)
        print(" | ".join(cells), flush=True)

    def table(self):
        head = ["records", "work", "crm", "peer", "its time", "ratio", "of CPU", "goal", "reached"]
        lines = [head, ["---:", "---", "---:", "---", "---:", "---:", "---:", "---:", "---"], *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def clock(milliseconds):
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.1f} ms"


def verdict(value, goal):
    return "" if goal is None else ("yes" if value <= goal else "**no**")


# What the stores are made of


def region_rows():
    yield ["id", "name"]
    for region in REGIONS:
        yield [region, region.title()]


def product_rows():
    yield ["id", "name", "price", "cost"]
    for n in range(PRODUCTS):
        yield [f"P-{n:03}", f"Product {n}", f"{50 + n * 7}.00", f"{30 + n * 4}.00"]


def customer_rows(count):
    draw = random.Random(1)
    yield ["source_ref", "kind", "name", "phone", "email", "region"]
    for n in range(count):
        name = f"{draw.choice(CITIES)} {draw.choice(TRADES)} {n:06}"
        yield [f"C{n:06}", "company", name, f"+86138{n:08}", f"office{n}@buyer{n % 997}.example", draw.choice(REGIONS)]


def order_list(count):
    """Day, buyer, region and two (product, quantity, price) of each order."""
    draw = random.Random(2)
    for n in range(count):
        day = FIRST_DAY + timedelta(days=n * DAYS // count)
        lines = [(p, draw.randint(1, 9), 50 + p * 7 - draw.randint(0, 9)) for p in draw.sample(range(PRODUCTS), 2)]
        yield n, day, draw.randrange(BUYERS), draw.choice(REGIONS), lines


def order_rows(count):
    yield ["number", "date", "customer", "region", "status", "confirmed_on", "line.product", "line.qty", "line.price"]
    for n, day, buyer, region, lines in order_list(count):
        for product, qty, price in lines:
            yield [f"SO-{n:06}", day, f"C{buyer:06}", region, "confirmed", f"{day}T10:00:00+08:00", f"P-{product:03}",
                   qty, f"{price}.00"]


def flat_rows(count):
    yield ["number", "region", "month", "product", "qty", "price", "net"]
    for n, day, _, region, lines in order_list(count):
        for product, qty, price in lines:
            yield [f"SO-{n:06}", region, f"{day:%Y-%m}", f"P-{product:03}", qty, price, f"{qty * price}.00"]


def journal(count):
    """The same orders as a double-entry journal."""
    for n, day, buyer, region, lines in order_list(count):
        yield f"{day} SO-{n:06}\n"
        for _, qty, price in lines:
            yield f"    sales:{region}  {-qty * price}.00 CNY\n"
        yield f"    receivable:C{buyer:06}\n\n"


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def new_store(bench, name, *files):
    """A store with these (noun, rows) imported; one that is complete is used again."""
    store = bench.work / name
    if (store / ".git" / "bench-complete").exists():
        return store
    shutil.rmtree(store, ignore_errors=True)
    bench.run(bench.crm, "init", store, "--company", "Bench", "--currency", "CNY", "--timezone", "Asia/Shanghai")
    for noun, rows in files:
        bench.run(bench.crm, "import", noun, write_csv(bench.work / f"{name}-{noun}.csv", rows), cwd=store)
    (store / ".git" / "bench-complete").touch()
    return store


def copied(source, target):
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)
    return target


def settled(bench, store):
    """A store whose files are older than the look at them, whose index knows them, whose mirror is warm."""
    bench.run("git", "status", cwd=store)
    time.sleep(2.5)
    for _ in range(2):
        bench.run(bench.crm, "customer", "list", "--limit", "1", cwd=store)


# The parts


def customers(bench, size):
    store = new_store(bench, f"customers-{size}", ("region", region_rows()), ("customer", customer_rows(size)))
    settled(bench, store)
    if "show" in bench.only:
        show(bench, size, store)
    if "list" in bench.only:
        find(bench, size, store)
    if "add" in bench.only:
        add(bench, size, store)


def show(bench, size, store):
    paths = sorted((store / "customers").glob("*/*.toml"))
    chosen = random.Random(3).choices(paths, k=bench.reps)
    taken = bench.in_turn(
        bench.reps,
        ours=lambda turn: bench.time(bench.crm, "customer", "show", chosen[turn].stem, cwd=store),
        git=lambda turn: bench.time("git", "show", f"HEAD:{chosen[turn].relative_to(store)}", cwd=store),
    )
    bench.add(size, "customer show ID", taken["ours"], "git show HEAD:PATH", taken["git"], 2)


def find(bench, size, store):
    listed = bench.run(bench.crm, "customer", "list", "--where", "region=coast", "--format", "ids", cwd=store).split()
    grepped = bench.run("grep", "-rl", 'region = "coast"', "customers", cwd=store).split()
    assert len(listed) == len(grepped) > 0, f"{len(listed)} listed, {len(grepped)} found by grep"
    word = f"{size // 2:06}"
    works = {
        "customer list --where region=coast --format ids":
            (("customer", "list", "--where", "region=coast", "--format", "ids"), 'region = "coast"'),
        "customer list --where region=coast --format csv":
            (("customer", "list", "--where", "region=coast", "--format", "csv"), 'region = "coast"'),
        "search WORD": (("search", word), word),
    }
    for name, (ours, wanted) in works.items():
        bench.run(bench.crm, *ours, cwd=store)
        taken = bench.in_turn(
            max(5, bench.reps // 2),
            ours=lambda _, ours=ours: bench.time(bench.crm, *ours, cwd=store),
            grep=lambda _, wanted=wanted: bench.time("grep", "-rl", wanted, "customers", cwd=store),
        )
        bench.add(size, name, taken["ours"], "grep -rl", taken["grep"], 0.2)


def add(bench, size, store):
    ours = copied(store, bench.work / f"add-{size}-crm")
    peer = copied(store, bench.work / f"add-{size}-git")
    for copy in (ours, peer):
        settled(bench, copy)
    sample = next(iter((peer / "customers").glob("*/*.toml"))).read_text()
    folders = sorted((peer / "customers").iterdir())

    def by_crm(turn):
        return bench.time(
            bench.crm, "customer", "add", "--name", f"Newcomer {turn}", "--kind", "company",
            "--phone", f"+86139{turn:08}", "--email", f"new{turn}@newcomer.example", "--region", "north", cwd=ours,
        )

    def by_git(turn, syncs):
        name = f"cus_{'all' if syncs == SYNCS_ALL else 'some'}{turn:06}"
        path = folders[turn * 7 % len(folders)] / f"{name}.toml"
        path.write_text(re.sub(r'^(id|name|phone|email|source_ref) = .*', rf'\1 = "{name} of turn {turn}"', sample, flags=re.M))
        added = bench.time("git", "-c", syncs, "add", path.relative_to(peer), cwd=peer)
        return added + bench.time("git", "-c", syncs, "commit", "-qm", f"customer add: {name}", cwd=peer)

    by_crm(10_000)
    before = loose_bytes(ours)
    by_crm(10_001)
    grown = loose_bytes(ours) - before
    taken = bench.in_turn(
        bench.reps, ours=by_crm, all=lambda turn: by_git(turn, SYNCS_ALL), some=lambda turn: by_git(turn, SYNCS_DEFAULT)
    )
    work = "customer add"
    goal = 0.35 if size >= 100_000 else 0.5
    bench.add(size, work, taken["ours"], "git add && git commit, core.fsync=all", taken["all"], goal)
    bench.add(size, work, taken["ours"], "git add && git commit, git's default fsync", taken["some"])
    bench.add_bytes(size, "loose objects added to .git by it", grown, 40 * 1024)
    for copy in (ours, peer):
        shutil.rmtree(copy)


def loose_bytes(store):
    objects = (store / ".git" / "objects").glob("??/*")
    return sum(file.stat().st_size for file in objects)


def orders(bench, size):
    base = new_store(
        bench, "orders-base", ("region", region_rows()), ("product", product_rows()), ("customer", customer_rows(BUYERS))
    )
    rows = write_csv(bench.work / f"orders-{size}.csv", order_rows(size))
    store = bench.work / f"orders-{size}"
    if "import" in bench.only or not (store / ".git" / "bench-orders").exists():
        bring_in(bench, size, base, store, rows)
    if "report" in bench.only:
        report(bench, size, store)


def bring_in(bench, size, base, store, rows):
    reps = 3 if size <= 1_000 else 1
    ours, default = [], []
    peer = bench.work / f"orders-{size}-git"
    for _ in range(reps):
        copied(base, store)
        settled(bench, store)
        ours.append(bench.time(bench.crm, "import", "order", rows, "--group-by", "number", cwd=store))
        files = {path.relative_to(store): path.read_bytes() for path in (store / "orders").glob("*/*.toml")}
        assert len(files) == size, f"{len(files)} orders of {size}"
        copied(base, peer)
        default.append(plain_import(bench, peer, files, SYNCS_DEFAULT))
    (store / ".git" / "bench-orders").touch()
    work = "import order, one commit"
    mine = Took.median(ours)
    bench.add(size, work, mine, "write files, git add -A, git commit", Took.median(default), 1)
    if size <= 10_000:
        copied(base, peer)
        synced = plain_import(bench, peer, files, SYNCS_ALL)
        bench.add(size, work, mine, "the same, core.fsync=all", synced)
    shutil.rmtree(peer)


def plain_import(bench, store, files, syncs):
    def work():
        for path, content in files.items():
            path = store / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # Maintenance in the background would go on in a store that is about to be removed.
        git = ("git", "-c", syncs, "-c", "gc.auto=0", "-c", "maintenance.auto=false")
        bench.run(*git, "add", "-A", cwd=store)
        bench.run(*git, "commit", "-qm", "import", cwd=store)
    return stopped(work)


def report(bench, size, store):
    asked = ("report", "sales", "--by", "region,month", "--from", FIRST_DAY.isoformat(), "--to", LAST_DAY.isoformat(),
             "--format", "csv")
    settled(bench, store)
    work = "report sales --by region,month"
    reps = max(5, bench.reps // 2)
    ours = lambda _: bench.time(bench.crm, *asked, cwd=store)
    if shutil.which("mlr"):
        flat = write_csv(bench.work / f"flat-{size}.csv", flat_rows(size))
        sums = ("mlr", "--icsv", "--ocsv", "stats1", "-a", "sum", "-f", "net", "-g", "region,month", flat)
        same_sums(bench.run(bench.crm, *asked, cwd=store), bench.run(*sums))
        taken = bench.in_turn(reps, ours=ours, miller=lambda _: bench.time(*sums))
        bench.add(size, f"{work}, warm", taken["ours"], "Miller, one flat CSV", taken["miller"], 1)
    else:
        print("Miller is not installed: no row for it")
    cold = reps if size <= 10_000 else 3

    def from_nothing(turn):
        (store / ".git" / "crm" / "mirror.db").unlink(missing_ok=True)
        return ours(turn)

    works = {"ours": from_nothing}
    if shutil.which("hledger"):
        book = bench.work / f"orders-{size}.journal"
        book.write_text("".join(journal(size)))
        works["hledger"] = lambda _: bench.time("hledger", "-f", book, "register", "--monthly", "sales")
    else:
        print("hledger is not installed: no row for it")
    taken = bench.in_turn(cold, **works)
    if "hledger" in taken:
        bench.add(size, f"{work}, cold", taken["ours"], "hledger register --monthly", taken["hledger"], 0.5)
    bench.add(size, f"{work}, cold", taken["ours"], "read and parse all files in a loop", stopped(lambda: parse_all(store)))


def same_sums(ours, millers):
    """Both must have found the same."""
    ours = {(row["region"], row["month"]): float(row["net"]) for row in csv.DictReader(io.StringIO(ours.decode()))}
    theirs = {(row["region"], row["month"]): float(row["net_sum"]) for row in csv.DictReader(io.StringIO(millers.decode()))}
    assert ours == theirs, f"other sums than Miller's: {len(ours)} against {len(theirs)} rows"


def parse_all(store):
    sums = {}
    for path in (store / "orders").glob("*/*.toml"):
        order = tomllib.loads(path.read_text(encoding="utf-8"))
        key = order["region"], order["date"].isoformat()[:7]
        net = sum(float(line["qty"]) * float(line["price"]) for line in order["lines"])
        sums[key] = sums.get(key, 0) + net


def lead_rows(count):
    draw = random.Random(4)
    yield ["source_ref", "name", "company", "phone", "source", "region", "created_at"]
    for n in range(count):
        yield [f"L{n:06}", f"Person {n:06}", f"{draw.choice(TRADES)} {n:06}", f"+86137{n:08}", "web", draw.choice(REGIONS),
               f"{FIRST_DAY + timedelta(days=n * DAYS // count)}T10:00:00+08:00"]


def twins(count):
    """Chinese companies, of which every twentieth is one of the others under another spelling."""
    draw = random.Random(5)
    cities = ["北京", "上海", "广州", "深圳", "成都", "杭州", "武汉", "南京", "重庆", "苏州"]
    words = ["华盛", "恒信", "联创", "嘉禾", "东方", "远大", "金鼎", "瑞祥", "国泰", "新元"]
    trades = ["科技", "贸易", "物流", "电器", "实业", "家居", "汽车", "酒店"]
    kept = []
    for n in range(count):
        if n % 20 == 19:
            city, name, phone = draw.choice(kept)
            yield n, f"{city}{name}（集团）有限公司", city, phone if n % 40 == 19 else f"+86139{n:08}"
        else:
            city = draw.choice(cities)
            name, phone = f"{draw.choice(words)}{draw.choice(words)}{n:05}{draw.choice(trades)}", f"+86138{n:08}"
            kept.append((city, name, phone))
            yield n, f"{city}{name}有限公司", city, phone


def twin_store(bench, size):
    """A store of them as merged clones leave it: no rule has seen both of a pair."""
    store = bench.work / f"twins-{size}"
    if (store / ".git" / "bench-complete").exists():
        return store
    shutil.rmtree(store, ignore_errors=True)
    bench.run(bench.crm, "init", store, "--company", "Bench", "--currency", "CNY", "--timezone", "Asia/Shanghai")
    user = next((store / "users").glob("*.toml")).stem
    for n, name, city, phone in twins(size):
        letters = "".join("klmnopqrstuvwxyz"[(n * 2654435761 >> 4 * place) & 15] for place in range(8))
        name_of = "cus_" + letters + f"{n:04x}"[-4:].translate(str.maketrans("0123456789abcdef", "klmnopqrstuvwxyz"))
        path = store / "customers" / letters[:2] / f"{name_of}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'id = "{name_of}"\ncreated_at = 2026-01-01T09:00:00+08:00\ncreated_by = "{user}"\n\n'
            f'kind = "company"\nname = "{name}"\n\nphone = "{phone}"\n\nemail = "a{n}@qq.com"\n\n'
            f'city = "{city}"\n\nowner = "{user}"\n\nstatus = "normal"\n', encoding="utf-8")
    bench.run("git", "add", "-A", cwd=store)
    bench.run("git", "commit", "-qm", "merged", cwd=store)
    assert len(list((store / "customers").glob("*/*.toml"))) == size
    (store / ".git" / "bench-complete").touch()
    return store


def sell(bench, size):
    ship_and_convert(bench, size)
    assign(bench, min(size, 10_000))
    dedupe(bench, size)


def ship_and_convert(bench, size):
    """Verbs of the chain beside `customer add`, in a store of so many customers."""
    reps = bench.reps
    base = new_store(bench, f"customers-{size}", ("region", region_rows()), ("customer", customer_rows(size)))
    store = copied(base, bench.work / f"sell-{size}")
    lines = ["product add P-1 --name Thing --price 10", "movement receive P-1 1000000"]
    for turn in range(reps):
        lines.append(f"order add --customer C{turn:06} --line P-1:1 --source-ref o:{turn}")
        lines.append(f"order confirm o:{turn}")
        lines.append(f"lead add --name Lead{turn} --company 'Lead company {turn}' --phone +86135{turn:08} --source web "
                     f"--intent P-1:2 --source-ref l:{turn}")
    script = bench.work / "sell-lines"
    script.write_text("\n".join(lines))
    bench.run(bench.crm, "batch", script, cwd=store)
    settled(bench, store)
    taken = bench.in_turn(
        reps,
        add=lambda turn: bench.time(bench.crm, "customer", "add", "--name", f"Newcomer {turn}", "--kind", "company",
                                    "--phone", f"+86134{turn:08}", cwd=store),
        ship=lambda turn: bench.time(bench.crm, "order", "ship", f"o:{turn}", cwd=store),
        convert=lambda turn: bench.time(bench.crm, "lead", "convert", f"l:{turn}", cwd=store),
    )
    bench.add(size, "order ship", taken["ship"], "crm customer add", taken["add"], 1.5)
    bench.add(size, "lead convert", taken["convert"], "crm customer add", taken["add"], 1.5)
    shutil.rmtree(store)


def assign(bench, size):
    base = new_store(bench, f"leads-{size}", ("region", region_rows()), ("lead", lead_rows(size)))
    store = copied(base, bench.work / f"assign-{size}")
    lines = ["team add sales --name Sales"]
    lines += [f"user add u{n} --name U{n} --email u{n}@bench.example --role admin --team sales --region {region}"
              for n, region in enumerate(REGIONS)]
    lines.append("assignment-rule add by-region --name R --order 1 --method region --team sales --when region=north,south,east")
    lines.append("assignment-rule add rest --name N --order 2 --method least_busy --team sales")
    script = bench.work / "assign-lines"
    script.write_text("\n".join(lines).replace("assignment-rule", "assignment_rule"))
    bench.run(bench.crm, "batch", script, cwd=store)
    settled(bench, store)
    peer = copied(store, bench.work / f"assign-{size}-git")
    took, peak, printed = bench.peak(bench.crm, "lead", "assign", "--auto", cwd=store)
    given = len(printed.split())
    assert given == size, f"{given} of {size} leads assigned"
    work = "lead assign --auto, one commit"
    bench.add_limit(size, work, took, 2_000, peak)
    files = {path.relative_to(store): path.read_bytes() for path in (store / "leads").glob("*/*.toml")}
    bench.add(size, work, took, "write files, git add -A, git commit", plain_import(bench, peer, files, SYNCS_DEFAULT))
    for copy in (store, peer):
        shutil.rmtree(copy)


def dedupe(bench, size):
    store = twin_store(bench, size)
    settled(bench, store)
    took, peak, printed = bench.peak(bench.crm, "customer", "dedupe", "--format", "csv", cwd=store)
    print(f"{len(printed.splitlines()) - 1} pairs, {size // 20} made")
    bench.add_limit(size, "customer dedupe", took, 10_000, peak, 1024)


# The results


def write_results(bench, args):
    path = Path(__file__).with_name("RESULTS.md")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = KEPT + before.partition(KEPT)[2] if KEPT in before else f"{KEPT}\n"
    text = f"""# Benchmark results

{date.today()}, {machine()}.

{versions(bench)}.

    python3 tests/bench/run.py --crm target/release/crm --sizes {','.join(map(str, args.sizes))} --work DIR

Medians of {bench.reps} repetitions for what takes milliseconds, fewer for what takes seconds, `crm` and its peer in turn.
One process each, with the file cache warm. A ratio below 1 means that `crm` is faster; "of CPU" is the ratio of the
processor time, which other work on the machine disturbs less. `crm` flushes everything to the disk before it says that a
change is made.

{bench.table()}

{kept}"""
    path.write_text(text, encoding="utf-8")


def machine():
    def read(path, pattern):
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.M)
        return found[1] if found else "unknown"
    processor = read("/proc/cpuinfo", r"^model name\s*: (.*)$") if Path("/proc/cpuinfo").exists() else platform.processor()
    memory = int(read("/proc/meminfo", r"^MemTotal:\s*(\d+)")) // 1024 ** 2 if Path("/proc/meminfo").exists() else "?"
    load = os.getloadavg()[0]
    return f"{platform.system()} {platform.release()}, {os.cpu_count()} cores ({processor}), {memory} GB, load {load:.1f} at the end"


def versions(bench):
    found = []
    for program in (["git", "--version"], ["mlr", "--version"], ["hledger", "--version"], ["grep", "--version"]):
        if shutil.which(program[0]):
            found.append(bench.run(*program).decode().splitlines()[0].split(",")[0])
    return ", ".join(["crm " + bench.run(bench.crm, "--version").decode().strip().removeprefix("crm "), *found,
                      f"Python {platform.python_version()}"])


if __name__ == "__main__":
    main()
