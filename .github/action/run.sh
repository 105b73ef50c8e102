#!/usr/bin/env bash
# Runs paralint with what the inputs ask for. A value never becomes an option, and nothing evaluates it.
#
# Takes the inputs as INPUT_…, and BINARY.
# Outputs, whatever happens: exit-code, findings, sarif-file, html-file.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/action/common.sh
source "$here/common.sh"

code=2 findings=0 sarif="" sarif_place="" html=""
# The trap below calls it, which shellcheck does not follow.
# shellcheck disable=SC2317,SC2329
tell() {
    output exit-code "$code"
    output findings "$findings"
    # Only what was written.
    output sarif-file "$(if [ -f "$sarif" ] && [ -s "$sarif" ]; then printf '%s' "$sarif"; fi)"
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

if asks_for --help -h --version -V; then fail "--help and --version in args check nothing, and would look like a pass"; fi
if asks_for --format; then fail "the step writes annotations and has no other --format: name a report in the input formats instead"; fi

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

cd -- "$GITHUB_WORKSPACE"
workspace=$(pwd -P)

# Whoever wrote what is checked out may have put links there: they lead nowhere from here.
folder=${folder:-.}
folder=${folder#"$GITHUB_WORKSPACE"/}
if [ "$folder" = "$GITHUB_WORKSPACE" ]; then folder=.; fi
case $folder in /*) ;; *) folder="./$folder" ;; esac
[ -d "$folder" ] || fail "the input working-directory is no folder: $folder"
cd -P -- "$workspace"
[ "$(cd -L -- "$folder" && pwd -L)" = "$(real "$folder")" ] || fail "the input working-directory leads through a link: $folder"
is_within "$(real "$folder")" "$workspace" || fail "the input working-directory leads out of the workspace: $folder"

# git, of whose configuration and hooks nothing runs for these questions.
ask_git() {
    git -C "$folder" -c safe.bareRepository=explicit "$@" 2>/dev/null
}
commit_of() {
    ask_git rev-parse --verify --quiet --end-of-options "$1^{commit}"
}

# A runner has the branches of the remote and no others.
if [ -n "$base" ] && ! commit_of "$base" >/dev/null && commit_of "refs/remotes/origin/$base" >/dev/null; then
    echo "the input base is origin/$base here"
    base="origin/$base"
fi

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
            if commit=$(commit_of "$base") && ask_git merge-base --is-ancestor HEAD "$commit"; then
                fail "there is no change to check: nothing in HEAD is beyond the input base, $base"
            fi
            words+=("--range=$base..HEAD")
        else
            words+=(--range=auto)
        fi
        ;;
    overlap)
        asks_for --branches --worktrees || words+=("--branches=origin/**")
        if [ -n "$base" ]; then words+=("--base=$base"); fi
        ;;
    *) [ -z "$base" ] || fail "the input base says nothing to $command" ;;
esac
# In a fresh checkout every file counts. What earlier steps left there, and a report that was taken away, changes nothing of that.
if [ "$command" = gates ] && ! asks_for --all --clean; then words+=(--all); fi

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

# A place for the SARIF report that a stranger's repository cannot lead elsewhere by a link. Nothing is made outside of the
# workspace, and what lay at the place is taken away: else it could be taken for a report.
place_sarif() {
    local path=$1 parent there rest temporary
    case $path in /*) ;; *) path="$workspace/$path" ;; esac
    parent=$(dirname -- "$path")
    there=$parent
    while [ ! -e "$there" ] && [ ! -L "$there" ]; do there=$(dirname -- "$there"); done
    temporary=$(real "$RUNNER_TEMP")
    rest=${parent#"$there"}
    case $rest/ in */../*) fail "the input sarif-file leads out of the workspace: $1" ;; esac
    there=$(real "$there")
    if [ -z "$there" ] || { ! is_within "$there" "$workspace" && ! is_within "$there" "$temporary"; }; then
        fail "the input sarif-file leads out of the workspace: $1"
    fi
    path="$there$rest/$(basename -- "$path")"
    case ${path#"$workspace"}/ in */.[gG][iI][tT]/*) fail "the input sarif-file leads into a git directory: $1" ;; esac
    mkdir -p -- "$there$rest" || fail "the folder of the input sarif-file cannot be made: $1"
    if [ -L "$path" ] || [ -d "$path" ]; then fail "the input sarif-file names a link or a folder: $1"; fi
    rm -f -- "$path" || fail "what lies at the place of the input sarif-file cannot be taken away: $1"
    sarif_place=$path
}

if [ -n "$sarif_file" ]; then place_sarif "$sarif_file"; fi
reports=$(mktemp -d "$RUNNER_TEMP/paralint-reports.XXXXXX")
IFS=$', \t\n' read -r -d '' -a formats <<<"${INPUT_FORMATS//$'\r'/}" || true
if [ -n "$sarif_place" ]; then formats+=(sarif); fi
written=" "
for format in ${formats[@]+"${formats[@]}"}; do
    if [ -z "$format" ]; then continue; fi
    case $written in *" $format "*) continue ;; esac
    written="$written$format "
    file="$reports/paralint.$format"
    case $format in
        html) html=$file ;;
        sarif) sarif=$file ;;
        json | trace | otlp | gitlab) file="$file.json" ;;
        junit) file="$file.xml" ;;
        summary) file="$file.md" ;;
        human) file="$file.txt" ;;
        *) fail "the input formats knows human, json, sarif, summary, junit, gitlab, html, trace and otlp, and not: $format" ;;
    esac
    words+=("--output=$format=$file")
done

cd -- "$folder"

words+=(${further[@]+"${further[@]}"} ${logs[@]+"${logs[@]}"})
# What is run, for whoever reads the log; a runner is not to read commands in it.
end="paralint-$(token)"
printf '::stop-commands::%s\nparalint' "$end"
printf ' %q' "${words[@]}"
printf '\n::%s::\n' "$end"
# Gates run with the PATH as the workflow made it; what runs none runs nothing of the workspace either.
if [ "$command" = gates ] || asks_for --gates; then PATH=$given_path; fi
# The outputs that paralint itself tells go through a file of their own: the step has each output once.
code=0
GITHUB_OUTPUT="$reports/outputs" "$BINARY" "${words[@]}" || code=$?
PATH=$(trusted_path)
told() {
    sed -n "s/^$1=\([0-9][0-9]*\)\$/\1/p" "$reports/outputs" 2>/dev/null | tail -n 1 || true
}
findings=$(told findings)
findings=${findings:-0}

case $code in
    126 | 127) annotate "paralint could not be started: $BINARY" ;;
    0)
        # Nothing that ran, and nothing that would.
        if [ "$command" = gates ] && [ "$(told gates)" = 0 ] && ! asks_for --clean; then
            annotate "no gate ran: none is configured in what is checked out, or none was called for"
            code=2
        fi
        ;;
esac

# A report gets to its place when it is whole. Gates may have changed what lies there.
if [ -n "$sarif_place" ]; then
    if [ ! -s "$sarif" ]; then
        sarif=""
    elif [ "$(real "$(dirname -- "$sarif_place")")" = "$(dirname -- "$sarif_place")" ] && [ ! -d "$sarif_place" ] &&
        mv -f -- "$sarif" "$sarif_place"; then
        sarif=$sarif_place
    else
        annotate "the SARIF report cannot be written to $sarif_place"
        sarif="" code=2
    fi
fi
exit "$code"
