"""Wire: carries requests and sockets; the only place that touches the network."""

from earwitness.wire.answer import Answer
from earwitness.wire.bell import Bell
from earwitness.wire.ear import Ear, Payload
from earwitness.wire.limits import Limits
from earwitness.wire.loop import LoopThread
from earwitness.wire.wire import Wire

__all__ = ["Answer", "Bell", "Ear", "Limits", "LoopThread", "Payload", "Wire"]
