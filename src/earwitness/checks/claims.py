"""Claims: what an exercise says must be so, judged from the history alone.

Each kind is one function: (args of the claim, world, the claim's place) to an outcome. ``None`` as an outcome's ``held``
means that the history does not tell: the exchange was never answered, or never made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from earwitness.binding import MISSING, Seen, Sources, evaluate
from earwitness.binding.expressions import parse
from earwitness.checks.exchanges import texts_in
from earwitness.checks.giving import gives, grows
from earwitness.checks.hearing import hears, hears_nothing
from earwitness.checks.listed import counts, holds, pages
from earwitness.checks.meaning import can_show, field_basis
from earwitness.checks.model import Finding
from earwitness.checks.outcome import Args, Outcome, exchange_of, is_trimmed, text_of, unknown
from earwitness.checks.standing import may_look_in, refusal_basis, refusal_of, refusing
from earwitness.history import Claimed
from earwitness.world import Exchange, World, weakest, what_it_gave

# What stands in a claim for any value that is there.
SOMETHING = {"something": True}

# Who is told to come back later is told nothing else.
_TOO_MANY = 429


def check_of(claim: Claimed) -> str:
    """The id of the check that ``claim`` is judged by, or what it calls itself when there is no such kind."""
    check, _ = KINDS.get(claim.claim, (claim.claim, None))
    return str(claim.args.get("check", check))


def judge_claim(claim: Claimed, world: World) -> tuple[Outcome, Finding | None]:
    """The outcome of ``claim`` in ``world``, and the finding it makes when it does not hold."""
    kind = KINDS.get(claim.claim)
    if kind is None:
        raise ValueError(f"unknown kind of claim: {claim.claim!r}")
    _, judge = kind
    outcome = judge(claim.args, world, claim)
    if outcome.held is not False:
        return outcome, None
    check = check_of(claim)
    finding = Finding(
        check=check,
        cause=f"{check}:{outcome.subject}",
        basis=weakest(outcome.basis, claim.basis),
        severity="high",
        clause=outcome.clause or claim.clause,
        expected=outcome.expected,
        heard=outcome.heard,
        evidence=outcome.entries or (claim.n,),
        case=claim.case,
        weak=outcome.weak,
    )
    return outcome, finding


# -- being answered ---------------------------------------------------------------------------------------------------


def _asked(exchange: Exchange) -> str:
    if exchange.operation is not None:
        return exchange.operation.id
    return exchange.readings[0].verb if exchange.readings else exchange.form


def refused(args: Args, world: World, claim: Claimed) -> Outcome:
    """``exchange`` is refused, as its operation's spec says for ``relation``."""
    exchange, relation = exchange_of(args, world), text_of(args, "relation")
    refusal = refusal_of(exchange.operation, relation) if exchange and exchange.operation else None
    status = f" with {refusal.status}" if refusal else ""
    expected = f"{_asked(exchange) if exchange else 'it'} refuses {relation or 'it'}{status}"
    if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
        return unknown(expected, exchange)
    held = exchange.status == refusal.status if refusal else 400 <= exchange.status < 500
    if relation == "not-a-member" and may_look_in(world, exchange):
        # Nobody is refused there for being outside; whether everybody is served, other checks say.
        held, expected = (
            True,
            f"{_asked(exchange)} need not refuse {relation} in a room that anybody may look into",
        )
    return Outcome(
        held, expected, f"{exchange.status}", (exchange.entry.n, exchange.response.n),
        refusal_basis(exchange, refusal) if refusal else "stated",
        (refusal.clause if refusal else "") or (exchange.operation.clause if exchange.operation else ""),
        f"{_asked(exchange)}:{relation}", exchange.succeeded,
    )  # fmt: skip


def succeeds(args: Args, world: World, claim: Claimed) -> Outcome:
    """``exchange`` does what its verb is for."""
    exchange = exchange_of(args, world)
    expected = f"{_asked(exchange) if exchange else 'it'} succeeds"
    if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
        return unknown(expected, exchange)
    gave = what_it_gave(world.binding, exchange, exchange.readings[0]) if exchange.readings else None
    held = gave is not None if exchange.readings else exchange.succeeded
    clause = exchange.operation.clause if exchange.operation else ""
    entries = (exchange.entry.n, exchange.response.n)
    return Outcome(held, expected, f"{exchange.status}", entries, "stated", clause, _asked(exchange))


def answers(args: Args, world: World, claim: Claimed) -> Outcome:
    """``exchange``'s answer holds ``value`` at ``expression``; with ``present``, anything but nothing; with ``body``, it is that
    body and nothing else; with ``mentions``, each of these texts stands somewhere in it."""
    if isinstance(args.get("body"), Mapping):
        return _carries(args, world)
    if "mentions" in args:
        return _mentions(args, world)
    exchange, expression = exchange_of(args, world), text_of(args, "expression")
    value, present = args.get("value"), bool(args.get("present"))
    expected = f"something at {expression}" if present else f"{expression} is {value!r}"
    if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
        return unknown(expected, exchange)
    body = exchange.response.body
    sources = Sources(
        arguments={}, response=body.value if body.is_json else MISSING, headers=exchange.response.headers
    )
    found = exchange.status if expression == "status" else evaluate(parse(expression), sources)
    held = (
        found not in (MISSING, None, "")
        if present
        else (found == value and isinstance(found, bool) is isinstance(value, bool))
    )
    clause = exchange.operation.clause if exchange.operation else ""
    entries = (exchange.entry.n, exchange.response.n)
    return Outcome(held, expected, f"{found!r:.200}", entries, "stated", clause, _asked(exchange))


def _carries(args: Args, world: World) -> Outcome:
    exchange, wanted = exchange_of(args, world), args["body"]
    assert isinstance(wanted, Mapping)
    expected = "the answer is the file, byte for byte"
    if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
        return unknown(expected, exchange)
    body = exchange.response.body
    held = exchange.succeeded and (body.form, body.value, body.cut) == (
        wanted.get("form"),
        wanted.get("value"),
        0,
    )
    entries = (exchange.entry.n, exchange.response.n)
    return Outcome(
        held, expected, f"{exchange.status} {body.value!r:.120}", entries, "stated", "", _asked(exchange)
    )


def _mentions(args: Args, world: World) -> Outcome:
    exchange, wanted = exchange_of(args, world), args["mentions"]
    assert isinstance(wanted, list | tuple)
    expected = f"the answer names {', '.join(map(str, wanted))}"
    if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
        return unknown(expected, exchange)
    said = " ".join(texts_in(exchange.response.body.value))
    # As a word: who is called bob is not named by bobby, nor by bob-2.
    left = [one for one in wanted if not re.search(rf"(?<![\w@+-]){re.escape(str(one))}(?![\w@+-])", said)]
    heard = f"{exchange.status} {said!r:.120}" + (f", not {', '.join(map(str, left))}" if left else "")
    clause = exchange.operation.clause if exchange.operation else ""
    entries = (exchange.entry.n, exchange.response.n)
    return Outcome(not left, expected, heard, entries, "stated", clause, _asked(exchange))


# -- being shown ------------------------------------------------------------------------------------------------------


def _items(args: Args, world: World) -> tuple[list[Seen], list[Exchange], Exchange | None]:
    """The objects that the answers to ``exchanges`` show under ``name``, those exchanges, and one that was not answered."""
    names = args.get("exchanges")
    items: list[Seen] = []
    asked: list[Exchange] = []
    for name in names if isinstance(names, list | tuple) else ():
        exchange = world.line.exchanges.get(str(name))
        if exchange is None or exchange.response is None or exchange.status == _TOO_MANY:
            return items, asked, exchange
        asked.append(exchange)
        for reading in exchange.readings:
            gave = what_it_gave(world.binding, exchange, reading) or {}
            shown = gave.get(text_of(args, "name"))
            found = [s for s in (shown if isinstance(shown, tuple) else (shown,)) if isinstance(s, Seen)]
            # What a room shows of its messages is a list of them as well.
            room = gave.get("room") if text_of(args, "name") == "messages" else None
            inside = room.get("messages") if isinstance(room, Seen) else None
            held = inside if isinstance(inside, tuple) else ()
            items += [*found, *(s for s in held if isinstance(s, Seen))]
    return items, asked, None


def _is_meant(item: Seen, args: Args) -> bool:
    """Whether ``item`` is the one that a claim names: by its ``id``, with its ``kind`` where kinds are numbered apart."""
    kind = text_of(args, "kind")
    return item.text("id") == text_of(args, "id") and (not kind or item.text("kind") in ("", kind))


def shows(args: Args, world: World, claim: Claimed) -> Outcome:
    """Among what ``exchanges`` show under ``name`` there is one with ``id``, and its ``fields`` are as given."""
    items, asked, unanswered = _items(args, world)
    wanted, fields = text_of(args, "id"), args.get("fields")
    given = dict(fields) if isinstance(fields, Mapping) else {}
    # What this API shows nowhere can't be held against it.
    compare = {k: v for k, v in given.items() if can_show(world, text_of(args, "name"), k)}
    what = f"{text_of(args, 'name').rstrip('s')} {wanted}"
    expected = f"{what} is shown" + "".join(f", {k} {_plain(v)!r}" for k, v in compare.items())
    if unanswered is not None or not asked:
        return unknown(expected, unanswered)
    entries = tuple(e.response.n for e in asked if e.response)
    clause = asked[0].operation.clause if asked[0].operation else ""
    subject = _asked(asked[0])
    found = next((item for item in items if _is_meant(item, args)), None)
    if found is None:
        ids = ", ".join(item.text("id") for item in items)[:200]
        return Outcome(False, expected, f"not among {len(items)}: {ids}", entries, "stated", clause, subject)
    wrong = {k: _plain(found.get(k)) for k, v in compare.items() if not _same(found.get(k), v)}
    heard = ", ".join(f"{k} {v!r}" for k, v in wrong.items()) or f"{what}"
    # That nothing is trimmed is said by no document.
    trimmed = wrong and all(is_trimmed(found.get(k), compare[k]) for k in wrong)
    basis = "decided" if trimmed else field_basis(world, asked[0], text_of(args, "name"), wrong)
    return Outcome(not wrong, expected, f"{heard:.300}", entries, basis, clause, subject)


def _same(shown: object, wanted: object) -> bool:
    """Whether what is shown is what was wanted; objects whose parts the view does not find can only be counted."""
    if wanted == SOMETHING:
        return shown not in (None, "")
    if isinstance(shown, tuple) and isinstance(wanted, list | tuple) and not all(map(is_readable, shown)):
        return len(shown) == len(wanted)
    return _plain(shown) == _plain(wanted)


def is_readable(value: object) -> bool:
    """Whether a shown reaction names who gave what; no document says how an API has to write it."""
    return not isinstance(value, Seen) or value.view != "reaction" or {"member", "emoji"} <= set(value.fields)


def _plain(value: object) -> object:
    """A shown value made comparable: lists of objects become sorted lists of what matters in them."""
    if isinstance(value, list | tuple):
        elements = [_plain(element) for element in value]
        return sorted((e for e in elements if e is not None), key=repr)
    if isinstance(value, Seen):
        if value.view == "reaction":
            return (
                None
                if value.get("in_force") is False
                else _plain([value.text("member"), value.text("emoji")])
            )
        if value.view == "file":
            return _plain([value.text("name"), value.text("kind")])
        return value.text("id")
    return value


def lacks(args: Args, world: World, claim: Claimed) -> Outcome:
    """Nothing with ``id`` (or, where that is not known, with ``text``, or with the field and value of ``having``) is among what
    ``exchanges`` show under ``name``."""
    items, asked, unanswered = _items(args, world)
    wanted, text, having = text_of(args, "id"), text_of(args, "text"), args.get("having")
    traits = dict(having) if isinstance(having, Mapping) else {}
    told = wanted or repr(text) if not traits else ", ".join(f"with {k} {v!r}" for k, v in traits.items())
    expected = f"no {text_of(args, 'name').rstrip('s')} {told} is shown"
    if unanswered is not None or not asked:
        return unknown(expected, unanswered)
    failed = next((e for e in asked if not e.succeeded), None)
    if failed is not None and failed.response is not None:
        return Outcome(
            None, expected, f"the list was not given: {failed.status}", (failed.entry.n, failed.response.n)
        )
    entries = tuple(e.response.n for e in asked if e.response)
    if traits:
        there = any(all(_has(item.get(k), v) for k, v in traits.items()) for item in items)
    else:
        there = any(item.text("text") == text if text else _is_meant(item, args) for item in items)
    clause = asked[0].operation.clause if asked[0].operation else ""
    heard = f"it is among {len(items)}" if there else f"{len(items)} others"
    return Outcome(not there, expected, heard, entries, "stated", clause, _asked(asked[0]))


def _has(shown: object, wanted: object) -> bool:
    """Whether what is shown is ``wanted``, or has it among its elements."""
    plain = _plain(shown)
    return plain == wanted or (isinstance(plain, list) and wanted in plain)


def at_most_once(args: Args, world: World, claim: Claimed) -> Outcome:
    """Among what ``exchanges`` show under ``name`` there is no more than one with ``text``."""
    return _counted(args, world, "no more than once", 1, lambda shown, text: shown == text)


def whole(args: Args, world: World, claim: Claimed) -> Outcome:
    """Among what ``exchanges`` show under ``name`` there is nothing that is only the beginning of ``text``."""
    return _counted(
        args, world, "not in part", 0, lambda shown, text: len(shown) < len(text) and text.startswith(shown)
    )


def _counted(args: Args, world: World, how: str, most: int, is_one: Callable[[str, str], bool]) -> Outcome:
    items, asked, unanswered = _items(args, world)
    text = text_of(args, "text").strip()
    expected = f"{text_of(args, 'name').rstrip('s')} {text!r:.60} is shown {how}"
    failed = next((e for e in asked if not e.succeeded), None)
    if unanswered is not None or not asked or failed is not None:
        return unknown(expected, unanswered or failed)
    shown = [item.text("text").strip() for item in items]
    # An empty text is a message of another kind, as one with a file.
    found = [one for one in shown if one and is_one(one, text)]
    entries = tuple(e.response.n for e in asked if e.response)
    heard = f"{len(found)} of {len(shown)}" + (f": {found[0]!r:.60}" if found else "")
    clause = asked[0].operation.clause if asked[0].operation else ""
    return Outcome(
        len(found) <= most, expected, heard, entries, "stated", clause, f"{_asked(asked[0])}:{how}"
    )


# -- sockets ----------------------------------------------------------------------------------------------------------


def socket_opens(args: Args, world: World, claim: Claimed) -> Outcome:
    """``socket`` opens for its member."""
    socket = world.line.sockets.get(text_of(args, "socket"))
    expected = f"{text_of(args, 'member')}'s socket opens"
    if socket is None or (socket.opened is None and socket.refused is None):
        return Outcome(None, expected, "it was never tried")
    if socket.refused is not None and socket.refused.status in (0, _TOO_MANY):
        return Outcome(None, expected, socket.refused.detail, (socket.entry.n, socket.refused.n))
    heard = f"refused with {socket.refused.status}" if socket.refused else "opened"
    return Outcome(
        socket.opened is not None, expected, heard, (socket.entry.n,), subject=socket.entry.channel
    )


def socket_refused(args: Args, world: World, claim: Claimed) -> Outcome:
    """``socket`` is refused: by HTTP 401 or 403 or the status that its channel names for the caller, or by a close of the
    server's before anything is heard."""
    socket = world.line.sockets.get(text_of(args, "socket"))
    expected = f"a socket opened as {socket.entry.role if socket else 'a stranger'} is refused"
    if socket is None or (socket.opened is None and socket.refused is None):
        return Outcome(None, expected, "it was never tried")
    if socket.refused is not None:
        channel = world.spec.channels.get(socket.entry.channel)
        held = socket.refused.status in (0, 401, 403, *refusing(channel, socket.entry.role))
        return Outcome(
            held, expected, f"refused with {socket.refused.status}", (socket.entry.n, socket.refused.n)
        )
    closed = socket.closed is not None and socket.closed.by == "server" and not world.delivery.told(socket.id)
    heard = f"closed with {socket.closed.code}" if closed and socket.closed else "it was opened"
    return Outcome(
        closed, expected, heard, (socket.entry.n,), subject=f"{socket.entry.channel}:{socket.entry.role}"
    )


def socket_stays(args: Args, world: World, claim: Claimed) -> Outcome:
    """``socket`` has not been closed by anybody but us before this claim was made."""
    socket = world.line.sockets.get(text_of(args, "socket"))
    expected = f"{text_of(args, 'member')}'s socket stays open"
    if socket is None or socket.opened is None:
        return Outcome(None, expected, "it was never opened")
    if socket.struck is not None:
        return Outcome(None, expected, "a fault of ours struck it", (socket.entry.n, socket.struck.n))
    gone = socket.closed is not None and socket.closed.by != "us" and socket.closed.n < claim.n
    heard = (
        f"closed with {socket.closed.code} {socket.closed.reason}" if gone and socket.closed else "it is open"
    )
    entries = (socket.entry.n, socket.closed.n) if gone and socket.closed else (socket.entry.n,)
    return Outcome(not gone, expected, heard, entries, subject=socket.entry.channel)


Judge = Callable[[Args, World, Claimed], Outcome]

# Each kind of claim with the check that a broken one belongs to, unless the claim names another.
KINDS: Mapping[str, tuple[str, Judge]] = {
    "hears": ("delivery-lost", hears),
    "hears-nothing": ("delivery-stray", hears_nothing),
    "refused": ("refusal", refused),
    "succeeds": ("members-are-served", succeeds),
    "answers": ("members-are-served", answers),
    "shows": ("text-comes-back", shows),
    "lacks": ("deleted-is-gone", lacks),
    "gives": ("members-are-served", gives),
    "grows": ("members-are-served", grows),
    "counts": ("pages-partition", counts),
    "holds": ("pages-partition", holds),
    "pages": ("page-size", pages),
    "at-most-once": ("pages-partition", at_most_once),
    "whole": ("text-comes-back", whole),
    "socket-opens": ("handshake-accepts", socket_opens),
    "socket-stays": ("handshake-accepts", socket_stays),
    "socket-refused": ("handshake-refuses", socket_refused),
}
