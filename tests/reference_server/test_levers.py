"""The levers, and that they do what they say."""

from __future__ import annotations

import pytest

from tests.reference_server.conftest import Site

BASE = "/__reference__"


def test_hello_says_who_is_there(site: Site) -> None:
    hello = site.client.get(f"{BASE}/hello").json()
    assert (hello["api"], hello["http"], hello["ws"]) == ("fe16ops", "http://testserver", "ws://testserver")
    assert hello["levers"]["url"] == f"http://testserver{BASE}"
    assert hello["allow_hosts"] == ["testserver"]
    assert [member["name"] for member in hello["members"]] == ["alice", "bob", "carol"]
    assert hello["members"][0] == {
        "name": "alice",
        "attributes": {"id": 1, "username": "alice", "email": "alice@example.test"},
        "token": site.token("alice"),
    }


def test_every_lever_that_is_named_is_there(site: Site) -> None:
    levers = site.client.get(f"{BASE}/hello").json()["levers"]
    assert levers["names"] == ["mint-member", "expired-token", "move-clock", "rows"]
    for name in levers["names"]:
        assert site.client.post(f"{levers['url']}/{name}", content=b"no JSON").status_code == 400
        assert site.client.get(f"{levers['url']}/{name}").headers["Allow"] == "POST"


def test_a_minted_member_can_do_everything(site: Site) -> None:
    minted = site.client.post(f"{BASE}/mint-member", json={"name": "alice"}).json()
    assert minted["name"] == minted["attributes"]["username"] == "alice-4"
    headers = {"Authorization": f"Token {minted['token']}"}
    started = site.client.post("/api/messaging/start-conversation/", json={"receiver_id": 1}, headers=headers)
    assert started.status_code == 201
    again = site.client.post(f"{BASE}/mint-member", json={"name": "alice"}).json()
    assert again["name"] == "alice-5"


def test_moving_the_clock_moves_every_time(site: Site) -> None:
    site.call("alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "before"})
    moved = site.client.post(f"{BASE}/move-clock", json={"seconds": 86400 * 365})
    assert moved.status_code == 200
    sent = site.call("alice", "POST", "/conversations/1/messages/", {"content": "after"})[1]["message"]
    assert sent["created_at"] >= moved.json()["now"]


@pytest.mark.parametrize(
    "lever, body, reason",
    [
        ("mint-member", {"name": "two words"}, "name: expected"),
        ("mint-member", {}, "name: this field is required"),
        ("expired-token", {"member_id": 99}, "there is no member 99"),
        ("move-clock", {"seconds": -1}, "only goes forward"),
        ("move-clock", {"seconds": True}, "expected a number"),
        ("move-clock", {"seconds": 1e300}, "ten years at most"),
        ("rows", {"table": "message_read"}, "did you mean 'message_reads'?"),
        ("rows", {"table": "tokens"}, "no table 'tokens'"),
        ("rows", {"table": "meta"}, "no table 'meta'"),
        ("rows", {"table": "messages", "where": {"contents": 1}}, "did you mean 'content'?"),
        ("rows", {"table": "messages", "where": {"1=1; --": 1}}, "no column"),
        ("rows", {"table": "messages", "where": {"id": [1]}}, "expected a string, a number or null"),
        ("rows", {"table": "messages", "where": {"id": 2**64}}, "64 bits"),
        ("rows", {"table": "messages", "where": 1}, "expected an object"),
    ],
)
def test_a_lever_says_what_is_wrong(site: Site, lever: str, body: object, reason: str) -> None:
    answer = site.client.post(f"{BASE}/{lever}", json=body)
    assert answer.status_code == 400
    assert reason in answer.json()["message"]


def test_rows_by_value_and_by_null(site: Site) -> None:
    site.call("alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "one"})
    site.call("alice", "POST", "/conversations/1/messages/", {"content": "it's two"})
    site.call("alice", "DELETE", "/messages/1/")
    site.call("bob", "POST", "/conversations/1/read/")

    def rows(table: str, **where: object) -> list[dict[str, object]]:
        answer = site.client.post(f"{BASE}/rows", json={"table": table, "where": where})
        return list(answer.json()["rows"])

    assert [row["id"] for row in rows("messages")] == [1, 2]
    assert [row["id"] for row in rows("messages", deleted_at=None)] == [2]
    assert [row["id"] for row in rows("messages", content="it's two", room_id=1)] == [2]
    assert [row["message_id"] for row in rows("message_reads", member_id=2)] == [2]
    assert rows("message_reads", member_id=1) == []


def test_a_files_row_has_its_size(site: Site) -> None:
    _, ticket = site.call(
        "alice", "POST", "/generate-upload-url/", {"filename": "a", "filetype": "text/plain"}
    )
    site.client.put(str(ticket["upload_url"]), content=b"12345", headers={"Content-Type": "text/plain"})
    (row,) = site.client.post(f"{BASE}/rows", json={"table": "files"}).json()["rows"]
    assert (row["key"], row["content"]) == (ticket["file_key"], 5)


def test_a_member_may_be_minted_into_another_organisation(site: Site) -> None:
    minted = site.client.post(f"{BASE}/mint-member", json={"name": "alice", "organisation": 2}).json()
    assert site.core.identity.member(minted["attributes"]["id"]).organisation == 2
    refused = site.client.post(f"{BASE}/mint-member", json={"name": "alice", "organisation": 0})
    assert refused.status_code == 400


def test_an_expired_token_may_be_asked_for_by_uuid(site: Site) -> None:
    (alice, *_) = site.core.members
    given = site.client.post(f"{BASE}/expired-token", json={"member_id": alice.uuid})
    assert given.status_code == 200
    assert given.json()["token"] != site.token("alice")
    assert site.client.post(f"{BASE}/expired-token", json={"member_id": "nobody"}).status_code == 400


def test_passwords_are_not_among_the_rows(site: Site) -> None:
    password = site.core.identity.password_of(site.core.members[0])
    assert site.client.post(f"{BASE}/rows", json={"table": "passwords"}).status_code == 400
    assert password not in site.client.post(f"{BASE}/rows", json={"table": "members"}).text
