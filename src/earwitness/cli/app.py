"""The commands, their options, and how errors end them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from earwitness.cli.capacity import find_capacity
from earwitness.cli.check import check_apis
from earwitness.cli.choose import choose
from earwitness.cli.demo import demo_apis
from earwitness.cli.explain import explain_check, explain_json, list_checks
from earwitness.cli.load import LoadChoice, load_api
from earwitness.cli.prove import default_jobs, prove_apis
from earwitness.cli.serve import serve_api
from earwitness.cli.suites import PARTS
from earwitness.errors import EarwitnessError, ExitCode, Problem, UsageError, nearest

# The effort of a night: an hour or so for each API.
THOROUGH = 60

app = typer.Typer(
    name="earwitness",
    help="Earwitness proves who heard what: contract and load tests for messaging APIs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


Names = Annotated[
    list[str] | None, typer.Argument(metavar="[API]...", help="The APIs to check, as in specs/.")
]
Url = Annotated[str, typer.Option("--url", help="The address of a reference server that is already running.")]
File = Annotated[
    Path | None, typer.Option("--deployment", metavar="FILE", help="A deployment file: where, and who.")
]
Defects = Annotated[
    list[str] | None, typer.Option("--defect", metavar="ID", help="Plant a defect in the reference server.")
]
Database = Annotated[
    Path | None,
    typer.Option("--db", metavar="FILE", help="The reference server's database. In memory if left out."),
]
Paths = Annotated[
    str,
    typer.Option(
        "--paths",
        metavar="SET",
        help="The set of paths that the reference server serves, where an API has more than one.",
    ),
]
Seed = Annotated[str, typer.Option("--seed", help="The seed of what is generated: a number, or `random`.")]
Runs = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where to write the run. Default: reports/runs/<id>."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the results as JSON on stdout.")]


@app.command()
def check(
    apis: Names = None,
    all_: Annotated[bool, typer.Option("--all", help="Check every API.")] = False,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="PART", help="One part alone: contracts, checklist or security."),
    ] = None,
    deployment: File = None,
    url: Url = "",
    defect: Defects = None,
    db: Database = None,
    paths: Paths = "",
    seed: Seed = "1",
    stories: Annotated[
        int | None, typer.Option("--stories", min=0, help="How many stories to make up for each API.")
    ] = None,
    effort: Annotated[
        float,
        typer.Option(
            "--effort",
            min=0.01,
            max=1000,
            metavar="FACTOR",
            help="How much is generated: 0.1 for a tenth of the usual, 10 for ten times as much.",
        ),
    ] = 1.0,
    thorough: Annotated[
        bool, typer.Option("--thorough", help=f"Generate for a night: --effort {THOROUGH}.")
    ] = False,
    intrusive: Annotated[
        bool,
        typer.Option(
            "--intrusive", help="Also disturb the connections of a deployment whose file allows it."
        ),
    ] = False,
    out: Runs = None,
    as_json: AsJson = False,
) -> None:
    """Check APIs: contracts and acceptance checklist, against the reference server or a deployment."""
    if only is not None and only not in filter(None, PARTS):
        raise UsageError(Problem(f"--only {only!r}", hint=nearest(only, filter(None, PARTS))))
    chosen = choose(apis or [], all_, deployment, url, defect or [], db, seed, paths, intrusive=intrusive)
    choice = replace(chosen, stories=stories, effort=THOROUGH if thorough else effort)
    raise typer.Exit(int(check_apis(choice, only or "", out, as_json, _command())))


@app.command()
def load(
    profile: Annotated[str, typer.Argument(help="A profile: smoke, fan-out, or a .yaml file of your own.")],
    api: Annotated[str, typer.Option("--api", metavar="API", help="The API to load, as in specs/.")] = "",
    listeners: Annotated[
        int | None,
        typer.Option("--listeners", min=1, help="Sockets that must hear, in place of the profile's."),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", min=0.001, help="Messages a second, in place of the profile's.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="How long messages are sent.")
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="How many processes generate the load.")
    ] = 1,
    url: Url = "",
    deployment: File = None,
    defect: Defects = None,
    members: Annotated[
        Path | None, typer.Option("--members", metavar="CSV", help="Members to load with, a line each.")
    ] = None,
    capacity: Annotated[
        str | None,
        typer.Option(
            "--capacity",
            metavar="WHAT",
            help="Find how much keeps the service levels: the highest `rate`, or the most `listeners`.",
        ),
    ] = None,
    up_to: Annotated[
        float | None,
        typer.Option("--up-to", min=0.001, metavar="N", help="Where a search for capacity ends."),
    ] = None,
    out: Runs = None,
    as_json: AsJson = False,
) -> None:
    """Load an API with messages, and account for every delivery; its service levels decide the exit code."""
    choice = LoadChoice(
        profile, api, listeners, rate, seconds, processes, url, deployment, tuple(defect or ()), members
    )
    if capacity is not None:
        raise typer.Exit(int(find_capacity(choice, capacity, up_to, out, as_json, _command())))
    if up_to is not None:
        raise UsageError(
            Problem("--up-to is where a search for capacity ends", expected="--capacity rate or listeners")
        )
    raise typer.Exit(int(load_api(choice, out, as_json, _command())))


@app.command()
def demo(out: Runs = None) -> None:
    """Show what Earwitness does: a small fan-out load on every API there is, then contracts and checklists."""
    raise typer.Exit(int(demo_apis(out, _command())))


@app.command()
def prove(
    apis: Names = None,
    all_: Annotated[bool, typer.Option("--all", help="Prove the checks on every API.")] = False,
    defect: Annotated[
        list[str] | None,
        typer.Option("--defect", metavar="ID", help="Plant this defect alone; may be said again."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Do not end a run at its first catch: show who else notices.")
    ] = False,
    learn: Annotated[
        bool,
        typer.Option("--learn", help="Keep which case caught what, so that the next proof begins there."),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, max=64, help="How many runs at once. Default: one for each core."),
    ] = None,
    seed: Seed = "1",
    out: Runs = None,
    as_json: AsJson = False,
) -> None:
    """Prove that every check bites: plant each defect in the reference server and see that its check catches it."""
    choice = choose(apis or [], all_, None, "", [], None, seed)
    code = prove_apis(choice, defect or [], out, as_json, _command(), jobs or default_jobs(), full, learn)
    raise typer.Exit(int(code))


@app.command()
def serve(
    api: Annotated[str, typer.Argument(help="The API to serve, as in specs/.")],
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    db: Database = None,
    paths: Paths = "",
    defect: Defects = None,
) -> None:
    """Run the reference server of an API until Ctrl-C. Prints one line of JSON: addresses, members, levers."""
    raise typer.Exit(serve_api(api, port, db, defect or [], paths))


@app.command()
def explain(
    check_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The check to explain; all are listed without one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a check: what must be so, why, and where the documents say it."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    # What is read by a program, or by grep, has no lines broken.
    width = console.width if console.is_terminal else 0
    if as_json:
        sys.stdout.write(explain_json(check_id))
    elif check_id is None:
        console.print(list_checks(width))
    else:
        console.print(explain_check(check_id, width))


def _command() -> str:
    return " ".join(["earwitness", *sys.argv[1:]])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Nothing that a user can cause ends in a traceback."""
    # Whoever ends a job politely (a CI that cancels it) gets the partial report that Ctrl-C gets.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(args=list(arguments) if arguments is not None else None)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(ExitCode.PASSED)
    except EarwitnessError as error:
        for problem in error.problems:
            sys.stderr.write(f"earwitness: {problem}\n")
        return int(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("earwitness: interrupted\n")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return int(ExitCode.COULD_NOT_TEST)
    except OSError as error:
        sys.stderr.write(f"earwitness: {error.filename or 'a file'}: {error.strerror or error}\n")
        return int(ExitCode.COULD_NOT_TEST)
    return int(ExitCode.PASSED)
