from __future__ import annotations

from earwitness.report import Past, Remark, transcript
from earwitness.report.sequence import MOST_LANES, OTHERS, SERVER, Cell, Score, score
from earwitness.report.transcript import Line, Transcript
from tests.report.made_up import HOSTILE, history


def laid(*lines: Line) -> Score:
    return score(Transcript("c", lines))


def heard(who: str, ms: float = 1.0, said: str = "{}", socket: str = "", what: str = "new") -> Line:
    return Line(1, ms, who, "←", what, said=said, lane=who, socket=socket)


def sent(who: str, role: str = "") -> Line:
    return Line(
        1,
        0.5,
        who,
        "→",
        "POST /x",
        outcome="201 in 1.0 ms",
        said="asked",
        answered="told",
        lane=who,
        role=role,
    )


def test_members_are_columns_in_the_order_in_which_they_come_and_the_server_is_the_last() -> None:
    entries, _ = history("hello")
    assert score(transcript("c1", Past.of(entries))).heads == ("bob", "carol", "alice", SERVER)


def test_a_request_runs_from_its_sender_through_others_to_the_server() -> None:
    row = laid(heard("carol"), sent("alice"), heard("bob", what="other")).rows[1]
    assert [cell.end for cell in row.cells] == ["", "from", "wire", "to"]
    assert (row.cells[1].notes[0].what, row.cells[1].notes[0].body) == ("POST /x", "asked")
    assert (row.cells[3].notes[0].what, row.cells[3].notes[0].body) == ("201 in 1.0 ms", "told")


def test_what_several_hear_of_one_frame_is_one_row_with_the_frame_told_once() -> None:
    (row,) = laid(heard("bob", 1.0), heard("carol", 1.4)).rows
    assert [cell.end for cell in row.cells] == ["to", "to", "from"]
    assert [note.aside for cell in row.cells[:2] for note in cell.notes] == ["", "+0.4 ms"]
    assert [note.body for cell in row.cells for note in cell.notes] == ["", "", "{}"]


def test_sockets_of_a_member_stand_in_the_members_column() -> None:
    (row,) = laid(heard("bob", 1.0, socket="socket 1"), heard("bob", 1.2, socket="socket 2")).rows
    assert [note.aside for note in row.cells[0].notes] == ["socket 1", "socket 2, +0.2 ms"]


def test_frames_that_differ_stand_apart() -> None:
    assert len(laid(heard("bob"), heard("carol", said="other")).rows) == 2
    assert len(laid(heard("bob"), heard("carol", what="other")).rows) == 2


def test_what_went_wrong_keeps_a_row_of_its_own_with_both_sides() -> None:
    entries, numbers = history("hello")
    remark = Remark("expected X; heard Y", True, (("X", "Y"),))
    (row,) = [
        row for row in score(transcript("c1", Past.of(entries), {numbers.bob_heard: remark})).rows if row.bad
    ]
    assert row.sides == (("X", "Y"),)
    assert row.cells[0].notes[0].what == "new_message"


def test_a_claim_that_was_kept_is_not_told_twice() -> None:
    entries, numbers = history("hello")
    past = Past.of(entries)
    told = [row.aside for row in score(transcript("c1", past)).rows]
    assert "claim: bob hears the message" in told
    kept = {numbers.bob_heard: Remark("as it should be: bob hears the message", False)}
    assert "claim: bob hears the message" not in [
        row.aside for row in score(transcript("c1", past, kept)).rows
    ]
    broken = {numbers.bob_heard: Remark("expected X; heard Y", True)}
    assert "claim: bob hears the message" in [row.aside for row in score(transcript("c1", past, broken)).rows]


def test_more_members_than_anybody_reads_share_a_column_by_name() -> None:
    rows = laid(*(sent(f"m{n}") for n in range(MOST_LANES + 4)))
    assert rows.heads == (*(f"m{n}" for n in range(MOST_LANES - 1)), OTHERS, SERVER)
    assert [row.cells[-2].notes[0].aside for row in rows.rows[MOST_LANES - 1 :]] == [
        f"m{n}" for n in range(MOST_LANES - 1, MOST_LANES + 4)
    ]


def test_every_row_has_a_cell_for_each_column_or_runs_across_however_hostile_the_server() -> None:
    entries, _ = history(HOSTILE, extra_frames=300)
    for case in ("c1", "c2"):
        told = score(transcript(case, Past.of(entries)))
        assert told.rows
        assert all(bool(row.aside) != (len(row.cells) == len(told.heads)) for row in told.rows)


def test_who_acts_under_a_role_stands_in_the_members_column_with_it() -> None:
    (row,) = laid(sent("bob", role="anonymous")).rows
    assert row.cells[0].notes[0].aside == "anonymous"


def test_nothing_told_is_no_row() -> None:
    assert laid() == Score((SERVER,), ())
    assert Cell().notes == ()
