"""The driver's errors in the program's own words, told apart by their code.

``gql_status`` differs between server versions, ``code`` does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLError

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ReadServiceUnavailable,
    RoutingServiceUnavailable,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
    WriteServiceUnavailable,
)

from graph_service.errors import (
    CreditGraphError,
    OverBudget,
    StoreBusy,
    StoreChanged,
    StoreError,
    StoreUnavailable,
    UsageError,
)

_AWAY = "Check that the server runs and that --store or CG_STORE names it; credit-graph doctor."
_LOGIN = "Check CG_STORE_USER and CG_STORE_PASSWORD or CG_STORE_PASSWORD_FILE."
_ROOM = "Make room on the server's disk, or end its read-only mode, then run this again."
_MEMORY = (
    "Ask for less at once, or raise the server's heap and db.memory.transaction.max"
    " (docs/operations.md)."
)
_VERSION = "Use Neo4j Community 5.26 LTS (docs/operations.md)."
_SLOW = "Ask for less depth or fewer types, or set CG_SECONDS higher."

# By the end of the code; the first that fits.
_BY_CODE: tuple[tuple[str, type[CreditGraphError], str, str], ...] = (
    ("Security.AuthenticationRateLimit", StoreUnavailable,
     "The server refuses all logins for a while after wrong passwords", _LOGIN),
    ("Security.Unauthorized", StoreUnavailable,
     "The server refuses the user or the password", _LOGIN),
    ("Security.CredentialsExpired", StoreUnavailable,
     "The server wants the first password changed", _LOGIN),
    ("Security.Forbidden", StoreUnavailable, "The server's user may not do this", _LOGIN),
    ("Database.DatabaseNotFound", StoreUnavailable,
     "The server has no database of this name", "Check CG_STORE_DATABASE."),
    ("Database.DatabaseUnavailable", StoreUnavailable, "The server's database is not up", _AWAY),
    ("Transaction.TransactionTimedOut", OverBudget, "The server ended the query: too slow", _SLOW),
    ("Transaction.TransactionTimedOutClientConfiguration", OverBudget,
     "The server ended the query: too slow", _SLOW),
    ("Transaction.LockClientStopped", OverBudget, "The server ended the query: too slow", _SLOW),
    ("Transaction.LockAcquisitionTimeout", StoreBusy,
     "Another load is writing to this store", "Wait until it has ended, then run this again."),
    ("General.MemoryPoolOutOfMemoryError", StoreUnavailable,
     "The server has no memory left for this", _MEMORY),
    ("General.TransactionOutOfMemoryError", StoreUnavailable,
     "The server has no memory left for this", _MEMORY),
    ("General.OutOfMemoryError", StoreUnavailable,
     "The server has no memory left for this", _MEMORY),
    ("Transaction.MaximumTransactionLimitReached", StoreUnavailable,
     "The server runs too many transactions", _AWAY),
    ("General.ForbiddenOnReadOnlyDatabase", StoreUnavailable, "The server is read-only", _ROOM),
    ("General.WriteOnReadOnlyAccessDatabase", StoreUnavailable, "The server is read-only", _ROOM),
    ("General.DatabaseFull", StoreUnavailable, "The server's disk is full", _ROOM),
    ("Transaction.TransactionLogError", StoreUnavailable,
     "The server cannot write: its disk is full or broken", _ROOM),
    ("Transaction.TransactionCommitFailed", StoreUnavailable,
     "The server cannot write: its disk is full or broken", _ROOM),
    ("Transaction.TransactionStartFailed", StoreUnavailable,
     "The server has stopped working after an error of its own, often a full disk",
     "Make room on its disk, restart it, then run this again."),
    ("Statement.SyntaxError", StoreError,
     "The server does not know this Cypher: it is of another version of Neo4j", _VERSION),
    ("Cluster.NotALeader", StoreUnavailable, "The cluster has no writer right now", _AWAY),
)  # fmt: skip
_UNROUTED = (RoutingServiceUnavailable, ReadServiceUnavailable, WriteServiceUnavailable)
_NO_TABLE = "routing information"  # in a plain ServiceUnavailable, which has no code
FINAL = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "OutOfMemoryError")


def torn() -> StoreChanged:
    """The error for a node or relationship that went while it was read: all of it is null then."""
    return StoreChanged(
        "A load ended while the question was asked", "Ask again: it takes a moment."
    )


def in_our_words(error: Exception) -> CreditGraphError:
    """The error of ours for one of the driver's."""
    code = str(getattr(error, "code", "") or "")
    if code.endswith("Statement.EntityNotFound"):
        return torn()
    for ending, kind, detail, hint in _BY_CODE:
        if code.endswith(ending):
            return kind(detail, hint)
    if isinstance(error, AuthError):
        return StoreUnavailable("The server refuses the user or the password", _LOGIN)
    if isinstance(error, ConfigurationError):
        return UsageError(
            "the server's address or its TLS settings are wrong",
            "Check the address (bolt+s://, bolt+ssc://) and CG_STORE_CA_FILE.",
        )
    if isinstance(error, IncompleteCommit):
        return StoreUnavailable(
            "The server's answer to a commit was lost",
            "Run this again: what was written once is not written twice.",
        )
    if _of_tls(error):
        return StoreUnavailable(
            "The server's certificate is not trusted, or it and the address disagree about TLS",
            "Check the address (bolt+s://, bolt+ssc://) and CG_STORE_CA_FILE.",
        )
    if isinstance(error, TransientError):
        return StoreBusy("The server is at its limit right now", "Run this again.")
    if isinstance(error, Neo4jError):
        return StoreError(f"The server refused: {code}", "Run: credit-graph doctor")
    if isinstance(error, _UNROUTED) or _NO_TABLE in str(error):
        return StoreUnavailable(
            "No server of the cluster can be asked: it names none for this, or none answers", _AWAY
        )
    return StoreUnavailable("The store's server does not answer", _AWAY)


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, SSLError):
            return True
        error = error.__cause__
    return False


def passes(error: Exception) -> bool:
    """Whether the same call may well succeed a moment later."""
    code = str(getattr(error, "code", "") or "")
    if code.endswith(FINAL):
        return False
    return isinstance(error, ServiceUnavailable | SessionExpired | TransientError)


def undone(error: Exception) -> bool:
    """Whether the server says that it undid the call, and that it may well succeed later."""
    return isinstance(error, TransientError) and passes(error)


def unsure(error: Exception) -> bool:
    """Whether nobody knows what the server made of a commit: the line went dead, not the commit."""
    return isinstance(error, ServiceUnavailable | SessionExpired | StoreUnavailable | OSError)


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors in the program's own words."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        raise in_our_words(error) from error
    except OSError as error:
        raise StoreUnavailable("The store's server does not answer", _AWAY) from error
