"""What is tried follows from the seed, gives each file its share, and goes to an API that can show it."""

from __future__ import annotations

from collections import Counter

from benchmarks.mutation.mutations import Mutation
from benchmarks.mutation.sampling import assign, on_the_path, owner, population, sample
from earwitness.content import content_root

APIS = ("bees", "ants")


def made(file: str, function: str, count: int) -> list[Mutation]:
    """That many mutations of a function."""
    return [Mutation(file, function, line, "constant", 1, line, line + 1, "") for line in range(count)]


MANY = [*made("core/a.py", "f", 60), *made("apis/ants.py", "g", 30), *made("web.py", "h", 10)]


def test_each_file_gets_its_share() -> None:
    assert Counter(one.file for one in sample(MANY, 50, 1)) == {
        "core/a.py": 30,
        "apis/ants.py": 15,
        "web.py": 5,
    }


def test_what_rounding_leaves_over_is_dealt_out_too() -> None:
    assert len(sample(MANY, 33, 1)) == 33
    assert set(sample(MANY, 1000, 1)) == set(MANY)


def test_the_seed_decides() -> None:
    assert sample(MANY, 20, 1) == sample(list(reversed(MANY)), 20, 1)
    assert set(sample(MANY, 20, 1)) != set(sample(MANY, 20, 2))


def test_the_sample_is_in_no_order_of_files() -> None:
    files = [one.file for one in sample(MANY, 60, 1)]
    assert len(set(files[:20])) == 3
    assert files not in (sorted(files), sorted(files, reverse=True))


def test_a_change_of_the_server_leaves_most_of_the_sample_as_it_was() -> None:
    before, after = set(sample(MANY, 50, 1)), set(sample([*MANY, *made("web.py", "new", 1)], 50, 1))
    assert len(before & after) >= 45


def test_an_apis_module_is_its_own() -> None:
    assert [owner(file, APIS) for file in ("apis/ants.py", "apis/_ants_live.py", "apis/__init__.py", "core/ants.py")] == [
        "ants", "ants", "", "",
    ]  # fmt: skip


def test_what_all_share_is_tried_in_turn_where_it_is_run() -> None:
    both, one = made("core/a.py", "f", 10), made("core/a.py", "g", 4)
    reached = {
        "ants": frozenset({("core/a.py", "f")}),
        "bees": frozenset({("core/a.py", "f"), ("core/a.py", "g")}),
    }
    assigned = assign([*both, *one, *made("apis/ants.py", "f", 3)], reached, 1)
    assert Counter(api for mutation, api in assigned if mutation in both) == {"ants": 5, "bees": 5}
    assert {api for mutation, api in assigned if mutation in one} == {"bees"}
    assert {api for mutation, api in assigned if mutation.file == "apis/ants.py"} == {"ants"}


def test_what_stands_at_the_top_is_run_by_all() -> None:
    reached = {api: frozenset[tuple[str, str]]() for api in APIS}
    assigned = assign(made("core/a.py", "", 4), reached, 1)
    assert Counter(api for _, api in assigned) == {"ants": 2, "bees": 2}


def test_what_the_chosen_apis_do_not_run_is_not_on_their_path() -> None:
    run, not_run = made("core/a.py", "f", 1), made("core/a.py", "g", 1)
    own, other = made("apis/ants.py", "never_run", 1), made("apis/bees.py", "f", 1)
    shared = made("apis/__init__.py", "", 1)
    found = on_the_path([*run, *not_run, *own, *other, *shared], {"ants": frozenset({("core/a.py", "f")})})
    assert list(found) == [*run, *own, *shared]


def test_levers_the_command_line_and_planted_defects_are_left_alone() -> None:
    files = {one.file for one in population(content_root() / "reference_server")}
    assert {"core/hub.py", "apis/fe16ops.py", "app.py", "web.py", "fields.py"} <= files
    assert not {"levers.py", "command.py", "serving.py", "__main__.py"} & files
    assert not [file for file in files if file.startswith("defects")]
