# Packs the extension with the server's wheel and its pinned requirements into dist/surefoot.vsix.
# Usage: sh scripts/build-vsix.sh PYTHON, in extension/. Works offline once the packages are there.
set -eu
python=$1
largest=20000000 # bytes; what a person downloads before the first question

node scripts/bundle-server.mjs "$python"
cp ../LICENSE LICENSE

node esbuild.mjs --production
# VS Code's page of an installed extension shows pictures from the network only, and ours are files.
grep -v '^!\[' README.md >dist/README.md
# Not on a terminal, so that nothing is asked.
npx --no-install vsce package --no-dependencies --no-rewrite-relative-links --allow-missing-repository --readme-path dist/README.md --out dist/surefoot.vsix </dev/null >dist/vsce.log ||
    { cat dist/vsce.log >&2; exit 1; }

size=$(wc -c <dist/surefoot.vsix)
[ "$size" -le "$largest" ] || { echo "extension/dist/surefoot.vsix has $size bytes, and $largest is the most." >&2; exit 1; }
echo "extension/dist/surefoot.vsix: $size bytes"
