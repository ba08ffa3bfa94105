#!/usr/bin/env bash
# race.sh CRM: a person's `git commit` at the worst moment.
#
#     tests/faults/race.sh target/release/crm
#
# git reads HEAD and the index, and only then takes index.lock. This one reads them right after a
# command of ours has moved the branch, and takes its lock when the command has ended. Whatever it
# then commits must not take the new record away again. Needs strace.
set -eu
crm=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/crm-race-XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 CRM_USER=ann CRM_NO_INPUT=1
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@race.example
export GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@race.example
mkdir -p "$HOME" "$work/store"
cd "$work/store"
"$crm" init . --company Race --user ann --name Ann --email ann@race.example > ../out 2>&1
echo one > notes.txt
git add notes.txt
git commit -qm notes
echo two >> notes.txt
git add notes.txt

# Where in their calls the two are held up: counted in copies of the store.
cp -r . ../rehearsal
(cd ../rehearsal \
    && strace -f -o ../crm.calls -e trace=rename "$crm" customer add --name Rehearsal > ../out 2>&1 \
    && echo three >> notes.txt && git add notes.txt \
    && strace -o ../git.calls -e trace=openat git commit -qm rehearsal)
moved=$(grep 'rename(' ../crm.calls | grep -n '/refs/heads/' | head -1 | cut -d: -f1)
locks=$(grep 'openat(' ../git.calls | grep -n 'index\.lock' | head -1 | cut -d: -f1)

before=$(git rev-parse HEAD)
strace -f -o ../crm.trace -e trace=rename -e "inject=rename:delay_exit=1000000:when=$moved" \
    "$crm" customer add --name Held > ../id 2> ../err &
while [ "$(git rev-parse HEAD)" = "$before" ]; do :; done
code=0
strace -o /dev/null -e "inject=openat:delay_enter=3000000:when=$locks" git commit -qm "my notes" 2> ../git.err || code=$?
wait %1
id=$(cat ../id)
echo "git commit exits $code; $id acknowledged"
if git ls-tree -r --name-only HEAD | grep -q "/$id.toml" && [ -z "$(git status --porcelain customers)" ]; then
    echo "it is there"
else
    echo "BAD: it is gone from HEAD or from the index"
    git log --oneline --name-status -2
    git status --porcelain
    exit 1
fi
