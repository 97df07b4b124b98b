"""The command line: what may be said, and an error for everything else."""

from __future__ import annotations

import argparse
import ipaddress
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn, TextIO

from earwitness.errors import EarwitnessError, ExitCode, UsageError
from reference_server import apis, defects, serving
from reference_server.app import HttpDoor, application
from reference_server.core.assembly import assemble
from reference_server.core.refusals import Invalid
from reference_server.core.store import open_store
from reference_server.levers import greeting

MEMBERS = "alice,bob,carol,dave"


def run(argv: Sequence[str], stdout: TextIO, stderr: TextIO) -> int:
    """Serve until a signal, or the end of stdin, says to stop; one line of JSON on ``stdout`` says that the server listens.

    Returns 0 after an orderly stop, 2 for a command line or file that has to be mended, 3 where the server could not start.
    """
    try:
        wanted = _parser().parse_args(argv)
        if wanted.list_defects:
            print(json.dumps([each.facts() for each in defects.catalogue(wanted.api)]), file=stdout)
        else:
            _serve(wanted, stdout)
    except EarwitnessError as error:
        print(f"reference_server: {error}", file=stderr)
        return int(error.exit_code)
    except KeyboardInterrupt:  # before there was anything to stop in good order
        return int(ExitCode.INTERRUPTED)
    except SystemExit as leaving:  # --help
        return int(leaving.code or 0)
    return 0


def _serve(wanted: argparse.Namespace, stdout: TextIO) -> None:
    chosen = defects.choose(wanted.api, wanted.defect)
    api_class = defects.damaged(apis.find(wanted.api), chosen)
    if wanted.paths is not None and wanted.paths not in api_class.path_sets:
        known = ", ".join(api_class.path_sets) or "none"
        raise UsageError(f"--paths {wanted.paths}: the path sets of {wanted.api} are: {known}")
    with (
        closing(serving.listen(wanted.host, wanted.port)) as door,
        closing(open_store(wanted.db, wanted.api)) as store,
    ):
        try:
            core = assemble(store, wanted.members, defects.parts(chosen), api_class.settings)
        except Invalid as invalid:
            raise UsageError(f"--members: {invalid.reason}") from None
        api = api_class(core, wanted.paths)
        host, port = door.getsockname()
        hello = greeting(api, f"{host}:{port}", [each.id for each in chosen])

        def announce() -> None:
            print(json.dumps(hello), file=stdout, flush=True)

        served = application(api, hello, defects.damaged(HttpDoor, chosen))
        serving.serve(served, door, announce, until_stdin_closes=wanted.until_stdin_closes)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; --help shows what there is")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m reference_server",
        description="Serve one of the documented APIs, correctly, on this machine.",
    )
    parser.add_argument("api", type=_api, help=f"which one: {', '.join(apis.names())}")
    parser.add_argument("--port", type=_port, default=0, help="0, the default: any that is free")
    parser.add_argument(
        "--host", type=_loopback, default="127.0.0.1", help="a loopback address; nothing else is served"
    )
    parser.add_argument(
        "--db", type=Path, metavar="FILE", help="keep the data in this SQLite file; without it, in memory"
    )
    parser.add_argument(
        "--list-defects", action="store_true", help="print what can be planted, as JSON, and leave"
    )
    parser.add_argument(
        "--defect", action="append", default=[], metavar="ID", help="plant this bug; may be said again"
    )
    parser.add_argument(
        "--members",
        type=_names,
        default=_names(MEMBERS),
        metavar="A,B",
        help=f"test members; {MEMBERS} if not said",
    )
    parser.add_argument(
        "--paths",
        metavar="SET",
        help="serve at the addresses of this path set, where the document has more than one",
    )
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop when stdin ends: no orphan outlives its parent",
    )
    return parser


def _api(text: str) -> str:
    apis.find(text)
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise UsageError(f"--port {text}: expected a number from 0 to 65535")
    return int(text)


def _loopback(text: str) -> str:
    try:
        address = ipaddress.IPv4Address("127.0.0.1" if text == "localhost" else text)
    except ValueError:
        raise UsageError(f"--host {text}: expected a loopback address such as 127.0.0.1") from None
    if not address.is_loopback:
        raise UsageError(
            f"--host {text}: a server with planted bugs and open levers is for this machine only; expected 127.0.0.1"
        )
    return str(address)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if len(set(names)) < len(names):
        raise UsageError(f"--members {text}: a name is there twice")
    return names
