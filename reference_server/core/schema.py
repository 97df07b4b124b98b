"""The tables. Tokens lie here as they are: the accounts of a test server are worth nothing."""

from typing import Final

VERSION = 2

# "EARW": tells a file of ours from any other SQLite database.
APPLICATION_ID = 0x45415257

STATEMENTS = (
    """CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE members (
        id INTEGER PRIMARY KEY,
        username TEXT NOT NULL UNIQUE,
        email TEXT NOT NULL UNIQUE,
        uuid TEXT NOT NULL UNIQUE,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        organisation INTEGER NOT NULL
    ) STRICT""",
    # Apart from the members, which anybody may look into with a lever.
    """CREATE TABLE passwords (
        member_id INTEGER PRIMARY KEY REFERENCES members,
        password TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE tokens (
        token TEXT PRIMARY KEY,
        member_id INTEGER NOT NULL REFERENCES members,
        expires_at REAL -- seconds since 1970; NULL: never
    ) STRICT""",
    """CREATE TABLE rooms (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        pair TEXT UNIQUE, -- the two members of a direct room, in a fixed order; NULL for any other
        subject INTEGER,
        uuid TEXT NOT NULL UNIQUE,
        number INTEGER NOT NULL, -- among the rooms of its kind
        name TEXT,
        description TEXT,
        avatar TEXT, -- the uuid of an attachment
        creator_id INTEGER NOT NULL REFERENCES members,
        organisation INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        deleted_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX rooms_are_numbered_by_kind ON rooms (kind, number)",
    # The order of the rows is the order of joining: who comes back gets a new one.
    """CREATE TABLE standings (
        room_id INTEGER NOT NULL REFERENCES rooms,
        member_id INTEGER NOT NULL REFERENCES members,
        role TEXT NOT NULL,
        joined_at TEXT NOT NULL,
        left_at TEXT, -- NULL: in the room now
        PRIMARY KEY (room_id, member_id)
    ) STRICT""",
    "CREATE INDEX standings_of_a_member ON standings (member_id) WHERE left_at IS NULL",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        room_id INTEGER NOT NULL REFERENCES rooms,
        sender_id INTEGER NOT NULL REFERENCES members,
        content TEXT NOT NULL,
        kind TEXT NOT NULL,
        uuid TEXT NOT NULL UNIQUE,
        reply_to INTEGER REFERENCES messages,
        created_at TEXT NOT NULL,
        edited_at TEXT,
        deleted_at TEXT
    ) STRICT""",
    "CREATE INDEX messages_of_a_room ON messages (room_id, id) WHERE deleted_at IS NULL",
    """CREATE TABLE reactions (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES messages,
        member_id INTEGER NOT NULL REFERENCES members,
        value TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX one_reaction_a_member ON reactions (message_id, member_id, value)",
    """CREATE TABLE message_reads (
        message_id INTEGER NOT NULL REFERENCES messages,
        member_id INTEGER NOT NULL REFERENCES members,
        read_at TEXT NOT NULL,
        PRIMARY KEY (message_id, member_id)
    ) STRICT""",
    """CREATE TABLE attachments (
        id INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,
        room_id INTEGER NOT NULL REFERENCES rooms,
        message_id INTEGER REFERENCES messages, -- NULL: the avatar of the room
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        content BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX attachments_of_a_message ON attachments (message_id)",
    """CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        blocker_id INTEGER NOT NULL REFERENCES members,
        blocked_id INTEGER NOT NULL REFERENCES members,
        organisation INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        UNIQUE (blocker_id, blocked_id)
    ) STRICT""",
    """CREATE TABLE typing (
        room_id INTEGER NOT NULL REFERENCES rooms,
        member_id INTEGER NOT NULL REFERENCES members,
        last_seen TEXT NOT NULL,
        PRIMARY KEY (room_id, member_id)
    ) STRICT""",
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,
        member_id INTEGER NOT NULL REFERENCES members,
        user_agent TEXT NOT NULL,
        ip_address TEXT NOT NULL,
        connected_at TEXT NOT NULL,
        last_ping TEXT NOT NULL,
        closed_at TEXT -- NULL: the socket is open
    ) STRICT""",
    "CREATE INDEX sessions_of_a_member ON sessions (member_id)",
    """CREATE TABLE files (
        key TEXT PRIMARY KEY,
        member_id INTEGER NOT NULL REFERENCES members,
        filetype TEXT NOT NULL,
        content BLOB,
        stored_at TEXT
    ) STRICT""",
)

# Tells whether somebody has come, gone or changed since it was last asked, also after a rollback: what was drawn is never drawn again.
WATCH: Final = (
    "CREATE TEMP TABLE comings_and_goings (version INTEGER NOT NULL)",
    "INSERT INTO comings_and_goings VALUES (random())",
    *(
        f"""CREATE TEMP TRIGGER {table}_{change} AFTER {change} ON main.{table}
            BEGIN UPDATE comings_and_goings SET version = random(); END"""
        for table in ("standings", "members")
        for change in ("INSERT", "UPDATE", "DELETE")
    ),
)
