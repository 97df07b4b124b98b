"""Looks whether a deployment can be tested at all, before anything is blamed on it."""

from __future__ import annotations

from earwitness.binding import MISSING
from earwitness.deployment import Account
from earwitness.errors import CouldNotTest, Problem
from earwitness.live.session import Session
from earwitness.member import HttpRequest, Plan, socket_address


def preflight(session: Session) -> None:
    """Sign in every account, let each list its rooms, and open one socket, where there is one without a room or a peer.

    Raises CouldNotTest with what to do when the deployment cannot be reached, refuses a token, answers with something that
    is no JSON, or refuses the socket.
    """
    accounts = [session.signed_in(account) for account in session.deployment.accounts]
    for account in accounts:
        _list_rooms(session, account)
    for account in accounts[:1]:
        _listen(session, account)


def _list_rooms(session: Session, account: Account) -> None:
    documents, deployment = session.documents, session.deployment
    forms = documents.binding.verbs.get("list-rooms", {})
    if "http" not in forms:
        return
    arguments = {"me": {**account.attributes, **account.credentials}}
    plan = Plan(
        documents.spec, documents.binding, forms["http"], arguments, token=account.token, paths=deployment.paths
    )  # fmt: skip
    request = plan.next()
    if not isinstance(request, HttpRequest):
        return
    answer = session.send(request, member=account.name, verb="list-rooms", source="preflight")
    asked = f"{request.method} {deployment.http}{request.target}"
    if not answer.answered:
        raise CouldNotTest(
            Problem(
                f"{asked} got no answer: {answer.detail}",
                expected="a deployment that can be reached",
                hint="is it running, is the address right, does this machine trust its certificate (ca-file)?",
            )
        )
    if answer.status in (401, 403):
        raise CouldNotTest(
            Problem(
                f"{asked} refuses the token of {account.name} with {answer.status}",
                expected="tokens that are valid",
                hint="make new ones and put them where the deployment file reads them from",
            )
        )
    if answer.json is MISSING and 200 <= answer.status < 300:
        kind = next((v for k, v in answer.headers.items() if k.lower() == "content-type"), "no content type")
        raise CouldNotTest(
            Problem(
                f"{asked} answers {answer.status} with {kind}, which is no JSON",
                expected=f"the API {documents.api}",
                hint="is the address that of the API, and not of its web pages or of a proxy?",
            )
        )


def _listen(session: Session, account: Account) -> None:
    documents = session.documents
    bound = next((socket for socket in documents.binding.sockets.values() if socket.per == "member"), None)
    if bound is None:
        return
    me = {**account.attributes, **account.credentials}
    address = socket_address(documents.spec, documents.binding, bound.name, me=me, token=account.token)
    ear = session.open(address, member=account.name)
    if not ear.opened:
        raise CouldNotTest(
            Problem(
                f"{session.deployment.ws} refuses {account.name}'s socket: {ear.status or ''} {ear.detail}".strip(),
                expected="a socket for a member with a valid token",
                hint="is `ws` in the deployment file right, and does a proxy in between let WebSockets through?",
            )
        )
    session.close_ear(ear)
