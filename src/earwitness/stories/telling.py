"""Makes stories up: Hypothesis chooses the moves, and each story is lines of Python that several members do in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from earwitness.binding import Binding
from earwitness.spec import Spec
from earwitness.stories.moves import KINDS, Move
from earwitness.stories.sketch import CAST, Sketch

SHORTEST, LONGEST = 12, 40
# More than there ever are things to choose from.
_NUMBERS = 1_000

# A kind of move, and which of the moves of that kind that are possible when its turn comes.
Choice = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Story:
    """What members do in turn: lines of Python over ``alice``, ``bob``, ``carol`` and ``dave``, who are there already.

    ``acts`` are the choices that made the lines; ``looks``, what is looked at in the end.
    """

    acts: tuple[Choice, ...]
    told: tuple[str, ...]
    looks: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that is done, in order."""
        return (*self.told, *self.looks)

    @property
    def cast(self) -> tuple[str, ...]:
        """Who takes part."""
        text = "\n".join(self.lines)
        return tuple(who for who in CAST if who in text)


def tell(binding: Binding, spec: Spec, choices: Sequence[Choice]) -> Story:
    """The story that ``choices`` make of an API: a choice for which nothing is possible when its turn comes is passed over."""
    sketch = Sketch(binding, spec)
    told: list[str] = []
    acts: list[Choice] = []
    for kind, number in choices:
        moves = list(KINDS[kind][0](sketch))
        if moves:
            move = _pick(moves, number)
            told.append(move.line)
            acts.append((kind, number))
            move.then()
            sketch.turn += 1
    # At the end everybody looks at everything: whatever went wrong on the way may show there alone.
    looks = [f"{who}.lists_messages({room.name})" for who, room in sketch.seated()]
    looks += [f"{who}.lists_rooms()" for who in CAST if any(who in room.members for room in sketch.rooms)]
    looks += [f'{who}.must("unblock", block={name})' for (who, _), name in sketch.blocks.items()]
    return Story(tuple(acts), tuple(told), tuple(looks))


def _pick(moves: Sequence[Move], number: int) -> Move:
    """One of ``moves``, by a number: first what it is about, and the latest, which comes first, oftener; then any of those."""
    about = list(dict.fromkeys(move.about for move in moves))
    # Squared, so that much happens to one message: stories have threads.
    chosen = about[int(len(about) * (number // _NUMBERS / _NUMBERS) ** 2)]
    those = [move for move in moves if move.about == chosen]
    return those[number % _NUMBERS % len(those)]


def stories(binding: Binding, spec: Spec) -> st.SearchStrategy[Story]:
    """Stories about an API, which become shorter when choices are left out."""
    kinds = [name for name, (_, weight) in KINDS.items() for _ in range(weight)]
    choice = st.tuples(st.sampled_from(kinds), st.integers(0, _NUMBERS**2 - 1))
    return st.lists(choice, min_size=SHORTEST, max_size=LONGEST).map(
        lambda choices: tell(binding, spec, [("starting", 0), *choices])
    )


def tell_all(binding: Binding, spec: Spec, number: int, seeded: int) -> tuple[Story, ...]:
    """The first ``number`` different stories of a seed. Pure: the same seed tells the same stories."""
    # Hypothesis begins with the simplest there is, in which one member starts the same room again and again; and some it tells twice.
    return tuple(_made_up(binding, spec, 2 * number + 1, seeded))[1 : number + 1] if number else ()


def shorten(
    story: Story, again: Callable[[Sequence[Choice]], Story], goes_wrong: Callable[[Story], bool], tries: int
) -> Story:
    """The shortest story found that still ``goes_wrong`` as ``story`` does, after so many ``tries`` at the most.

    Choices are left out, first many at once and then one by one, and what is left is told ``again``, so that it says what
    must be refused or seen in the shorter story. (Hypothesis would shrink too, and wants hundreds of tries; each of
    ours is a conversation with a server.) In the end, what need not be looked at is left out.
    """
    left = tries
    known: set[tuple[str, ...]] = {story.lines}

    def shorter(one: Story) -> bool:
        nonlocal left
        if left <= 0 or one.lines in known:
            return False
        known.add(one.lines)
        left -= 1
        return goes_wrong(one)

    size = max(1, len(story.acts) // 2)
    while size:
        at = len(story.acts) - size
        while at > -size:
            kept = (*story.acts[: max(at, 0)], *story.acts[at + size :])
            if shorter(one := again(kept)):
                story = one
            at -= size
        size //= 2
    for look in reversed(story.looks):
        if shorter(one := replace(story, looks=tuple(each for each in story.looks if each != look))):
            story = one
    return story


def _made_up(binding: Binding, spec: Spec, number: int, seeded: int) -> Iterator[Story]:
    told: dict[tuple[str, ...], Story] = {}

    # What Hypothesis minds about a test (it is slow, it prints nothing) is no matter here: stories are only handed on.
    @seed(seeded)
    @settings(
        max_examples=number, phases=(Phase.generate,), database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(story=stories(binding, spec))
    def each(story: Story) -> None:
        told.setdefault(story.lines, story)

    each()
    yield from told.values()
