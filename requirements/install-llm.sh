# Installs llama.cpp's Python package, which has to be compiled, or says in one sentence why there is none.
# Usage: sh install-llm.sh BIN DONE. Never fails: everything but writing answers works without it.
bin=$1
log=$2/llm.log
without="Answers will be taken from the index, without a language model."

if ! ${CC:-cc} --version >/dev/null 2>&1 || ! ${CXX:-c++} --version >/dev/null 2>&1; then
    echo "No C and C++ compiler was found. $without (Later: rm $2/llm)" >&2
    exit 0
fi

# Whether a program that uses the processor's matrix unit as llama.cpp does survives; one that cannot be built uses none.
survives() {
    # shellcheck disable=SC2086 # flags are words
    "${CC:-cc}" -O3 -march=native $1 -o "$2/amx" "$(dirname "$0")/amx.c" 2>/dev/null || return 0
    "$2/amx" 2>/dev/null
}
flags=
if grep -qw amx_tile /proc/cpuinfo 2>/dev/null; then
    for flags in "" "-fno-tree-dse -fno-dse" "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"; do
        if (survives "$flags" "$2") 2>/dev/null; then break; fi
    done
    rm -f "$2/amx"
fi
export CFLAGS="${CFLAGS:-} $flags" CXXFLAGS="${CXXFLAGS:-} $flags"

echo "Compiling llama.cpp (5 to 10 minutes the first time; pip keeps the result)"
# The pinned cmake and ninja come first: those of the system may be too old.
if ! PATH="$(cd "$bin" && pwd):$PATH" "$bin/python" -m pip --disable-pip-version-check \
    install --require-hashes --no-build-isolation -r requirements/llm.txt >"$log" 2>&1; then
    echo "llama.cpp could not be compiled; $log has the reason. $without (Later: rm $2/llm)" >&2
fi
