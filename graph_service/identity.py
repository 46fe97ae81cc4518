"""Identity: how parties are named in the store, and the keyed hashes that hide ID numbers.

A *designator* is a name by which a source points at a party: ``uscc:<code>``, ``pid:<hash>``,
``<source>:<local id>``, ``<source>:name:<name>`` … Several designators may mean one party; which of
them do is derived from the statements (``graph_service.store.resolve``). A designator's *node* is a
64-bit keyed hash of it: engines index by it, and as 16 hex digits it is the party's public ``key``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

from graph_service.errors import SettingsError
from graph_service.settings import Settings
from graph_service.text import fold

_BREAKING = frozenset(" /?#%")
_KEY_BYTES = 32
_SIGNED = struct.Struct(">q").unpack


class DesignatorClass(IntEnum):
    """What a designator is made of; it decides how it resolves."""

    LOCAL = 0  # <source>:<local id>: somebody must declare it, else it dangles
    CODE = 1  # uscc:<code>: known by itself
    PID = 2  # pid:<keyed hash of an ID number>: known by itself
    ENTERPRISE_NAME = 3  # <source>:name:<name>: joins when the name is unique
    PERSON_NAME = 4  # <source>:<enterprise>:name:<name>: one person inside one enterprise
    RECORD_NAME = 5  # <source>:<record>:name:<name>: a sanctioned person known only by name
    CONTACT = 6  # <kind>:<value or keyed hash>
    TENDER = 7  # <source>:<tender>:<lot>


@dataclass(frozen=True, slots=True)
class IdKey:
    """The secret of one user or office: hashes ID numbers and makes nodes and keys."""

    secret: bytes

    @property
    def fingerprint(self) -> str:
        """16 hex digits that identify the key without giving it away."""
        return hashlib.sha256(b"credit-graph id key\0" + self.secret).hexdigest()[:16]

    def id_hash(self, number: str) -> str:
        """HMAC-SHA-256 of a checked ID number, 32 hex digits."""
        return hmac.new(self.secret, number.encode(), "sha256").hexdigest()[:32]

    def node(self, designator: str) -> int:
        """The signed 64-bit node of a designator."""
        hashed = _keyed(self.secret)()
        hashed.update(designator.encode("utf-8", "surrogatepass"))
        return int(_SIGNED(hashed.digest())[0])


@lru_cache(maxsize=16)
def _keyed(secret: bytes) -> Callable[[], hashlib.blake2b]:
    """Hashes that have taken the key in: to copy one costs half of making one."""
    return hashlib.blake2b(key=secret, digest_size=8).copy


def key_of(node: int) -> str:
    """The public key of a node: 16 hex digits."""
    return f"{node & 0xFFFFFFFFFFFFFFFF:016x}"


def node_of_key(key: str) -> int | None:
    """The node of a public key, or None when ``key`` is not 16 lower-case hex digits."""
    if len(key) != 16 or not all(char in "0123456789abcdef" for char in key):
        return None
    value = int(key, 16)
    return value - (1 << 64) if value >= 1 << 63 else value


def encode_local(local_id: str) -> str:
    """A local id with the characters that would break an address percent-encoded."""
    if not any(char in _BREAKING or ord(char) < 32 or ord(char) == 127 for char in local_id):
        return local_id
    return "".join(
        "".join(f"%{byte:02X}" for byte in char.encode())
        if char in _BREAKING or ord(char) < 32 or ord(char) == 127
        else char
        for char in local_id
    )


def decode_local(text: str) -> str:
    """The local id that ``encode_local`` encoded."""
    from urllib.parse import unquote

    return unquote(text)


def local_text(source: str, local_id: str) -> str:
    """``<source>:<local id>``."""
    return f"{source}:{encode_local(local_id)}"


def enterprise_name_text(source: str, name: str) -> str:
    """``<source>:name:<normalised name>``."""
    return f"{source}:name:{encode_local(fold(name))}"


def person_name_text(source: str, enterprise: str, name: str) -> str:
    """``<source>:<enterprise designator>:name:<normalised name>``."""
    return f"{source}:{enterprise}:name:{encode_local(fold(name))}"


def load_id_key(settings: Settings) -> IdKey:
    """The user's key: from ``CG_ID_KEY_FILE``, else made once in the configuration folder."""
    if settings.id_key_file is not None:
        try:
            secret = settings.id_key_file.read_bytes().strip()
        except OSError as error:
            raise SettingsError(
                f"CG_ID_KEY_FILE cannot be read: {error.strerror}",
                "Point it at a file with at least 16 random bytes, mode 0600.",
            ) from None
        if len(secret) < 16:
            raise SettingsError(
                "CG_ID_KEY_FILE holds fewer than 16 bytes", "Use: head -c 32 /dev/urandom > FILE"
            )
        return IdKey(hashlib.sha256(secret).digest())
    return IdKey(hashlib.sha256(_own_key(_default_key_file())).digest())


def _default_key_file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "credit-graph" / "id.key"


def _own_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = path.with_name(f".id.key.{os.getpid()}")
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(scratch, path)  # whoever comes second takes the first one's key
        except FileExistsError:
            pass
        scratch.unlink()
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"The key for ID numbers cannot be kept: {error.strerror}",
            "Set CG_ID_KEY_FILE to a file that you keep safe.",
        ) from None
