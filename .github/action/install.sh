#!/usr/bin/env bash
# Gets the binary: the one that is there already, else that of a release, its checksum verified. Where there is no release for
# this machine, it says so in the output `build`, and the next steps build it.
#
# Takes INPUT_VERSION, ACTION_FOLDER (where this action lies) and ACTION_OWNER (OWNER/NAME of its repository, or nothing).
# Outputs: version, binary, build; where that is true also folder (where to put the build) and sources (what it is made from).
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/action/common.sh
source "$here/common.sh"

command -v sha256sum >/dev/null || command -v shasum >/dev/null || fail "neither sha256sum nor shasum is there: install one in an earlier step"

own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_FOLDER/Cargo.toml" | head -n 1)
server=${GITHUB_SERVER_URL:-https://github.com}
scratch=$(mktemp -d "$RUNNER_TEMP/paralint.XXXXXX")

need_curl() {
    command -v curl >/dev/null || fail "curl is not there, and releases are downloaded with it: install it in an earlier step"
}

# Downloads a file and prints the status of HTTP. The network may fail for a moment; what it then says is final.
download() {
    curl --silent --show-error --location --proto '=https' --tlsv1.2 --retry 4 --retry-delay 2 --connect-timeout 20 --max-time 300 \
        --output "$2" --write-out '%{http_code}' -- "$1"
}

# The version of the newest release, from where its page leads; nothing where there is none, which GitHub says by leading to the
# empty list, or by 404. Whatever else it says is no answer.
latest() {
    local page="$server/$ACTION_OWNER/releases/latest" answer status to
    for _ in 1 2 3 4; do
        answer=$(curl --silent --show-error --head --proto '=https' --tlsv1.2 --retry 4 --retry-delay 2 --connect-timeout 20 --max-time 60 \
            --output /dev/null --write-out '%{http_code} %{redirect_url}' -- "$page") ||
            fail "failed to ask $server/$ACTION_OWNER for its newest release"
        status=${answer%% *} to=${answer#* }
        case $status:$to in
            404:*) return 0 ;;
            30[12378]:https://*/releases/tag/v*)
                printf '%s' "${to##*/releases/tag/v}"
                return 0
                ;;
            30[12378]:https://*/releases) return 0 ;;
            # The repository has another name by now.
            30[12378]:https://*/releases/latest) page=$to ;;
            *) break ;;
        esac
    done
    fail "failed to ask $server/$ACTION_OWNER for its newest release: status $status${to:+, which leads to $to}"
}

# The names of the two platforms that releases are built for.
target() {
    case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
        Linux-X64) printf x86_64-unknown-linux-musl ;;
        Linux-ARM64) printf aarch64-unknown-linux-musl ;;
    esac
}

use() {
    dirname -- "$1" >>"$GITHUB_PATH"
    output version "$version"
    output binary "$1"
    output build false
    exit 0
}

# One name for all that the program is made from, the hooks within it too.
sources() {
    cd -- "$ACTION_FOLDER"
    find Cargo.toml Cargo.lock src hooks -type f -print0 | LC_ALL=C sort -z |
        while IFS= read -r -d '' file; do printf '%s %s\n' "$(sha256 <"$file")" "$file"; done | sha256
}

# Leaves it to the next steps to build what this action itself is made from; another version is not there to be built.
build() {
    [ "$version" = "$own" ] ||
        fail "there is no release $version for this runner ($1), and this action can build $own only: use that version, or another ref of the action"
    echo "paralint $version is built from source: $1"
    local folder="$RUNNER_TEMP/paralint-built"
    output version "$version"
    output binary "$folder/bin/paralint"
    output build true
    output folder "$folder"
    output sources "$(sources)"
    exit 0
}

if [ -n "$ACTION_OWNER" ] && ! [[ $ACTION_OWNER =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]]; then
    fail "this is no name of a repository: $ACTION_OWNER"
fi
[[ $server == https://* ]] || fail "releases are only downloaded through https, and not from $server"

asked=${INPUT_VERSION#v}
case $asked in
    "") version=$own ;;
    latest)
        version=$own
        if [ -n "$ACTION_OWNER" ]; then
            need_curl
            version=$(latest)
            if [ -z "$version" ]; then
                annotate "$ACTION_OWNER has no release: the version of this action, $own, is used" warning
                version=$own
            fi
        fi
        ;;
    *) version=$asked ;;
esac
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$ ]] || fail "version is neither latest nor one such as $own: $version"

# Not one of the workspace: common.sh took its folders off the PATH, and here a link that leads there does not count.
there=$(type -P paralint || true)
if [ -n "$there" ] && is_within "$(readlink -f -- "$there")" "$(real "$GITHUB_WORKSPACE")"; then there=""; fi
if [ -n "$there" ] && [ "$(version_of "$there")" = "$version" ]; then
    echo "paralint $version is there: $there"
    use "$there"
fi

target=$(target)
[ -n "$ACTION_OWNER" ] || build "the action is a local one and names no repository with releases"
[ -n "$target" ] || build "there are releases for Linux on x86_64 and aarch64 only"

need_curl
name="paralint-$version-$target"
url="$server/$ACTION_OWNER/releases/download/v$version/$name.tar.gz"
status=$(download "$url" "$scratch/$name.tar.gz") || fail "failed to download $url"
case $status in
    200) ;;
    404) build "there is no $url" ;;
    *) fail "failed to download $url: status $status" ;;
esac

# From here on there is a release. What is wrong with it is never a reason to take something else.
status=$(download "$url.sha256" "$scratch/sum") || fail "failed to download $url.sha256"
[ "$status" = 200 ] || fail "failed to download $url.sha256: status $status"
read -r expected file <"$scratch/sum" || true
[[ ${expected:-} =~ ^[0-9a-f]{64}$ && ${file#\*} == "$name.tar.gz" ]] || fail "$url.sha256 is no checksum of $name.tar.gz"
actual=$(sha256 <"$scratch/$name.tar.gz")
[ "$actual" = "$expected" ] || fail "the checksum of $url is $actual, and $expected was expected: it is not used"

tar -xzf "$scratch/$name.tar.gz" -C "$scratch" --no-same-owner "$name/paralint" || fail "$name.tar.gz holds no $name/paralint"
binary="$scratch/$name/paralint"
if [ -L "$binary" ] || [ "$(version_of "$binary")" != "$version" ]; then fail "what $url holds is no paralint $version"; fi
echo "paralint $version: $url, checksum verified"
use "$binary"
