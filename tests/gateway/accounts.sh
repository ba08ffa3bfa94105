#!/bin/sh
# The gateway with real accounts of the machine: who acts, what is refused, and that nobody reads the
# files beside it. Makes the accounts crmgw, crmgwann and crmgwbob and removes them again.
#
#   tests/gateway/accounts.sh [CRM]        CRM: the program, target/debug/crm unless given
#
# Needs root. Comes in through sudo where it is installed, else as sudo would: with the account
# changed and SUDO_UID set by root. An ssh key is what sshd makes of it: SSH_ORIGINAL_COMMAND.
set -u

here=$(cd "$(dirname "$0")/../.." && pwd)
crm=${1:-$here/target/debug/crm}
[ "$(id -u)" = 0 ] || { echo "skipped: needs root to make accounts"; exit 0; }
command -v useradd >/dev/null || { echo "skipped: there is no useradd"; exit 0; }
[ -x "$crm" ] || { echo "no program at $crm" >&2; exit 2; }

# Where every account of the machine can go, which a TMPDIR of the caller need not be.
work=$(mktemp -d /tmp/crm-gateway.XXXXXX) && chmod 755 "$work"
clean() {
    for account in crmgw crmgwann crmgwbob; do userdel "$account" 2>/dev/null; done
    rm -f /etc/sudoers.d/crmgw
    rm -rf "$work"
}
trap clean EXIT
for account in crmgw crmgwann crmgwbob; do
    useradd --create-home --home-dir "$work/$account" --shell /bin/sh "$account" || exit 2
done
cp "$crm" "$work/crm" && chmod 755 "$work/crm"
if command -v sudo >/dev/null; then
    echo "ALL ALL=(crmgw) NOPASSWD: SETENV: $work/crm" >/etc/sudoers.d/crmgw
    chmod 440 /etc/sudoers.d/crmgw
fi

failed=0
passed=0
out=$work/out
err=$work/err
touch "$out" "$err" && chmod 666 "$out" "$err"

# as ACCOUNT WORD…: runs something as an account of the machine.
as() {
    account=$1
    shift
    setpriv --reuid "$account" --regid "$account" --init-groups env -i HOME="$work/$account" \
        PATH=/usr/bin:/bin "$@"
}

# visit ACCOUNT [NAME=VALUE…] -- WORD…: comes in by sudo, with variables that the caller would like.
visit() {
    account=$1
    shift
    variables=
    while [ "$1" != -- ]; do
        variables="$variables $1"
        shift
    done
    shift
    if command -v sudo >/dev/null; then
        # shellcheck disable=SC2086
        as "$account" sudo -n -u crmgw $variables "$work/crm" "$@"
    else
        # shellcheck disable=SC2086
        as crmgw $variables SUDO_UID="$(id -u "$account")" "$work/crm" "$@"
    fi
}

# key USER LINE: comes in by ssh with a key whose line names a user.
key() {
    as crmgw SSH_ORIGINAL_COMMAND="$2" SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" "$work/crm" gateway "$1"
}

# expect EXIT TEXT WHAT COMMAND…: the exit code, and a text on stdout or stderr.
expect() {
    exit=$1
    text=$2
    what=$3
    shift 3
    "$@" >"$out" 2>"$err" </dev/null
    got=$?
    if [ "$got" = "$exit" ] && cat "$out" "$err" | grep -qF -- "$text"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what (exit $got, wanted $exit and \"$text\")"
        sed 's/^/    /' "$out" "$err"
    fi
}

# lacks TEXT WHAT COMMAND…: it succeeds and says nothing of this.
lacks() {
    text=$1
    what=$2
    shift 2
    if "$@" >"$out" 2>"$err" </dev/null && ! cat "$out" "$err" | grep -qF -- "$text"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what (says \"$text\", or failed)"
        sed 's/^/    /' "$out" "$err"
    fi
}

store=$work/crmgw/store
chmod 700 "$work/crmgw"
expect 0 "" "the account makes its store" as crmgw "$work/crm" init "$store" --company Acme --language en \
    --user crmgwann --name Ann --email ann@acme.example
expect 0 "" "a role for its own customers" as crmgw CRM_USER=crmgwann CRM_DIR="$store" "$work/crm" role add seller \
    --name Seller --export --grant type=customer,create=true,read=own,edit=own
expect 0 "" "a second user" as crmgw CRM_USER=crmgwann CRM_DIR="$store" "$work/crm" user add bob \
    --name Bob --email bob@acme.example --role seller
chmod 700 "$store"
as crmgw mkdir -p "$work/crmgw/.config/crm"
cat >"$work/crmgw/.config/crm/config.toml" <<END
[gateway]
on = true
store = "$store"

[gateway.users]
crmgwbob = "bob"
END
chown crmgw "$work/crmgw/.config/crm/config.toml"
chmod 600 "$work/crmgw/.config/crm/config.toml"

# Who acts.
expect 0 '"id": "crmgwann"' "an account is the user of its name" visit crmgwann -- whoami --format json
expect 0 '"by": "gateway"' "and known by the gateway" visit crmgwann -- whoami --format json
expect 0 '"id": "bob"' "or the one it is mapped to" visit crmgwbob -- whoami --format json
expect 11 'crmgwann' "--as is not believed" visit crmgwbob -- whoami --as crmgwann
expect 0 '"id": "bob"' "nor is CRM_USER" visit crmgwbob CRM_USER=crmgwann -- whoami --format json
expect 0 '"id": "bob"' "nor HOME with a configuration of its own" \
    visit crmgwbob HOME="$work/crmgwbob" XDG_CONFIG_HOME="$work/crmgwbob" CRM_CONFIG=/dev/null -- whoami --format json
expect 11 'follows from how you came in' "nor does the word gateway help" visit crmgwbob -- gateway crmgwann whoami
expect 0 '"id": "bob"' "a key is whom its line names" key bob "whoami --format json"
expect 0 '"id": "crmgwann"' "and so is another" key crmgwann "crm whoami --format json"
expect 11 'gateway' "a key cannot name another" key bob "gateway crmgwann whoami"
expect 2 'nothing is asked for' "a key opens no shell" key bob ""
expect 11 '' "a user who is none" key nobody "whoami"
expect 11 'for whom it acts' "the account itself says for whom" as crmgw CRM_DIR="$store" CRM_USER=bob "$work/crm" status
expect 0 '"id": "bob"' "as from cron" as crmgw "$work/crm" gateway bob whoami --format json

# What is written is written in the right name.
expect 0 'cus_' "one of somebody else" visit crmgwann -- customer add --name Gree --kind company
expect 0 'cus_' "a customer" visit crmgwbob -- customer add --name Haier --kind company
expect 0 '"Haier"' "what is one's own is read" visit crmgwbob -- sql "select name from customers" --format json
lacks 'Gree' "what is not is nowhere" visit crmgwbob -- sql "select name from customers" --format json
lacks 'Gree' "nor in a list" visit crmgwbob -- customer list --format json
lacks 'Gree' "nor in the history" visit crmgwbob -- log --format json
expect 3 '' "nor by its name" visit crmgwbob -- customer show Gree
expect 11 'may read order' "a type without a grant" visit crmgwbob -- order list
expect 11 'needs an administrator' "nor are rights given" visit crmgwbob -- user set me --role admin
expect 0 'Crm-Actor: bob' "in the name of who came in" as crmgw git -C "$store" log -1

# A program of the caller's, and a home whose git would sign commits with it.
mkdir -p "$work/evil" && printf '[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = %s\n' "$work/evil/run" >"$work/evil/.gitconfig"
printf '#!/bin/sh\ntouch %s\nexit 1\n' "$work/evil/ran" >"$work/evil/run"
chmod -R 777 "$work/evil"

# No shell, no program, no file of the account.
expect 2 'one argument too many' "no shell is between" key bob "customer show ; id"
echo secret >"$work/crmgw/secret" && chown crmgw "$work/crmgw/secret" && chmod 600 "$work/crmgw/secret"
for words in "customer add --from $work/crmgw/secret" "import customer $work/crmgw/secret" "batch $work/crmgw/secret" \
    "sql --file $work/crmgw/secret" "status -o $work/crmgw/x" "status --output=$work/crmgw/x" "-C / status" \
    "man --dir $work/crmgw/x" "schema --dir $work/crmgw/x" "report run-all $work/crmgw/x" \
    "import customer - --map $work/crmgw/secret" "status --password-file $work/crmgw/secret" \
    "message import $work/crmgw/secret"; do
    expect 11 "file of the gateway" "$words" key bob "$words"
    # shellcheck disable=SC2086
    expect 11 "file of the gateway" "sudo: $words" visit crmgwbob -- $words
done
for words in "edit bob" "user edit bob" "export --all $work/crmgw/x --format csv" "init $work/crmgw/x" \
    "demo $work/crmgw/x" "trust --yes" "commit -m x" "doctor --fix-git" "mirror push x"; do
    expect 11 "not for those who come in" "$words" visit crmgwbob EDITOR="$work/evil/run" -- $words
done
for words in "sql \"attach '$work/crmgw/x' as x\"" "sql \"select readfile('$work/crmgw/secret')\"" \
    "sql \"vacuum into '$work/crmgw/x'\""; do
    expect 2 '' "$words" key bob "$words"
done
expect 0 'Haier' "stdout is theirs" visit crmgwbob -- export customer --format csv
expect 0 'Haier' "a pager is not run" visit crmgwbob CRM_PAGER="$work/evil/run" -- customer list
[ -e "$work/crmgw/x" ] && { echo "FAILED: a file was made"; failed=$((failed + 1)); }

expect 0 'cus_' "no program of the caller's signs" visit crmgwbob HOME="$work/evil" XDG_CONFIG_HOME="$work/evil" -- \
    customer add --name Midea --kind company
[ -e "$work/evil/ran" ] && { echo "FAILED: the caller's program ran"; failed=$((failed + 1)); }

# The files themselves.
for path in "$store/crm.toml" "$store/.git/config" "$work/crmgw/.config/crm/config.toml"; do
    if as crmgwbob cat "$path" >/dev/null 2>&1; then
        echo "FAILED: a person reads $path"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
done
chmod 755 "$store"
expect 11 'nobody else can enter' "a store that others can enter" visit crmgwbob -- status
chmod 700 "$store"
chmod 666 "$work/crmgw/.config/crm/config.toml"
expect 11 'not as it must be' "a configuration that others may write" visit crmgwbob -- status
chmod 600 "$work/crmgw/.config/crm/config.toml"

# Log-in on top: the owner of the account gives the first passwords.
as crmgw sh -c "printf '\n[auth]\nlogin = \"on\"\n' >>$store/crm.toml && git -C $store -c user.name=a -c user.email=a@b commit -qam login"
expect 11 'crm login' "the account is not enough then" visit crmgwbob -- status
expect 11 'crm login' "nor does whoever comes first set a password" visit crmgwann -- passwd
printf 'seven odd ducks swim north\n' | as crmgw "$work/crm" gateway crmgwann passwd --password-stdin 2>"$err" ||
    { echo "FAILED: the first password"; failed=$((failed + 1)); cat "$err"; }
printf 'seven odd ducks swim north\n' >"$work/line" && chmod 644 "$work/line"
login() {
    visit "$1" -- login --password-stdin <"$work/line"
}
login crmgwann >"$out" 2>"$err" || { echo "FAILED: a log-in"; failed=$((failed + 1)); cat "$err"; }
expect 0 '"by": "gateway"' "logged in" visit crmgwann -- whoami --format json
expect 11 'crm login' "for oneself alone" visit crmgwbob -- status
expect 11 '' "nor as another" visit crmgwbob -- login crmgwann

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
