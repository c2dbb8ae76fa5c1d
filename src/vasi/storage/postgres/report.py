"""Whether a database can be used, for ``vasi doctor``."""

from __future__ import annotations

import asyncpg

from vasi.errors import StoreError
from vasi.storage.choice import StoreReport
from vasi.storage.postgres import schema
from vasi.storage.postgres.address import Address
from vasi.storage.postgres.database import SCHEMA, Database, Transaction
from vasi.storage.postgres.failures import explain

_FACTS = """
    SELECT current_setting('server_version'), current_setting('max_connections')::integer,
        (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
        has_database_privilege(current_database(), 'CREATE'), pg_size_pretty(pg_database_size(current_database())),
        (SELECT extversion FROM pg_extension WHERE extname = 'vector'), pg_is_in_recovery(), current_user
"""


async def examine(address: Address) -> StoreReport:
    """What the server says, without changing anything."""
    facts: list[str] = []
    problems: list[str] = []
    database = Database(address)
    try:
        connection = await database.connect()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        return StoreReport(address.shown, (), (explain(error),))
    try:
        db = Transaction(connection)
        pooled = connection.get_server_pid() != await db.value("SELECT pg_backend_pid()")
        row = await db.row(_FACTS)
        if row is None:
            raise AssertionError("A query without a table has a row.")
        server, connections, unguarded, may_create, size, extension, standby, user = row
        format_of_it = await schema.version(db, address)
        facts.append(f"PostgreSQL {server}, pgvector {extension or 'missing'}, user {user}, {size}.")
        facts.append(f"Format {format_of_it} of {schema.VERSION}." if format_of_it else "Still empty.")
        if pooled:
            facts.append("A pooler is in between: changes of other processes are looked for, not told of.")
        if standby:
            problems.append("It is a standby, which takes no changes: connect to the primary one.")
        if unguarded:
            problems.append(
                f"{user} is exempt from row-level security, the second wall between users: connect as a user that is"
                " neither superuser nor has BYPASSRLS."
            )
        if not format_of_it:
            if not may_create:
                problems.append(
                    f"{user} may not make the schema {SCHEMA}: let an administrator run ALTER DATABASE … OWNER TO"
                    f" {user}."
                )
            problems += await schema.lacking(db, address)
        if not pooled and address.pool_size > connections - 5:
            problems.append(
                f"pool_size is {address.pool_size}, but the server allows {connections} connections in all: make"
                " pool_size smaller, or max_connections larger."
            )
    except StoreError as error:
        problems.append(error.message)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        problems.append(explain(error))
    finally:
        connection.terminate()
    return StoreReport(address.shown, tuple(facts), tuple(problems))
