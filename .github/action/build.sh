#!/usr/bin/env bash
# Builds the binary from the action's own folder, unless the cache brought it.
#
# Takes ACTION_FOLDER, VERSION and FOLDER (where to put it).
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.github/action/common.sh
source "$here/common.sh"

if [ "$(version_of "$FOLDER/bin/paralint")" = "$VERSION" ]; then
    echo "paralint $VERSION comes from the cache"
else
    command -v cargo >/dev/null ||
        fail "there is no release of paralint for this runner and no cargo to build it: install Rust in an earlier step"
    # cargo reads its configuration from the folder that it is started in and from those above: not from the repository that is
    # checked, which may be a stranger's.
    cd -- "$ACTION_FOLDER"
    CARGO_TARGET_DIR="$RUNNER_TEMP/paralint-target" cargo install --locked --force --path "$ACTION_FOLDER" --root "$FOLDER" ||
        fail "paralint $VERSION could not be built"
    [ "$(version_of "$FOLDER/bin/paralint")" = "$VERSION" ] || fail "what was built is no paralint $VERSION"
fi
printf '%s\n' "$FOLDER/bin" >>"$GITHUB_PATH"
