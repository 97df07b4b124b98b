"""What one process of a load does: opens ears, sends what is due, hears, and keeps its part of the ledger and the figures."""

from __future__ import annotations

import gc
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import gevent
from gevent.event import Event

from earwitness.deployment import Account, Deployment
from earwitness.documents import Documents, load_documents
from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode
from earwitness.load.clock import Clock
from earwitness.load.contract import Promises
from earwitness.load.hearing import ERROR, Hearing
from earwitness.load.ledger import Ledger, Sent, dump_sent, load_sent
from earwitness.load.listening import Scribe
from earwitness.load.pacing import Pace
from earwitness.load.part import Part
from earwitness.load.stamp import Stamp
from load.bank import Bank, ear_for, why_no_bank
from load.ears import Ear, open_all, socket_of, tls_of
from load.hands import Gone, Hands, NoAnswer
from load.machine import machine
from load.mouths import ByHttp, BySocket, Mouth, Refused
from load.reading import Reading
from load.storm import Storm
from load.typists import Typist
from load.waking import watch_ourselves

# Sockets that one user opens at the same time.
_AT_ONCE: Final = 20
_TICK_S: Final = 0.02
# After the last delivery: as long as a second copy, or a stray, may reasonably take.
_GRACE_S: Final = 0.5
# How many deadlines after the last message deliveries may still come before nobody waits for their end.
PATIENCE: Final = 4

# Of the drain, what may be spent on asking whether it is over: one part in so many.
_SELDOM: Final = 10

Note = Callable[[str, str, float, Exception | None], None]


@dataclass
class Player:
    """The share of one user: its job, and the greenlets and ears that do it."""

    job: Mapping[str, Any]
    ears: dict[str, Ear] = field(default_factory=dict)
    sending: list[gevent.Greenlet] = field(default_factory=list)
    is_done: bool = False


class Troupe:
    """The players of one process. They share a ledger, the figures, and what frames mean."""

    def __init__(self, say: Callable[[str, dict[str, Any]], None], note: Note) -> None:
        """``say`` tells the conductor something; ``note`` counts a request of ours for Locust: type, name, milliseconds, error."""
        self._say, self._note = say, note
        self._jobs: dict[str, Event] = {}
        self._players: dict[str, Player] = {}
        self._go, self._drain = Event(), Event()
        self._start = 0
        self._clock = Clock()
        # When the conductor said something last, by its clock, and when that came, by ours.
        self._told: list[int] = []
        self._bank: Bank | None = None
        self._watching: gevent.Greenlet | None = None
        # Locust stops all users; else one that leaves was taken away.
        self.is_ending = False
        self._sent_by_all: dict[str, Sent] = {}
        self._mouths: dict[str, Mouth] = {}
        self._part: Part | None = None
        self._sender_done = False
        self._heard, self._quiet_since, self._look_again_at = -1, 0.0, 0.0
        self._is_complete = False
        # When nobody here has anything left to hear, others may leave: that they went is no part of the load.
        self._listening = 0
        self._reported = 0

    # -- what the conductor says ----------------------------------------------------------------------------------------------

    def take_job(self, job: Mapping[str, Any]) -> None:
        if job["user"] not in self._jobs:
            return
        self._told = [job["told_at"], time.monotonic_ns()]
        if self._part is None:
            self._part = Part(Ledger(job["run"], job["planned"]))
            self._documents: Documents = load_documents(job["api"])
            place = job["deployment"]
            self._promises = Promises(place["foreign"], tuple(place["adopted"]), place["known"])
            hearing = Hearing(self._documents.spec, self._documents.binding, self._promises, self._clock)
            self._scribe = Scribe(self._part, hearing)
            self._deployment = Deployment(
                job["api"], "", place["http"], place["ws"], deadline_ms=place["deadline_ms"], paths=place["paths"],
                allow_hosts=frozenset(place["allow_hosts"]), ca_file=place["ca_file"],
            )  # fmt: skip
            self._tls = tls_of(place["ca_file"])
            if not why_no_bank():
                self._bank = Bank(self._broke, self._scribe.lagged)
        self._players[job["user"]] = Player(job)
        self._jobs[job["user"]].set()

    def go(self, start: int, offset: int) -> None:
        """Messages begin at ``start``, by our clock; ``offset`` is the conductor's minus ours."""
        self._start = self._scribe.start = start
        self._clock.offset = offset
        self._go.set()

    def drain(self, sent: Mapping[str, Any], told_at: int) -> None:
        self._told = [told_at, time.monotonic_ns()]
        self._sent_by_all = {name: load_sent(value) for name, value in sent.items()}
        self._drain.set()

    # -- what a user does -----------------------------------------------------------------------------------------------------

    def play(self, user: str) -> None:
        """Take a share of the load and do it, to its end. Raises nothing: what goes wrong is said to the conductor."""
        self._jobs[user] = Event()
        process = f"process {os.getpid()} on {socket.gethostname()}"
        self._say(
            "earwitness-claim",
            {"user": user, "machine": machine(), "process": process, "said_at": time.monotonic_ns()},
        )
        self._jobs[user].wait()
        player = self._players[user]
        try:
            self._listening += 1
            self._open(player)
            # Thousands of sockets are no garbage, and looking through them again would stop everything for a fifth of a second.
            gc.collect()
            gc.freeze()
            self._say("earwitness-ready", {"user": user, **self._times()})
            self._go.wait()
            if next(iter(self._players)) == user:
                self._watching = gevent.spawn(
                    watch_ourselves, self._whole, _TICK_S, lambda: self._sender_done
                )
            player.sending = [
                gevent.spawn(self._send, player.job, sender) for sender in player.job["senders"]
            ]
            player.sending += self._beside(player)
            gevent.joinall(player.sending, raise_error=True)
            mine = {
                sender["name"]: dump_sent(self._ledger.sent[sender["name"]])
                for sender in player.job["senders"]
            }
            self._say("earwitness-sent", {"user": user, "sent": mine})
            self._drain.wait()
            self._sender_done = True
            is_quiet = self._hear_the_rest()
            self._listening -= 1
            self._scribe.is_over = not self._listening
        except EarwitnessError as error:
            self._fail(user, str(error), error.exit_code)
            return
        except Exception as error:
            self._broke(error)
            return
        player.is_done = True
        self._say(
            "earwitness-done", {"user": user, "part": self.report(), "drained": is_quiet, **self._times()}
        )

    def _times(self) -> dict[str, Any]:
        """What lets the conductor compare our clock with its own: when this is said, and when it was heard last."""
        return {"said_at": time.monotonic_ns(), "told": self._told}

    def _broke(self, error: Exception) -> None:
        """A mistake of ours, which nobody may take for the deployment's."""
        reason = f"an error of Earwitness itself: {type(error).__name__}: {error}"
        self._fail(next(iter(self._players), ""), reason)

    def _fail(self, user: str, reason: str, code: ExitCode = ExitCode.COULD_NOT_TEST) -> None:
        self._say("earwitness-failed", {"user": user, "reason": reason, "code": int(code)})

    def leave(self, user: str) -> None:
        """Close what a user has open; safe to call at any time."""
        player = self._players.get(user)
        if player is not None:
            if not (player.is_done or self.is_ending):
                self._fail(user, "Locust was told to have fewer users while the load ran")
            self._scribe.is_over = True
            gevent.killall(player.sending)
            for ear in player.ears.values():
                ear.close()
            player.ears.clear()
            for sender in player.job["senders"]:
                if (mouth := self._mouths.pop(sender["name"], None)) is not None:
                    mouth.close()

    def close(self) -> None:
        """The load is over for this process, whatever became of it: let go of what no player holds."""
        self.is_ending = True
        for user in self._players:
            self.leave(user)
        if self._watching is not None:
            self._watching.kill()
        if self._bank is not None:
            self._bank.close()

    def report(self) -> dict[str, Any]:
        """This process's part; of the seconds those that may have changed since the last report."""
        since, self._reported = self._reported, max(0, self._second(time.monotonic_ns()) - 2)
        return self._whole.dump(since)

    @property
    def part(self) -> Part | None:
        """What this process has seen until now, if it takes part."""
        return None if self._part is None else self._whole

    @property
    def _whole(self) -> Part:
        assert self._part is not None
        self._scribe.settle()
        return self._part

    @property
    def _ledger(self) -> Ledger:
        return self._whole.ledger

    # -- ears -----------------------------------------------------------------------------------------------------------------

    def _open(self, player: Player) -> None:
        job = player.job
        opening = [partial(self._open_one, player, device) for device in job["devices"]]
        opening += [partial(self._open_mouth, job, sender) for sender in job["senders"]]
        open_all(opening, _AT_ONCE)

    def _open_one(self, player: Player, device: Mapping[str, Any]) -> None:
        account = _account(device["account"])
        name = player.job["socket"]
        url, address = socket_of(self._deployment, self._documents, name, account, device["room"])
        limit_s = self._deployment.deadline_ms / 1000 + 5
        ear = ear_for(limit_s, self._bank, self._tls, counts=bool(device["must"]))
        listener = device["name"]
        hear = self._scribe.listener(listener, address.channel, device["must"], device["may"]).hear
        began = time.monotonic_ns()
        ear.open(
            url,
            address.headers,
            hear,
            lambda why: self._lost_ear(listener, why),
        )
        player.ears[listener] = ear
        took = (time.monotonic_ns() - began) // 1_000
        self._whole.times["connect"].add(took)
        self._note("WSS", f"open {name}", took / 1_000, None)

    def _lost_ear(self, listener: str, why: str) -> None:
        self._whole.closed[listener] = why

    def _answered(self, operation: str, status: int, content_type: str, content: bytes) -> None:
        """Hold an answer against the contract."""
        self._whole.contract.answers += 1
        found = self._documents.spec.operations.get(operation)
        if found and (misses := self._promises.answer(found, status, content_type, content)):
            self._whole.contract.take(misses, time.monotonic_ns(), content)

    def _second(self, at: int) -> int:
        return max(0, at - self._start) // 1_000_000_000

    # -- sending --------------------------------------------------------------------------------------------------------------

    def _send(self, job: Mapping[str, Any], sender: Mapping[str, Any]) -> None:
        """Send what is due at its time, or as soon as the one before is answered, so that there is an order to keep; how late that makes
        a message is part of its latencies. What could not be sent until a deadline after the end is not sent at all."""
        pace, number, name = Pace.load(job["pace"]), sender["number"], sender["name"]
        sent, mouth = self._ledger.sent[name], self._mouths[name]
        sent.expect([self._start + at for at in job["drops"]])
        end = self._start + round(pace.seconds * 1e9) + self._deadline_ns
        for sequence in range(1, pace.count(number) + 1):
            due = self._start + pace.due(number, sequence)
            while (wait := due - time.monotonic_ns()) > 0:
                gevent.sleep(wait / 1e9)
            if time.monotonic_ns() > end:
                break
            sent.issued = sequence
            sent.unanswered.add(sequence)
            fault: Exception | None = None
            try:
                mouth.send(Stamp(job["run"], name, sequence, due + self._clock.offset).text(job["size"]))
            except NoAnswer as error:
                fault = error
            except Refused as error:
                sent.refused.add(sequence)
                fault = error
            except Gone:
                sent.issued = sequence - 1
                sent.unanswered.discard(sequence)
                raise
            now = time.monotonic_ns()
            late_us = (now - due) // 1_000
            if not isinstance(fault, NoAnswer):
                sent.unanswered.discard(sequence)
            if fault is None:
                self._whole.acknowledged(self._second(now), None if sent.spoken else late_us)
            self._note("SEND", "send-text", late_us / 1e3, fault)
            sent.done(sequence, now, self._deadline_ns)
        sent.over(self._deadline_ns)

    def _beside(self, player: Player) -> list[gevent.Greenlet]:
        """What goes on beside sending: sockets that drop and return, lists that are read, typing."""
        job, pace = player.job, Pace.load(player.job["pace"])
        going = [device for device in job["devices"] if device["drops"]]
        storm = Storm(
            self._ledger, pace, list(job["planned"]), self._start, job["drops"], going, player.ears, lambda device: self._open_one(player, device)
        )  # fmt: skip
        found = [gevent.spawn(storm.blow)] if going and job["drops"] else []
        every_ns = round(1e9 * pace.senders / job["reads"]) if job["reads"] else 0
        for sender in job["senders"] if every_ns else ():
            hands = Hands(self._deployment, self._documents, self._tls, self._answered)
            # Senders read one after the other, not all at once.
            start = self._start + every_ns * sender["number"] // pace.senders
            reading = Reading(
                self._whole, hands, _account(sender["account"]), sender["room"], tuple(job["lists"]), every_ns, start, self._start + round(pace.seconds * 1e9)
            )  # fmt: skip
            found.append(gevent.spawn(reading.read))
        every_ns = round(1e9 * pace.senders / job["types"]) if job["types"] else 0
        for sender in job["senders"] if every_ns else ():
            typist = Typist(
                self._deployment, self._documents, self._tls, self._whole, self._scribe.hold, _account(sender["account"]), sender["room"],
                every_ns, self._start + every_ns * sender["number"] // pace.senders, self._start + round(pace.seconds * 1e9),
            )  # fmt: skip
            found.append(gevent.spawn(typist.type))
        return found

    def _open_mouth(self, job: Mapping[str, Any], sender: Mapping[str, Any]) -> None:
        """Make ready what a sender sends by."""
        name, account, room = sender["name"], _account(sender["account"]), sender["room"]
        sent = self._ledger.sent[name] = Sent(spoken=job["form"] == "socket")
        if not sent.spoken:
            self._mouths[name] = ByHttp(
                Hands(self._deployment, self._documents, self._tls, self._answered), account, room
            )
            return

        def hear(channel: str, payload: bytes, at: int, binary: bool) -> None:
            if self._scribe.hold(channel, payload, at, binary).event == ERROR:
                sent.doubt(at, self._deadline_ns)

        def closed(why: str) -> None:
            self._whole.closed[f"{name}, who sends"] = why
            sent.doubt(time.monotonic_ns(), self._deadline_ns)

        mouth = BySocket(self._deployment, self._documents, account, room, hear, closed, self._tls)
        mouth.open()
        self._mouths[name] = mouth

    @property
    def _deadline_ns(self) -> int:
        return self._deployment.deadline_ms * 1_000_000

    # -- the end --------------------------------------------------------------------------------------------------------------

    def _hear_the_rest(self) -> bool:
        """Wait until all that was acknowledged is heard, or the deadline is over and nothing comes any more; then as long as something
        else may still come. Returns whether it came to that: who hears more and more lets nobody know what is lost."""
        deadline, began = self._deployment.deadline_ms / 1000, time.monotonic()
        while not self._has_heard_all():
            now = time.monotonic()
            if now > began + deadline and now > self._quiet_since + _GRACE_S:
                break
            if now > began + PATIENCE * deadline:
                return False
            if self._whole.closed and not Hands(self._deployment, self._documents, self._tls).is_reachable():
                raise CouldNotTest(f"{self._deployment.http} cannot be reached any more")
            gevent.sleep(_TICK_S)
        gevent.sleep(_GRACE_S)
        return True

    def _has_heard_all(self) -> bool:
        """Whether all that was acknowledged is heard. To go through thousands of listeners takes so long that what comes meanwhile would
        seem late, so that is done when nothing comes any more, once for all users, and seldom."""
        now, count = time.monotonic(), self._whole.times["delivery"].n
        if count != self._heard:
            self._heard, self._quiet_since = count, now
        if not self._is_complete and now > max(self._quiet_since + _TICK_S, self._look_again_at):
            self._is_complete = self._ledger.is_complete(self._sent_by_all)
            took = time.monotonic() - now
            self._look_again_at = now + _SELDOM * took
        return self._is_complete


def _account(value: Mapping[str, Any]) -> Account:
    return Account(value["name"], value["attributes"], value["token"])
