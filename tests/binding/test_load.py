"""A binding that says something without meaning is told where, what was expected, and which word is near."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from earwitness.binding import MISSING
from earwitness.binding.expressions import Header, Literal, Many, Name, Pointer, Template
from earwitness.binding.model import Cause, Shown, ViewField
from earwitness.errors import Problem
from tests.binding.written import bind, read

WHOLE = """
    api: made-up
    members: {attributes: [id, name], credentials: [name, password]}
    auth: {headers: {Authorization: "Bearer {$token}"}}
    correlate: text
    paths: {old: {sendMessage: /old/send/}}
    rooms:
      pair: {pair: true, separate-ids: true, address: peer}
      hall: {open: true}
    views:
      message:
        id: /id
        edited: {at: /state, equals: edited}
        read: {at: /seen_at, filled: true}
        reactions: {groups: /reactions, key: emoji, value: member}
        read_by: {each: [/reader, /readers], view: member/bare}
      room: {id: /id, members: {each: /members, view: member}}
      member: {id: /id}
      member/bare: {id: ""}
      reaction: {member: /by, emoji: /sign}
    sockets:
      room: {channel: rooms, per: room, for: [hall], with: {room: $room}, headers: {X-Token: $token}}
      pair: {channel: pairs, per: peer, for: pair, with: {name: $peer.name}}
    verbs:
      open-direct:
        socket: [{open: pair, for: pair}]
      send-text:
        http:
          - operation: sendMessage
            for: [pair, hall]
            with: {room: $room, text: $text, tags: [urgent, $me.name]}
            gives:
              201: {message: {at: $response.body#/message, view: message}}
              409: {message: $response.header.X-Message}
        socket:
          - {frame: say, on: room, with: {text: $text}}
      list-rooms:
        http:
          - {operation: listRooms, gives: {rooms: {each: [$response.body#/a, $response.body#/b], kind: hall}}}
      download-file:
        http:
          - {url: $message.id, headers: {Accept: image/png}, gives: {bytes: $response.body}}
      send-file:
        http:
          - {operation: getTicket, gives: {ticket: $response.body#/ticket}}
          - {url: $ticket, body: $file.content}
    events:
      message-created:
        message: [new, newFile]
        gives: {message: {at: $message.payload, view: message}}
        after: {send-text: stated, send-text/socket: {basis: decided, clause: "3"}}
      reaction-changed:
        message: reacted
        gives: {reaction: {at: $message.payload, view: reaction}}
      went-offline: {message: gone, gives: {member: $message.payload#/who}, after: {close-socket: shown}}
    rules:
      search-max: {value: 50, clause: "2"}
      page-size: {value: 20, of: [list-messages]}
      message-order: {value: newest-first, basis: decided}
"""


def test_every_part_of_the_form_is_read() -> None:
    binding = bind(WHOLE)
    assert (binding.api, binding.correlate, binding.attributes) == ("made-up", "text", ("id", "name"))
    assert binding.credentials == ("name", "password")
    assert binding.auth == {"Authorization": Template(("Bearer ", Name("token")))}
    assert binding.paths == {"old": {"sendMessage": "/old/send/"}}
    pair, hall = binding.rooms["pair"], binding.rooms["hall"]
    assert (pair.pair, pair.separate_ids, pair.address, pair.open) == (True, True, "peer", False)
    assert (hall.pair, hall.separate_ids, hall.address, hall.open) == (False, False, "", True)
    assert binding.rules["search-max"].value == 50
    assert [binding.rules["search-max"].basis_of(verb) for verb in ("list-messages", "read-room")] == 2 * [
        "stated"
    ]
    page = binding.rules["page-size"]
    assert [page.basis_of(verb) for verb in ("list-messages", "list-all-messages")] == ["stated", "decided"]
    assert (binding.rules["message-order"].value, binding.rules["message-order"].basis) == (
        "newest-first",
        "decided",
    )


def test_views_are_read() -> None:
    message = bind(WHOLE).views["message"]
    assert message["id"] == ViewField(("id",))
    assert message["id"].equals is MISSING
    assert message["edited"] == ViewField(("state",), equals="edited")
    assert message["read"] == ViewField(("seen_at",), filled=True)
    assert message["reactions"] == ViewField(("reactions",), "reaction", ("emoji", "member"))
    assert message["read_by"] == ViewField(("reader",), "member/bare", more=(("readers",),))
    assert bind(WHOLE).views["member/bare"] == {"id": ViewField(())}


def test_sockets_are_read() -> None:
    room, pair = bind(WHOLE).sockets["room"], bind(WHOLE).sockets["pair"]
    assert (room.channel, room.per, room.kinds) == ("rooms", "room", ("hall",))
    assert (room.arguments, room.headers) == ({"room": Name("room")}, {"X-Token": Name("token")})
    assert (pair.kinds, pair.arguments) == (("pair",), {"name": Name("peer", ("name",))})


def test_steps_are_read() -> None:
    verbs = bind(WHOLE).verbs
    (call,) = verbs["send-text"]["http"].steps
    assert (call.operation, call.kinds) == ("sendMessage", ("pair", "hall"))
    assert call.arguments["tags"] == Many((Literal("urgent"), Name("me", ("name",))))
    assert call.gives == {
        201: {"message": Shown(Pointer("response", ("message",)), "message")},
        409: {"message": Shown(Header("X-Message"))},
    }
    (say,) = verbs["send-text"]["socket"].steps
    assert (say.frame, say.on) == ("say", "room")
    assert verbs["open-direct"]["socket"].steps[0].open == "pair"
    (listed,) = verbs["list-rooms"]["http"].steps
    assert listed.gives[0]["rooms"].each
    assert (listed.gives[0]["rooms"].kind, listed.gives[0]["rooms"].view) == ("hall", "")


def test_a_url_without_a_body_is_got_and_with_one_is_put() -> None:
    verbs = bind(WHOLE).verbs
    assert verbs["download-file"]["http"].steps[0].method == "GET"
    assert verbs["send-file"]["http"].steps[1].method == "PUT"


def test_events_are_read() -> None:
    event = bind(WHOLE).events["message-created"]
    assert event.messages == ("new", "newFile")
    assert event.cause("send-text", "http") == Cause("send-text")
    assert event.cause("send-text", "socket") == Cause("send-text", "socket", "decided", "3")
    assert event.cause("send-file", "http") is None


def test_an_empty_file_has_no_name() -> None:
    _, problems = read("{}")
    assert [(problem.what, problem.expected) for problem in problems] == [
        ("the file has no 'api'", "api: the folder's name")
    ]


def test_a_file_that_is_no_map_is_one_problem_more() -> None:
    _, problems = read("[api]")
    assert problems[0].what == "the file is a list"


@dataclass(frozen=True)
class Slip:
    """``wrong`` in place of ``right``, and what has to be said of the line that it then stands on."""

    right: str
    wrong: str
    what: str
    help: str = ""


SLIPS = [
    # Keys and words.
    Slip("correlate: text", "corelate: text", "unknown key 'corelate'", "did you mean 'correlate'?"),
    Slip("correlate: text", "correlate: nonce", "unknown way to correlate 'nonce'", "known: id, text"),
    Slip("correlate: text", "correlate: [text]", "the way to correlate is a list", "one of id, text"),
    Slip("hall: {open", "hall: {opne", "unknown key 'opne'", "did you mean 'open'?"),
    Slip("      list-rooms:", "      list-room:", "unknown key 'list-room'", "did you mean 'list-rooms'?"),
    Slip("      went-offline:", "      went-of:", "unknown key 'went-of'", "did you mean 'went-offline'?"),
    Slip("      search-max:", "      search-man:", "unknown key 'search-man'", "did you mean 'search-max'?"),
    Slip("per: room", "per: rooms", "unknown scope of a socket 'rooms'", "did you mean 'room'?"),
    Slip("per: room, ", "", "the scope of a socket is nothing", "one of member, peer, room"),
    Slip("operation: listRooms", "operations: listRooms", "unknown key 'operations'", "did you mean 'operation'?"),
    Slip("newest-first", "newest", "unknown value of message-order 'newest'", "did you mean 'newest-first'?"),
    Slip("basis: decided}\n", "basis: guessed}\n", "unknown basis 'guessed'", "known: decided, shown, stated"),
    Slip("send-text: stated", "send-text: sure", "unknown basis 'sure'", "known: decided"),
    Slip("send-text: stated", "send-text: ", "the basis is nothing", "one of decided"),
    Slip("send-text: stated", "sent-text: stated", "unknown verb 'sent-text'", "did you mean 'send-text'?"),
    Slip("send-text/socket:", "send-text/frame:", "unknown form 'frame'", "known: http, socket"),
    Slip("close-socket:", "close-socket/http:", "close-socket has no forms", "close-socket"),
    # Lists and maps where one value is expected, and the other way round.
    Slip("api: made-up", "api: [made-up]", "api is a list", "the folder's name"),
    Slip("api: made-up", "api: 5", "api is a number", "put it in quotes"),
    Slip("channel: rooms", "channel: {id: rooms}", "channel is a map", "a channel of asyncapi.yaml"),
    Slip("channel: rooms, ", "", "room has no 'channel'", "channel: a channel of asyncapi.yaml"),
    Slip("operation: listRooms", "operation: [listRooms]", "operation is a list", "an operationId"),
    Slip("on: room", "on: [room]", "on is a list", "a socket"),
    Slip("on: room, ", "", "has no 'on'", "on: a socket"),
    Slip("open: pair, for", "open: [pair], for", "open is a list", "a socket"),
    Slip("{X-Token: $token}", "{X-Token: [$token]}", "X-Token is a list", "one value or expression"),
    Slip("url: $ticket", "url: {at: $ticket}", "a map stands where one value has to stand", "a value or an expression"),
    Slip("text: $text, tags", "text: {at: $text}, tags", "a map stands where one value", "a value or an expression"),
    Slip("[urgent, $me.name]", "[[urgent]]", "a list stands where one value", "a value or an expression"),
    Slip("{room: $room, text", "{room: $response.bdy, text", "'$response.bdy' is no expression"),
    Slip('clause: "2"', "clause: 2.1", "clause is a number", "put it in quotes"),
    Slip("value: 50", "value: many", "'many' is no value of search-max", "a whole number above 0"),
    Slip("value: 50", "value: 0", "0 is no value of search-max", "a whole number above 0"),
    Slip("value: 50", "value: [50]", "a list is no value of search-max", "a whole number above 0"),
    Slip("open: true", "open: yes", "open is 'yes'", "true or false"),
    Slip("address: peer", "address: id", "unknown address 'id'", "known: peer"),
    Slip("pair: {pair: true, separate", "pair: {separate", "no one peer to be addressed by", "pair: true beside it"),
    Slip("{old: {sendMessage: /old/send/}}", "{old: {sendMessage: [/old/]}}", "sendMessage is a list", "a path that begins"),
    Slip("/old/send/", "old/send/", "'old/send/' is no path", "a path that begins with /"),
    Slip("message: reacted", "message: {name: reacted}", "message is a map", "a word, or a list of words"),
    Slip("[new, newFile]", "[new, 5]", "message lists what is no word", "a word, or a list of words"),
    Slip("[new, newFile]", "[new, new]", "'new' is here twice", "every name once"),
    Slip("message: gone, ", "", "went-offline does not say as what it is heard", "a message of asyncapi.yaml"),
    Slip("attributes: [id, name]", "attributes: {id: name}", "attributes is a map", "a word, or a list of words"),
    Slip("rules:\n", "rules: none\n    x:\n", "rules is a text", "a map"),
    Slip("of: [list-messages]", "of: [list-mesages]", "unknown verb 'list-mesages'", "did you mean 'list-messages'?"),
    # Views.
    Slip("filled: true", "filled: 1", "filled is not true", "equals: null"),
    Slip("filled: true", "filled: true, equals: 5", "equals means nothing beside filled", "one of the two"),
    Slip("reaction: {member: /by", "reactoin: {member: /by", "unknown view 'reactoin'", "did you mean 'reaction'?"),
    Slip("member/bare: {", "member/: {", "'member/' is no name of a variant", "member/<word>"),
    Slip("emoji: /sign", "emojy: /sign", "unknown key 'emojy'", "did you mean 'emoji'?"),
    Slip("emoji: /sign", "emoji: sign", "'sign' is no JSON pointer", "a text such as /sender/id"),
    Slip("emoji: /sign", "emoji: [/sign]", "a list is no JSON pointer", "a text such as /sender/id"),
    Slip("[/reader, /readers]", "[/reader, readers]", "'readers' is no JSON pointer", "a text such as /sender/id"),
    Slip("[/reader, /readers]", "[]", "the list of JSON pointers is empty", "at least one"),
    Slip("view: member/bare", "view: member/bear", "no view 'member/bear' here", "did you mean 'member/bare'?"),
    Slip("{each: /members, view: member}", "{each: /members}", "the view is nothing", "known: block"),
    Slip("{each: /members, view", "{at: /members, each: /members, view", "members is read in 2 ways", "exactly one of"),
    Slip("{at: /state, equals: edited}", "{at: /state}", "edited is compared with no value", "equals: <a value>"),
    Slip("key: emoji", "key: emojy", "unknown field of a reaction 'emojy'", "did you mean 'emoji'?"),
    # Steps.
    Slip("{open: pair, for", "{open: pair, frame: say, on: room, for", "does frame and open", "exactly one of operation"),
    Slip("{operation: listRooms, gives", "{gives", "a step that does nothing", "exactly one of operation"),
    Slip("{open: pair, for", "{open: pair, with: {a: 1}, for", "with means nothing beside open", "for, if anything"),
    Slip("{operation: listRooms, ", "{operation: listRooms, on: room, ", "on means nothing beside operation", "with, gives, for"),
    Slip("socket: [{open: pair, for: pair}]", "socket: []", "socket is an empty list", "a list of steps"),
    Slip("socket: [{open: pair, for: pair}]", "socket: {open: pair}", "socket is a map", "a list of steps"),
    Slip("socket: [{open", "http: [{open", "open-direct is said to be done by http", "form socket"),
    Slip("{url: $ticket, body", "{url: $ticket, method: put, body", "unknown method 'put'", "known: DELETE, GET"),
    Slip("              201:", "              2011:", "2011 is no status of an answer", "200 to 599"),
    Slip("409: {message: $response.header.X-Message}", "409: {}", "409 counts as a success by nothing"),
    Slip("{ticket: $response.body#/ticket}", "{ticket: 1, 200: {}}", "gives mixes statuses and names"),
    # What a step or an event gives.
    Slip("{bytes: $response.body}", "{byte: $response.body}", "'byte' is nothing that download-file gives", "did you mean 'bytes'?"),
    Slip("{ticket: $response.body#/ticket}", "{tickets: $response.body}", "'tickets' is nothing that send-file", "known: key"),
    Slip("{bytes: $response.body}", "{bytes: $message.payload}", "bytes is read from what was not heard", "$response.body#/pointer"),
    Slip("{at: $response.body#/message, view: message}", "{at: $response.body, view: mesage}", "unknown view 'mesage'", "'message'?"),
    Slip("{at: $response.body#/message, view: message}", "{at: $response.body, view: room}", "shown by the view room", "message, or"),
    Slip("{at: $response.body#/message, view: message}", "{view: message}", "does not say where it is", "exactly one of at, each, number"),
    Slip("{at: $response.body#/message, view: message}", "{number: $response.body#/message, view: message}", "view means nothing beside number", "at, for a thing"),
    Slip("{at: $response.body#/message, view: message}", "{each: $response.body, view: message}", "message is one thing", "at"),
    Slip("{at: $response.body#/message, view: message}", "[$response.body]", "message is a list", "one value or expression"),
    Slip("{at: $response.body#/message, view: message}", "{at: $response.body, kind: hall}", "message has a kind, and is no room"),
    Slip("{each: [$response.body#/a, $response.body#/b], kind: hall}", "$response.body", "rooms is a list", "each"),
    Slip("$response.body#/b], kind: hall}", "$response.body#/b]}", "rooms has no view to read its elements by", "view: <a view>"),
    Slip("$response.body#/b], kind: hall}", "$response.body#/b], kind: hal}", "no kind of room 'hal'", "did you mean 'hall'?"),
    Slip("{member: $message.payload#/who}", "{membre: $message.payload#/who}", "'membre' is nothing that went-offline shows", "'member'?"),
    Slip("{member: $message.payload#/who}", "{member: $response.body#/who}", "member is read from what was not heard", "$message.payload"),
    Slip("{member: $message.payload#/who}", "{member: $me.id}", "nothing gives $me here"),
    Slip("{reaction: {at: $message.payload, view: reaction}}", "{reaction: $message.payload}", "reaction has no view", "view: reaction"),
    # Names.
    Slip("text: $text, tags", "text: $txt, tags", "nothing gives $txt here", "did you mean 'text'?"),
    Slip("text: $text, tags", "text: $response.body, tags", "$response means nothing before", "$argument, or a value"),
    Slip("$me.name]", "$me.nam]", "me has no 'nam' to write $me.nam", "did you mean 'name'?"),
    Slip("url: $message.id", "url: $message.fil", "message has no 'fil' to write $message.fil", "known: edited"),
    Slip("room: $room, text", "room: $room.peer.nam, text", "peer has no 'nam' to write $room.peer.nam", "did you mean 'name'?"),
    Slip("room: $room, text", "room: $room.name, text", "room has no 'name' to write $room.name", "known: id, kind, peer"),
    Slip("text: $text, tags", "text: $text.length, tags", "text has no 'length' to write $text.length", "write $text"),
    Slip("$file.content", "$file.content.size", "$file.content.size reaches too deep", "$file.content"),
    Slip("url: $ticket", "url: $tickets", "nothing gives $tickets here", "did you mean 'ticket'?"),
    Slip("with: {name: $peer.name}", "with: {name: $room}", "nothing gives $room here", "known: me, peer, token"),
    Slip("for: [hall]", "for: [hell]", "no kind of room 'hell'", "did you mean 'hall'?"),
    Slip("for: [pair, hall]", "for: [pair, haul]", "no kind of room 'haul'", "did you mean 'hall'?"),
    Slip("on: room", "on: roms", "no socket 'roms' here", "did you mean 'room'?"),
    Slip("open: pair, for", "open: peer, for", "no socket 'peer' here", "known: pair, room"),
    Slip("send-text: stated", "react: stated", "comes after react, which is not bound here"),
    Slip("close-socket: shown", "list-rooms/socket: shown", "list-rooms has no socket form here"),
    Slip("message: reacted", "message: new", "new is heard as message-created too", "one event a message"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.wrong.strip() or f"without {slip.right}")
def test_a_slip_is_told_with_its_line(slip: Slip) -> None:
    assert WHOLE.count(slip.right) == 1, "a slip has to be at one place"
    _, problems = read(WHOLE.replace(slip.right, slip.wrong))
    line = WHOLE[: WHOLE.index(slip.right)].count("\n") + 1
    told = [problem for problem in problems if slip.what in problem.what]
    assert told, [str(problem) for problem in problems]
    assert slip.help in _advice(told[0])
    assert str(told[0].where) == f"binding.yaml:{line}"


def _advice(problem: Problem) -> str:
    return f"{problem.expected} {problem.hint}"


def test_everything_wrong_is_told_at_once() -> None:
    text = (
        WHOLE.replace("correlate: text", "corelate: text")
        .replace("newest-first", "newest")
        .replace("on: room", "on: roms")
    )
    _, problems = read(text)
    assert len(problems) == 3
