"""The files of a folder that is loaded: every one of them, or the reason why not."""

from __future__ import annotations

import os
from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """All files below a folder, by path; names that begin with a dot are left out.

    Folders that are links are followed, each real folder once. Raises OSError for a folder that
    may not be read: what it holds would else be missing from the answer, and a full load would
    end it.
    """
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        state = Path(place).stat()
        if (state.st_dev, state.st_ino) in seen:
            folders.clear()
            continue
        seen.add((state.st_dev, state.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.is_file())


def _refuse(error: OSError) -> None:
    raise error
