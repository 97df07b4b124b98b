"""What the checks on lists have in common: walks over the pages of one room's messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import Seen
from earwitness.world import Exchange, Listing, World


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


def walks(world: World, verb: str = "list-messages") -> Iterator[Walk]:
    """Every complete walk in the history, over a room's messages or, by another ``verb``, over those of all rooms."""
    under_way: dict[tuple[str, str, str, str], list[Listing]] = {}
    for listing in world.listings:
        if listing.verb != verb or (verb == "list-messages" and not listing.room):
            continue
        # Pages of another size are another walk.
        besides = repr(sorted(_besides_page(listing.exchange).items()))
        key = (listing.exchange.entry.case, listing.member, listing.room, besides)
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


def next_pages(world: World) -> Iterator[tuple[Listing, Exchange]]:
    """Each page that named a next one, with the request for that one, if the same member made it right afterwards."""
    listings = {listing.exchange.id: listing for listing in world.listings if listing.verb == "list-messages"}
    last: dict[tuple[str, str, str], Listing | None] = {}
    for exchange in sorted(world.line.exchanges.values(), key=lambda e: e.begun):
        reading = next((r for r in exchange.readings if r.verb == "list-messages"), None)
        if reading is None or not exchange.as_member:
            continue
        key = (exchange.entry.case, exchange.member, reading.argument("room"))
        before = last.get(key)
        last[key] = listings.get(exchange.id)
        if before is None or not before.followed or reading.argument("page") != str(before.page + 1):
            continue
        if _besides_page(exchange) == _besides_page(before.exchange):
            yield before, exchange


def _besides_page(exchange: Exchange) -> dict[str, object]:
    """What a request for a page says besides its number."""
    reading = next(r for r in exchange.readings if r.verb in ("list-messages", "list-all-messages"))
    return {name: value for name, value in reading.arguments.items() if name != "page"}
