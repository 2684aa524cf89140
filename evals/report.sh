# Measures everything that evals/REPORT.md shows, and writes it: the golden set, the baselines, one run per ablation.
# Only the first run tells how long questions take, so only the others share the projects among processes.
# Usage: sh evals/report.sh EVAL GOLDEN FOUND JOBS, as the Makefile calls it. An hour or less on two cores.
set -eu
eval_command=$1
golden=$2
found=$3
jobs=$4
python=$(dirname "${eval_command%% *}")/python

$eval_command run $golden --out "$found/surefoot.json"
"$python" evals/baselines.py --out "$found/baselines"
for retriever in lexical vector; do # one alone: everything that could put its findings in order is left out
    others=$(printf '%s\n' lexical vector symbol | grep -v "$retriever" | sed 's/^/--ablate /')
    $eval_command run $golden --suite retrieval $others --ablate rerank --ablate floor --ablate focus --jobs "$jobs" \
        --out "$found/baselines/$retriever-alone.json" >/dev/null
done
for part in $("$python" -c 'from surefoot.cli.evals import ABLATABLE; print(*sorted(ABLATABLE))'); do
    $eval_command run $golden --split dev --suite retrieval --ablate "$part" --jobs "$jobs" --out "$found/ablations/$part.json" >/dev/null
done
cp "$found/surefoot.json" "evals/results/$("$python" -c 'import json, sys
print(json.load(open(sys.argv[1]))["commit"].rstrip("+"))' "$found/surefoot.json").json"
set -- # what the report is made of
for file in "$found"/baselines/*.json; do set -- "$@" --baseline "$file"; done
for file in "$found"/ablations/*.json; do set -- "$@" --ablation "$file"; done
for file in $(git log --reverse --format=%h --abbrev=10 | sed 's|.*|evals/results/&.json|'); do
    if [ -e "$file" ]; then set -- "$@" --history "$file"; fi
done
if [ -e evals/results/answers/default.json ]; then set -- "$@" --answers evals/results/answers/default.json; fi
$eval_command report "$found/surefoot.json" --out evals/REPORT.md "$@"
