"""The weaknesses that a miss can be an instance of, by id and title: CWE, and the OWASP API Security Top 10 of 2023."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# The titles are CWE's and OWASP's own: whoever writes an id into a check reads here what it says.
CWE: Final[Mapping[str, str]] = {
    "CWE-201": "Insertion of Sensitive Information Into Sent Data",
    "CWE-204": "Observable Response Discrepancy",
    "CWE-209": "Generation of Error Message Containing Sensitive Information",
    "CWE-212": "Improper Removal of Sensitive Information Before Storage or Transfer",
    "CWE-248": "Uncaught Exception",
    "CWE-287": "Improper Authentication",
    "CWE-306": "Missing Authentication for Critical Function",
    "CWE-347": "Improper Verification of Cryptographic Signature",
    "CWE-613": "Insufficient Session Expiration",
    "CWE-639": "Authorization Bypass Through User-Controlled Key",
    "CWE-694": "Use of Multiple Resources with Duplicate Identifier",
    "CWE-770": "Allocation of Resources Without Limits or Throttling",
    "CWE-837": "Improper Enforcement of a Single, Unique Action",
    "CWE-862": "Missing Authorization",
    "CWE-863": "Incorrect Authorization",
    "CWE-915": "Improperly Controlled Modification of Dynamically-Determined Object Attributes",
}
OWASP: Final[Mapping[str, str]] = {
    "API1:2023": "Broken Object Level Authorization",
    "API2:2023": "Broken Authentication",
    "API3:2023": "Broken Object Property Level Authorization",
    "API4:2023": "Unrestricted Resource Consumption",
    "API5:2023": "Broken Function Level Authorization",
    "API6:2023": "Unrestricted Access to Sensitive Business Flows",
    "API7:2023": "Server Side Request Forgery",
    "API8:2023": "Security Misconfiguration",
    "API9:2023": "Improper Inventory Management",
    "API10:2023": "Unsafe Consumption of APIs",
}
TITLES: Final[Mapping[str, str]] = {**CWE, **OWASP}

# What it is to serve somebody who had to be refused, by how they stand to what they asked for.
TRESPASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "anonymous": ("CWE-306", "API2:2023"),
    "bad-token": ("CWE-287", "API2:2023"),
    "tampered-token": ("CWE-347", "API2:2023"),
    "expired": ("CWE-613", "API2:2023"),
    "not-a-member": ("CWE-639", "API1:2023"),
    "not-the-sender": ("CWE-639", "API1:2023"),
    "other-organisation": ("CWE-639", "API1:2023"),
    "not-an-admin": ("CWE-862", "API5:2023"),
    "blocked": ("CWE-862",),
}
