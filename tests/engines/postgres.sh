#!/usr/bin/env bash
# `crm mirror push` against a PostgreSQL of its own, on a socket in a temporary folder: loaded, then
# a change and a deletion, then the same again; counts and sums are those of `crm sql`.
# usage: postgres.sh CRM, a program built with --features postgres. Skips where there is no PostgreSQL.
set -euo pipefail
crm=$(realpath "$1")

find_postgres() { { find /usr/lib/postgresql/*/bin /usr/pgsql-*/bin -maxdepth 0 2>/dev/null || true; } | sort -V | tail -n 1; }
bin=$(find_postgres)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  (apt-get update -q && apt-get install -y -q postgresql) >/dev/null 2>&1 || true
  bin=$(find_postgres)
fi
if [ -z "$bin" ]; then
  echo "no PostgreSQL here and none can be installed: the push is not tested"
  exit 0
fi

# In /tmp whatever TMPDIR says: the server must get there, and the name of a socket is short.
work=$(mktemp -d /tmp/crm-postgres.XXXXXX)
server=
trap '[ -z "$server" ] || { kill -INT "$server"; wait "$server" || true; }; rm -rf "$work"' EXIT

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  who=$(id -un postgres 2>/dev/null || echo nobody)
  as=(setpriv --reuid "$who" --regid "$(id -g "$who")" --clear-groups)
  chown "$who" "$work"
fi
chmod 755 "$work"
"${as[@]}" "$bin/initdb" -D "$work/data" -U crm -A trust -E UTF8 --locale C >/dev/null
"${as[@]}" "$bin/postgres" -D "$work/data" -k "$work" -c listen_addresses= -c fsync=off >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do
  "$bin/pg_isready" -q -h "$work" && break
  sleep 0.1
done

url="postgres:///postgres?host=$work&user=crm"
ask() { "$bin/psql" -h "$work" -U crm -d postgres -X -A -t -q -c "$1"; }
fail() { echo "postgres.sh: $*" >&2; exit 1; }
mkdir "$work/own"
cd "$work/own"
export CRM_LANG=en CRM_USER=admin.liu CRM_NOW=2026-11-22T10:00:00+08:00 CRM_TZ=Asia/Shanghai
"$crm" demo >/dev/null 2>&1
cd crm-demo
"$crm" region add closed --name Closed >/dev/null 2>&1

push() { "$crm" mirror push "$url" --format csv "$@" 2>"$work/said"; }
sql() { "$crm" sql "$1" --format csv --no-header; }

# A select of the rows of each table.
counts() {
  ask "select string_agg('select ''' || name || ''' as name, count(*) as n from $1' || name, ' union all ' order by name) from crm.crm_push_tables"
}

# Every table has as many rows as the mirror, and its sums.
compare() {
  diff <(sql "$(counts '')") <(ask "$(counts crm.)" | tr '|' ,) || fail "the numbers of rows differ"
  local pairs=(
    "select currency, amount(sum(total), currency) from orders group by currency order by currency|select currency || ',' || sum(total) from crm.orders group by currency order by currency"
    "select amount(sum(net), 'CNY') from sale_line|select sum(net) from crm.sale_line"
    "select count(*), min(date), max(date) from orders|select concat_ws(',', count(*), min(date), max(date)) from crm.orders"
    "select sum(qty) from order_lines|select trim_scale(sum(qty)) from crm.order_lines"
    "select count(*) from customers where day(created_at) < '2026-01-01'|select count(*) from crm.customers where (created_at at time zone 'Asia/Shanghai')::date < '2026-01-01'"
  )
  local pair here there
  for pair in "${pairs[@]}"; do
    here=$(sql "${pair%%|*}" | sed 's/\.0$//')
    there=$(ask "${pair#*|}")
    [ "$here" = "$there" ] || fail "${pair%%|*}: $here, in PostgreSQL $there"
  done
}
effects() { cut -d, -f3 | sort | uniq -c | awk '{printf "%s %s ", $2, $1}'; }

push --dry-run >/dev/null
[ "$(ask "select count(*) from pg_namespace where nspname = 'crm'")" = 0 ] || fail "a dry run wrote something"
first=$(push)
[ "$(tail -n +2 <<<"$first" | grep -vc ',loaded$')" = 0 ] || fail "not loaded: $first"
compare
ask "create table crm.notes (text text); insert into crm.notes values ('mine')"

stamp() { ask "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables where schemaname = 'crm'"; }
written() { ask "select pg_stat_force_next_flush()" >/dev/null 2>&1 || sleep 1; stamp; }
before=$(written)
again=$(push)
[ "$(tail -n +2 <<<"$again" | grep -vc ',0,unchanged$')" = 0 ] || fail "not unchanged: $again"
[ "$(written)" = "$before" ] || fail "the same commit was written again"

"$crm" region add test-region --name "O'Neil \\ 南方" >/dev/null 2>&1
"$crm" customer set "$(sql "select id from customers order by id limit 1")" --add-tag pushed >/dev/null 2>&1
"$crm" region remove closed --yes >/dev/null 2>&1
second=$(push)
grep -q '^regions,2,refreshed$' <<<"$second" || fail "regions: $second"
grep -q '^customers,1,refreshed$' <<<"$second" || fail "customers: $second"
grep -q '^orders,0,unchanged$' <<<"$second" || fail "orders: $second"
compare
[ "$(ask "select name from crm.regions where id = 'test-region'")" = "O'Neil \\ 南方" ] || fail "a text came out otherwise"
[ "$(ask "select text from crm.notes")" = mine ] || fail "a table of somebody else was touched"

# A table whose definition changed is made anew; one that is ours no more goes.
ask "update crm.crm_push set value = 'older' where key = 'fingerprint';
     update crm.crm_push_tables set definition = 'older' where name = 'orders';
     create table crm.gone (x int); insert into crm.crm_push_tables values ('gone', '', '')"
third=$(push)
grep -q '^orders,[0-9]*,loaded$' <<<"$third" || fail "orders: $third"
grep -q '^gone,0,removed$' <<<"$third" || fail "gone: $third"
compare

# What somebody dropped or altered is made anew, at the same commit as well.
ask "drop table crm.leads; alter table crm.orders drop column note cascade"
fourth=$(push)
[ "$(grep -c ',loaded$' <<<"$fourth")" = 2 ] || fail "not mended: $fourth"
compare

# A password is never said, and another machine is not spoken to in the clear unasked.
for bad in "postgres://u:secret@[/x" "postgres://u:secret@localhost:1/x" "postgres://u:secret@192.0.2.1/x"; do
  if "$crm" mirror push "$bad" >"$work/out" 2>&1; then fail "$bad was taken"; fi
  ! grep -q secret "$work/out" || fail "the password stands in: $(cat "$work/out")"
done
"$crm" mirror push "$url" --schema other --format json 2>/dev/null | grep -q '"effect": "loaded"' || fail "json"
echo "push to PostgreSQL $("$bin/postgres" --version | awk '{print $3}'): loaded, $(tail -n +2 <<<"$second" | effects)after a change"
