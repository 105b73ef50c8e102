# shellcheck shell=bash
# What the scripts of the action share. Inputs are data: they come through the environment, and nothing evaluates them.

# Says what is wrong as an annotation. Whatever stands in the text, it is one line and no further command. A runner reads
# standard error as well, and there it is seen from within a substitution too.
annotate() {
    local text=$1
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::error title=paralint::%s\n' "$text" >&2
}

# Ends the step: something is wrong with what was asked for, or with the machine.
fail() {
    annotate "$1"
    exit 2
}

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
