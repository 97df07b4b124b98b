"""What the checks on lists have in common: walks over all pages of one room's messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import Seen
from earwitness.world import Listing, World


@dataclass(frozen=True, slots=True)
class Walk:
    """All pages of a room's messages, asked for one after another by one member, from the first to the last."""

    room: str
    member: str
    pages: tuple[Listing, ...]

    @property
    def begun(self) -> int:
        return self.pages[0].begun

    @property
    def done(self) -> float:
        return self.pages[-1].done

    @property
    def items(self) -> tuple[Seen, ...]:
        return tuple(item for page in self.pages for item in page.items)

    @property
    def evidence(self) -> tuple[int, ...]:
        return tuple(page.exchange.entry.n for page in self.pages)


def walks(world: World) -> Iterator[Walk]:
    """Every complete walk in the history."""
    under_way: dict[tuple[str, str, str], list[Listing]] = {}
    for listing in world.listings:
        if listing.verb != "list-messages" or not listing.room:
            continue
        key = (listing.exchange.entry.case, listing.member, listing.room)
        pages = under_way.get(key, [])
        if listing.page == 1:
            pages = [listing]
        elif pages and listing.page == pages[-1].page + 1:
            pages = [*pages, listing]
        else:
            pages = []
        under_way[key] = pages
        if pages and listing.followed is False:
            yield Walk(listing.room, listing.member, tuple(pages))
            under_way[key] = []
