"""What the checks on lists have in common: walks over the pages of one room's messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import Seen
from earwitness.history import Request
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
    # Which walk names an address as its next page: whoever goes there goes on with it, whatever the address says.
    links: dict[tuple[str, str, str], tuple[str, str, str, str]] = {}
    for listing in world.listings:
        if listing.verb != verb or (verb == "list-messages" and not listing.room):
            continue
        # Pages of another size are another walk.
        besides = repr(sorted(_besides_page(listing.exchange).items()))
        key = (listing.exchange.entry.case, listing.member, listing.room, besides)
        here = (listing.exchange.entry.case, listing.member, address(listing.exchange))
        led = links.get(here)
        if led is not None and under_way.get(led) and leads_to(under_way[led][-1], listing.exchange):
            key = led
        pages = under_way.get(key, [])
        if led == key and pages:
            pages = [*pages, listing]
        elif listing.page == 1:
            pages = [listing]
        elif pages and listing.page == pages[-1].page + 1:
            pages = [*pages, listing]
        else:
            pages = []
        under_way[key] = pages
        if pages and isinstance(listing.next, str):
            links[(*here[:2], listing.next)] = key
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
        if before is None or not before.followed:
            continue
        by_number = reading.argument("page") == str(before.page + 1)
        if leads_to(before, exchange) or (
            by_number and _besides_page(exchange) == _besides_page(before.exchange)
        ):
            yield before, exchange


def leads_to(page: Listing, exchange: Exchange) -> bool:
    """Whether ``exchange`` asks for the very address that ``page`` names as the next."""
    return isinstance(page.next, str) and page.next == address(exchange)


def address(exchange: Exchange) -> str:
    """Where a request went."""
    return exchange.entry.url if isinstance(exchange.entry, Request) else ""


def _besides_page(exchange: Exchange) -> dict[str, object]:
    """What a request for a page says besides its number."""
    reading = next(r for r in exchange.readings if r.verb in ("list-messages", "list-all-messages"))
    return {name: value for name, value in reading.arguments.items() if name != "page"}
