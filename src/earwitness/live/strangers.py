"""Who has no valid token, and what each of them shows in the place of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from earwitness.live.outcomes import NotRun
from earwitness.member import ANONYMOUS, EXPIRED, TAMPERED_TOKEN, tampered_tokens

if TYPE_CHECKING:
    from earwitness.deployment import Account
    from earwitness.live.session import Session

# The lever that makes a token which was the member's and has expired.
LEVER = "expired-token"


def shown_tokens(session: Session, account: Account, role: str) -> Iterator[tuple[str, str]]:
    """What a stranger of ``role`` shows instead of ``account``'s token: in words, and the token it is made from.

    Raises NotRun for an expired token where the deployment has no lever to make one, and for a tampered one where there is
    nothing to tamper with.
    """
    if role == EXPIRED:
        yield "with a token that has expired", session.expired_token(account)
    elif role == TAMPERED_TOKEN:
        tampered = [
            (what, token)
            for what, token in tampered_tokens(account.token).items()
            # What cannot be kept out of what we write is not sent either: it is most of a secret.
            if session.keeps(account, token, f"token {what.removeprefix('with ')}")
        ]
        if not tampered:
            raise NotRun(f"{account.name} has no token that could be tampered with")
        for what, token in tampered:
            yield f"with a token {what}", token
    else:
        yield "without a token" if role == ANONYMOUS else "with a token that nobody was given", account.token
