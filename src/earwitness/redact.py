"""Keeps secrets out of everything we write: they are replaced before writing, and every output is swept at the end."""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

from earwitness.errors import CouldNotTest, Problem, UsageError
from earwitness.history.entries import KINDS, Json

SHORTEST: Final = 4
_ROUNDS: Final = 8
_CHUNK: Final = 1 << 20
# The most characters that one character of a secret takes in any of the forms below.
_WIDEST: Final = 32
# So many beginnings of secrets are looked for at once; an expression of more is slower than one look-up after the other.
_FEW: Final = 16

# These look the same in JSON, in a URL and in HTML.
_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]+")
_NUMBER: Final = re.compile(r"[-+.0-9eE]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# A secret spelt like one of these would be cut out of the frame of every line of a history.
_OWN_WORDS: Final = frozenset(
    {"true", "false", "null", "none", "json", "text", "base64", "parts", *KINDS}
    | {spec.name for kind in KINDS.values() for spec in fields(kind)}
)

# Base64 stands in two places: where HTTP puts it (a Basic header) and where a history does (bytes that are no UTF-8).
_BASE64: Final = re.compile(r'((?i:\bbasic)\s+|"base64",\s*"value":\s*")([A-Za-z0-9+/_-]{4,}={0,2})')
# A signed URL is a secret for whoever holds it, and it is one that nobody could have told us beforehand.
_URL: Final = re.compile(r"\b(?i:https?|wss?):(?:\\*/){2}[^\s\"'<>]+")
_BEARER: Final = re.compile(
    r"((?:[?&;]|\\+u0026)(?i:signature|sig|x-amz-signature|x-amz-security-token|x-goog-signature|awsaccesskeyid"
    r"|token|access_token)=)(?!\$|REDACTED)[^&;#\s\"'<>\\]+"
)
_ENTITIES: Final = {"&": "amp|#38", "<": "lt|#60", ">": "gt|#62", '"': "quot|#34|#x22", "'": "apos|#39|#x27"}


def objection(secret: str) -> str:
    """Why ``secret`` cannot be kept out of what we write; "" when it can. The words do not hold the secret itself."""
    if len(secret) < SHORTEST:
        return f"{len(secret)} characters: too short to be told from other text"
    if _NUMBER.fullmatch(secret):
        return "nothing but a number: it cannot be told from other numbers"
    if _CONTROL.search(secret):
        return "a line break or another control character in it"
    if any(secret in word for word in _OWN_WORDS):
        return "a word that every history is full of"
    return ""


class Redactor:
    """All secrets of a run, and the placeholders that stand for them. Any thread may use it at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._matcher = _Matcher()
        self._stale = False

    def add(self, secret: str, placeholder: str) -> None:
        """From now on ``placeholder`` (``$ALICE_TOKEN``) stands for ``secret``; a secret known already keeps its own.

        Raises UsageError for a secret that cannot be redacted (see `objection`) or is a part of the placeholder.
        """
        reason = objection(secret) or ("a part of its own placeholder" if secret in placeholder else "")
        if reason:
            raise UsageError(
                Problem(
                    f"the secret {placeholder} is no good for a test account: {reason}",
                    expected=f"{SHORTEST} characters or more, best a long random text",
                )
            )
        with self._lock:
            self._known.setdefault(secret, placeholder)
            self._stale = True

    def redact(self, text: str) -> str:
        """``text`` with a placeholder for every secret, raw or as JSON, a URL, HTML or a Basic header spell it, and
        with ``…`` for the signatures and tokens in the query of a URL. What was JSON is JSON afterwards, unless the
        secret is in its frame."""
        matcher = self._current()
        out = matcher.replace(text)
        if out != text and matcher.special and _is_json(text) and not _is_json(out):
            # What replaced it took a backslash too many, or the frame of the document looks like a secret. In the second
            # case the document gives way.
            each = json.dumps(_each_text(json.loads(text), matcher), separators=(",", ":"))
            out = out if matcher.finds(each) else each
        if "://" in out or ":\\" in out:
            out = _URL.sub(lambda url: _BEARER.sub(r"\1REDACTED", url[0]), out)
        return out

    def holds_secret(self, text: str) -> bool:
        """Whether ``text`` contains a secret in any of the forms that `redact` replaces."""
        return self._current().finds(text)

    def sweep(self, folder: Path) -> list[Path]:
        """The files under ``folder`` that contain a secret, in their content or their name.

        Raises CouldNotTest for a file that cannot be read: nobody could vouch for it.
        """
        return [path for path in sorted(folder.rglob("*")) if path.is_file() and self._tainted(path, folder)]

    def _tainted(self, path: Path, folder: Path) -> bool:
        matcher = self._current()
        if matcher.finds(str(path.relative_to(folder))):
            return True
        overlap = matcher.longest * _WIDEST
        tail = ""
        try:
            with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                while chunk := file.read(_CHUNK):
                    if matcher.finds(tail + chunk):
                        return True
                    tail = (tail + chunk)[-overlap:] if overlap else ""
        except OSError as error:
            raise CouldNotTest(f"{path}: cannot be swept for secrets: {error.strerror}") from error
        return False

    def _current(self) -> _Matcher:
        # Rebuilt at the first use after an addition, not at the addition: members come in threes. The new matcher is in
        # place before anybody can see that it is no longer stale.
        if self._stale:
            with self._lock:
                if self._stale:
                    self._matcher = _Matcher.of(self._known, self._matcher)
                    self._stale = False
        return self._matcher


@dataclass(frozen=True, slots=True)
class _Matcher:
    """Finds a fixed set of secrets.

    Most secrets are plain, and there may be thousands (every test case mints members): one expression finds what is long
    enough to hold one, a look-up by the first four characters and the length tells the rest, so that neither finding nor
    adding takes longer the more there are. Where the first four characters are few (JWTs all begin alike), an expression
    finds them. The few others get one expression that knows every spelling of every character.
    """

    runs: re.Pattern[str] | None = None
    shortest: int = 0
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    heads: re.Pattern[str] | None = None
    special: re.Pattern[str] | None = None
    order: tuple[str, ...] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0

    @staticmethod
    def of(known: Mapping[str, str], before: _Matcher) -> _Matcher:
        """The matcher of all that is ``known``; what ``before`` has compiled is used again where it still holds."""
        plain = [secret for secret in known if _PLAIN.fullmatch(secret)]
        order = tuple(sorted((s for s in known if not _PLAIN.fullmatch(s)), key=len, reverse=True))
        lengths: dict[str, set[int]] = {}
        for secret in plain:
            lengths.setdefault(secret[:SHORTEST], set()).add(len(secret))
        shortest = min(map(len, plain), default=0)
        heads = before.heads
        if lengths.keys() != before.lengths.keys():
            heads = re.compile("|".join(map(re.escape, lengths))) if len(lengths) <= _FEW else None
        special = before.special
        if order != before.order:
            special = re.compile("|".join(f"({_spellings(secret)})" for secret in order))
        return _Matcher(
            runs=re.compile(rf"[A-Za-z0-9._-]{{{shortest},}}") if plain else None,
            shortest=shortest,
            lengths={head: tuple(sorted(each, reverse=True)) for head, each in lengths.items()},
            heads=heads,
            special=special,
            order=order,
            placeholders=dict(known),
            longest=max(map(len, known), default=0),
        )

    def finds(self, text: str) -> bool:
        if next(self._matches(text), None):
            return True
        return any(next(self._matches(_decoded(hit[2])), None) for hit in _BASE64.finditer(text))

    def replace(self, text: str) -> str:
        if not self.placeholders:
            return text
        if "asic" in text or "ASIC" in text or '"base64"' in text:
            text = _BASE64.sub(self._rewrap, text)
        return self._settle(text)

    def _settle(self, text: str) -> str:
        # What was put in may form a secret with what stands around it; at the end of patience it is cut out instead,
        # which ends, since every round makes the text shorter.
        for _ in range(_ROUNDS):
            shorter = self._once(text, keep=True)
            if shorter == text:
                return text
            text = shorter
        while (shorter := self._once(text, keep=False)) != text:
            text = shorter
        return text

    def _once(self, text: str, keep: bool) -> str:
        out: list[str] = []
        done = 0
        for start, end, secret in self._matches(text):
            out += (text[done:start], self.placeholders[secret] if keep else "")
            done = end
        return "".join((*out, text[done:])) if out else text

    def _matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where secrets stand, from left to right, those with special characters first of all."""
        if self.special:
            hits = [
                (hit.start(), hit.end(), self.order[(hit.lastindex or 1) - 1])
                for hit in self.special.finditer(text)
            ]
            if hits:
                yield from hits
                return
        for run in self.runs.finditer(text) if self.runs else ():
            yield from self._within(run)

    def _within(self, run: re.Match[str]) -> Iterator[tuple[int, int, str]]:
        """The plain secrets in a run of plain characters."""
        word, begin, at = run[0], run.start(), 0
        while at <= len(word) - self.shortest:
            if self.heads is not None:
                head = self.heads.search(word, at)
                if head is None:
                    return
                at = head.start()
            tries = (word[at : at + length] for length in self.lengths.get(word[at : at + SHORTEST], ()))
            secret = next((each for each in tries if each in self.placeholders), None)
            if secret is None:
                at += 1
            else:
                yield begin + at, begin + at + len(secret), secret
                at += len(secret)

    def _rewrap(self, hit: re.Match[str]) -> str:
        decoded = _decoded(hit[2])
        redacted = self._settle(decoded)
        if redacted == decoded:
            return hit[0]
        return hit[1] + base64.b64encode(redacted.encode("utf-8", "surrogateescape")).decode("ascii")


def _spellings(secret: str) -> str:
    """An expression for ``secret`` as it is, in JSON (also in JSON inside JSON), in a URL and in HTML, in any mixture."""
    return "".join(_spelling(part) for part in re.findall(r"\\+|[^\\]", secret))


def _spelling(part: str) -> str:
    """The same for one character, or for a run of backslashes, which every level of JSON doubles."""
    if _PLAIN.fullmatch(part):
        return re.escape(part)
    ways = ["".join(rf"(?i:%(?:25){{0,2}}{byte:02x})" for byte in part.encode("utf-8", "surrogatepass"))]
    units = part.encode("utf-16-be", "surrogatepass").hex()
    ways.append("".join(rf"\\{{1,4}}u(?i:{units[i : i + 4]})" for i in range(0, len(units), 4)))
    if part[0] == "\\":
        ways += [rf"\\{{{len(part) * level}}}" for level in (8, 4, 2)]
    if part in _ENTITIES:
        ways.append(f"&(?:{_ENTITIES[part]});")
    ways += {'"': [r'\\{1,7}"'], "/": [r"\\{1,3}/"], " ": [r"\+"]}.get(part, [])
    return f"(?:{'|'.join(ways)}|{re.escape(part)})"


def _decoded(text: str) -> str:
    """What base64 ``text`` says; "" when it is none. Bytes that are no UTF-8 are kept."""
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & {"-", "_"} else None
        ).decode("utf-8", "surrogateescape")
    except binascii.Error:
        return ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _each_text(value: Json, matcher: _Matcher) -> Json:
    """The document ``value`` with every text in it redacted on its own."""
    if isinstance(value, str):
        return matcher.replace(value)
    if isinstance(value, Mapping):
        return {matcher.replace(key): _each_text(each, matcher) for key, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, matcher) for each in value]
    return value
