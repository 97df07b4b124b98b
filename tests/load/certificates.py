"""Makes a self-signed certificate for 127.0.0.1, on the curve P-256, with nothing but arithmetic: none is kept, and none can expire."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

# FIPS 186-4, D.1.2.3.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
A = P - 3
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None


def _plus(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = ((3 * x1 * x1 + A) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)) % P
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(factor: int, point: Point) -> tuple[int, int]:
    found: Point = None
    while factor:
        if factor & 1:
            found = _plus(found, point)
        point, factor = _plus(point, point), factor >> 1
    assert found is not None
    return found


def _signed(key: int, data: bytes) -> bytes:
    """ECDSA with SHA-256."""
    once = secrets.randbelow(N - 1) + 1
    r = _times(once, G)[0] % N
    s = pow(once, -1, N) * (int.from_bytes(hashlib.sha256(data).digest(), "big") + r * key) % N
    return _sequence(_integer(r), _integer(s))


# -- DER (X.690) ------------------------------------------------------------------------------------------------------------


def _tlv(tag: int, *values: bytes) -> bytes:
    value = b"".join(values)
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + value


def _sequence(*values: bytes) -> bytes:
    return _tlv(0x30, *values)


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    found = bytes([40 * first + second])
    for arc in rest:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.insert(0, 0x80 | arc & 0x7F)
        found += bytes(septets)
    return _tlv(0x06, found)


def _bits(value: bytes, unused: int = 0) -> bytes:
    return _tlv(0x03, bytes([unused]) + value)


def _extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return _sequence(_oid(dotted), _tlv(0x01, b"\xff") if critical else b"", _tlv(0x04, value))


def _pem(kind: str, der: bytes) -> str:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n"


def self_signed(folder: Path) -> tuple[Path, Path]:
    """The certificate and its key, as files in ``folder``."""
    key = secrets.randbelow(N - 1) + 1
    public = b"\x04" + b"".join(coordinate.to_bytes(32, "big") for coordinate in _times(key, G))
    curve, ecdsa = _oid("1.2.840.10045.3.1.7"), _sequence(_oid("1.2.840.10045.4.3.2"))
    name = _sequence(_tlv(0x31, _sequence(_oid("2.5.4.3"), _tlv(0x0C, b"a test of Earwitness"))))
    now, mark = datetime.now(UTC), hashlib.sha1(public, usedforsecurity=False).digest()
    times = [_tlv(0x17, f"{now + timedelta(days=days):%y%m%d%H%M%SZ}".encode("ascii")) for days in (-2, 2)]
    extensions = _sequence(
        _extension("2.5.29.17", _sequence(_tlv(0x87, ipaddress.ip_address("127.0.0.1").packed))),
        _extension("2.5.29.19", _sequence(_tlv(0x01, b"\xff")), critical=True),
        _extension("2.5.29.15", _bits(b"\x84", 2), critical=True),
        _extension("2.5.29.14", _tlv(0x04, mark)),
        _extension("2.5.29.35", _sequence(_tlv(0x80, mark))),
    )
    what = _sequence(
        _tlv(0xA0, _integer(2)), _integer(secrets.randbits(63)), ecdsa, name, _sequence(*times), name,
        _sequence(_sequence(_oid("1.2.840.10045.2.1"), curve), _bits(public)), _tlv(0xA3, extensions),
    )  # fmt: skip
    private = _sequence(
        _integer(1), _tlv(0x04, key.to_bytes(32, "big")), _tlv(0xA0, curve), _tlv(0xA1, _bits(public))
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_text(_pem("CERTIFICATE", _sequence(what, ecdsa, _bits(_signed(key, what)))), "ascii")
    paths[1].write_text(_pem("EC PRIVATE KEY", private), "ascii")
    return paths


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server with a certificate of its own, and for a client that trusts it."""
    certificate, key = self_signed(folder)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))
