"""The tables of a shared store. Whatever changes here takes another VERSION: data is made anew, never migrated."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 2
"""The version of these tables, which the database has in its row of `cgmock_about`."""

PREFIX = "cgmock_"
"""What the names of all our tables begin with."""

NOBODY = 0
"""The id of the tenant that is none: requests of nobody are in its journal."""

metadata: MetaData = MetaData()

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts INTEGER alone
_Digest = String(32)
_Mark = String(16)

about: Table = Table(
    f"{PREFIX}about",
    metadata,
    Column("version", Integer, nullable=False),
    Column(
        "generation", _Mark, nullable=False
    ),  # another one whenever a tenant comes, goes or has new secrets
    Column("signing_key", Text, nullable=False),
)

tenants: Table = Table(
    f"{PREFIX}tenants",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("description", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("secrets", Text, nullable=False),
    Column("leased_until", Float(53)),  # Unix seconds of the machine's clock; NULL without a lease
    sqlite_autoincrement=True,  # who had the id of a tenant that is gone must not meet another one
)

states: Table = Table(
    f"{PREFIX}states",
    metadata,
    Column("tenant", _Id, primary_key=True, autoincrement=False),
    Column("dataset", _Id, nullable=False),
    Column("revision", _Mark, nullable=False),  # another one whenever the description changes
    Column("state", Text, nullable=False),
)
"""The row that each transaction locks: clock, faults, and the counters of journal and data."""

names: Table = Table(
    f"{PREFIX}names",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("digest", _Digest, primary_key=True),
    Column("tenant", _Id, nullable=False, index=True),
)
"""Whose a name, a client id or a webhook is."""

datasets: Table = Table(f"{PREFIX}datasets", metadata, Column("id", _Id, primary_key=True))
"""Data of a tenant: one set is what it has, each checkpoint has one more."""

objects: Table = Table(
    f"{PREFIX}objects",
    metadata,
    Column("dataset", _Id, primary_key=True, autoincrement=False),
    Column("collection", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("cells", Text, nullable=False),
)

identifiers: Table = Table(
    f"{PREFIX}identifiers",
    metadata,
    Column("id", _Id, primary_key=True),  # the highest one is the last that got an identifier
    Column("dataset", _Id, nullable=False),
    Column("collection", String(16), nullable=False),
    Column("key", String(16), nullable=False),
    Column("digest", _Digest, nullable=False),
    Column("number", BigInteger, nullable=False),
    Index(f"{PREFIX}identifiers_digest", "dataset", "collection", "key", "digest"),
    Index(f"{PREFIX}identifiers_number", "dataset", "collection", "number"),
)

entries: Table = Table(
    f"{PREFIX}entries",
    metadata,
    Column("tenant", _Id, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("losses", Integer, nullable=False),
    Column("cells", Text, nullable=False),
    Column("asked", LargeBinary, nullable=False),
    Column("answered", LargeBinary, nullable=False),
)

checkpoints: Table = Table(
    f"{PREFIX}checkpoints",
    metadata,
    Column("dataset", _Id, primary_key=True, autoincrement=False),
    Column("tenant", _Id, nullable=False),
    Column("digest", _Digest, nullable=False),
    Column("name", Text, nullable=False),
    Column("saved_at", Float(53), nullable=False),
    Column("description", Text, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("tenant", "digest"),
)
