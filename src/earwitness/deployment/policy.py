"""Which hosts may be contacted: an address is split strictly, and what is not understood is not allowed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from earwitness.deployment.model import Deployment

PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}

# RFC 3986, section 3.2, without percent-encoded hosts. Libraries that read an authority leniently disagree about where it
# ends, and an allow-list that reads it differently from the client is none.
_ADDRESS: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<user>[^/?#@\\\s]*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>/[^?#\x00-\x1f\x7f]*)?(?P<rest>[?#][^\x00-\x1f\x7f]*)?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute address in its parts: ``host`` in lower case, IPv6 in its shortest form and in brackets, ``port`` always
    filled in, ``user`` None when nothing stands before an ``@``, ``rest`` the query and the fragment."""

    scheme: str
    host: str
    port: int
    path: str = ""
    rest: str = ""
    user: str | None = None

    @property
    def base(self) -> str:
        """The address without query and fragment, its default port and the slash at its end."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path.rstrip('/')}"

    @property
    def at(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"


def split(url: str) -> Address:
    """The parts of ``url``. Raises ValueError, in words for people, unless it is an absolute http, https, ws or wss one."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        raise ValueError("it has no scheme such as https://")
    if scheme.lower() not in PORTS:
        raise ValueError(f"its scheme is none of {', '.join(PORTS)}")
    found = _ADDRESS.fullmatch(url)
    if found is None:
        raise ValueError("its host cannot be read; one outside ASCII is written as xn--…")
    port = int(found["port"] or PORTS[scheme.lower()])
    if not 0 < port < 65536:
        raise ValueError(f"{port} is no port")
    return Address(
        scheme.lower(), _host(found["host"]), port, found["path"] or "", found["rest"] or "", found["user"]
    )


def _host(text: str) -> str:
    if text.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]"
        except ValueError:
            raise ValueError(f"{text} is no IPv6 address") from None
    host = text.lower().removesuffix(".")
    if not all(host.split(".")):
        raise ValueError(f"{text} is no host")
    return host


def host_of(url: str) -> str:
    """``host:port`` of an absolute address, the default port filled in. Raises ValueError for anything else."""
    return split(url).at


def hosts_named(entry: str) -> frozenset[str]:
    """What an entry of ``allow.hosts`` stands for: ``host:port`` for that port, a host alone for ports 80 and 443, an
    address (``https://…``) for its own. Raises ValueError for anything else; there are no wildcards."""
    if "*" in entry:
        raise ValueError("hosts are written out one by one, without *")
    address = split(entry if "://" in entry else f"http://{entry}")
    if address.path not in ("", "/") or address.rest or address.user is not None:
        raise ValueError("only a host and a port can be allowed, not a path or a user")
    if "://" in entry or re.search(r":[0-9]+/?$", entry):
        return frozenset({address.at})
    return frozenset({f"{address.host}:{port}" for port in PORTS.values()})


def allowed(deployment: Deployment, url: str) -> bool:
    """Whether ``url`` may be contacted: an absolute address, without a user, of a host on the allow-list (design, section
    10). Everything is asked here: links in answers, redirects, servers in a spec, upload addresses."""
    try:
        address = split(url)
    except ValueError:
        return False
    return address.user is None and address.at in deployment.allow_hosts
