"""Every error class of the tree: its code, HTTP status and exit status, as the tree says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from graph_service import errors
from graph_service.errors import AmbiguousName, CreditGraphError


def tree(root: type[CreditGraphError]) -> Iterator[type[CreditGraphError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


OURS = [cls for cls in tree(CreditGraphError) if cls.__module__ == errors.__name__]
DRAWN = {
    name: (int(status), int(exit_status))
    for name, status, exit_status in re.findall(
        r"(\w+)\s+(\d{3}) · exit (\d)", errors.__doc__ or ""
    )
}


def made(cls: type[CreditGraphError], detail: str = "") -> CreditGraphError:
    return cls(detail, ()) if issubclass(cls, AmbiguousName) else cls(detail)


def test_the_drawn_tree_names_every_class() -> None:
    assert set(DRAWN) == {cls.__name__ for cls in OURS}


@pytest.mark.parametrize("cls", OURS, ids=lambda cls: cls.__name__)
def test_an_instance_has_the_statuses_that_the_tree_claims(cls: type[CreditGraphError]) -> None:
    error = made(cls)
    assert (error.status, error.exit_status) == DRAWN[cls.__name__]


def test_codes_and_titles_are_unique() -> None:
    assert len({cls.code for cls in OURS}) == len(OURS)
    assert len({cls.title for cls in OURS}) == len(OURS)
    assert len({cls.title_zh for cls in OURS}) == len(OURS)


@pytest.mark.parametrize("cls", OURS, ids=lambda cls: cls.__name__)
def test_every_error_says_something(cls: type[CreditGraphError]) -> None:
    assert re.fullmatch(r"[a-z_]+", cls.code)
    assert cls.__doc__
    assert str(made(cls)) == cls.title
    assert str(made(cls, "文件 a.csv 第 3 行")) == "文件 a.csv 第 3 行"
    assert not cls.title_zh.isascii()


def test_an_ambiguous_name_carries_its_candidates() -> None:
    error = AmbiguousName("王伟", ("a:1", "b:2"), "用编号提问")
    assert error.candidates == ("a:1", "b:2")
    assert (error.detail, error.hint) == ("王伟", "用编号提问")
