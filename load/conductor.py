"""The conductor: deals the cast out to the users, says when to begin and when to drain, and gathers what every process has seen.

It lives in the master, or in the one process there is. The steps, and what ends each: every user *claims* its share and opens its ears
(all are ready) → *go*, messages are sent (all have sent) → *drain* (all have heard what they must, or the deadline is over) → judged.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import gevent

from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode
from earwitness.load.cast import Cast, cast_of
from earwitness.load.clock import Clocks, Offset, clocks_of
from earwitness.load.environment import environment, versions
from earwitness.load.ledger import Ledger
from earwitness.load.outcome import Circumstances, outcome
from earwitness.load.part import Part
from earwitness.load.profile import Profile
from earwitness.load.progress import Progress, progress
from earwitness.load.setting import Setting, lists, note
from earwitness.load.standing import ALONE_MS, APART_MS, Moment, Process, standing
from earwitness.redact import Redactor
from load.bank import why_no_bank
from load.ground import Ground
from load.machine import machine
from load.people import People, peer_of
from load.players import PATIENCE
from load.reports import Reports
from load.stamps import why_no_stamps

# From the last ear that opens to the first message: time for the word to reach every process.
_LEAD_NS: Final = 500_000_000
# How long all processes together may take to open their ears, and what each socket adds to it.
_OPENING_S, _OPENING_EACH_S = 60.0, 0.05
# How long the last phase may take beyond the deployment's deadline before somebody is taken for gone.
_PATIENCE_S: Final = 20.0

Send = Callable[[str, dict[str, Any], str | None], None]


class Conductor:
    """One load, from the claims to the outcome."""

    def __init__(
        self, profile: Profile, ground: Ground, members: str, send: Send, over: Callable[[], None]
    ) -> None:
        """``send`` says something to the process of a user, or to all; ``over`` is called once when there is nothing left to do."""
        self.profile, self.ground = profile, ground
        self.run = secrets.token_hex(4)
        self._members, self._send, self._over = members, send, over
        self._pace = profile.pace()
        self._cast: Cast | None = None
        self._setting: Setting | None = None
        self._start: int | None = None
        self._started: float | None = None
        # Who takes part: the process and the number of the share of each user.
        self._users: dict[str, tuple[str, int]] = {}
        self._gone: set[str] = set()
        self._of = 0
        self._ready: set[str] = set()
        self._sent: dict[str, Any] = {}
        self._has_sent: set[str] = set()
        self._done: set[str] = set()
        self._reports = Reports(self.run)
        self._machine = machine()
        self._machines = {self._machine}
        # How far the clocks of processes on other machines are from ours, and when the load began by the clock of each.
        self._offsets: dict[str, Offset] = {}
        self._starts: dict[str, int] = {}
        self._is_quiet = True
        # What people call each process: its number and its machine.
        self._processes: dict[str, str] = {}
        self.redactor = Redactor()
        # Each with what stands for it.
        self.secrets: list[tuple[str, str]] = []
        self.error: EarwitnessError | None = None
        self.finished = False

    def prepare(self, users: int, spawning_s: float = 0.0) -> None:
        """Find the members and start the rooms; all ``users`` will be there after so many seconds. Raises EarwitnessError."""
        self.ground.permit(self.profile)
        self._setting = setting = self.ground.setting(self.profile)
        people = People(self.ground, setting)
        cast = cast_of(self.profile, setting)
        self._pace = replace(self._pace, senders=len(cast.senders))
        accounts = people.accounts(cast.members, self._members)
        self._accounts = accounts
        self.secrets = [pair for account in accounts.values() for pair in account.secrets()]
        for secret, stand_in in self.secrets:
            self.redactor.add(secret, stand_in)
        self._rooms = [people.room([accounts[name] for name in names]) for names in cast.rooms]
        self._cast, self._of = cast, max(1, users)
        patience_s = spawning_s + _OPENING_S + _OPENING_EACH_S * len(cast.devices)
        gevent.spawn_later(patience_s, self._not_ready)

    # -- what users say -------------------------------------------------------------------------------------------------------

    def claim(self, client: str, user: str, machine: str, process: str, said_at: int) -> None:
        """A user asks for its share, at ``said_at`` by its clock. Whoever comes after all shares are dealt out has nothing to do."""
        if machine != self._machine:
            self._offsets.setdefault(client, Offset()).before.came(said_at, time.monotonic_ns())
        self._processes[client] = process
        if self._cast is None or self._setting is None or len(self._users) >= self._of or self.finished:
            return
        number = len(self._users)
        self._users[user] = client, number
        self._machines.add(machine)
        dropping = self._cast.dropping(self.profile.reconnect_share)
        senders, devices = self._cast.share(number, self._of)
        deployment = self.ground.deployment
        self._send("earwitness-job", {
            "user": user,
            "run": self.run,
            "api": deployment.api,
            "deployment": {
                "http": deployment.http, "ws": deployment.ws, "deadline_ms": deployment.deadline_ms, "paths": deployment.paths,
                "allow_hosts": sorted(deployment.allow_hosts), "ca_file": deployment.ca_file,
                "foreign": deployment.foreign, "adopted": list(deployment.adopted),
                "known": {one.match: one.reason for one in deployment.known_failures},
            },
            "socket": self._setting.socket.name,
            "size": self.profile.size,
            "form": self._setting.form,
            "pace": self._pace.dump(),
            "drops": list(self.profile.drops()),
            "reads": self.profile.reads,
            "types": self.profile.types,
            "lists": list(lists(self.ground.documents.binding, self._setting.kind)),
            "planned": self._cast.planned(self._pace),
            "senders": [
                {"name": name, "number": list(self._cast.senders).index(name), "account": self._account(name), "room": self._seen_by(name, self._cast.senders[name])}
                for name in senders
            ],
            "devices": [
                {
                    "name": device.name, "account": self._account(device.member), "must": list(device.must), "may": list(device.may),
                    "drops": device.name in dropping,
                    "room": self._seen_by(device.member, device.room) if device.room >= 0 else None,
                }
                for device in devices
            ],
            "told_at": time.monotonic_ns(),
        }, client)  # fmt: skip

    def _account(self, name: str) -> dict[str, Any]:
        account = self._accounts[name]
        return {"name": name, "attributes": dict(account.attributes), "token": account.token}

    def _seen_by(self, name: str, number: int) -> dict[str, Any]:
        """The room of that number as its member ``name`` sees it: a pair by who the other is."""
        assert self._cast is not None and self._setting is not None
        if not self._setting.is_pair:
            return self._rooms[number]
        peer = next(one for one in self._cast.rooms[number] if one != name)
        return {**self._rooms[number], "peer": peer_of(self._accounts[peer])}

    def ready(self, client: str, user: str, times: Mapping[str, Any]) -> None:
        """A user's ears are open."""
        self._ready.add(user)
        self._compare(client, times, has_ended=False)
        if len(self._ready) == self._of and self._start is None:
            self._start = time.monotonic_ns() + _LEAD_NS
            self._started = round(time.time() + _LEAD_NS / 1e9, 3)
            for one in {each for each, _ in self._users.values()}:
                offset = self._offsets[one].estimate() if one in self._offsets else 0
                self._starts[one] = self._start - offset
                self._send("earwitness-go", {"start": self._starts[one], "offset": offset}, one)
            gevent.spawn_later(
                self.profile.seconds
                + (3 + PATIENCE) * self.ground.deployment.deadline_ms / 1000
                + _PATIENCE_S,
                self._too_late,
            )

    def has_sent(self, user: str, sent: Mapping[str, Any]) -> None:
        """A user has sent all that it had to."""
        self._sent.update(sent)
        self._has_sent.add(user)
        if len(self._has_sent) == self._of:
            self._send("earwitness-drain", {"sent": self._sent, "told_at": time.monotonic_ns()}, None)

    def done(
        self, client: str, user: str, part: Mapping[str, Any], is_quiet: bool, times: Mapping[str, Any]
    ) -> None:
        """A user has nothing more to expect, or deliveries still came when it had waited long enough."""
        self.report(client, part)
        self._compare(client, times, has_ended=True)
        self._is_quiet = self._is_quiet and is_quiet
        self._done.add(user)
        if len(self._done) == self._of:
            self._finish()

    def report(self, client: str, part: Mapping[str, Any]) -> None:
        """What a process has seen so far."""
        self._reports.take(client, part)

    def _compare(self, client: str, times: Mapping[str, Any], *, has_ended: bool) -> None:
        """Learn of a process's clock from a message that came now, and from the one that it had heard last."""
        if (offset := self._offsets.get(client)) is not None:
            sightings = offset.after if has_ended else offset.before
            sightings.came(times["said_at"], time.monotonic_ns())
            sightings.went(*times["told"])

    def failed(self, error: EarwitnessError) -> None:
        """The load cannot go on."""
        if self.error is None and not self.finished:
            self.error = error
            gevent.spawn(self._over)

    def gone(self, client: str) -> None:
        """A process went away, or is so stuck that it says nothing any more."""
        if self.finished or self.error is not None:
            return
        self._gone.add(client)
        senders, devices = self._held_by({client})
        when = "before the first message" if self._start is None else f"after {max(0.0, self._ran_s()):.0f} s"
        process = self._processes.get(client)
        called = f"{process} ({client} to Locust)" if process else f"the process {client}"
        held = f"{len(devices)} of {len(self._cast.devices) if self._cast else 0} sockets"
        whose = (
            f"{held} and the sender{'s' if len(senders) > 1 else ''} {', '.join(senders[:6])}"
            if senders
            else held
        )
        self.failed(CouldNotTest(
            f"{called} of the load went away {when}; it had {whose}, and what those heard and sent after its last report is unknown"
        ))  # fmt: skip

    def _held_by(self, clients: Collection[str]) -> tuple[list[str], list[str]]:
        """The senders and listeners of these processes."""
        senders: list[str] = []
        devices: list[str] = []
        for client, number in self._users.values():
            if self._cast is not None and client in clients:
                theirs, listen = self._cast.share(number, self._of)
                senders += theirs
                devices += [device.name for device in listen]
        return senders, devices

    def _silent(self) -> set[str]:
        """The processes whose last report is so much older than others' that what the others sent since may miss in it."""
        return self._gone | set(self._reports.silent(self.ground.deployment.deadline_ms / 2_000))

    def _ran_s(self) -> float:
        return 0.0 if self._start is None else max(0, time.monotonic_ns() - self._start) / 1e9

    def _not_ready(self) -> None:
        if self._start is None and not self.finished:
            missing = self._of - len(self._ready)
            self.failed(
                CouldNotTest(
                    f"{missing} of {self._of} users of the load did not get their sockets open in time"
                )
            )

    def _too_late(self) -> None:
        if not self.finished:
            self.failed(CouldNotTest("a process of the load went away, or did not come to its end"))

    def _finish(self) -> None:
        self.finished = True
        gevent.spawn(self._over)

    def _room_of_all(self) -> dict[str, Any]:
        """What the record says of the rooms that were written in."""
        if self._setting is None or self._cast is None:
            return {}
        rooms = self._cast.rooms[: self.profile.rooms]
        listens = "devices" if self._setting.is_pair else "members"
        members = len(rooms[0])
        return {"kind": self._setting.kind, "rooms": len(rooms), "members": members, "listeners": listens}

    def _note(self) -> str:
        setting, ground = self._setting, self.ground
        if setting is None:
            return ""
        slow = why_no_bank()
        blind = slow or why_no_stamps()
        return "; ".join(filter(None, (
            note(ground.documents.binding, setting, ground.deployment.foreign),
            slow and f"each socket has a greenlet of its own, since {slow}, which adds milliseconds when hundreds hear at once",
            blind and f"nobody measured how late what came was read, since {blind}",
        )))  # fmt: skip

    def progress(self, local: Part | None) -> Progress:
        """How far the load has come; ``local`` is the part of this process, if it is the only one."""
        parts = [local] if local is not None else [part for _, part in self._reports.parts()]
        return progress(parts, self._settled(local), self._phase, self._sockets, self._pace, self._ran_s())

    def standing(self, local: Part | None) -> dict[str, Any]:
        """How the load stands now, as the audit's page shows it; ``local`` as for ``progress``."""
        if local is not None:
            processes = [Process(next(iter(self._processes.values()), "this process"), local)]
        else:
            processes = self._reports.processes(self._processes)
        at = Moment(
            self._phase,
            self._pace,
            self._ran_s(),
            self._sockets,
            self._settled(local),
            APART_MS if local is None else ALONE_MS,
            self._clocks(),
        )
        return standing(self.profile, processes, at)

    def _settled(self, local: Part | None) -> dict[str, int]:
        """By sender, up to which message every process has told since its deadline was over."""
        if local is None:
            return self._reports.settled()
        return {name: out.settled for name, out in local.ledger.sent.items()}

    @property
    def _phase(self) -> str:
        is_over = len(self._has_sent) == self._of
        return "opening" if self._start is None else "draining" if is_over else "sending"

    @property
    def _sockets(self) -> int:
        return len(self._cast.devices) if self._cast else 0

    def _clocks(self) -> Clocks:
        now = time.monotonic_ns()
        here = {client for client, _ in self._users.values()}
        return clocks_of(
            len(self._machines), [one.bound(now) for client, one in self._offsets.items() if client in here]
        )

    # -- the end --------------------------------------------------------------------------------------------------------------

    def outcome(self, command: str) -> tuple[ExitCode, dict[str, Any]]:
        """The exit code and the record of the load, of what there is; ``command`` is the line that started it."""
        whole = Part(Ledger(self.run, self._cast.planned(self._pace) if self._cast else {}))
        for client, part in self._reports.parts():
            part.rebase(self._starts.get(client, time.monotonic_ns()))
            whole.merge(part)
        if not self.finished:
            whole.ledger.gone(self._held_by(self._silent())[1])
        ended, reason = "finished", ""
        if self.error is not None:
            ended, reason = "died", str(self.error)
        elif not self.finished:
            ended, reason = "interrupted", "the load was ended before it was over"
        elif not self._is_quiet:
            whole.ledger.gone(list(whole.ledger.must))
            ended, reason = (
                "inconclusive",
                f"deliveries still came {PATIENCE} deadlines after the last message, so nobody knows what would never have come",
            )
        about = Circumstances(
            api=self.ground.deployment.api, deployment=self.ground.deployment.name, run=self.run, note=self._note(),
            senders=tuple(self._cast.senders) if self._cast else (), ran_s=self._ran_s(), room=self._room_of_all(), ended=ended, reason=reason, drained=self.finished and self._is_quiet, clocks=self._clocks(), started=self._started, processes=max(1, len(self._reports)), sockets=len(whole.ledger.must), redact=self.redactor.redact,
            command=command, environment=environment(), versions=versions(),
        )  # fmt: skip
        code, record = outcome(self.profile, whole, about)
        return (self.error.exit_code if self.error is not None else code), record
