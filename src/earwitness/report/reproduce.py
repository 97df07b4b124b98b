"""Lines that repeat what a finding rests on, for a shell: curl for requests, websocat for frames, from the history alone."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from earwitness.history import Body, FrameSaid, Request, SocketOpening
from earwitness.report.past import Past, variable
from earwitness.report.shell import Quoter, literal
from earwitness.report.text import as_json

MOST_LINES = 20

# curl writes these itself, from what it is told otherwise.
_CURLS_OWN = frozenset(
    {"host", "content-length", "accept-encoding", "connection", "user-agent", "transfer-encoding"}
)


def reproduce(evidence: Iterable[int], past: Past) -> str:
    """The shell lines that repeat what the entries numbered ``evidence`` tell of; "" when nothing was sent.

    An answer stands for its request and a frame that was heard for its socket. Who only listens is started first, in
    the background. Tokens are read from variables (``$ALICE_TOKEN``), as the history holds them. A JSON body is written
    anew: its white space and the order of equal keys are not the original's.
    """
    acts = {act.n: act for n in evidence if (act := past.act(n)) is not None}
    quote = Quoter(variable(member) for member in past.members)
    said_on = {act.socket for act in acts.values() if isinstance(act, FrameSaid)}
    ears = [act for act in acts.values() if isinstance(act, SocketOpening) and act.socket not in said_on]
    deeds = [act for _, act in sorted(acts.items()) if not isinstance(act, SocketOpening)]
    if not deeds:
        return "\n".join(f"websocat -n {_socket(ear, quote)}" for ear in ears[:MOST_LINES])
    lines = [f"{_listen(ear, quote)} &" for ear in ears[: MOST_LINES // 2]]
    if lines:
        lines.append("sleep 1")
    for place, deed in enumerate(deeds[:MOST_LINES], start=1):
        lines.append(
            _curl(deed, quote) if isinstance(deed, Request) else _say(deed, past, quote, place == len(deeds))
        )
    if len(deeds) > MOST_LINES:
        lines.append(f"# and {len(deeds) - MOST_LINES} more, in history.jsonl")
    return "\n".join(lines)


def _listen(opening: SocketOpening, quote: Quoter) -> str:
    name = "".join(c for c in opening.member if c.isascii() and (c.isalnum() or c in "-_")) or "somebody"
    return f"websocat -n {_socket(opening, quote)} </dev/null | sed 's/^/{name} hears: /'"


def _socket(opening: SocketOpening, quote: Quoter) -> str:
    # With a space, websocat's -H takes the words after it for headers too.
    headers = "".join(
        f" -H={quote(f'{name}: {value}')}"
        for name, value in opening.headers.items()
        if name.lower() not in _CURLS_OWN and not name.lower().startswith(("sec-websocket-", "upgrade"))
    )
    return quote(opening.url) + headers


def _say(said: FrameSaid, past: Past, quote: Quoter, last: bool) -> str:
    opening = past.sockets.get(said.socket)
    if opening is None:
        return f"# a frame on the unknown socket {literal(said.socket)}"
    # -n keeps the socket open for the reply, which would keep a later line from running.
    target = ("-n " if last else "") + _socket(opening, quote)
    body = said.payload
    if body.form == "base64":
        return f"echo {literal(str(body.value))} | base64 -d | websocat -b {target}{_missing(body)}"
    text = _written(body)
    if "\n" in text or "\0" in text:
        # websocat makes a message of each line.
        encoded = literal(base64.b64encode(text.encode("utf-8", "surrogatepass") + b"\0").decode("ascii"))
        return f"echo {encoded} | base64 -d | websocat -0 {target}{_missing(body)}"
    # Some shells' echo reads backslashes and options.
    echo = "printf '%s\\n'" if "\\" in text or text.startswith("-") else "echo"
    return f"{echo} {quote(text)} | websocat {target}{_missing(body)}"


def _curl(request: Request, quote: Quoter) -> str:
    words = ["curl", "-i"]
    words += ["--head"] if request.method == "HEAD" else ["-X", _method(request.method)]
    if any(c in request.url for c in "[]{}"):
        words.append("--globoff")
    words.append(quote(request.url))
    headers = {n: v for n, v in request.headers.items() if n.lower() not in _CURLS_OWN}
    has_type = any(name.lower() == "content-type" for name in headers)
    for name, value in sorted(headers.items(), key=lambda item: item[0].lower()):
        if (name.lower(), value) == ("accept", "*/*") or (
            name.lower() == "content-type" and request.body.form == "parts"
        ):
            continue
        # The client writes names in lower case, which HTTP takes for the same; people know them by their capitals.
        shown = "-".join(part.capitalize() for part in name.split("-")) if name.islower() else name
        words += ["-H", quote(f"{shown}: {value}" if value else f"{shown};")]
    if request.body.form not in ("none", "parts") and not has_type:
        words += ["-H", "'Content-Type:'"]  # without it curl would say it were a form
    before, data = _data(request.body, quote)
    return before + " ".join([*words, *data]) + _missing(request.body)


def _data(body: Body, quote: Quoter) -> tuple[str, list[str]]:
    match body.form:
        case "none":
            return "", []
        case "base64":
            return f"echo {literal(str(body.value))} | base64 -d | ", ["--data-binary", "@-"]
        case "parts":
            return "", _parts(body.value, quote)
    text = _written(body)
    if "\0" in text:
        encoded = literal(base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii"))
        return f"echo {encoded} | base64 -d | ", ["--data-binary", "@-"]
    return "", ["--data-raw" if text.startswith("@") else "-d", quote(text)]


def _parts(value: object, quote: Quoter) -> list[str]:
    words: list[str] = []
    pairs = value.items() if isinstance(value, Mapping) else ()
    for name, part in pairs:
        for one in part if isinstance(part, list | tuple) else (part,):
            # A file is kept by its name, type and size, without its bytes: whoever pastes the line brings one.
            if isinstance(one, Mapping) and {"name", "size"} <= set(one):
                file, kind = one["name"], one.get("type")
                # Within curl's own quotes a name may hold what ends it otherwise: a semicolon, a comma.
                path = str(file).replace("\\", "\\\\").replace('"', '\\"')
                words += ["-F", quote(f'{name}=@"{path}"' + (f";type={kind}" if kind else ""))]
            else:
                words += ["--form-string", quote(f"{name}={one if isinstance(one, str) else as_json(one)}")]
    return words


def _written(body: Body) -> str:
    return as_json(body.value) if body.is_json else str(body.value if body.value is not None else "")


def _method(method: str) -> str:
    return method if method.isascii() and method.isalpha() else literal(method)


def _missing(body: Body) -> str:
    return f"  # {body.cut} more bytes were sent" if body.cut else ""
