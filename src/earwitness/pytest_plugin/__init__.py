"""The pytest plugin: options, fixtures and verdicts for contracts/ and scenarios/; loaded with ``-p earwitness.pytest_plugin``."""

from earwitness.pytest_plugin.fixtures import (
    alice,
    api,
    bob,
    carol,
    deployment,
    documents,
    member,
    room,
    session,
    stage,
)
from earwitness.pytest_plugin.hooks import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    pytest_report_header,
    pytest_runtest_call,
    pytest_runtest_setup,
    pytest_terminal_summary,
)
from earwitness.pytest_plugin.secrets import pytest_runtest_makereport, pytest_sessionfinish

__all__ = [
    "alice",
    "api",
    "bob",
    "carol",
    "deployment",
    "documents",
    "member",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_report_header",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "room",
    "session",
    "stage",
]
