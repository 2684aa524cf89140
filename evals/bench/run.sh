# Measures everything that evals/BENCHMARKS.md shows, and writes it.
# Usage: sh evals/bench/run.sh PYTHON [PART...], as the Makefile calls it; without a part, all of them.
# An hour and a half on two cores, 20 GB of disk and, for semble on the large tree, 10 GB of memory.
set -eu
python=$1
shift
[ $# -gt 0 ] || set -- index changes saves query vectors embedder history tickets storm faults
bench=evals/bench
work=evals/.cache/bench
status=0

"$python" $bench/trees.py
for part; do
    out=evals/results/bench-$part
    case $part in
    index)
        "$python" $bench/bench_index.py django --rounds 5 --json "$out-django.json"
        "$python" $bench/bench_index.py linux-drivers --rounds 2 --noop-rounds 5 --json "$out-linux.json"
        ;;
    changes) "$python" $bench/bench_changes.py django linux-drivers --json "$out.json" ;;
    saves) "$python" $bench/bench_saves.py linux-drivers --json "$out.json" ;;
    query) "$python" $bench/bench_query.py --work $work --json "$out.json" ;;
    vectors) "$python" $bench/bench_vectors.py $work/cache/index/query-1M-*.db --json "$out.json" ;; # after query
    embedder) "$python" $bench/bench_embedder.py --json "$out.json" ;;
    context) "$python" $bench/bench_context.py --json "$out.json" ;;
    answers) "$python" $bench/bench_answers.py --json "$out.json" ;; # after surefoot models pull
    history) "$python" $bench/bench_history.py --json "$out.json" ;;
    tickets) "$python" $bench/bench_tickets.py --json "$out.json" ;;
    storm) "$python" $bench/storm.py django --json "$out.json" || status=1 ;; # what was wrong is on the page, too
    faults) "$python" $bench/bench_faults.py --json "$out.json" || status=1 ;;
    *) echo "There is no part $part; there are index, changes, saves, query, vectors, embedder, context, answers, history, tickets, storm and faults." >&2 && exit 2 ;;
    esac
done
"$python" $bench/page.py
exit $status
