#!/bin/sh
# Makes the pictures of the README again: docs/report-light.png and docs/report-dark.png, the top of the page of
# fixtures/sessions/demo-day in both colour schemes; and docs/terminal-*.svg, which the tests draw.
#
# usage: docs/pictures.sh [PARALINT]
#
# PARALINT is the program, by default target/debug/paralint of this repository. A `chromium` has to be on the PATH; with a
# `pngquant` there the files become smaller.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
program=${1:-$root/target/debug/paralint}
case $program in
  /*) ;;
  *) program=$PWD/$program ;;
esac
width=1200
height=880

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# From within the folder, so that the page holds no path of this machine. It exits with 1: the session has errors in it.
cd "$root/fixtures/sessions/demo-day"
status=0
"$program" audit --no-config --output "html=$work/report.html" -- *.jsonl >"$work/log" 2>&1 || status=$?
if [ "$status" -gt 1 ]; then
  cat "$work/log" >&2
  exit "$status"
fi

# Chromium's numbers of the schemes: 0 is dark, 1 is light.
picture() {
  set -- "$1" --headless --no-first-run --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
    --user-data-dir="$work/profile" --window-size="$width,$height" --blink-settings="preferredColorScheme=$2" \
    --run-all-compositor-stages-before-draw --timeout=3000 --screenshot="$work/$1.png" "file://$work/report.html"
  name=$1
  shift
  # Chromium refuses to build its sandbox for root.
  [ "$(id -u)" -ne 0 ] || set -- --no-sandbox "$@"
  chromium "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
  }
  if command -v pngquant >/dev/null; then
    pngquant --force --strip --output "$work/$name.png" 128 "$work/$name.png"
  fi
  cp "$work/$name.png" "$root/docs/$name.png"
}

picture report-light 1
picture report-dark 0

cd "$root"
PARALINT_WRITE_DOCS=1 cargo test --locked --test suite -- pictures:: >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
