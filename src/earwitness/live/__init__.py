"""Live: members that act on a deployment, for contracts, scenarios, the model and load."""

from earwitness.live.handles import SOMETHING, Done, MessageHandle, RoomHandle
from earwitness.live.member import LiveMember
from earwitness.live.outcomes import NotRun, Stopped, Unimplemented, Unreachable
from earwitness.live.rooms import (
    features,
    group_kinds,
    offers,
    open_kinds,
    rooms_of_one_number,
    startable_kinds,
)
from earwitness.live.session import Session
from earwitness.live.stage import Stage
from earwitness.live.ways import Way
from earwitness.member import File

__all__ = [
    "SOMETHING",
    "Done",
    "File",
    "LiveMember",
    "MessageHandle",
    "NotRun",
    "RoomHandle",
    "Session",
    "Stage",
    "Stopped",
    "Unimplemented",
    "Unreachable",
    "Way",
    "features",
    "group_kinds",
    "offers",
    "open_kinds",
    "rooms_of_one_number",
    "startable_kinds",
]
