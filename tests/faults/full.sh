#!/usr/bin/env bash
# full.sh CRM: a disk that is really full, and one that turns read-only, on a file system of 6 MB.
#
#     tests/faults/full.sh target/release/crm
#
# Commands run until one fails; everything acknowledged must be there, reading must go on, and with
# space again the next command works. Needs root for its loop mount.
set -eu
crm=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/crm-full-XXXXXX")
disk=$work/disk
store=$disk/store
trap 'mountpoint -q "$disk" && umount "$disk"; rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 CRM_USER=ann CRM_NO_INPUT=1
mkdir -p "$disk" "$HOME"

bad=0
expect() { # expect WHAT COMMAND…: it must succeed
    local what=$1
    shift
    if ! "$@" > "$work/out" 2> "$work/err"; then
        echo "BAD $what: $*"
        cat "$work/out" "$work/err"
        bad=$((bad + 1))
    fi
}
git_in() { git -C "$store" "$@"; }
clean() { [ -z "$(git_in status --porcelain)" ]; }
is_all() { # is_all IDS: these customers are in HEAD, and no other
    git_in ls-tree -r --name-only HEAD customers | sed 's|.*/||; s|\.toml$||' | sort > "$work/tree"
    sort "$1" | cmp - "$work/tree"
}
no_leftovers() {
    [ -z "$(find "$store" -name '.crm-tmp-*' -o -name '*.lock' -size +0 -o -path '*/crm/journal*' -o -name '*.lock.tx')" ]
}
sound() { # sound WHEN
    expect "$1, fsck" git_in fsck --full --strict --no-dangling
    expect "$1, git status" clean
    expect "$1, what was acknowledged and nothing else" is_all "$work/acknowledged"
    expect "$1, nothing left over" no_leftovers
}

dd if=/dev/zero of="$work/image" bs=1M count=6 status=none
mkfs.ext4 -q -F "$work/image"
mount -o loop "$work/image" "$disk"
"$crm" init "$store" --company Full --user ann --name Ann --email ann@full.example > "$work/out" 2>&1
dd if=/dev/zero of="$disk/ballast" bs=1k count=400 status=none
: > "$work/acknowledged"

number=0
add() { # add: one more customer, its id noted when it was acknowledged
    number=$((number + 1))
    local code=0
    "$crm" -C "$store" customer add --name "Customer $number" > "$work/id" 2> "$work/err" || code=$?
    [ "$code" != 0 ] || cat "$work/id" >> "$work/acknowledged"
    return "$code"
}

code=0
while [ "$code" = 0 ] && [ "$number" -lt 5000 ]; do add || code=$?; done
made=$(wc -l < "$work/acknowledged")
echo "full after $made customers, exit $code: $(tail -n +1 "$work/err" | grep error | head -1)"
[ "$code" = 1 ] || [ "$code" = 8 ] || { echo "BAD: exit $code"; bad=$((bad + 1)); }
for _ in 1 2 3 4 5; do add || true; done
expect "full, listing" "$crm" -C "$store" customer list
expect "full, showing" "$crm" -C "$store" customer show "Customer 1"
rm "$disk/ballast"
expect "with space again" add
sound "with space again"
expect "with space again, check" "$crm" -C "$store" check

before=$(git_in rev-parse HEAD)
mount -o remount,ro "$disk"
code=0
add || code=$?
echo "read-only: exit $code: $(grep error "$work/err" | head -1)"
[ "$code" = 1 ] || [ "$code" = 8 ] || { echo "BAD: exit $code"; bad=$((bad + 1)); }
expect "read-only, listing" "$crm" -C "$store" customer list
expect "read-only, showing" "$crm" -C "$store" customer show "Customer 1"
expect "read-only, check" "$crm" -C "$store" check
expect "read-only, report" "$crm" -C "$store" report sales
mount -o remount,rw "$disk"
expect "nothing written while read-only" test "$before" = "$(git_in rev-parse HEAD)"
expect "writable again" add
sound "writable again"

echo "$(wc -l < "$work/acknowledged") customers acknowledged and there, $bad bad"
exit $((bad > 0))
