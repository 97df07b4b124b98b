"""A journal numbers what is appended, from whichever thread, and holds nothing that was redacted."""

from __future__ import annotations

import json
import threading
from itertools import count
from pathlib import Path

import pytest

from earwitness.errors import UsageError
from earwitness.history import (
    Body,
    CaseStarted,
    FrameHeard,
    Journal,
    Request,
    RunEnded,
    RunStarted,
    read_history,
)


def test_an_entry_gets_its_number_its_time_and_its_case() -> None:
    ticks = count(10)
    journal = Journal(clock=lambda: next(ticks))
    journal.case = "c"
    first, second = (
        journal.append(RunStarted()),
        journal.append(FrameHeard(socket="s", t=5, case="other", n=99)),
    )
    assert [(entry.n, entry.t, entry.case) for entry in (first, second)] == [(1, 10, "c"), (2, 5, "other")]
    assert (list(journal), len(journal)) == ([first, second], 2)
    assert (journal.since(1), journal.since(2)) == ((second,), ())


def test_numbers_are_the_places_in_the_history_whichever_thread_appends(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "history.jsonl")
    start = threading.Barrier(8)

    def write(thread: int) -> None:
        start.wait()
        for number in range(50):
            kept = journal.append(FrameHeard(socket=f"{thread}-{number}"))
            assert journal.since(kept.n - 1)[0] is kept

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    kept = list(journal)
    assert [entry.n for entry in kept] == list(range(1, 401))
    assert [entry.t for entry in kept] == sorted(entry.t for entry in kept)
    assert read_history(tmp_path / "history.jsonl") == tuple(kept)


def test_a_case_has_its_own_entries_and_with_them_those_of_the_whole_run() -> None:
    journal = Journal()
    for case in ("", "one", "another", "one", ""):
        journal.append(CaseStarted(title=case, case=case))
    assert [entry.n for entry in journal.of("one")] == [2, 4]
    assert [entry.n for entry in journal.of("", "one", "")] == [1, 2, 4, 5]
    assert journal.of("none such") == ()


def test_each_entry_is_on_disk_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    journal = Journal(path)
    journal.append(RunStarted(api="fe16ops"))
    assert [entry.kind for entry in read_history(path)] == ["run-started"]
    journal.close()
    journal.close()
    assert len(journal) == 1


def test_a_secret_is_neither_in_memory_nor_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    journal = Journal(path, redact=lambda line: line.replace("s3cret", "$ALICE_TOKEN"))
    asked = Request(
        url="http://h/?token=s3cret",
        headers={"Authorization": "Token s3cret"},
        body=Body("json", {"s3cret": ["s3cret"]}),
    )
    kept = journal.append(asked)
    journal.append(FrameHeard(payload=Body("text", "nothing to hide")))
    journal.close()
    assert kept == journal.since(0)[0]
    assert "s3cret" not in repr(list(journal)) + path.read_text("utf-8")
    assert kept == Request(
        n=1, t=kept.t, url="http://h/?token=$ALICE_TOKEN", headers={"Authorization": "Token $ALICE_TOKEN"},
        body=Body("json", {"$ALICE_TOKEN": ["$ALICE_TOKEN"]}),
    )  # fmt: skip


def test_whatever_a_server_says_is_one_line_of_ascii(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    journal = Journal(path)
    for text in ("\ud800", "a\nb\u2028c\x85d\x1c", "\x00", "👍"):
        journal.append(FrameHeard(payload=Body("text", text)))
    journal.close()
    assert path.read_bytes().isascii()
    assert read_history(path) == tuple(journal)
    assert len(path.read_bytes().splitlines()) == 4


# -- reading it back ----------------------------------------------------------------------------------------------------

STARTED, ENDED = '{"kind":"run-started","n":1}', '{"kind":"run-ended","n":2}'


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "history.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_history_is_read_line_by_line(tmp_path: Path) -> None:
    both = (RunStarted(n=1), RunEnded(n=2))
    assert read_history(written(tmp_path, f"{STARTED}\n{ENDED}\n")) == both
    assert read_history(written(tmp_path, f"{STARTED}\n{ENDED}")) == both
    assert read_history(written(tmp_path, "")) == ()


@pytest.mark.parametrize("length", range(len(ENDED)))
def test_a_last_line_that_was_cut_short_is_left_out(tmp_path: Path, length: int) -> None:
    assert read_history(written(tmp_path, f"{STARTED}\n{ENDED[:length]}")) == (RunStarted(n=1),)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "3",
        "[]",
        "null",
        "",
        '{"kind":"no-such-kind"}',
        '{"kind":"request","colour":1}',
        '{"kind":"request","body":{"colour":1}}',
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_any_other_broken_line_is_an_error_that_says_where(
    tmp_path: Path, line: str | bytes, last: bool
) -> None:
    """The last one, too: a line that ends was not cut short."""
    broken = line.encode() if isinstance(line, str) else line
    path = written(
        tmp_path, STARTED.encode() + b"\n" + broken + b"\n" + (b"" if last else ENDED.encode() + b"\n")
    )
    with pytest.raises(UsageError) as error:
        read_history(path)
    (problem,) = error.value.problems
    assert problem.where is not None
    assert (problem.where.line, problem.where.file) == (2, str(path))
    assert json.dumps(str(problem))


def test_a_run_that_was_killed_in_the_middle_of_a_line_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    first = Journal(path)
    first.append(RunStarted(api="one"))
    first.close()
    with path.open("a", encoding="utf-8") as file:
        file.write('{"kind":"request","n":2,"exch')
    second = Journal(path)
    second.append(RunStarted(api="two"))
    second.append(RunEnded())
    second.close()
    kept = [entry.kind for entry in read_history(path)]
    assert kept == ["run-started", "run-started", "run-ended"]
