"""The tables. Tokens lie here as they are: the accounts of a test server are worth nothing."""

VERSION = 1

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
        email TEXT NOT NULL UNIQUE
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
        created_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE standings (
        room_id INTEGER NOT NULL REFERENCES rooms,
        member_id INTEGER NOT NULL REFERENCES members,
        joined_at TEXT NOT NULL,
        PRIMARY KEY (room_id, member_id)
    ) STRICT""",
    "CREATE INDEX standings_of_a_member ON standings (member_id)",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        room_id INTEGER NOT NULL REFERENCES rooms,
        sender_id INTEGER NOT NULL REFERENCES members,
        content TEXT NOT NULL,
        kind TEXT NOT NULL,
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
    "CREATE UNIQUE INDEX one_reaction_a_member ON reactions (message_id, member_id)",
    """CREATE TABLE message_reads (
        message_id INTEGER NOT NULL REFERENCES messages,
        member_id INTEGER NOT NULL REFERENCES members,
        read_at TEXT NOT NULL,
        PRIMARY KEY (message_id, member_id)
    ) STRICT""",
    """CREATE TABLE files (
        key TEXT PRIMARY KEY,
        member_id INTEGER NOT NULL REFERENCES members,
        filetype TEXT NOT NULL,
        content BLOB,
        stored_at TEXT
    ) STRICT""",
)
