#!/bin/sh
# Puts the libraries of package.json, and their licences, into static/vendor. Needs npm; what it writes is committed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$work"
(cd "$work" && npm install --silent --ignore-scripts --no-audit --no-fund)
vendor="$here/static/vendor"
mkdir -p "$vendor"
modules="$work/node_modules"
grep -v '^//# sourceMappingURL=' "$modules/@dagrejs/dagre/dist/dagre.esm.js" >"$vendor/dagre.esm.js"
{
  echo "dagre.esm.js holds these, as they are published on npm:"
  for package in @dagrejs/dagre @dagrejs/graphlib; do
    printf '\n%s %s\n\n' "$package" "$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$modules/$package/package.json")"
    cat "$modules/$package/LICENSE"
  done
} >"$vendor/LICENSES.txt"
