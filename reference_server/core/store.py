"""The database: one SQLite connection, in memory or in a file where what was acknowledged survives kill -9."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from earwitness.errors import CouldNotTest, UsageError
from reference_server.core import schema

Value = str | int | float | bytes | None


class Store:
    """One connection, used by one thread (that of the event loop), one transaction at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row
        # SQLite's own lower() knows ASCII only.
        connection.create_function("fold", 1, str.casefold, deterministic=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together, or not at all."""
        self._connection.execute("BEGIN")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back by itself after some errors, a full disk among them.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def number(self, sql: str, *values: Value) -> int:
        """The one number that a query gives."""
        return int(self._connection.execute(sql, values).fetchone()[0])

    def insert(self, sql: str, *values: Value) -> int:
        """Run an INSERT and return the id of its row."""
        row_id = self._connection.execute(sql, values).lastrowid
        assert row_id is not None, "not an INSERT"
        return row_id

    def run(self, sql: str, *values: Value) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def secret(self) -> bytes:
        """The key that signs upload addresses; it lives as long as the database."""
        row = self.row("SELECT value FROM meta WHERE key = 'secret'")
        assert row is not None, "written with the schema"
        return bytes.fromhex(row["value"])

    def close(self) -> None:
        self._connection.close()


def open_store(path: Path | None, api: str) -> Store:
    """Open, and where it is new set up, the database of ``api``.

    Arguments: ``path``: a file, made if missing; None: in memory.
    Raises UsageError for a file that is not ours or belongs to another API, CouldNotTest for one that can't be opened or written.
    """
    if path is not None and not path.parent.is_dir():
        raise UsageError(f"--db {path}: there is no folder {path.parent}; make it first")
    try:
        # No timeout: whoever holds our file is another server, and will not let go.
        connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, timeout=0
        )
        try:
            _set_up(connection, path, api)
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CouldNotTest(
                f"--db {path}: another process has it open; end that one or take another file"
            ) from error
        raise CouldNotTest(f"--db {path}: can't be opened for writing ({error})") from error
    except sqlite3.DatabaseError as error:
        raise UsageError(
            f"--db {path}: not a database ({error}); name a new file, or one made by this server"
        ) from error
    return Store(connection)


def _set_up(connection: sqlite3.Connection, path: Path | None, api: str) -> None:
    def pragma(name: str) -> int:
        (value,) = connection.execute(f"PRAGMA {name}").fetchone()
        return int(value)

    # A second server on the same file would tell nobody what it writes, so the file is ours alone.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and pragma("application_id") != schema.APPLICATION_ID:
        raise UsageError(f"--db {path}: an SQLite database of something else; name a new file")
    if tables and pragma("user_version") != schema.VERSION:
        raise UsageError(f"--db {path}: made by another version of this server; name a new file")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    if not tables:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        for statement in schema.STATEMENTS:
            connection.execute(statement)
        facts = {"api": api, "secret": secrets.token_hex(32)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
    (owner,) = connection.execute("SELECT value FROM meta WHERE key = 'api'").fetchone()
    if owner != api:
        raise UsageError(f"--db {path}: holds data of {owner}, not of {api}; name another file")
    # Also on a file that has everything: writing now finds a read-only file before the first request does.
    connection.execute("INSERT INTO meta VALUES ('opened', '') ON CONFLICT DO UPDATE SET value = ''")
    connection.execute("COMMIT")
    for statement in schema.WATCH:
        connection.execute(statement)
