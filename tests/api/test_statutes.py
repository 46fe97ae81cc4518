"""Questions about statutes: the service and the command line give the same answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import TestClient
from tests.support.front import AS_OF, BOSS, TIANYU, XINGHE, YINHE

PAIRS = (
    (["barred", BOSS], f"/v1/parties/{BOSS}/barred"),
    (["related", XINGHE], f"/v1/parties/{XINGHE}/related"),
    (
        ["related", YINHE, "--pack", "sse", "--as-of", AS_OF],
        f"/v1/parties/{YINHE}/related?pack=sse&as_of={AS_OF}",
    ),
    (
        ["related", BOSS, "--pack", "cas_36", "--look-back", "12m"],
        f"/v1/parties/{BOSS}/related?pack=cas_36&look_back=12m",
    ),
    (["flags", YINHE, "--why-minimal"], f"/v1/parties/{YINHE}/flags?why_minimal=true"),
    (
        ["diff", YINHE, "--from", "2024-01-01", "--to", AS_OF],
        f"/v1/parties/{YINHE}/diff?from=2024-01-01&to={AS_OF}",
    ),
    (
        ["diff", "--from", "2024-01-01", "--to", AS_OF, "--limit", "3"],
        f"/v1/diff?from=2024-01-01&to={AS_OF}&limit=3",
    ),
    (["phoenix", XINGHE, "--least", "2"], f"/v1/parties/{XINGHE}/phoenix?least=2"),
    (["rings"], "/v1/rings"),
    (["rings", "--of", XINGHE, "--limit", "3"], f"/v1/rings?of={XINGHE}&limit=3"),
    (["groups", "--as-of", AS_OF], f"/v1/groups?as_of={AS_OF}"),
    (["groups", "--of", YINHE, "--min-size", "3"], f"/v1/groups?of={YINHE}&min_size=3"),
    (["barred", TIANYU, "--as-of", AS_OF], f"/v1/parties/{TIANYU}/barred?as_of={AS_OF}"),
)


@pytest.mark.parametrize(("arguments", "path"), PAIRS, ids=lambda value: str(value)[:60])
def test_the_same_question_has_the_same_answer(
    client: TestClient, ask: Any, arguments: list[str], path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json() == ask(arguments)


@pytest.mark.parametrize(
    "path", ["/v1/parties/x/barred", "/v1/parties/x/related", "/v1/rings?of=x", "/v1/groups?of=x"]
)
def test_an_unknown_party_is_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_party")


def test_the_dossier_carries_the_bars(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{BOSS}?as_of={AS_OF}").json()
    assert {bar["rule"] for bar in body["barred"]} == {"company_law_178_5", "registration_12_5"}
    assert client.get(f"/v1/parties/{XINGHE}?as_of={AS_OF}").json()["barred"] == []


def test_an_enterprise_whose_representative_is_barred_says_so(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{TIANYU}/barred?as_of={AS_OF}").json()
    assert [officer["party"]["name"] for officer in body["officers"]] == ["王伟"]
    assert body["bars"] == []


def test_a_pack_is_named_never_a_path(client: TestClient) -> None:
    assert client.get(f"/v1/parties/{XINGHE}/related?pack=/etc/passwd").status_code == 422


def test_related_parties_of_the_town(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{YINHE}/related?as_of={AS_OF}&pack=sse").json()
    found = {(r["rule"], r["party"]["name"], r["former"]) for r in body["related"]}
    assert ("controller", "北京星河科技有限公司", False) in found
    assert ("individual_holder_5", "王伟", False) in found
    assert ("officer", "王伟", True) in found  # left on 2025-06-30, within twelve months
    assert ("enterprise_of_related_person", "天宇䶮业有限公司", False) in found


def test_the_towns_group(client: TestClient) -> None:
    (group,) = client.get(f"/v1/groups?as_of={AS_OF}&min_size=3").json()["groups"]
    assert [top["name"] for top in group["tops"]] == ["王伟"]
    assert [(m["party"]["name"], m["depth"]) for m in group["members"]] == [
        ("北京星河科技有限公司", 1),
        ("银河贸易有限公司", 2),
    ]


def test_flags_without_a_tie_are_the_same_through_both_doors(client: TestClient, ask: Any) -> None:
    path = f"/v1/parties/{YINHE}/flags"
    (cut,) = client.get(f"{path}?why_minimal=true").json()["minimal"]["ties"]
    without = client.get(path, params={"without": cut["id"]}).json()
    assert without == ask(["flags", YINHE, "--without", cut["id"]])
    assert without["flags"] == []
    assert [step["id"] for step in without["without"]] == [cut["id"]]
    assert {flag["grade"] for flag in without["cleared"]} == {"controlled"}
    plain = client.get(path).json()
    assert not {"without", "minimal"} & set(plain)


def test_an_unknown_tie_is_refused(client: TestClient) -> None:
    answer = client.get(f"/v1/parties/{YINHE}/flags?without=nothing")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")


def test_what_changed_in_the_town(client: TestClient) -> None:
    body = client.get(f"/v1/diff?from=2024-02-29&to={AS_OF}").json()
    assert body["counts"]["record"] == {"appeared": 1, "ended": 0, "changed": 0}
    assert body["counts"]["tie"]["ended"] == 1
    appeared = [c for c in body["changes"] if (c["what"], c["change"]) == ("flag", "appeared")]
    assert {c["because"][0]["record"]["id"] for c in appeared} == {"gs:R1"}
    assert client.get("/v1/diff?from=2026-01-02&to=2026-01-01").status_code == 422
