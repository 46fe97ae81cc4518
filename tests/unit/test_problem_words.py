"""Which parameter does not fit is told in the request's language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError

from graph_service.web.problems import of_validation

FAULTS = [
    ("less_than_equal", "Input should be less than or equal to 20", "不得大于 20"),
    ("missing", "Field required", "缺少此项"),
    ("string_too_short", "String should have at least 1 character", "至少 1 个字符"),
    ("enum", "Input should be 'zh' or 'en'", "只能是 'zh' 或 'en'"),
]


@pytest.mark.parametrize(("rule", "english", "chinese"), FAULTS)
def test_a_fault_is_told_in_the_requests_language(rule: str, english: str, chinese: str) -> None:
    fault: dict[str, Any] = {"type": rule, "loc": ("query", "depth"), "msg": english}
    for lang, said in (("zh", chinese), ("en", english)):
        found = of_validation(RequestValidationError([fault]), {"language": lang})
        (told,) = json.loads(bytes(found.body))["errors"]
        assert (told["name"], told["rule"], told["message"]) == ("depth", rule, said)
