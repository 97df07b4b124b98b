"""What may happen next in a story: for each kind of move, the lines of Python that somebody could do now, and what they change.

A page of plain Python a concept, written from the documents: the judge's world is another, and the server a third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

from earwitness.live import group_kinds, startable_kinds
from earwitness.stories.sketch import CAST, Message, Room, Sketch

EMOJI = ("👍", "❤️", "😂")
MOST_ROOMS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """Something that can happen: the ``line`` that does it, what it is about, and what is so afterwards."""

    about: str
    line: str
    then: Callable[[], None] = lambda: None


Moves = Iterator[Move]


# -- rooms ------------------------------------------------------------------------------------------------------------


def starting(sketch: Sketch) -> Moves:
    """Somebody starts a room, or one that there is."""
    kinds = startable_kinds(sketch.binding)
    pairs = [kind for kind in kinds if kind not in group_kinds(sketch.binding)]
    for who, peer in permutations(CAST, 2):
        if sketch.at_odds(who, peer):
            continue
        if sketch.direct(who, peer):
            yield Move("", f"{who}.starts_direct({peer})")
        elif pairs and len(sketch.rooms) < MOST_ROOMS:
            room = Room(sketch.new_room(), pairs[0], [who, peer])
            yield Move("", f"{room.name} = {who}.starts_direct({peer})", _adds(sketch, room))


def gathering(sketch: Sketch) -> Moves:
    """Somebody starts a room for more than two."""
    if len(sketch.rooms) >= MOST_ROOMS:
        return
    for kind in group_kinds(sketch.binding):
        for who, *others in permutations(CAST, 3):
            if any(sketch.at_odds(who, other) for other in others) or others != sorted(others):
                continue
            room = Room(sketch.new_room(), kind, [who, *others], [who])
            line = f"{room.name} = {who}.starts_group({', '.join(others)}, kind={kind!r})"
            yield Move("", line, _adds(sketch, room))


def _adds(sketch: Sketch, room: Room) -> Callable[[], None]:
    return lambda: sketch.rooms.append(room)


def coming_and_going(sketch: Sketch) -> Moves:
    """Members are added, are removed, leave, and get a say; only who has one may do that to others."""
    for room in (room for room in sketch.rooms if not sketch.is_pair(room)):
        for who in room.members:
            for outsider in (one for one in room.outsiders if not sketch.at_odds(one, who)):
                yield from _has_a_say(
                    sketch, "add-member", who, room, f"peers=[{outsider}]", _joins(room, outsider)
                )
            for peer in (peer for peer in room.members if peer != who):
                yield from _has_a_say(
                    sketch, "remove-member", who, room, f"peer={peer}", _goes(sketch, room, peer)
                )
                yield from _has_a_say(
                    sketch, "change-role", who, room, f'peer={peer}, role="admin"', _rises(room, peer)
                )
            # Who takes over from the last with a say is another question, which scenarios ask.
            if sketch.forms("leave", room.kind) and [who] != room.admins and len(room.members) > 2:
                yield Move(room.name, f'{who}.must("leave", room={room.name})', _goes(sketch, room, who))


def _has_a_say(
    sketch: Sketch, verb: str, who: str, room: Room, arguments: str, then: Callable[[], None]
) -> Moves:
    if not sketch.forms(verb, room.kind):
        return
    if who in room.admins:
        yield Move(room.name, f'{who}.must("{verb}", room={room.name}, {arguments})', then)
    elif sketch.refuses(verb, "not-an-admin", room.kind):
        yield Move(room.name, f'{who}.may_not("{verb}", "not-an-admin", room={room.name}, {arguments})')


def _joins(room: Room, who: str) -> Callable[[], None]:
    return lambda: room.members.append(who)


def _rises(room: Room, who: str) -> Callable[[], None]:
    return lambda: None if who in room.admins else room.admins.append(who)


def _goes(sketch: Sketch, room: Room, who: str) -> Callable[[], None]:
    def then() -> None:
        room.members.remove(who)
        room.admins[:] = [admin for admin in room.admins if admin != who]
        room.left.append(who)
        for ear in [ear for ear, (whose, of) in sketch.ears.items() if whose == who and of is room]:
            del sketch.ears[ear]

    return then


# -- sockets ----------------------------------------------------------------------------------------------------------


def listening(sketch: Sketch) -> Moves:
    """Somebody opens a socket."""
    if len(sketch.ears) < 6:
        for who, room in sketch.seated():
            yield Move(
                room.name,
                f"{(name := _new_ear(sketch))} = {who}.listens({room.name})",
                _hears(sketch, name, who, room),
            )


def hushing(sketch: Sketch) -> Moves:
    """Somebody closes a socket."""
    for name, (who, _) in sketch.ears.items():
        yield Move("", f"{who}.stops_listening({name})", _hears_no_more(sketch, name))


def _new_ear(sketch: Sketch) -> str:
    return f"ear{max((int(name[3:]) for name in sketch.ears), default=0) + 1}"


def _hears(sketch: Sketch, name: str, who: str, room: Room) -> Callable[[], None]:
    return lambda: sketch.ears.update({name: (who, room)})


def _hears_no_more(sketch: Sketch, name: str) -> Callable[[], None]:
    def then() -> None:
        del sketch.ears[name]

    return then


# -- messages ---------------------------------------------------------------------------------------------------------


def saying(sketch: Sketch) -> Moves:
    """Somebody says something."""
    for who, room in sketch.seated():
        if not sketch.may_write(who, room):
            continue
        for form in sketch.forms("send-text", room.kind):
            text, name = sketch.new_text(who), sketch.new_message()
            said = f"{who}.sends({room.name}, {text!r}, form={form!r})"
            # Nobody is answered on a socket: the id is looked up.
            line = f"{name} = known({said})" if form == "socket" else f"{name} = {said}"
            yield Move(room.name, line, _says(sketch, Message(name, room, who, text)))


def sharing(sketch: Sketch) -> Moves:
    """Somebody sends a file."""
    for who, room in sketch.seated():
        if sketch.forms("send-file", room.kind) and sketch.may_write(who, room):
            name = sketch.new_message()
            says = _says(sketch, Message(name, room, who, None))
            yield Move(room.name, f"{name} = {who}.sends_file({room.name}, PHOTO)", says)


def answering(sketch: Sketch) -> Moves:
    """Somebody answers a message."""
    for asked in sketch.standing():
        for who in asked.room.members:
            if "http" in sketch.forms("reply", asked.room.kind) and sketch.may_write(who, asked.room):
                text, name = sketch.new_text(who), sketch.new_message()
                line = f"{name} = replied({who}, {asked.name}, {text!r})"
                yield Move(asked.name, line, _says(sketch, Message(name, asked.room, who, text)))


def speaking_at_once(sketch: Sketch) -> Moves:
    """Two say something in the same room at the same time."""
    for room in sketch.rooms:
        if "http" not in sketch.forms("send-text", room.kind):
            continue
        for one, other in combinations(room.members, 2):
            if not sketch.may_write(one, room):
                continue
            texts = sketch.new_text(one), sketch.new_text(other)
            first, second = f"message{len(sketch.messages) + 1}", f"message{len(sketch.messages) + 2}"
            line = (
                f'{first}, {second} = at_once(lambda: {one}.sends({room.name}, {texts[0]!r}, form="http"), '
                f'lambda: {other}.sends({room.name}, {texts[1]!r}, form="http"))'
            )
            says = (Message(first, room, one, texts[0]), Message(second, room, other, texts[1]))
            yield Move(room.name, line, _says(sketch, *says))


def _says(sketch: Sketch, *messages: Message) -> Callable[[], None]:
    return lambda: sketch.messages.extend(messages)


def editing(sketch: Sketch) -> Moves:
    """Somebody changes a message, of theirs or of another."""
    for message in reversed(sketch.messages):
        if "http" not in sketch.forms("edit-message", message.room.kind):
            continue
        for who in message.room.members:
            text = sketch.new_text(who)
            yield from _owns(sketch, "edit-message", who, message, f", text={text!r}", _edits(message, text))


def deleting(sketch: Sketch) -> Moves:
    """Somebody deletes a message, of theirs or of another."""
    for message in reversed(sketch.messages):
        if "http" in sketch.forms("delete-message", message.room.kind):
            for who in message.room.members:
                yield from _owns(sketch, "delete-message", who, message, "", _deletes(message))


def _owns(
    sketch: Sketch, verb: str, who: str, message: Message, arguments: str, then: Callable[[], None]
) -> Moves:
    if message.deleted:
        relation = "absent" if who == message.author else ""
    else:
        relation = "" if who == message.author else "not-the-sender"
        if who == message.author:
            yield Move(
                message.name, f'{who}.must("{verb}", form="http", message={message.name}{arguments})', then
            )
    if relation and sketch.refuses(verb, relation, message.room.kind):
        yield Move(message.name, f'{who}.may_not("{verb}", "{relation}", message={message.name}{arguments})')


def _edits(message: Message, text: str) -> Callable[[], None]:
    def then() -> None:
        message.text, message.edited = text, True

    return then


def _deletes(message: Message) -> Callable[[], None]:
    def then() -> None:
        message.deleted = True

    return then


# -- beside messages --------------------------------------------------------------------------------------------------


def reacting(sketch: Sketch) -> Moves:
    """Somebody reacts to a message, or takes a reaction back."""
    for message in sketch.standing():
        for who in message.room.members:
            for emoji in EMOJI:
                if "http" in sketch.forms("react", message.room.kind):
                    yield Move(message.name, f"{who}.reacts({message.name}, {emoji!r})")


def reading(sketch: Sketch) -> Moves:
    """Somebody reads a room, or a message of somebody else's."""
    for who, room in sketch.seated():
        if "http" in sketch.forms("mark-room-read", room.kind):
            yield Move(room.name, f"{who}.reads({room.name})")
    for message in sketch.standing():
        for form in sketch.forms("mark-message-read", message.room.kind):
            for who in message.room.members:
                if who != message.author:
                    yield Move(
                        message.name,
                        f'{who}.must("mark-message-read", form={form!r}, message={message.name})',
                    )


def typing(sketch: Sketch) -> Moves:
    """Somebody begins or ceases to type."""
    for who, room in sketch.seated():
        if sketch.forms("type", room.kind) and sketch.may_write(who, room):
            for begins in (True, False):
                yield Move(room.name, f'{who}.must("type", room={room.name}, typing={begins})')


def blocking(sketch: Sketch) -> Moves:
    """Somebody blocks another, or takes that back."""
    if not sketch.forms("block"):
        return
    for who, peer in permutations(CAST, 2):
        if (who, peer) in sketch.blocks:
            name = sketch.blocks[who, peer]
            yield Move("", f'{who}.must("unblock", block={name})', _unblocks(sketch, who, peer))
        elif len(sketch.blocks) < 2 and (peer, who) not in sketch.blocks:
            name = f"block_of_{peer}_by_{who}"
            line = f'{name} = thing_id({who}.must("block", peer={peer}), "block")'
            yield Move("", line, _blocks(sketch, who, peer, name))


def _blocks(sketch: Sketch, who: str, peer: str, name: str) -> Callable[[], None]:
    return lambda: sketch.blocks.update({(who, peer): name})


def _unblocks(sketch: Sketch, who: str, peer: str) -> Callable[[], None]:
    def then() -> None:
        del sketch.blocks[who, peer]

    return then


# -- looking, and what is refused -------------------------------------------------------------------------------------


def looking(sketch: Sketch) -> Moves:
    """Somebody looks, and finds what the story says there must be."""
    for who, room in sketch.seated():
        if sketch.forms("list-rooms") and sketch.is_there(room):
            yield Move(room.name, f"{who}.lists_room({room.name})")
    for message in reversed(sketch.messages):
        for who in message.room.members:
            if message.deleted:
                if _says_gone(sketch):
                    yield Move(message.name, f"{who}.does_not_see({message.name})")
            elif sketch.forms("list-messages", message.room.kind):
                text = "" if message.text is None else f"text={message.text!r}, "
                line = f"{who}.sees({message.name}, {text}author={message.author}, edited={message.edited})"
                yield Move(message.name, line)


def _says_gone(sketch: Sketch) -> bool:
    rule = sketch.binding.rule("deleted-messages")
    return rule is not None and rule.value == "gone"


def meddling(sketch: Sketch) -> Moves:
    """Somebody outside, or whom another has blocked, tries what members do."""
    if not sketch.has_outsiders:
        return
    for room in sketch.rooms:
        if sketch.binding.rooms[room.kind].open:
            continue
        for who in room.outsiders:
            for verb, arguments in _IN_A_ROOM.items():
                if sketch.refuses(verb, "not-a-member", room.kind):
                    yield Move(
                        room.name, f'{who}.may_not("{verb}", "not-a-member", room={room.name}{arguments})'
                    )
            yield Move(room.name, f"{who}.overhears({room.name})")
            if sketch.forms("list-rooms"):
                yield Move(room.name, f"{who}.does_not_list({room.name})")
        blocked = [
            peer for by, peer in sketch.blocks if sketch.is_pair(room) and {by, peer} == set(room.members)
        ]
        for who in blocked:
            if sketch.refuses("send-text", "blocked", room.kind):
                yield Move(
                    room.name,
                    f'{who}.may_not("send-text", "blocked", room={room.name}, text="{who} is not heard")',
                )
    for message in sketch.standing():
        if sketch.binding.rooms[message.room.kind].open:
            continue
        for who in message.room.outsiders:
            for verb, arguments in _TO_A_MESSAGE.items():
                if sketch.refuses(verb, "not-a-member", message.room.kind):
                    yield Move(
                        message.name,
                        f'{who}.may_not("{verb}", "not-a-member", message={message.name}{arguments})',
                    )


_IN_A_ROOM = {
    "list-messages": "",
    "read-room": "",
    "send-text": ', text="an outsider\'s"',
    "mark-room-read": "",
}
_TO_A_MESSAGE = {
    "edit-message": ', text="an outsider\'s"',
    "delete-message": "",
    "react": ', emoji="👍"',
    "read-message": "",
}

# The kinds of move by name, and how often each is tried.
KINDS: Mapping[str, tuple[Callable[[Sketch], Moves], int]] = {
    "starting": (starting, 3),
    "gathering": (gathering, 2),
    "listening": (listening, 4),
    "saying": (saying, 6),
    "sharing": (sharing, 1),
    "answering": (answering, 1),
    "speaking_at_once": (speaking_at_once, 2),
    "editing": (editing, 3),
    "deleting": (deleting, 2),
    "reacting": (reacting, 3),
    "reading": (reading, 2),
    "typing": (typing, 1),
    "looking": (looking, 3),
    "meddling": (meddling, 3),
    "coming_and_going": (coming_and_going, 3),
    "blocking": (blocking, 1),
    "hushing": (hushing, 1),
}
