"""Answers as files, of the kind that the ending says, with who asked and what asks it again."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph_service.cli.session import Session
from graph_service.errors import UsageError
from graph_service.web.pictures import MEDIA, Asked, exported
from graph_service.words import Wire


def who() -> str:
    """The user who runs the program."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A free name beside ``path`` to write to: it takes that place once all is written, and nothing
    is left of it otherwise. Raises OSError at once where the folder takes no file."""
    scratch = path.with_name(f".{path.name}.part")
    scratch.unlink(missing_ok=True)
    scratch.touch()  # a folder that takes no file is the file's fault, not the store's
    scratch.unlink()
    try:
        yield scratch
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def ending_of(path: Path) -> str:
    """The kind of file that a name asks for; raises UsageError for one that cannot be written."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in MEDIA:
        said = f"--out cannot be .{ending}" if ending else "--out has no ending"
        raise UsageError(said, f"Use one of: {', '.join('.' + name for name in MEDIA)}.")
    return ending


def check_ending(out: Path | None) -> None:
    """Refuse a file that cannot be written before the question is asked; raises UsageError."""
    if out is not None:
        ending_of(out)


def asked(
    name: str, party: Wire, answer: Wire, look_back: str | None, **options: Any
) -> dict[str, Any]:
    """The question of a command about one party, so that it can be asked again: the party by its
    id, the day by its date, options that were not given left out."""
    given = {"command": name, "party": party["id"], "as_of": answer["as_of"]}
    more = {"look_back": look_back, **options}
    return given | {key: value for key, value in more.items() if value not in (None, False, ())}


def write_files(
    session: Session,
    answer: Wire,
    question: Mapping[str, Any],
    *,
    html: Path | None = None,
    out: Path | None = None,
) -> None:
    """Write an answer as a page and as what ``out`` ends in; raises UsageError and OSError."""
    by, font = Asked(who(), question, session.lang), session.settings().report_font
    for path, ending in ((html, "html"), (out, ending_of(out) if out is not None else "")):
        if path is not None:
            path.write_bytes(exported(dict(answer), ending, by, font))
            session.note(f"已写入 {path}", f"Written to {path}")
