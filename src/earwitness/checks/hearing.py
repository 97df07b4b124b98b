"""Claims of hearing something, and of hearing nothing."""

from __future__ import annotations

from collections.abc import Mapping

from earwitness.checks.meaning import hears_as, is_anothers, rooms_meant
from earwitness.checks.outcome import Args, Outcome, exchange_of, is_trimmed, text_of, unknown
from earwitness.history import Claimed
from earwitness.world import Due, Exchange, Heard, Socket, World, weakest
from earwitness.world.register import NEVER


def _heard_by(world: World, args: Args, claim: Claimed) -> list[Heard]:
    """What the member heard in this case, since the entry that the claim names."""
    return [
        one
        for one in world.delivery.heard
        if one.socket.member == world.line.who(claim.case, text_of(args, "member"))
        and one.socket.entry.case == claim.case
        and one.entry.n > _since(args)
    ]


def _since(args: Args) -> int:
    """The number of the entry from which on a claim counts; 0 for the beginning."""
    after = args.get("after", 0)
    return after if isinstance(after, int) else 0


def _sockets_of(world: World, args: Args, claim: Claimed) -> list[Socket]:
    """The sockets of the claim's member in its case."""
    who = world.line.who(claim.case, text_of(args, "member"))
    return [
        socket
        for socket in world.line.sockets.values()
        if socket.member == who and socket.entry.case == claim.case
    ]


def hears(args: Args, world: World, claim: Claimed) -> Outcome:
    """``member`` hears ``event`` (about ``message``), with ``fields`` as given."""
    member, event = text_of(args, "member"), text_of(args, "event")
    fields = args.get("fields")
    wanted = {k: str(v) for k, v in fields.items()} if isinstance(fields, Mapping) else {}
    message, text = text_of(args, "message"), text_of(args, "text")
    cause = exchange_of(args, world)
    due = next(
        (d for d in world.delivery.dues if cause is not None and d.exchange is cause and d.event == event),
        None,
    )
    subject = f"{event}:{due.verb}/{cause.form}" if due and cause else event
    basis, clause = (due.basis, due.clause) if due else ("stated", "")
    expected = f"{member} hears {event}" + "".join(f", {k} {v}" for k, v in wanted.items())
    near: list[tuple[bool, str]] = []
    trimmed = False
    for heard in _heard_by(world, args, claim):
        if heard.event != event:
            continue
        # What an event does not show can't be held against it here: whether it has to show it, `frame-schema` judges.
        if message and "message" in heard.shows:
            about = heard.shows["message"] == message
        elif text and "text" in heard.shows:
            about = heard.shows["text"].strip() == text.strip()
        else:
            about = cause is None or (heard.due is not None and heard.due.exchange is cause)
        if about and due is not None and is_anothers(heard, due):
            continue  # of two that are alike, each needs a frame of its own
        wrong = [k for k, v in wanted.items() if heard.shows.get(k, v) != v]
        if about and not wrong:
            if deaf := _deaf(world, args, claim, due):
                entries = (heard.entry.n, *(socket.entry.n for socket in deaf))
                said = f"on one socket, and nothing on {len(deaf)} that must hear it as well"
                return Outcome(False, expected, said, entries, basis, clause, subject)
            return Outcome(True, expected, f"{heard.shows}", (heard.entry.n,), basis, clause, subject)
        near.append((about, f"{dict(heard.shows)}"))
        trimmed = trimmed or (about and all(is_trimmed(heard.shows[k], wanted[k]) for k in wrong))
    if cause is not None and cause.by_http and cause.uncertain:
        return unknown(expected, cause)
    sockets = [socket for socket in _sockets_of(world, args, claim) if socket.opened is not None]
    told = any(about for about, _ in near)  # of the right message, if not as it should have been
    if (
        cause is not None
        and sockets
        and not told
        and all(_cut_short(socket, cause, world) for socket in sockets)
    ):
        return Outcome(None, expected, "the socket closed before its time was over", (cause.entry.n, claim.n))
    basis = weakest(basis, "decided") if trimmed else basis
    # What comes nearest is the right message with the wrong fields.
    heard_instead = f"{event} with {max(near, key=lambda one: one[0])[1]}" if near else f"no {event}"
    first = (cause.entry.n,) if cause else ()
    # The sockets on which nothing was heard: whoever repeats it has to listen as well.
    ears = (socket.entry.n for socket in sockets)
    return Outcome(False, expected, f"{heard_instead:.300}", (*first, *ears, claim.n), basis, clause, subject)


def _deaf(world: World, args: Args, claim: Claimed, due: Due | None) -> list[Socket]:
    """The member's sockets that had to hear ``due``, were given their time, and did not: a member hears on every device."""
    missing = due.missing if due is not None and due.standing == "certain" else ()
    return [socket for socket in _sockets_of(world, args, claim) if socket.id in missing]


def _cut_short(socket: Socket, cause: Exchange, world: World) -> bool:
    """Whether a socket closed, or a fault of ours struck it, while an event that ``cause`` had made due still had its time."""
    since = cause.response.t if cause.response is not None else cause.begun
    ends = (end.t for end in (socket.closed, socket.struck) if end is not None)
    return min(ends, default=NEVER) < since + world.line.run.deadline_ms * 1_000_000


def hears_nothing(args: Args, world: World, claim: Claimed) -> Outcome:
    """``member`` (on ``socket``, where one is named) hears nothing about ``room`` or ``message``, of events since the entry
    ``after``; with ``event``, not this event, and ``exchange`` is what must not have caused it; with ``of``, nothing that this
    exchange has caused. Where neither a room nor a message is named, nothing at all."""
    member, room, message, event = (text_of(args, name) for name in ("member", "room", "message", "event"))
    on, of = text_of(args, "socket"), text_of(args, "of")
    told_of = (
        f"message {message}" if message else f"room {room}" if room else "what was done" if of else "anything"
    )
    expected = f"{member} hears nothing of {told_of}{' on ' + on if on else ''}"
    if not _sockets_of(world, args, claim):
        return Outcome(None, expected, f"{member} opened no socket", (claim.n,))
    rooms = rooms_meant(world, room, text_of(args, "kind"), claim.case)
    for heard in _heard_by(world, args, claim):
        if _is_after_all(heard, world, claim):
            continue
        if (event and heard.event != event) or (on and heard.socket.id != on):
            continue
        # What was done before may be heard late: whatever a socket may hear and need not, nobody waits for.
        if heard.due is not None and heard.due.exchange.entry.n <= _since(args):
            continue
        # To be told that one is refused is to be told of nothing; what no document knows is told of a socket's own room.
        if not event and (heard.event == "error" or not (heard.event or on)):
            continue
        # What a room's own socket tells, and nothing says otherwise, is of that room.
        told_room = heard.shows.get("room") or (heard.due.room if heard.due else heard.socket.room)
        told = heard.shows.get("message", "")
        known = world.state.messages.get(told)
        if of and not (heard.due is not None and heard.due.exchange.id == of):
            continue
        anything = bool(of) or not (room or message or event)
        if anything or told_room in rooms or (known and known.room in rooms) or (message and told == message):
            verb, form = (heard.due.verb, heard.due.exchange.form) if heard.due else ("", "")
            cause = exchange_of(args, world)
            entries = (cause.entry.n, heard.entry.n) if cause else (heard.entry.n,)
            # As `delivery-stray` calls it, so that one mistake has one name; what nobody caused is not for anybody.
            who = hears_as(world, heard.due, heard.socket.member) if heard.due else "outsider"
            subject = heard.event if event else f"{heard.event}:{verb}/{form}:{who}"
            return Outcome(
                False, expected, f"{heard.event} {dict(heard.shows)}"[:300], entries, subject=subject
            )
    return Outcome(True, expected, "nothing of it", (claim.n,))


def _is_after_all(heard: Heard, world: World, claim: Claimed) -> bool:
    """Whether a frame tells of what came of the exercise's end, when the sockets that are left are closed."""
    case = world.line.cases.get(claim.case)
    ended = case.ended.n if case is not None and case.ended is not None else 0
    return bool(ended) and heard.due is not None and heard.due.exchange.entry.n > ended
