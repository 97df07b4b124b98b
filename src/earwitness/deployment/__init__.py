"""Where an API runs: deployment files, the bundled reference server, and which hosts may be contacted."""

from earwitness.deployment.load import declared_api, load_deployment
from earwitness.deployment.model import Account, Budget, Deployment, KnownFailure, placeholder
from earwitness.deployment.policy import allowed, host_of
from earwitness.deployment.reference import (
    PlantedDefect,
    ReferenceServer,
    account_of,
    list_defects,
    reference_deployment,
)

__all__ = [
    "Account",
    "Budget",
    "Deployment",
    "KnownFailure",
    "PlantedDefect",
    "ReferenceServer",
    "account_of",
    "allowed",
    "declared_api",
    "host_of",
    "list_defects",
    "load_deployment",
    "placeholder",
    "reference_deployment",
]
