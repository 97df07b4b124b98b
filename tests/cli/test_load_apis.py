"""``earwitness load`` on each API: in groups where there are some, in pairs elsewhere, with members who sign in, everything accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from tests.cli.runs import earwitness, schema_errors

CLEAN = dict.fromkeys(
    ("lost", "duplicated", "reordered", "misdelivered", "corrupted", "phantom", "recovered"), 0
)
_PROFILE = "about: mine\nrooms: 1\nlisteners: 6\nbystanders: 2\nrate: 20\nseconds: 1\nslo: [lost == 0, misdelivered == 0, invalid == 0]\n"


def load(folder: Path, *arguments: str, code: int, extra: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a load to its end; returns the part ``load`` of its results."""
    done = earwitness("load", *arguments, "--out", folder / "run", cwd=folder, extra=extra)
    assert done.returncode == code, done.stderr
    assert schema_errors(folder / "run" / "results.json", "results.schema.json") == []
    found: dict[str, Any] = json.loads((folder / "run" / "results.json").read_text(encoding="utf-8"))["load"]
    return found


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize(
    ("api", "room", "expected"),
    [
        # Ten messages in each of two groups: eight members hear both who write, and these each other.
        ("connectify", {"kind": "group-chat", "rooms": 2, "members": 10, "listeners": "members"}, 180),
        # Ten messages in each of two pairs, each for the five devices of the other.
        ("conversations", {"kind": "direct", "rooms": 2, "members": 2, "listeners": "devices"}, 100),
        # There everybody hears, who writes as well.
        ("rooms", {"kind": "group", "rooms": 2, "members": 10, "listeners": "members"}, 200),
        ("netroxchange", {"kind": "direct", "rooms": 2, "members": 2, "listeners": "devices"}, 100),
    ],
)
def test_every_delivery_is_accounted_for(
    api: str, room: dict[str, Any], expected: int, processes: str, tmp_path: Path
) -> None:
    found = load(tmp_path, "smoke", "--api", api, "--seconds", "2", "--processes", processes, code=0)
    assert found["audit"] == {"expected": expected, "heard": expected, **CLEAN}
    assert found["room"] == room
    assert found["sockets"] == 22
    assert found["contract"]["invalid"] == 0
    # Ten sockets of each group, and two aside, of which each hears those that open after it, and itself where that may be.
    coming = found["presence"].get("came-online", 0)
    assert (90 < coming <= 113) if api == "rooms" else not found["presence"]
    assert "went-offline" not in found["presence"]
    word = "has groups" if room["listeners"] == "members" else "has only pairs"
    assert word in found["note"]
    assert word in (tmp_path / "run" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("room", "expected", "members", "kind"),
    [("pair", 120, 2, "conversation"), ("group", 120, 7, "group-chat")],
)
def test_a_profile_may_say_in_what_rooms(
    room: str, expected: int, members: int, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(f"{_PROFILE}room: {room}\n", encoding="utf-8")
    found = load(tmp_path, "mine.yaml", "--api", "connectify", code=0)
    assert found["audit"] == {"expected": expected, "heard": expected, **CLEAN}
    assert (found["room"]["members"], found["room"]["kind"]) == (members, kind)


def test_texts_can_be_said_in_groups(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"{_PROFILE}send: socket\n", encoding="utf-8")
    found = load(tmp_path, "mine.yaml", "--api", "connectify", code=0)
    assert found["audit"] == {"expected": 120, "heard": 120, **CLEAN}
    assert found["answer_ms"]["p50"] is None


def test_a_large_group_is_brought_together_in_several_requests(tmp_path: Path) -> None:
    options = ("--listeners", "450", "--rate", "2", "--seconds", "1")
    (tmp_path / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
    found = load(tmp_path, "mine.yaml", "--api", "connectify", *options, code=0)
    assert found["room"]["members"] == 451
    assert found["audit"] == {"expected": 900, "heard": 900, **CLEAN}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--api", "fe16ops"), "fe16ops has no group that a load could write in"),
        (("--api", "conversations"), "room: pair"),
    ],
)
def test_rooms_that_an_api_does_not_have_are_refused_before_anything_is_started(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(f"{_PROFILE}room: group\n", encoding="utf-8")
    done = earwitness("load", "mine.yaml", *arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert not (tmp_path / "reports").exists()


def test_what_only_a_load_is_long_enough_to_show_is_counted_in_groups(tmp_path: Path) -> None:
    options = ("--listeners", "3", "--rate", "25", "--seconds", "5")
    defect = ("--defect", "connectify-drops-every-hundredth")
    found = load(tmp_path, "fan-out", "--api", "connectify", *options, *defect, code=4)
    # One of 125 messages, for the three members who do not write.
    assert found["audit"] == {"expected": 375, "heard": 372, **CLEAN, "lost": 3}
    assert [(one["sequence"], sorted(one["listeners"])) for one in found["anomalies"]] == [
        (100, ["m1-1", "m1-2", "m1-3"])
    ]


def test_what_reaches_another_room_of_a_member_who_listens_is_misdelivered(tmp_path: Path) -> None:
    options = ("--api", "conversations", "--defect", "conversations-rooms-share-a-channel")
    found = load(tmp_path, "smoke", *options, "--seconds", "1", code=4)
    # Of ten messages three are for the member who also listens in a room where nobody writes.
    assert found["audit"] == {"expected": 50, "heard": 50, **CLEAN, "misdelivered": 3}
    assert {name for one in found["anomalies"] for name in one["listeners"]} == {"a1/aside-2"}


def test_members_sign_in_where_the_api_lets_them_and_their_tokens_go_nowhere(tmp_path: Path) -> None:
    with ReferenceServer.start("conversations", content=content_root()) as server:
        accounts = server.deployment.accounts[:3]
        passwords = {f"P{n}": account.credentials["password"] for n, account in enumerate(accounts)}
        members = {
            account.name: {
                "attributes": dict(account.attributes),
                "credentials": {"username": account.credentials["username"], "password": f"${{P{n}}}"},
            }
            for n, account in enumerate(accounts)
        }
        theirs = {
            "api": "conversations", "http": server.deployment.http, "members": members, "deadline": 2,
            "allow": {"tiers": ["read", "write-own", "load"]},
        }  # fmt: skip
        # JSON is YAML.
        (tmp_path / "theirs.yaml").write_text(json.dumps(theirs), encoding="utf-8")
        (tmp_path / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
        found = load(tmp_path, "mine.yaml", "--deployment", "theirs.yaml", code=0, extra=passwords)
    assert found["audit"] == {"expected": 120, "heard": 120, **CLEAN}
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
    assert [secret for secret in passwords.values() if secret in written] == []
    # What signing in gave is a JWT, and all of them begin alike.
    assert "eyJ" not in written


def test_who_cannot_sign_in_is_told_without_the_password(tmp_path: Path) -> None:
    with ReferenceServer.start("conversations", content=content_root()) as server:
        members = {
            account.name: {
                "attributes": dict(account.attributes),
                "credentials": {"username": account.credentials["username"], "password": "${WRONG}"},
            }
            for account in server.deployment.accounts[:3]
        }
        theirs = {
            "api": "conversations", "http": server.deployment.http, "members": members,
            "allow": {"tiers": ["read", "write-own", "load"]},
        }  # fmt: skip
        (tmp_path / "theirs.yaml").write_text(json.dumps(theirs), encoding="utf-8")
        (tmp_path / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
        extra = {"WRONG": "no-such-password-at-all"}
        found = load(tmp_path, "mine.yaml", "--deployment", "theirs.yaml", code=3, extra=extra)
    assert "could not sign in: authenticate was answered with 401" in found["reason"]
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
    assert extra["WRONG"] not in written


def test_too_few_members_for_a_group_are_told_what_else_there_is(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(
        "id,username,organisation,token\n1,a,1,0123456789\n", encoding="utf-8"
    )
    (tmp_path / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
    done = earwitness("load", "mine.yaml", "--api", "connectify", "--members", "members.csv", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "has 1 members, and this profile needs 8" in done.stderr
    assert "a profile with room: pair" in done.stderr
