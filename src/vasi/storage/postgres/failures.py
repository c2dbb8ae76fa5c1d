"""What the server's errors mean for people, and which of them pass by themselves."""

from __future__ import annotations

import asyncpg

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What asyncpg raises when something goes wrong."""
_LOST = (
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InternalClientError,  # the connection broke off inside of a statement
    asyncpg.ConnectionFailureError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.InvalidSQLStatementNameError,
    ConnectionError,
    TimeoutError,
)


def connection_is_lost(error: BaseException | None) -> bool:
    """Whether another try, on another connection, may go well; nothing of the transaction was kept."""
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "released" in str(error)
    return isinstance(error, _LOST)


def explain(error: Exception) -> str:
    """A sentence or two, with what to do."""
    said = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
    match error:
        case UnicodeEncodeError():
            return "A text holds characters that can't be stored: remove lone surrogates."
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "The database lets this user not in: check name and password in the setting store."
        case asyncpg.InvalidCatalogNameError():
            return "There is no such database: make it with createdb, or correct the setting store."
        case asyncpg.InsufficientPrivilegeError():
            return f"The database user lacks a right ({said}): let it own the database, or grant it that right."
        case asyncpg.TooManyConnectionsError():
            return (
                "The database has no connection left: make pool_size in the setting store smaller, or its limit larger."
            )
        case asyncpg.DiskFullError():
            return "The disk of the database is full: free some space and try again."
        case asyncpg.ReadOnlySQLTransactionError():
            return "The database takes no changes, as a standby does: connect to the primary one."
        case asyncpg.DataCorruptedError() | asyncpg.IndexCorruptedError():
            return f"The database is damaged ({said}): restore a backup."
        case asyncpg.CannotConnectNowError() | asyncpg.AdminShutdownError() | asyncpg.CrashShutdownError():
            return "The database is being started or stopped: try again in a moment."
        case _ if connection_is_lost(error) or isinstance(error, OSError):
            return "The database can't be reached: check that it runs, and the setting store."
        case _:
            return f"The database failed: {said}."
