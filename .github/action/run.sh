#!/usr/bin/env bash
# Runs paralint with what the inputs ask for. A value never becomes an option, and nothing evaluates it.
#
# Takes the inputs as INPUT_…, and BINARY.
# Outputs, whatever happens: exit-code, findings, sarif-file, html-file.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/action/common.sh
source "$here/common.sh"

code=2 findings=0 sarif="" html=""
# The trap below calls it, which shellcheck does not follow.
# shellcheck disable=SC2317,SC2329
tell() {
    output exit-code "$code"
    output findings "$findings"
    # Only what was written.
    output sarif-file "$(if [ -s "$sarif" ]; then printf '%s' "$sarif"; fi)"
    output html-file "$(if [ -s "$html" ]; then printf '%s' "$html"; fi)"
}
trap 'tell' EXIT

# The value of an input that is one line. A block of YAML ends in a line break that nobody means.
line() {
    local name=$1 value=${2%$'\n'}
    case $value in *$'\n'* | *$'\r'*) fail "the input $name has to be one line" ;; esac
    printf '%s' "$value"
}

command=$(line command "$INPUT_COMMAND")
config=$(line config "$INPUT_CONFIG")
base=$(line base "$INPUT_BASE")
sessions=$(line sessions "$INPUT_SESSIONS")
fail_on=$(line fail-on "$INPUT_FAIL_ON")
sarif_file=$(line sarif-file "$INPUT_SARIF_FILE")
folder=$(line working-directory "$INPUT_WORKING_DIRECTORY")

case $command in
    check | audit | gates | overlap) ;;
    *) fail "the input command is check, audit, gates or overlap, and not: $command" ;;
esac

# Further arguments: one line at its spaces, several lines as they are.
further=()
arguments=${INPUT_ARGS//$'\r'/}
while [[ $arguments == *$'\n' ]]; do arguments=${arguments%$'\n'}; done
if [[ $arguments == *$'\n'* ]]; then
    while IFS= read -r argument; do
        if [ -n "$argument" ]; then further+=("$argument"); fi
    done <<<"$arguments"
elif [ -n "$arguments" ]; then
    IFS=$' \t' read -r -a further <<<"$arguments"
fi

# Whether one of the further arguments is one of these options.
asks_for() {
    local option argument
    for option in "$@"; do
        for argument in ${further[@]+"${further[@]}"}; do
            case $argument in
                --) break ;;
                "$option" | "$option="*) return 0 ;;
            esac
        done
    done
    return 1
}

# Adds an option with the value of an input. Where args has that option itself, it goes before what the input is without being
# given.
add() {
    local option=$1 name=$2 value=$3 usual=$4
    if asks_for "$option"; then
        [ -z "$value" ] || [ "$value" = "$usual" ] || fail "the input $name and $option in args both say the same thing"
    elif [ -n "$value" ]; then
        words+=("$option=$value")
    fi
}

# What the change is: for check the further arguments, else the input, else the event.
words=("$command" --format=github)
case $base in *..*) fail "the input base is one branch or commit, and not a range: $base" ;; esac
case $command in
    check)
        if asks_for --range --staged; then
            [ -z "$base" ] || fail "the input base and an option in args both say what the change is"
        elif asks_for --branches --worktrees; then
            if [ -n "$base" ]; then words+=("--base=$base"); fi
        elif [ -n "$base" ]; then
            words+=("--range=$base..HEAD")
        else
            words+=(--range=auto)
        fi
        ;;
    overlap) if [ -n "$base" ]; then words+=("--base=$base"); fi ;;
    *) [ -z "$base" ] || fail "the input base says nothing to $command" ;;
esac

logs=()
case $command in
    check) add --session sessions "$sessions" auto ;;
    audit)
        [ "$sessions" != none ] || fail "audit reads session logs, and the input sessions is none"
        if [ -n "$sessions" ] && [ "$sessions" != auto ]; then logs=(-- "$sessions"); fi
        ;;
    *) case $sessions in "" | auto | none) ;; *) fail "the input sessions says nothing to $command" ;; esac ;;
esac

add --config config "$config" ""
add --fail-on fail-on "$fail_on" error

# A place for the SARIF report that a stranger's repository cannot lead elsewhere by a link.
place_sarif() {
    local path=$1 parent workspace temporary
    case $path in /*) ;; *) path="$GITHUB_WORKSPACE/$path" ;; esac
    parent=$(dirname -- "$path")
    mkdir -p -- "$parent" || fail "the folder of the input sarif-file cannot be made: $1"
    parent=$(cd -P -- "$parent" && pwd -P)
    workspace=$(cd -P -- "$GITHUB_WORKSPACE" && pwd -P)
    temporary=$(cd -P -- "$RUNNER_TEMP" && pwd -P)
    case $parent/ in
        "$workspace"/* | "$temporary"/*) ;;
        *) fail "the input sarif-file leads out of the workspace: $1" ;;
    esac
    path="$parent/$(basename -- "$path")"
    if [ -L "$path" ] || [ -d "$path" ]; then fail "the input sarif-file names a link or a folder: $1"; fi
    sarif=$path
}

cd -- "$GITHUB_WORKSPACE"
if [ -n "$sarif_file" ]; then place_sarif "$sarif_file"; fi
reports=$(mktemp -d "$RUNNER_TEMP/paralint-reports.XXXXXX")
IFS=$', \t\n' read -r -d '' -a formats <<<"${INPUT_FORMATS//$'\r'/}" || true
if [ -n "$sarif" ]; then formats+=(sarif); fi
written=" "
for format in ${formats[@]+"${formats[@]}"}; do
    case $written in *" $format "*) continue ;; esac
    written="$written$format "
    file="$reports/paralint.$format"
    case $format in
        html) html=$file ;;
        sarif)
            sarif=${sarif:-$file}
            file=$sarif
            ;;
        json | trace | otlp | gitlab) file="$file.json" ;;
        junit) file="$file.xml" ;;
        summary) file="$file.md" ;;
        human) file="$file.txt" ;;
        *) fail "the input formats knows human, json, sarif, summary, junit, gitlab, html, trace and otlp, and not: $format" ;;
    esac
    words+=("--output=$format=$file")
done

case ${folder:=.} in /*) ;; *) folder="./$folder" ;; esac
[ -d "$folder" ] || fail "the input working-directory is no folder: $folder"
cd -- "$folder"

words+=(${further[@]+"${further[@]}"} ${logs[@]+"${logs[@]}"})
# What is run, for whoever reads the log; a runner is not to read commands in it.
end="paralint-$(token)"
printf '::stop-commands::%s\nparalint' "$end"
printf ' %q' "${words[@]}"
printf '\n::%s::\n' "$end"
# The outputs that paralint itself tells go through a file of their own: the step has each output once.
code=0
GITHUB_OUTPUT="$reports/outputs" "$BINARY" "${words[@]}" || code=$?
told=$(sed -n 's/^findings=\([0-9][0-9]*\)$/\1/p' "$reports/outputs" 2>/dev/null | tail -n 1 || true)
findings=${told:-0}
exit "$code"
