# shellcheck shell=bash
# What the scripts of the action share. Inputs are data: they come through the environment, and nothing evaluates them.

# Says what is wrong as an annotation. Whatever stands in the text, it is one line and no further command. A runner reads
# standard error as well, and there it is seen from within a substitution too.
annotate() {
    local text=$1 level=${2:-error}
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=paralint::%s\n' "$level" "$text" >&2
}

# Ends the step: something is wrong with what was asked for, or with the machine.
fail() {
    annotate "$1"
    exit 2
}

# Where a folder really is; nothing where it is not there.
real() {
    (cd -P -- "$1" 2>/dev/null && pwd -P) || true
}

# Whether a path, both without links, is a folder or lies in it.
is_within() {
    case $1/ in "$2"/*) return 0 ;; esac
    return 1
}

# The folders of PATH but for those of the workspace and those that depend on the current folder: what is checked out may be a
# stranger's, and no program of it is to run unless gates are asked for.
trusted_path() {
    local entries entry place trusted="" workspace
    workspace=$(real "${GITHUB_WORKSPACE:?}")
    IFS=: read -r -d '' -a entries < <(printf '%s\0' "$PATH") || true
    for entry in ${entries[@]+"${entries[@]}"}; do
        case $entry in /*) ;; *) continue ;; esac
        place=$(real "$entry")
        if [ -z "$place" ] || { [ -n "$workspace" ] && is_within "$place" "$workspace"; }; then continue; fi
        trusted="$trusted:$entry"
    done
    printf '%s' "${trusted#:}"
}
# What gates run with is the PATH as it was given.
# shellcheck disable=SC2034 # run.sh reads it
given_path=$PATH
PATH=$(trusted_path)

# Random digits that nobody can foresee.
token() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Writes an output of the step. What ends the value is random, so that no value can end itself and begin another output.
output() {
    local name=$1 value=$2 end
    end="end_$(token)"
    printf '%s<<%s\n%s\n%s\n' "$name" "$end" "$value" "$end" >>"$GITHUB_OUTPUT"
}

# The SHA-256 of what comes in, in hexadecimal digits.
sha256() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# The version that a binary says it has; nothing where it does not run.
version_of() {
    "$1" --version 2>/dev/null | sed -n 's/^paralint \([0-9][0-9A-Za-z.+-]*\)$/\1/p' || true
}
