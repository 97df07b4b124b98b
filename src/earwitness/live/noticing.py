"""More claims that a member makes: of a room looked at alone, of lists that lack something, of blocks, of who is named."""

from __future__ import annotations

from earwitness.history import Json
from earwitness.live.claiming import Claiming
from earwitness.live.handles import Done, MessageHandle, RoomHandle
from earwitness.live.outcomes import NotRun


class Noticing(Claiming):
    """What a member can say must be so of what it looks at."""

    def sees_room(self, room: RoomHandle, *messages: MessageHandle, **fields: object) -> Done:
        """Look at ``room`` alone and claim that the answer shows it with ``fields``, and each of ``messages`` in it, where the
        API shows messages there."""
        done = self._me.must("read-room", room=room)
        exchanges, kind = (done.exchange,), self._kind_of(room)
        self._shows("room", exchanges, room.id, f"{self.name} sees the room", fields, "rooms-listed", kind)
        inside = "messages" in self.stage.session.documents.binding.views.get("room", {})
        for message in messages if inside else ():
            self.claim(
                "shows", f"{self.name} sees {message.text!r:.40} in the room", exchanges=list(exchanges), name="messages",
                id=message.id, fields={"text": message.text, "author": str(message.author.id)},
            )  # fmt: skip
        return done

    def lists_no_room_having(self, **traits: Json) -> None:
        """List this member's rooms and claim that none has these ``traits``: fields with their values, or with one of them."""
        self._lists_none("rooms", self._me.lists_rooms(), traits, "rooms-listed")

    def unread_in(self, room: RoomHandle) -> int:
        """How many messages this member's list says are unread in ``room``: what later counts are relative to.

        Raises NotRun where the list does not say.
        """
        shown = self.stage.shown(self._me.lists_rooms(), "rooms")
        kind = self._kind_of(room)
        meant = [one for one in shown if one.text("id") == room.id and one.text("kind") in (kind, "")]
        count = next((one.get("unread") for one in meant or shown if one.text("id") == room.id), None)
        if not isinstance(count, int) or isinstance(count, bool):
            raise NotRun("the list of rooms does not say how many messages are unread")
        return count

    def lists_block(self, block: str, **fields: object) -> None:
        """List this member's blocks and claim that ``block`` is there, with ``fields``."""
        done = self._me.must("list-blocks")
        self._shows("blocks", (done.exchange,), block, f"{self.name} lists the block", fields)

    def lists_no_block(self, block: str) -> None:
        """List this member's blocks and claim that ``block`` is not there."""
        done = self._me.must("list-blocks")
        self.claim(
            "lacks", f"{self.name} does not list the block of another", exchanges=[done.exchange], name="blocks", id=block,
            check="refused-changes-nothing",
        )  # fmt: skip

    def lists_no_block_of(self, member: Claiming) -> None:
        """List this member's blocks and claim that none is of ``member``."""
        done = self._me.must("list-blocks")
        self._lists_none("blocks", (done.exchange,), {"member": _id_of(member)}, "refused-changes-nothing")

    def is_told_of(self, done: Done, *members: Claiming) -> None:
        """Claim that the answer to ``done`` names each of ``members``, as the API names members to people.

        Raises NotRun where nothing is known of them but their ids.
        """
        called = [name for one in members if (name := _name_of(one))]
        if len(called) < len(members):
            raise NotRun("what members are called here is not known")
        self.claim(
            "answers", f"{self.name} is told of {', '.join(one.name for one in members)}", exchange=done.exchange,
            mentions=list(called), check="refusal",
        )  # fmt: skip

    def _lists_none(self, name: str, exchanges: tuple[str, ...], traits: dict[str, Json], check: str) -> None:
        told = ", ".join(f"{field} {value!r}" for field, value in traits.items())
        self.claim(
            "lacks", f"{self.name} lists no {name.rstrip('s')} with {told}", exchanges=list(exchanges), name=name,
            having=traits, check=check,
        )  # fmt: skip


def _id_of(member: Claiming) -> str:
    return str(member._me.id)


def _name_of(member: Claiming) -> str:
    """What the API calls a member to others: its user name."""
    return str(member._me.arguments.get("username", ""))
