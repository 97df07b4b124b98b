"""A story that calls for every operation, frame and handshake of fe16ops, so that a defect shows in the steps it damages."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.datastructures import QueryParams

from reference_server.core.refusals import Refusal
from tests.reference_server.conftest import TIME, Open, Site

# What a step was answered (a status, or what became of a frame; and a body), and who was to hear what of it.
Step = tuple[object, Any, list[tuple[set[int], Any]]]

BASE = "/api/messaging"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SIGNED = re.compile(rf"({TIME})|({UUID})|(?<=expires=)\d+|(?<=signature=)[0-9a-f]{{64}}")
JPEG = {"filename": "a.jpg", "filetype": "image/jpeg"}
HOMES = "/conversations/"
STARTS = "/start-conversation/"

# name, who, method, path (below BASE) or what is left of an upload URL, body, frame or media type. Who: a member; one of the bad tokens of
# bob, `expired`, `tampered` and `garbage`; or None, without one. Two rooms: 1 of alice and bob, 2 of carol and alice; 20 messages fill a
# page of 2. What starts again comes last, since it changes what a list has.
STORY: list[tuple[str, str | None, str, str, object]] = [
    ("start", "alice", "POST", STARTS, {"receiver_id": 2, "message": "hello"}),
    ("start another", "carol", "POST", STARTS, {"receiver_id": 1}),
    ("send", "bob", "POST", "/conversations/1/messages/", {"content": "hi"}),
    ("send image", "alice", "POST", "/conversations/1/messages/", {"content": "k", "message_type": "image"}),
    ("send file", "bob", "POST", "/conversations/1/messages/", {"content": "k", "message_type": "file"}),
    ("react", "alice", "POST", "/messages/2/react/", {"reaction_type": "a"}),
    ("react otherwise", "alice", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("react to own", "bob", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("read back", "bob", "GET", "/conversations/1/", None),
    ("unreact", "alice", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("edit", "alice", "PUT", "/messages/1/", {"content": "hello!"}),
    ("read the edit", "bob", "GET", "/conversations/1/", None),
    ("mark read", "bob", "POST", "/conversations/1/read/", None),
    ("delete", "alice", "DELETE", "/messages/1/", None),
    ("read what is left", "bob", "GET", "/conversations/1/", None),
    ("no such page", "bob", "GET", "/conversations/1/?page=2", None),
    ("list", "alice", "GET", HOMES, None),
    # Those who may not
    ("outsider lists", "carol", "GET", HOMES, None),
    ("outsider reads", "carol", "GET", "/conversations/1/", None),
    ("outsider reads nothing", "carol", "GET", "/conversations/9/", None),
    ("outsider sends", "carol", "POST", "/conversations/1/messages/", {"content": "x"}),
    ("outsider marks", "carol", "POST", "/conversations/1/read/", None),
    ("outsider reacts", "carol", "POST", "/messages/2/react/", {"reaction_type": "x"}),
    ("outsider edits", "carol", "PUT", "/messages/2/", {"content": "x"}),
    ("outsider deletes", "carol", "DELETE", "/messages/2/", None),
    ("other edits", "alice", "PUT", "/messages/2/", {"content": "x"}),
    ("other deletes", "alice", "DELETE", "/messages/2/", None),
    ("nobody reads", None, "GET", "/conversations/1/", None),
    ("nobody lists", None, "GET", HOMES, None),
    ("nobody uploads", None, "POST", "/generate-upload-url/", JPEG),
    ("nobody deletes", None, "DELETE", "/messages/2/", None),
    ("expired lists", "expired", "GET", HOMES, None),
    ("tampered lists", "tampered", "GET", HOMES, None),
    ("garbage lists", "garbage", "GET", HOMES, None),
    ("read what was refused", "bob", "GET", "/conversations/1/", None),
    # Files
    ("upload", "alice", "POST", "/generate-upload-url/", JPEG),
    ("upload its file", None, "UPLOAD", "", "image/jpeg"),
    ("upload it again", None, "UPLOAD", "", "image/jpeg"),
    ("upload another", "bob", "POST", "/generate-upload-url/", JPEG),
    ("upload something else", None, "UPLOAD", "", "image/png"),
    ("upload unsigned", None, "UPLOAD", "0", "image/jpeg"),
    # The socket
    ("knock", "bob", "KNOCK", "", None),
    ("knock without a token", None, "KNOCK", "", None),
    ("knock expired", "expired", "KNOCK", "", None),
    ("knock tampered", "tampered", "KNOCK", "", None),
    ("knock with garbage", "garbage", "KNOCK", "", None),
    ("speak", "carol", "FRAME", "", {"message": "by frame", "conversation_id": 2}),
    ("read the frame", "alice", "GET", "/conversations/2/", None),
    ("outsider speaks", "bob", "FRAME", "", {"message": "x", "conversation_id": 2}),
    ("mumble", "carol", "FRAME", "", "not JSON"),
    ("forge", "carol", "FRAME", "", {"type": "message_deleted", "message_id": 5, "conversation_id": 2}),
    # Texts, and pages of them
    ("say NUL", "carol", "POST", "/conversations/2/messages/", {"content": "\0"}),
    ("say much", "carol", "POST", "/conversations/2/messages/", {"content": "x" * 256}),
    ("say spaces", "carol", "POST", "/conversations/2/messages/", {"content": " x "}),
    ("say markup", "carol", "POST", "/conversations/2/messages/", {"content": "<x>"}),
    ("say emoji", "carol", "POST", "/conversations/2/messages/", {"content": "\N{THUMBS UP SIGN}"}),
    ("say so", "carol", "POST", "/conversations/2/messages/", {"content": "so"}),
    ("say so again", "carol", "POST", "/conversations/2/messages/", {"content": "so"}),
    ("say nothing", "carol", "POST", "/conversations/2/messages/", {"content": ""}),
    *(
        (f"say {number}", "carol", "POST", "/conversations/2/messages/", {"content": f"line {number}"})
        for number in range(9, 21)
    ),
    ("read a full page", "carol", "GET", "/conversations/2/", None),
    ("say 21", "carol", "POST", "/conversations/2/messages/", {"content": "line 21"}),
    ("read page 1", "carol", "GET", "/conversations/2/", None),
    ("read page 2", "carol", "GET", "/conversations/2/?page=2", None),
    ("list the unread", "alice", "GET", HOMES, None),
    ("mark all", "alice", "POST", "/conversations/2/read/", None),
    ("mark none", "alice", "POST", "/conversations/2/read/", None),
    ("list the read", "alice", "GET", HOMES, None),
    # The newest message of all goes, and another comes; then it has reactions, and is edited
    ("delete the newest", "carol", "DELETE", "/messages/25/", None),
    ("edit the deleted", "carol", "PUT", "/messages/25/", {"content": "x"}),
    ("list without it", "alice", "GET", HOMES, None),
    ("say 22", "carol", "POST", "/conversations/2/messages/", {"content": "line 22"}),
    ("react to 22", "alice", "POST", "/messages/26/react/", {"reaction_type": "a"}),
    ("react to 22 too", "carol", "POST", "/messages/26/react/", {"reaction_type": "b"}),
    ("read both", "carol", "GET", "/conversations/2/", None),
    ("react to 22 otherwise", "alice", "POST", "/messages/26/react/", {"reaction_type": "c"}),
    ("read the other", "carol", "GET", "/conversations/2/", None),
    ("edit 22", "carol", "PUT", "/messages/26/", {"content": "line 22!"}),
    ("unreact to 22", "alice", "POST", "/messages/26/react/", {"reaction_type": "c"}),
    ("read one", "carol", "GET", "/conversations/2/", None),
    ("delete 22", "carol", "DELETE", "/messages/26/", None),
    ("list without 22", "alice", "GET", HOMES, None),
    ("large id", "alice", "GET", "/conversations/4294967296/", None),
    # What changes the lists
    ("start again", "alice", "POST", STARTS, {"receiver_id": 2}),
    ("start back", "bob", "POST", STARTS, {"receiver_id": 1}),
    ("start about", "bob", "POST", STARTS, {"receiver_id": 3, "message": "new?", "product_id": 7}),
    ("list again", "carol", "GET", HOMES, None),
]


def told(site: Site) -> dict[str, Step]:
    """What each step came to, without times, keys and signatures."""
    steps: dict[str, Step] = {}
    upload = ""
    for name, who, method, path, body in STORY:
        if method == "KNOCK":
            status, answer = _knocked(site, who)
        elif method == "FRAME":
            status, answer = _framed(site, str(who), body)
        elif method == "UPLOAD":
            response = site.client.put(upload + path, headers={"Content-Type": str(body)}, content=b"file")
            status, answer = response.status_code, response.json() if response.content else None
        else:
            headers = {"Authorization": f"Token {_token(site, who)}"} if who else {}
            response = site.client.request(method, BASE + path, headers=headers, json=body)
            status, answer = response.status_code, response.json()
            upload = answer.get("upload_url", upload)
        events = [(audience, _plain(dict(event))) for audience, event in site.events()]
        steps[name] = (status, _plain(answer), events)
    return steps


def differing(opened: Open, defect: str) -> dict[str, tuple[Step, Step]]:
    """The steps that the defect changes: as they should be, and as they became."""
    right, wrong = told(opened()), told(opened(defect))
    return {name: (right[name], wrong[name]) for name in right if right[name] != wrong[name]}


def _token(site: Site, who: str) -> str:
    bob = site.core.members[1]
    match who:
        case "expired":
            return site.core.identity.expired_token(bob)
        case "tampered":
            token = site.token("bob")
            return token[:-1] + ("0" if token[-1] != "0" else "1")
        case "garbage":
            return "garbage"
        case _:
            return site.token(who)


def _knocked(site: Site, who: str | None) -> tuple[object, object]:
    query = QueryParams({"token": _token(site, who)} if who else {})
    try:
        return "admitted", site.api.admit(query).username
    except Refusal as refusal:
        return site.api.refuse(refusal).status, None


def _framed(site: Site, who: str, body: object) -> tuple[object, object]:
    (member,) = [each for each in site.core.members if each.username == who]
    frame = body if isinstance(body, str) else json.dumps(body)

    async def hear() -> None:
        with site.core.request():
            site.api.hear(member, frame)

    try:
        asyncio.run(hear())
    except Refusal:
        return "ignored", None
    except Exception as error:
        return "crashed", type(error).__name__
    return "taken", None


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return SIGNED.sub("…", value) if isinstance(value, str) else value
