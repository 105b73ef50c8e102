# shellcheck shell=bash
# What the scripts of this folder share. Read with `source`, from the root of the repository.

# Prints the name of a step, and how long the one before took.
step() {
    if [ -n "${STEP_BEGAN:-}" ]; then printf '    (%s s)\n' "$((SECONDS - STEP_BEGAN))"; fi
    STEP_BEGAN=$SECONDS
    printf '\n=== %s\n' "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Says what could not be done on this machine. Where nothing may be left out (PARALINT_REQUIRE_TOOLS=1), that is a failure.
LEFT_OUT_FILE=${LEFT_OUT_FILE:-}
left_out() {
    if [ "${PARALINT_REQUIRE_TOOLS:-}" = 1 ]; then fail "$*"; fi
    printf 'left out: %s\n' "$*" >&2
    if [ -n "$LEFT_OUT_FILE" ]; then printf '%s\n' "$*" >>"$LEFT_OUT_FILE"; fi
}

# Runs a command as root: as it is, or through sudo where that asks for no password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs packages of Debian or Ubuntu. Fails where there is no apt-get, or no way to be root.
install_packages() {
    has apt-get || return 1
    [ "$(id -u)" -eq 0 ] || { has sudo && sudo -n true 2>/dev/null; } || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The version that Cargo.toml gives, the only place where it is written.
version() { sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml; }

# The line behind the `$ ` of the README's example that follows `<!-- NAME -->`.
readme() { sed -n "/<!-- $1 -->/,/^\`\`\`\$/p" README.md | sed -n 's/^\$ //p' | head -1; }

# What an archive or a wheel calls this machine's static target.
static_target() {
    case $(uname -sm) in
        "Linux x86_64") echo x86_64-unknown-linux-musl ;;
        "Linux aarch64") echo aarch64-unknown-linux-musl ;;
        *) return 1 ;;
    esac
}

# A Python environment of this repository's own, with the tools that are named, at versions that are named.
# Prints nothing; `$1` is its folder, and what follows are arguments of `pip install`.
python_environment() {
    local folder=$1
    shift
    if [ ! -x "$folder/bin/pip" ]; then
        rm -rf "$folder"
        # Debian ships venv without what makes it work, so that making one is the only test.
        python3 -m venv "$folder" >/dev/null 2>&1 ||
            { install_packages python3 python3-venv && rm -rf "$folder" && python3 -m venv "$folder" >/dev/null; } || return 1
    fi
    [ "$#" -eq 0 ] || "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}
