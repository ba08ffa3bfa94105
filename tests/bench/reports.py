#!/usr/bin/env python3
"""Times every report of `crm` over a store of a company's size, and two of them beside pandas on the
exported CSV.

    cargo build --release
    python3 tests/bench/reports.py --crm target/release/crm --work DIR [--orders 100000] [--reps 5]

The store is made once: orders with two lines each, twice as many follow-ups, leads, opportunities,
tickets, invoices, shipments and movements. Each report runs warm with its defaults,
the median of the repetitions counts; memory is the peak of one run. `pandas` is needed for its rows;
without it these say so.
"""

import argparse
import csv
import io
import os
import random
import shutil
import statistics
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import run as base  # noqa: E402

TODAY = base.LAST_DAY
SOURCES = ["web", "phone", "referral", "exhibition", "ad"]
STAGES = ["qualification", "needs", "proposal", "negotiation", "won", "lost"]


def day(draw, back=base.DAYS):
    return TODAY - timedelta(days=draw.randrange(back))


def at(day, hour=10):
    return f"{day}T{hour:02}:00:00+08:00"


def sold(count):
    """Number, day, buyer, region and two (product, quantity, price) of each order."""
    draw = random.Random(2)
    for n in range(count):
        on = base.FIRST_DAY + timedelta(days=n * base.DAYS // count)
        buyer = min(int(draw.expovariate(6) * base.BUYERS), base.BUYERS - 1)
        region = draw.choice(base.REGIONS)
        products = draw.sample(range(base.PRODUCTS), 2)
        yield n, on, buyer, region, [(p, draw.randint(1, 9), 50 + p * 7 - draw.randint(0, 9)) for p in products]


def orders(count):
    yield ["number", "date", "due_date", "customer", "region", "status", "confirmed_on", "line.product", "line.qty",
           "line.price", "line.cost"]
    for n, on, buyer, region, lines in sold(count):
        for product, qty, price in lines:
            yield [f"SO-{n:06}", on, on + timedelta(days=14), f"C{buyer:06}", region, "confirmed", at(on),
                   f"P-{product:03}", qty, f"{price}.00", f"{price * 3 // 5}.00"]


def shipments(count):
    """Of all orders but one in twelve."""
    yield ["source_ref", "order", "date", "line.order_line", "line.product", "line.qty"]
    for n, on, _, _, lines in sold(count):
        for product, qty, _ in lines if n % 12 else []:
            yield [f"S{n:06}", f"SO-{n:06}", min(on + timedelta(days=n % 20), TODAY), f"P-{product:03}", f"P-{product:03}", qty]


def invoices(count):
    """Of every fifth order."""
    yield ["number", "order", "customer", "date", "due_date", "line.order_line", "line.product", "line.qty", "line.price",
           "line.tax_rate"]
    for n, on, buyer, _, lines in sold(count):
        for product, qty, price in lines if n % 5 == 1 else []:
            yield [f"INV-{n:06}", f"SO-{n:06}", f"C{buyer:06}", on, on + timedelta(days=30), f"P-{product:03}",
                   f"P-{product:03}", qty, f"{price}.00", "13"]


def leads(count):
    draw = random.Random(3)
    yield ["source_ref", "name", "phone", "source", "region", "status", "lost_reason", "closed_on", "created_at"]
    for n in range(count):
        made = day(draw)
        status = draw.choice(["new", "contacted", "qualified", "unqualified", "junk"])
        lost = status in ("unqualified", "junk")
        yield [f"L{n:06}", f"Person {n:06}", f"+86137{n:08}", draw.choice(SOURCES), draw.choice(base.REGIONS), status,
               draw.choice(["price", "no_need", "timing"]) if lost else "", min(made + timedelta(days=20), TODAY) if lost else "",
               at(made)]


def opportunities(count):
    draw = random.Random(4)
    yield ["source_ref", "name", "customer", "stage", "amount", "close_date", "closed_on", "lost_reason", "source", "created_at"]
    for n in range(count):
        made, stage = day(draw), draw.choice(STAGES)
        closed = min(made + timedelta(days=draw.randint(5, 90)), TODAY)
        over = stage in ("won", "lost")
        yield [f"O{n:06}", f"Deal {n}", f"C{draw.randrange(base.BUYERS):06}", stage, f"{draw.randint(1, 500)}000.00",
               closed if over else TODAY + timedelta(days=draw.randint(-20, 90)), closed if over else "",
               draw.choice(["price", "competitor", "timing"]) if stage == "lost" else "", draw.choice(SOURCES), at(made)]


def followups(count):
    draw = random.Random(5)
    yield ["kind", "subject", "target", "status", "due", "done_at", "direction", "outcome", "created_at"]
    for n in range(count):
        on = day(draw)
        kind = draw.choice(["call", "email", "visit", "note", "meeting"])
        target = f"C{draw.randrange(base.BUYERS):06}" if n % 2 else f"L{draw.randrange(max(count // 7, 1)):06}"
        planned = n % 20 == 0
        yield [kind, f"{kind} {n}", target, "planned" if planned else "done",
               TODAY + timedelta(days=draw.randint(-5, 20)) if planned else on, "" if planned else at(on),
               draw.choice(["out", "in"]), "" if planned else draw.choice(["connected", "no_answer", "interested"]), at(on, 9)]


def tickets(count):
    draw = random.Random(6)
    yield ["source_ref", "kind", "subject", "customer", "product", "status", "resolution", "rating", "created_at"]
    for n in range(count):
        status = draw.choice(["new", "open", "resolved", "closed"])
        done = status in ("resolved", "closed")
        yield [f"T{n:06}", draw.choice(["service", "complaint", "question"]), f"Ticket {n}", f"C{draw.randrange(base.BUYERS):06}",
               f"P-{draw.randrange(base.PRODUCTS):03}", status, "Done" if done else "", draw.randint(1, 5) if done else "",
               at(day(draw))]


def movements(count):
    draw = random.Random(7)
    yield ["date", "product", "kind", "qty", "unit_cost"]
    for n in range(count):
        product = n % base.PRODUCTS
        yield [base.FIRST_DAY + timedelta(days=n // base.PRODUCTS), f"P-{product:03}", "receive", 20000, f"{30 + draw.randint(0, 20)}.00"]


def made(bench, count):
    """The store, made once."""
    base.BUYERS, base.PRODUCTS = count // 5, 500
    store = base.new_store(
        bench, f"reports-{count}", ("region", base.region_rows()), ("product", base.product_rows()),
        ("customer", base.customer_rows(base.BUYERS)), ("lead", leads(count * 3 // 10)),
        ("opportunity", opportunities(count // 5)), ("ticket", tickets(count // 10)), ("movement", movements(2000)),
    )
    mark = store / ".git" / "bench-reports"
    if not mark.exists():
        rows = base.write_csv(bench.work / "orders.csv", orders(count))
        bench.run(bench.crm, "import", "order", rows, "--group-by", "number", cwd=store)
        for noun, rows, group in (("shipment", shipments(count), "source_ref"), ("invoice", invoices(count), "number")):
            rows = base.write_csv(bench.work / f"{noun}s.csv", rows)
            bench.run(bench.crm, "import", noun, rows, "--group-by", group, cwd=store)
        rows = base.write_csv(bench.work / "followups.csv", followups(2 * count))
        bench.run(bench.crm, "import", "followup", rows, cwd=store)
        mark.touch()
    return store


RFM = """
import pandas as pd, sys
d = pd.read_csv(sys.argv[1], usecols=["basis", "date", "order", "customer", "net", "returned"])
d = d[(d.basis == "order") & (d.date > sys.argv[2])]
o = d[d.returned == False]
t = o.groupby("customer").agg(last=("date", "max"), f=("order", "nunique")).join(d.groupby("customer").net.sum().rename("m"))
n = len(t)
for s, c, up in (("r", "last", True), ("f_", "f", True), ("m_", "m", True)):
    t[s] = 1 + (5 * (t[c].rank(method="min") - 1) // n)
t.to_csv(sys.stdout)
"""

COHORT = """
import pandas as pd, sys
d = pd.read_csv(sys.argv[1], usecols=["basis", "date", "customer", "net", "returned"])
d = d[d.basis == "order"]
d["month"] = d.date.str[:7]
first = d[d.returned == False].groupby("customer").month.min().rename("cohort")
d = d.join(first, on="customer")
d.groupby(["cohort", "month"]).agg(active=("customer", "nunique"), net=("net", "sum")).to_csv(sys.stdout)
"""


def beside_pandas(bench, store, reps):
    """RFM and cohorts beside pandas, start-up and reading of the exported CSV included."""
    try:
        import pandas  # noqa: F401
    except ImportError:
        return print("pandas is not installed: no comparison with it")
    folder = bench.work / "exported"
    if not folder.exists():
        bench.run(bench.crm, "export", "--all", "--format", "csv", folder, cwd=store)
    file = next(folder.glob("sale_line*.csv"))
    year = str(TODAY.replace(year=TODAY.year - 1))
    for name, script in (("rfm", RFM), ("cohort", COHORT)):
        taken = bench.in_turn(
            reps,
            ours=lambda _: bench.time(bench.crm, "report", name, "--format", "csv", cwd=store),
            pandas=lambda _: bench.time(sys.executable, "-c", script, file, year),
        )
        ours, theirs = taken["ours"], taken["pandas"]
        print(f"{name}: crm {ours.wall:.0f} ms, pandas {theirs.wall:.0f} ms, {ours.wall / theirs.wall:.2f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crm", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--orders", default=100_000, type=int)
    parser.add_argument("--reps", default=5, type=int)
    parser.add_argument("--only", default="", help="names of reports, separated by commas")
    args = parser.parse_args()
    args.crm, args.work = args.crm.resolve(), args.work.resolve()
    bench = base.Bench(args)
    bench.env["CRM_TODAY"] = TODAY.isoformat()
    store = made(bench, args.orders)
    base.settled(bench, store)
    listed = csv.DictReader(io.StringIO(bench.run(bench.crm, "report", "list", "--format", "csv", cwd=store).decode()))
    names = [row["name"] for row in listed]
    names = [name for name in names if not args.only or name in args.only.split(",")]
    lines, walls = [], []
    for name in names:
        asked = (bench.crm, "report", name, "--format", "csv")
        bench.run(*asked, cwd=store)
        took = base.Took.median([bench.time(*asked, cwd=store) for _ in range(args.reps)])
        peak = bench.peak(*asked, cwd=store)[1]
        rows = bench.run(*asked, cwd=store).count(b"\n") - 1
        walls.append(took.wall)
        lines.append((name, rows, took, peak))
        print(f"{name:24} {rows:8} rows {took.wall:9.0f} ms {took.cpu:9.0f} ms CPU {peak:7.0f} MiB", flush=True)
    beside_pandas(bench, store, args.reps)
    print(f"median {statistics.median(walls):.0f} ms, slowest {max(walls):.0f} ms")


if __name__ == "__main__":
    main()
