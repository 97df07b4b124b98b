"""A good deployment file says what it says; a bad one is told everything that is wrong with it, with lines."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from earwitness.deployment import Account, Budget, Deployment, KnownFailure, declared_api, load_deployment
from earwitness.deployment.load import KEYS
from earwitness.errors import UsageError

Load = Callable[..., Deployment]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "deployment-files.md"


def complaints(load: Load, *args: object, **kwargs: object) -> str:
    with pytest.raises(UsageError) as caught:
        load(*args, **kwargs)
    return re.sub(r"\S*/staging\.yaml", "staging.yaml", str(caught.value))


def test_the_least_file_that_is_enough(load: Load) -> None:
    deployment = load()
    assert deployment.api == "fe16ops"
    assert deployment.name == "staging"
    assert deployment.http == "https://staging.example.com"
    assert deployment.ws == "wss://staging.example.com"
    assert deployment.accounts == (
        Account("alice", {"id": 1, "username": "alice-qa"}, "alice-0123456789"),
        Account("bob", {"id": 2, "username": "bob-qa"}, "bob-0123456789"),
    )
    assert deployment.foreign
    assert deployment.deadline_ms == 5_000
    assert deployment.allow_hosts == {"staging.example.com:443"}
    assert deployment.tiers == {"read", "write-own"}
    assert deployment.budget == Budget(20_000, 200, 20_000, 600)
    assert (deployment.adopted, deployment.known_failures, deployment.warnings) == ((), (), ())
    assert (deployment.levers_url, deployment.levers) == ("", frozenset())
    assert (deployment.paths, deployment.ca_file) == ("", None)
    assert deployment.source.endswith("staging.yaml")


def test_a_file_that_says_everything(load: Load, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    deployment = load(
        """
name: Staging, Frankfurt
ws: WSS://Sockets.Example.com:443/base/
allow: {hosts: [storage.example.com, "files.example.com:9000", "https://[::1]/"], tiers: [read, intrusive]}
deadline: 1.2345
adopt: [order-of-rooms]
known-failures:
  - {match: "fe16ops:MSG-2", reason: being rebuilt, expires: 2026-06-15}
  - {match: delivery.once, reason: ticket 7, expires: 2026-06-14}
levers: {url: "http://storage.example.com/levers/", names: [expired-token]}
paths: client
ca-file: ca.pem
budget: {requests: 10, sockets: 2, messages: 3, seconds: 0.5}
"""
    )
    assert deployment.name == "Staging, Frankfurt"
    assert deployment.ws == "wss://sockets.example.com/base"
    assert deployment.allow_hosts == {
        "staging.example.com:443",
        "sockets.example.com:443",
        "storage.example.com:80",
        "storage.example.com:443",
        "files.example.com:9000",
        "[::1]:443",
    }
    assert deployment.tiers == {"read", "intrusive"}
    assert deployment.deadline_ms == 1_235
    assert deployment.adopted == ("order-of-rooms",)
    assert deployment.known_failures == (KnownFailure("fe16ops:MSG-2", "being rebuilt", date(2026, 6, 15)),)
    assert len(deployment.warnings) == 1
    assert re.search(
        r"staging\.yaml:18: the known failure 'delivery.once' expired on 2026-06-14 and no longer applies",
        deployment.warnings[0],
    )
    assert deployment.levers_url == "http://storage.example.com/levers"
    assert deployment.levers == {"expired-token"}
    assert deployment.paths == "client"
    assert deployment.ca_file == str(tmp_path / "ca.pem")
    assert deployment.budget == Budget(10, 2, 3, 0.5)


def test_the_levers_of_a_file_that_does_not_name_them(load: Load) -> None:
    deployment = load('levers: {url: "https://staging.example.com/x"}')
    assert deployment.levers == {"mint-member", "expired-token", "move-clock", "rows"}


def test_members_may_be_missing_where_a_lever_mints_them(tmp_path: Path) -> None:
    path = tmp_path / "minted.yaml"
    path.write_text('api: a\nhttp: "http://h:81"\nlevers: {url: "http://h:81/x"}\n', encoding="utf-8")
    deployment = load_deployment(path, {})
    assert deployment.accounts == ()
    assert deployment.ws == "ws://h:81"
    assert deployment.allow_hosts == {"h:81"}


def test_secrets_may_stand_in_files(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "alice").write_text("alice-from-a-file\n", encoding="utf-8")
    deployment = load("token-file: secrets/alice", "token: ${ALICE_TOKEN}")
    account = deployment.account("alice")
    assert account
    assert account.token == "alice-from-a-file"


def test_credentials_are_open_or_secret(load: Load, tmp_path: Path) -> None:
    (tmp_path / "otp").write_text("otp-from-a-file", encoding="utf-8")
    deployment = load(
        'credentials: {username: "${ALICE_TOKEN}", email: a@b.test, password: "${PW}", otp-file: otp}',
        "token: ${ALICE_TOKEN}",
    )
    account = deployment.account("alice")
    assert account
    assert account.credentials == {
        "username": "alice-0123456789",
        "email": "a@b.test",
        "password": "correct horse",
        "otp": "otp-from-a-file",
    }
    assert list(deployment.secrets()) == [
        ("correct horse", "$ALICE_PASSWORD"),
        ("otp-from-a-file", "$ALICE_OTP"),
        ("bob-0123456789", "$BOB_TOKEN"),
    ]


def test_nobody_sees_a_secret_by_looking(load: Load) -> None:
    shown = repr(load('credentials: {username: alice, password: "${PW}"}', "token: ${ALICE_TOKEN}"))
    assert "bob-0123456789" not in shown
    assert "correct horse" not in shown


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        ("deadlin: 3", "", ("staging.yaml:10: unknown key 'deadlin'", "did you mean 'deadline'?")),
        ("tokn: ${ALICE_TOKEN}", "token: ${ALICE_TOKEN}", ("staging.yaml:6: unknown key 'tokn' in members.alice", "did you mean 'token'?")),
        ("allow: {host: [a]}", "", (":10: unknown key 'host' in allow", "did you mean 'hosts'?")),
        ("known-failures: [{match: a, reason: b, expires: 2026-07-01, until: 1}]", "", ("unknown key 'until' in known-failures[0]",)),
        ("levers: {uri: x}", "", ("unknown key 'uri' in levers", "did you mean 'url'?", "levers.url is missing")),
        ("budget: {request: 1}", "", ("unknown key 'request' in budget", "did you mean 'requests'?")),
        ("token: literal-secret", "token: ${ALICE_TOKEN}", (":6: members.alice.token is written out in the file", 'write "${ALICE_TOKEN}"')),
        ("token: Bearer ${ALICE_TOKEN}", "token: ${ALICE_TOKEN}", ("members.alice.token is written out in the file",)),
        ("token:", "token: ${ALICE_TOKEN}", ("members.alice.token is empty", 'write "${ALICE_TOKEN}"')),
        ("token: ${ALICE_TOKN}", "token: ${ALICE_TOKEN}", (":6: the environment variable ALICE_TOKN is not set (members.alice.token)", "did you mean ALICE_TOKEN?")),
        ("token: ${NOBODY}", "token: ${ALICE_TOKEN}", ("NOBODY is not set", "export NOBODY=")),
        ("token: ${SHORT}", "token: ${ALICE_TOKEN}", ("the value of SHORT cannot be used: 3 characters: too short",)),
        ("token: ${PW}", "token: ${ALICE_TOKEN}", ("a character in it that no header can carry",)),
        ("token: ${BOB_TOKEN}", "token: ${ALICE_TOKEN}", (":7: bob has the token of alice", "an account of its own")),
        ("token-file: absent", "token: ${ALICE_TOKEN}", (":6: members.alice.token-file: there is no file",)),
        ("credentials: {username: a, password: literal-secret}", "token: ${ALICE_TOKEN}", ("members.alice.credentials.password is written out", 'write "${ALICE_PASSWORD}"')),
        ("credentials: {password: ${PW}}", "token: ${ALICE_TOKEN}", (":6: not readable as YAML", 'a reference needs quotes: "${NAME}"')),
        ("credentials: {}", "token: ${ALICE_TOKEN}", ("members.alice.credentials is empty",)),
        ("credentials: {password-file: absent, password: '${PW}'}", "token: ${ALICE_TOKEN}", ("there is no file", "has password twice")),
        ("credentials: text", "token: ${ALICE_TOKEN}", ("members.alice.credentials is a text", "a map of keys")),
        ("", "    token: ${ALICE_TOKEN}\n", (":4: alice has no way to sign in", "exactly one of token, token-file, credentials")),
        ("token: ${ALICE_TOKEN}\n    credentials: {username: a}", "token: ${ALICE_TOKEN}", ("alice has token and credentials",)),
        ("attributes: {id: 2}", "attributes: {id: 1, username: alice-qa}", ("bob has the id of alice",)),
        ("attributes: {id: [1]}", "attributes: {id: 1, username: alice-qa}", (":5: members.alice.attributes.id is a list", "a text, a number, true or false")),
        ("attributes: {id: '${ALICE_TOKEN}'}", "attributes: {id: 1, username: alice-qa}", ("members.alice.attributes.id refers to the environment",)),
        ("  bob smith:", "  bob:", (":7: 'bob smith' is no name of a member",)),
        ("  Alice:", "  bob:", ("Alice is written like alice",)),
        ("http: staging.example.com", "http: https://staging.example.com/", (":2: http is no address: it has no scheme", "https://staging.example.com")),
        ("http: ftp://staging.example.com", "http: https://staging.example.com/", ("its scheme is none of http, ws, https, wss",)),
        ("http: wss://staging.example.com", "http: https://staging.example.com/", ("http begins with wss://", "an address such as https://")),
        ("http: https://user:literal-secret@h", "http: https://staging.example.com/", ("http holds a user or password",)),
        ("http: https://h/?a=literal-secret", "http: https://staging.example.com/", ("http goes on with '?'", "at most a path")),
        ("http: https://h:99999", "http: https://staging.example.com/", ("99999 is no port",)),
        ("http: 7", "http: https://staging.example.com/", ("http is 7", "put it in quotes")),
        ("", "http: https://staging.example.com/\n", ("http is missing",)),
        ("", "api: fe16ops\n", ("api is missing", "the name of an API")),
        ("ws: https://h", "", (":10: ws begins with https://", "wss://staging.example.com")),
        ("name: 2024", "", (":10: name is 2024", "put it in quotes")),
        ("name: ' '", "", ("name is an empty text",)),
        ("allow: {hosts: [5, '*.example.com', 'h/path', 'http://u@h', 'a b']}", "", ("allow.hosts[0] is 5", "'*.example.com' is no host: hosts are written out one by one", "'h/path' is no host: only a host and a port", "'http://u@h' is no host", "'a b' is no host")),
        ("allow: {tiers: [reed]}", "", (":10: allow.tiers has no 'reed'", "did you mean 'read'?")),
        ("allow: {tiers: read}", "", ("allow.tiers is a text", "a list, such as [first, second]")),
        ("allow: [a]", "", ("allow is a list", "a map of keys")),
        ("deadline: 0", "", (":10: deadline is 0", "a number of seconds above 0")),
        ("deadline: .inf", "", ("deadline is a text",)),
        ("deadline: true", "", ("deadline is true",)),
        ("deadline: 1e300", "", ("deadline is a number", "at most 3600")),
        ("adopt: order", "", ("adopt is a text", "a list")),
        ("known-failures: {match: a}", "", ("known-failures is a map", "a list of match, reason and expires")),
        ("known-failures: [text]", "", ("known-failures[0] is a text", "a map of keys")),
        ("known-failures:\n  - match: a\n    expires: 2026-07-01", "", (":11: known-failures[0].reason is missing", "why this failure is put up with")),
        ("known-failures:\n  - match: a\n    reason: b\n    expires: 2026-02-30", "", (":13: known-failures[0].expires is '2026-02-30'", "YYYY-MM-DD")),
        ("known-failures: [{match: a, reason: b, expires: 20260701}]", "", ("known-failures[0].expires is 20260701", "YYYY-MM-DD")),
        ("known-failures: [{match: a, reason: b}]", "", ("known-failures[0].expires is missing", "YYYY-MM-DD")),
        ("levers: {url: 'https://elsewhere.example.com'}", "", ("elsewhere.example.com:443 is not on the allow-list", "allow.hosts")),
        ("levers: {url: 'https://staging.example.com', names: [mint]}", "", ("levers.names has no 'mint'", "mint-member")),
        ("ca-file: absent.pem", "", (":10: ca-file: there is no file", "relative to the deployment file's folder")),
        ("budget: {requests: 0, sockets: 1.5, messages: true, seconds: -1}", "", ("budget.requests is 0", "budget.sockets is 1.5", "budget.messages is true", "budget.seconds is -1", "a whole number above 0")),
        ("paths: [a]", "", ("paths is a list",)),
        ("api: again", "", ("'api' is here twice, first on line 1",)),
        ("members: {}", "", ("'members' is here twice",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(load: Load, new: str, old: str, words: tuple[str, ...]) -> None:
    said = complaints(load, new, old)
    assert [word for word in words if word not in said] == []
    assert "literal-secret" not in said
    assert not [secret for secret in ("alice-0123456789", "correct horse") if secret in said]


def test_all_problems_are_told_at_once_from_top_to_bottom(load: Load) -> None:
    with pytest.raises(UsageError) as caught:
        load("deadline: no\nnmae: x\nws: x\nbudget: {seconds: x}")
    assert [problem.where.line for problem in caught.value.problems if problem.where] == [10, 11, 12, 13]


@pytest.mark.parametrize("text", ["", "- a list", "just a text", "api: [", "\x00"])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"bad\.yaml:1"):
        load_deployment(path, {})


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.yaml: there is no such file"):
        load_deployment(tmp_path / "absent.yaml", {})


def test_a_file_without_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text("api: a\nhttp: http://h\n", encoding="utf-8")
    with pytest.raises(UsageError, match="there is no member"):
        load_deployment(path, {})


def test_members_have_what_the_binding_needs(load: Load) -> None:
    assert load(needs=("id", "username")).accounts
    said = complaints(load, needs=("id", "organisation"))
    assert "staging.yaml:5: alice has no organisation" in said
    assert "staging.yaml:8: bob has no organisation" in said
    assert "attributes: id, organisation" in said


def test_the_api_is_one_of_those_there_are(load: Load) -> None:
    assert load(apis=("fe16ops", "rooms")).api == "fe16ops"
    said = complaints(load, "api: fe16op", "api: fe16ops", apis=("fe16ops", "rooms"))
    assert "staging.yaml:1: unknown API 'fe16op'" in said
    assert "did you mean 'fe16ops'?" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff" * 9, "no UTF-8"), (b"ab\ncd", "a line break"), (b"x" * 70_000, "too large")],
)  # fmt: skip
def test_a_secret_file_holds_one_secret(load: Load, tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "secret").write_bytes(content)
    assert words in complaints(load, "token-file: secret", "token: ${ALICE_TOKEN}")


def test_an_empty_variable_is_no_secret(load: Load) -> None:
    environ = {"ALICE_TOKEN": "", "BOB_TOKEN": "bob-0123456789"}
    assert "the environment variable ALICE_TOKEN is empty" in complaints(load, environ=environ)


def test_the_api_can_be_read_first(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text("api: rooms\nnonsense: 1\n", encoding="utf-8")
    assert declared_api(path) == "rooms"
    path.write_text("name: x\n", encoding="utf-8")
    with pytest.raises(UsageError, match="the file names no API"):
        declared_api(path)


def test_every_key_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    keys = {f"{section}.{key}".lstrip(".") for section, names in KEYS.items() for key in names}
    assert sorted(rows) == sorted(keys)


def test_the_documented_example_is_a_good_file(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "example.yaml"
    path.write_text(example[1], encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "bob.token").write_text("bob-0123456789" + os.linesep, encoding="utf-8")
    environ = {"ALICE_TOKEN": "alice-0123456789", "CAROL_PASSWORD": "correct horse"}
    deployment = load_deployment(path, environ, ("id", "username"), today=date(2026, 1, 1))
    assert [account.name for account in deployment.accounts] == ["alice", "bob", "carol"]
    assert deployment.budget == Budget(requests=5_000)
    assert len(deployment.known_failures) == 1
