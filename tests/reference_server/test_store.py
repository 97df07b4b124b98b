"""The database: one transaction or nothing, and files that are what they should be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from earwitness.errors import CouldNotTest, UsageError
from reference_server.core.assembly import Core, assemble
from reference_server.core.store import open_store


def test_a_transaction_that_fails_leaves_nothing_behind(core: Core) -> None:
    with pytest.raises(ZeroDivisionError), core.store.transaction():
        core.identity.enrol("erin")
        _ = 1 / 0
    assert core.store.rows("SELECT 1 FROM members WHERE username = 'erin'") == []


def test_a_file_keeps_members_tokens_and_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    seen = []
    for _ in range(2):
        with closing(open_store(path, "fe16ops")) as store:
            core = assemble(store, ["alice", "bob"])
            tokens = [core.identity.token_of(member) for member in core.members]
            seen.append((core.members, tokens, store.secret()))
    assert seen[0] == seen[1]


def test_a_second_start_may_bring_more_members(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    with closing(open_store(path, "fe16ops")) as store:
        (alice,) = assemble(store, ["alice"]).members
    with closing(open_store(path, "fe16ops")) as store:
        assert [member.id for member in assemble(store, ["bob", "alice"]).members] == [alice.id + 1, alice.id]


def test_time_goes_on_where_the_file_left_off(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    stamps = []
    for seconds in (3600, 0):
        with closing(open_store(path, "fe16ops")) as store:
            core = assemble(store, ["alice", "bob"])
            core.clock.move(seconds)
            alice, bob = core.members
            with core.request():
                room, _ = core.chat.start_direct(alice, bob, None)
                stamps.append(core.chat.send(alice, room, "hello").created_at)
    assert stamps[0] < stamps[1]


def test_a_commit_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "chat.sqlite", "fe16ops")) as store:
        modes = [store.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 2]  # 2: FULL


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(
        "these are notes, and they are longer than the header of an SQLite database is, by far" * 5
    )
    with pytest.raises(UsageError, match=r"notes\.txt: not a database"):
        open_store(path, "fe16ops")
    assert path.read_text().startswith("these are notes")


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE members (id)")
        other.commit()
    with pytest.raises(UsageError, match="an SQLite database of something else"):
        open_store(path, "fe16ops")


def test_the_data_of_another_api(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    open_store(path, "rooms").close()
    with pytest.raises(UsageError, match="holds data of rooms, not of fe16ops"):
        open_store(path, "fe16ops")


def test_the_data_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    open_store(path, "fe16ops").close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="another version"):
        open_store(path, "fe16ops")


def test_no_folder_for_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        open_store(tmp_path / "nowhere" / "chat.sqlite", "fe16ops")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CouldNotTest, match="can't be opened for writing"):
        open_store(tmp_path, "fe16ops")


def test_a_file_is_one_servers_alone(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    with (
        closing(open_store(path, "fe16ops")),
        pytest.raises(CouldNotTest, match="another process has it open"),
    ):
        open_store(path, "fe16ops")


def test_who_is_in_a_room_is_remembered_only_until_somebody_comes_goes_or_is_taken_back(core: Core) -> None:
    """Also where a room is looked at in the middle of a transaction that fails."""
    chat, (alice, bob, carol, *_) = core.chat, core.members

    def inside(room_id: int) -> set[int]:
        return {each.id for each in chat.room(room_id).members}

    with core.store.transaction():
        room, _ = chat.start_direct(alice, bob, None)
    assert inside(room.id) == {alice.id, bob.id}
    with pytest.raises(ZeroDivisionError), core.store.transaction():
        core.store.run(
            "INSERT INTO standings (room_id, member_id, role, joined_at) VALUES (?, ?, '', '')",
            room.id,
            carol.id,
        )
        assert inside(room.id) == {alice.id, bob.id, carol.id}
        _ = 1 / 0
    assert inside(room.id) == {alice.id, bob.id}
    core.store.run("UPDATE standings SET left_at = '' WHERE room_id = ? AND member_id = ?", room.id, bob.id)
    assert inside(room.id) == {alice.id}
    core.store.run("UPDATE members SET first_name = 'Ann' WHERE id = ?", alice.id)
    assert [each.first_name for each in chat.room(room.id).members] == ["Ann"]
