"""`surefoot trace stats`: what the kept traces come to, on 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from surefoot import wire
from surefoot.cli.render import counted, heading, table
from surefoot.cli.session import opened
from surefoot.cli.terminal import one_line, out, print_json
from surefoot.domain import Metrics, Percentiles, Tally

DAYS_SHOWN = 14  # the latest; `--json` has all of them
BAR = 20  # characters of the longest bar, which leaves room for the figures
BEFORE = "before the first stage"


def stats(days: float, *, json: bool) -> None:
    """The figures of the last days."""
    with opened(()) as engine:
        metrics = engine.metrics(days)
    if json:
        print_json(wire.metrics_reply(metrics))
    elif not metrics.all.questions:
        out().print(f"No question that is kept was asked in the last {_days(days)}.")
    else:
        _print(metrics)


def _print(metrics: Metrics) -> None:
    whole = metrics.all
    rate = f"{metrics.questions_per_day:,.1f} on a day with any"
    heading(f"{counted(whole.questions, 'question')} in the last {_days(metrics.days)}, {rate}")
    table(
        (
            ("without an answer", _percent(metrics.abstention_rate), f"{whole.abstained:,}"),
            ("failed", _percent(whole.failed / whole.questions), f"{whole.failed:,}"),
            (
                "sentences withheld",
                _percent(metrics.withheld_rate),
                f"{whole.withheld:,} of {whole.claims + whole.withheld:,}",
            ),
            (
                "shown in part",
                _percent(whole.partly / max(whole.claims, 1)),
                f"{whole.partly:,} of {whole.claims:,} shown",
            ),
            (
                "met changed files",
                _percent(metrics.questions_with_drift / whole.questions),
                f"{counted(whole.freshened, 'file')} re-indexed",
            ),
        )
    )
    _print_stages(metrics)
    for title, tallies in (("client", metrics.by_client), ("kind", metrics.by_kind)):
        _print_tallies(title, tallies)
    _print_tallies("day", metrics.by_day[-DAYS_SHOWN:])
    if metrics.failures:
        heading("\nFailed in")
        table((stage or BEFORE, f"{count:,}") for stage, count in metrics.failures.items())


def _print_stages(metrics: Metrics) -> None:
    heading(f"\n{'milliseconds':<16}{'p50':>10}{'p95':>10}{'runs':>8}")
    longest = max((percentiles.p95 for percentiles in metrics.stages.values()), default=0.0)
    _print_percentiles("whole", metrics.all.whole, 0.0)
    for stage, percentiles in metrics.stages.items():
        _print_percentiles(stage, percentiles, longest)


def _print_percentiles(name: str, percentiles: Percentiles, longest: float) -> None:
    block = "█" if out().encoding.lower().startswith("utf") else "#"
    bar = block * round(BAR * percentiles.p95 / longest) if longest else ""
    figures = f"{percentiles.p50:>10,.1f}{percentiles.p95:>10,.1f}{percentiles.count:>8,}"
    out().print(f"  {one_line(name):<14}{figures}  {bar}".rstrip())


def _print_tallies(title: str, tallies: Sequence[Tally]) -> None:
    heads = ("asked", "no answer", "failed", "withheld", "p50 ms", "p95 ms")
    heading(f"\n{title:<16}" + "".join(f"{head:>10}" for head in heads))
    for tally in tallies:
        counts = (tally.questions, tally.abstained, tally.failed, tally.withheld)
        times = (tally.whole.p50, tally.whole.p95)
        cells = [*(f"{count:>10,}" for count in counts), *(f"{time:>10,.1f}" for time in times)]
        out().print(f"  {one_line(tally.name) or 'unknown':<14}{''.join(cells)}")


def _days(days: float) -> str:
    return "day" if days == 1 else f"{days:g} days"


def _percent(share: float) -> str:
    return f"{share:>6.1%}"
