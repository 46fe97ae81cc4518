"""API keys: random, shown once, kept as hashes in a file that only its owner reads.

A line of the file is ``sha256:<64 hex> <label>``; empty lines and ``#`` comments are skipped. A key
has 256 random bits, so one hash without salt or stretching is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from graph_service.errors import SettingsError, UsageError

_LINE = re.compile(r"sha256:([0-9a-f]{64})(?:\s+(\S.*))?")
_LABEL = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The hashes of the keys that open the service, and beside each the label of its line."""

    hashes: tuple[str, ...]
    labels: tuple[str, ...] = ()

    def accepts(self, key: str) -> bool:
        """Whether ``key`` is one of them; takes the same time whichever it is."""
        return self.label(key) is not None

    def label(self, key: str) -> str | None:
        """The label of ``key``, empty where it has none; None when it is no key of these."""
        given = _hash(key)
        found = None
        for place, known in enumerate(self.hashes):
            if hmac.compare_digest(given, known):
                found = self.labels[place] if place < len(self.labels) else ""
        return found


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def read_keys(path: Path) -> ApiKeys:
    """The keys of a file; raises SettingsError when it cannot be read, is broken or holds none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"CG_API_KEYS cannot be read: {type(error).__name__}",
            "Make it with: credit-graph key new --file FILE",
        ) from None
    hashes, labels = [], []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if not found:
            raise SettingsError(
                f"CG_API_KEYS, line {number}: not a hashed key",
                "A line is: sha256:<64 hex digits> <label>",
            )
        hashes.append(found[1])
        labels.append(found[2] or "")
    if not hashes:
        raise SettingsError("CG_API_KEYS holds no key", "Add one with: credit-graph key new")
    return ApiKeys(tuple(hashes), tuple(labels))


def add_key(path: Path, label: str) -> str:
    """Make a key, append its hash to the file (made with mode 0600) and give the key, once.

    Raises UsageError for a label with other than letters, digits and ``._@-``.
    """
    if not _LABEL.fullmatch(label):
        raise UsageError("a label has 1 to 64 letters, digits or ._@-")
    key = "cg_" + secrets.token_urlsafe(32)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as out:
        out.write(f"sha256:{_hash(key)} {label}\n")
    return key
