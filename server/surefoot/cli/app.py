"""Which commands there are, and what they take. The work is in the module of each command, imported when it runs.

Invariant: only typer is imported here; the first import of anything heavy happens inside the chosen command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

# Plain help: rich's panels would cost `--help` as much time again as everything else in it.
app = typer.Typer(
    name="surefoot",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Answers questions about a codebase, offline, and checks every path, line and symbol that it cites.",
)
models_app = typer.Typer(
    rich_markup_mode=None,
    help="Language models: what there is, fetch one, check what was fetched, fit it to this machine.",
)
trace_app = typer.Typer(rich_markup_mode=None, help="What happened to each question, stage by stage.")
eval_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="A golden set of questions as a regression test."
)
tickets_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Tickets of GitHub, GitLab and Jira as files, to be read offline."
)
app.add_typer(eval_app, name="eval")
app.add_typer(tickets_app, name="tickets")
app.add_typer(models_app, name="models", invoke_without_command=True)
app.add_typer(trace_app, name="trace", invoke_without_command=True)

Roots = Annotated[
    list[Path] | None,
    typer.Option("--root", metavar="DIR", help="Folder to look in; may be repeated. The current folder by default."),
]
Globs = Annotated[
    list[str] | None, typer.Option("--path", metavar="GLOB", help="Only files that match, as in 'src/**/*.py'.")
]
Languages = Annotated[list[str] | None, typer.Option("--lang", metavar="L", help="Only files in this language.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="KIND", help="Only code, docs, tickets, commits or designs.")
]
Open = Annotated[
    Path | None,
    typer.Option("--open", metavar="FILE", help="The file you look at; of several roots, its own is meant."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
HowMany = Annotated[int, typer.Option("-k", min=1, max=1000, metavar="N", help="How many hits.")]


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it
    if value:
        from importlib.metadata import version

        typer.echo(f"surefoot {version('surefoot')}")
        raise typer.Exit


@app.callback()
def surefoot(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command."""


@app.command()
def index(
    root: Roots = None,
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Only list what would be indexed, and what not.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and follow what changes; with --json, one object for each batch.")
    ] = False,
    json: Json = False,
) -> None:
    """Index folders, or bring their indexes up to date."""
    from surefoot.cli import index as command

    if watch:
        if preview:
            raise typer.BadParameter("--preview lists what would be indexed, and --watch indexes it; choose one.")
        from surefoot.cli.watch import watch as follow

        follow(root or [], json=json)
        return
    command.preview(root or [], json=json) if preview else command.index(root or [], json=json)


@app.command()
def search(
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="What to look for.")] = None,
    root: Roots = None,
    k: HowMany = 10,
    path: Globs = None,
    lang: Languages = None,
    source: Sources = None,
    opened: Open = None,
    *,
    json: Json = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read {"id", "query", "k"} lines from stdin, answer each with one line.')
    ] = False,
) -> None:
    """Find the places in the code that a question is about."""
    from surefoot import wire
    from surefoot.cli import search as command

    request = command.Request(wire.scope_of(path or [], lang or [], source or []), k, opened)
    if jsonl:
        if query:
            raise typer.BadParameter("--jsonl reads its queries from stdin; leave the words out.")
        command.search_lines(root or [], request)
    else:
        command.search(root or [], " ".join(query or []), request, json=json)


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="What to answer.")],
    root: Roots = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME|PATH|URL|none", help="Which model writes the answer.")
    ] = None,
    path: Globs = None,
    lang: Languages = None,
    source: Sources = None,
    opened: Open = None,
    *,
    json: Json = False,
) -> None:
    """Answer a question, with citations that are checked against the files as they are now."""
    from surefoot import wire
    from surefoot.cli import ask as command
    from surefoot.domain import Query

    query = Query(" ".join(question), wire.scope_of(path or [], lang or [], source or []), open_file=opened)
    command.ask(root or [], query, model=model, json=json)


@app.command()
def status(root: Roots = None, *, json: Json = False) -> None:
    """Count what is indexed, and what has changed on disk since."""
    from surefoot.cli import status as command

    command.status(root or [], json=json)


@models_app.callback()
def models(context: typer.Context) -> None:
    """Language models: what there is, fetch one, check what was fetched, fit it to this machine."""
    if context.invoked_subcommand is None:
        models_list()


@models_app.command("list")
def models_list(*, json: Json = False) -> None:
    """The catalogue: size, licence, memory need, checksum, and which are here."""
    from surefoot.cli import models as command

    command.list_models(json=json)


@models_app.command("pull")
def models_pull(name: Annotated[str, typer.Argument(metavar="NAME")] = "default") -> None:
    """Download a model; an interrupted download goes on where it stopped."""
    from surefoot.cli import models as command

    command.pull(name)


@models_app.command("tune")
def models_tune(name: Annotated[str, typer.Argument(metavar="MODEL")] = "default") -> None:
    """Find out how a model runs best on this machine, in a minute or two; best while nothing else runs."""
    from surefoot.cli import models as command

    command.tune(name)


@models_app.command("verify")
def models_verify(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="All that are downloaded, by default.")] = None,
    *,
    json: Json = False,
) -> None:
    """Check downloaded models against their checksums."""
    from surefoot.cli import models as command

    command.verify(name, json=json)


@trace_app.callback()
def trace(context: typer.Context) -> None:
    """What happened to each question, stage by stage."""
    if context.invoked_subcommand is None:
        trace_list()


@trace_app.command("list")
def trace_list(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000_000, metavar="N", help="How many.")] = 20,
    client: Annotated[
        Literal["cli", "editor", "mcp", "dashboard", "evals"] | None,
        typer.Option("--client", help="Only what was asked there."),
    ] = None,
    kind: Annotated[
        Literal["search", "ask", "explain", "replay"] | None, typer.Option("--kind", help="Only this kind.")
    ] = None,
    outcome: Annotated[
        Literal["answered", "abstained", "failed", "cancelled"] | None,
        typer.Option("--outcome", help="Only what ended like that."),
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="Only questions with this in them.")] = "",
    before: Annotated[str, typer.Option("--before", metavar="ID", help="Only older ones than this.")] = "",
    *,
    json: Json = False,
) -> None:
    """The latest questions."""
    from surefoot.cli import trace as command
    from surefoot.domain import TraceFilter

    command.list_traces(limit, TraceFilter(kind or "", client or "", outcome or "", text, before), json=json)


@trace_app.command("replay")
def trace_replay(
    trace_id: Annotated[str, typer.Argument(metavar="ID")],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="STAGE.OPTION=V", help="Do this otherwise; may be repeated."),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Ask a question again, and show stage by stage what differs now.

    \b
    What can be set:
      search.k=N              how many hits
      resolve.path=GLOB       only files that match; none for no limit
      resolve.lang=L          only this language; none for no limit
      resolve.source=KIND     code, docs, tickets, commits or designs; none
      resolve.open=FILE       the file that is open, or none
      resolve.after=ID        the trace of the question before it, or none
      STAGE.off=true          leave out resolve, product, parts, lexical,
                              vector, symbol, place, link, flow, rerank,
                              ranker, floor or focus
      rerank.RULE=off         leave out a rule, as `surefoot trace show` names it
      budget.tokens=N         tokens of the sources that the model sees
      generate.model=NAME     which model writes, or none
      generate.tokens=N       the longest answer that it may write
    """  # noqa: D301 - the mark keeps the lines of the table apart
    from surefoot.cli import replay as command

    command.replay(trace_id, overrides or [], json=json)


@trace_app.command("stats")
def trace_stats(
    days: Annotated[float, typer.Option("--days", metavar="N", help="Of the last so many days.")] = 30.0,
    *,
    json: Json = False,
) -> None:
    """How fast, how often without an answer, and what failed."""
    from surefoot.cli import stats as command

    command.stats(days, json=json)


@trace_app.command("show")
def trace_show(trace_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """One question as a waterfall; the first characters of its id are enough."""
    from surefoot.cli import trace as command

    command.show(trace_id)


@trace_app.command("export")
def trace_export(trace_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """One question as JSON, with every detail."""
    from surefoot.cli import trace as command

    command.export(trace_id)


Cases = Annotated[
    list[Path] | None,
    typer.Option("--cases", metavar="PATH", help="Files or folders of cases; .surefoot/cases.jsonl by default."),
]
Corpora = Annotated[
    Path | None, typer.Option("--corpora", metavar="FILE", help="The projects that the cases name; else this folder.")
]
Into = Annotated[Path, typer.Option("--into", metavar="DIR", help="Where downloaded projects are kept.")]


@eval_app.command("run")
def eval_run(
    cases: Cases = None,
    corpora: Corpora = None,
    into: Into = Path("evals/.cache/corpora"),
    suite: Annotated[str, typer.Option("--suite", metavar="retrieval|answers|all")] = "all",
    split: Annotated[list[str] | None, typer.Option("--split", metavar="dev|test", help="May be repeated.")] = None,
    only: Annotated[str, typer.Option("--only", metavar="REGEX", help="Only cases with such an id.")] = "",
    model: Annotated[str, typer.Option("--model", metavar="NAME|PATH|URL|none")] = "none",
    ablate: Annotated[
        list[str] | None,
        typer.Option("--ablate", metavar="STAGE", help="Leave a stage or a rule out; may be repeated."),
    ] = None,
    save: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the result as JSON.")] = None,
    gate: Annotated[
        Path | None, typer.Option("--gate", metavar="FILE", help="Hold it against these thresholds.")
    ] = None,
    compare: Annotated[Path | None, typer.Option("--compare", metavar="RESULT", help="Show what has changed.")] = None,
    embedder: Annotated[
        str, typer.Option("--embedder", metavar="PATH", help="Another embedder than the one that is set.")
    ] = "",
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", min=1, metavar="N", help="Processes that share the projects; they slow each other down."
        ),
    ] = 1,
) -> None:
    """Ask every case; exit code 1 if the gate holds the result back."""
    from dataclasses import replace

    from surefoot.cli import evals as command

    options = command.options((cases or [], corpora, into), suite, split or [], only, model, ablate or [])
    command.run(replace(options, embedder=embedder, jobs=jobs), command.Outputs(save, gate, compare))


@eval_app.command("fetch")
def eval_fetch(cases: Cases = None, corpora: Corpora = None, into: Into = Path("evals/.cache/corpora")) -> None:
    """Download the projects that the cases are about."""
    from surefoot.cli import evals as command

    command.fetch(command.options((cases or [], corpora, into)))


@eval_app.command("add")
def eval_add(
    trace: Annotated[str, typer.Option("--trace", metavar="ID", help="The question, as `surefoot trace list` has it.")],
    root: Roots = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", metavar="FILE[:12-30|#symbol]", help="Where the answer is; may be repeated."),
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why that is right.")] = "",
    into: Annotated[Path, typer.Option("--into", metavar="FILE")] = Path(".surefoot/cases.jsonl"),
    *,
    absent: Annotated[bool, typer.Option("--absent", help="Nothing here answers it.")] = False,
) -> None:
    """Turn a question that went wrong into a case."""
    from surefoot.cli import eval_add as command

    command.add(root or [], trace, place or [], absent=absent, note=note, into=into)


@eval_app.command("report")
def eval_report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="What `surefoot eval run --out` wrote.")],
    page: Annotated[Path, typer.Option("--out", metavar="FILE")] = Path("REPORT.md"),
    baseline: Annotated[list[Path] | None, typer.Option("--baseline", metavar="RESULT")] = None,
    ablation: Annotated[list[Path] | None, typer.Option("--ablation", metavar="RESULT")] = None,
    history: Annotated[list[Path] | None, typer.Option("--history", metavar="RESULT")] = None,
    answers: Annotated[
        Path | None, typer.Option(metavar="RESULT", help="Of `surefoot eval run --suite answers --model ...`.")
    ] = None,
) -> None:
    """Write the report with its plots."""
    from surefoot.cli import evals as command

    beside = {"baselines": baseline or [], "ablations": ablation or [], "history": history or []}
    command.report(result, beside, answers, page)


@app.command("check-docs")
def check_docs(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Files or folders; the whole project by default.")
    ] = None,
    root: Roots = None,
    *,
    json: Json = False,
) -> None:
    """Find what documents and docstrings name and is not there; exit code 1 if there is something."""
    from surefoot.cli import check_docs as command

    command.check_docs(root or [], paths or [], json=json)


OneRoot = Annotated[
    Path | None, typer.Option("--root", metavar="DIR", help="The project; the current folder by default.")
]


@tickets_app.command("sync")
def tickets_sync(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TARGET",
            help="github:owner/repo, gitlab:group/project or jira:PROJ; by default all that were synced here before.",
        ),
    ] = None,
    root: OneRoot = None,
    url: Annotated[
        str, typer.Option("--url", metavar="URL", help="Where the tracker is, if it is a server of your own, or Jira.")
    ] = "",
    *,
    all_anew: Annotated[
        bool, typer.Option("--all", help="Read every ticket again, and tell which are no longer listed.")
    ] = False,
) -> None:
    """Fetch what has changed, into .surefoot/tickets of the project; an interrupted sync goes on where it stopped.

    \b
    Tokens come from the environment:
      GitHub  GITHUB_TOKEN or GH_TOKEN (GH_ENTERPRISE_TOKEN for a server of your own)
      GitLab  GITLAB_TOKEN
      Jira    JIRA_TOKEN, and JIRA_EMAIL for Jira Cloud
    or from the keyring, with surefoot[keyring]: keyring set surefoot github.com
    """  # noqa: D301 - the mark keeps the lines of the table apart
    from surefoot.cli import tickets as command

    command.sync_tickets(root, targets or [], url, all_anew=all_anew)


@tickets_app.command("list")
def tickets_list(root: OneRoot = None) -> None:
    """Which projects' tickets are synced here."""
    from surefoot.cli import tickets as command

    command.list_targets(root)


@tickets_app.command("forget")
def tickets_forget(target: Annotated[str, typer.Argument(metavar="TARGET")], root: OneRoot = None) -> None:
    """Sync a project's tickets no longer; what was fetched stays."""
    from surefoot.cli import tickets as command

    command.forget(root, target)


@app.command()
def lsp(
    *,
    _: Annotated[
        bool, typer.Option("--stdio", help="Accepted for editors that pass it; stdio is the only way.")
    ] = True,
) -> None:
    """Speak the language server protocol on stdin and stdout."""
    from surefoot.lsp.server import serve

    raise typer.Exit(serve())


@app.command()
def dashboard(
    root: Roots = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, metavar="N", help="With the same one, bookmarks live on.")
    ] = 0,
    *,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Whether to open the page.")] = True,
) -> None:
    """Search, ask and look behind the answers in a browser, on this machine only."""
    from surefoot.cli import dashboard as command

    command.dashboard(root or [], port, browser=browser)


@app.command()
def mcp(
    root: Roots = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65_535, metavar="N", help="With --http: 7411 by default.")
    ] = None,
    *,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP on this machine, with a token, instead of stdio.")
    ] = False,
) -> None:
    """Speak the Model Context Protocol, for AI assistants; their open folders are used, or this one."""
    from surefoot.cli import mcp as command

    if port is not None and not http:
        raise typer.BadParameter("--port belongs to --http; add it.")
    raise typer.Exit(command.serve(root or [], http=http, port=command.PORT if port is None else port))


@app.command()
def doctor() -> None:
    """Check that everything Surefoot needs is here and works."""
    from surefoot.cli import doctor as command

    command.doctor()
