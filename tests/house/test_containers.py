"""What the Dockerfile and the compose file promise, as far as can be read without an engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from graph_service.settings import load_settings
from tests.house.plan import OURS, ROOT

_VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def compose(env: dict[str, str]) -> dict[str, Any]:
    """The compose file as it is with the example's variables filled in."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    filled = _VARIABLE.sub(lambda found: env.get(found[1], found[2] or ""), text)
    assert "${" not in filled
    loaded: dict[str, Any] = yaml.safe_load(filled)
    return loaded


def test_the_password_has_no_default_and_its_place_is_in_the_example(env: dict[str, str]) -> None:
    """A password that everybody can read is none: whoever copies the example has to choose one."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    uses = re.findall(r"\$\{NEO4J_PASSWORD(..)", text)
    assert uses == [":?", ":?"]
    assert env["NEO4J_PASSWORD"] == ""  # `:?` refuses an empty one as well


def test_neo4j_is_a_pinned_community_lts_with_memory_and_a_health_check(
    compose: dict[str, Any],
) -> None:
    neo4j = compose["services"]["neo4j"]
    pom = (ROOT / "tests/support/neo4j/pom.xml").read_text(encoding="utf-8")
    [tested] = re.findall(r"<neo4j\.version>(5\.26\.\d+)</neo4j\.version>", pom)
    assert neo4j["image"] == f"neo4j:{tested}-community"  # what the tests run against
    assert neo4j["healthcheck"]["test"][0] == "CMD"
    settings = neo4j["environment"]
    assert settings["NEO4J_AUTH"].startswith("neo4j/")
    assert settings["NEO4J_server_memory_heap_max__size"] == "1G"
    assert settings["NEO4J_server_memory_pagecache_size"] == "1G"
    assert settings["NEO4J_db_transaction_timeout"] == "10m"


def test_the_service_is_locked_down_and_waits_for_its_store(compose: dict[str, Any]) -> None:
    service = compose["services"]["credit-graph"]
    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"][0].startswith("/tmp:")  # noqa: S108  - inside the container
    assert service["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_every_published_port_is_on_the_loopback_address(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_secret_and_volume_is_declared(compose: dict[str, Any]) -> None:
    service = compose["services"]["credit-graph"]
    assert set(service["secrets"]) == set(compose["secrets"])
    named = {
        volume.split(":")[0]
        for entry in compose["services"].values()
        for volume in entry["volumes"]
    }
    assert named == set(compose["volumes"])


def test_the_services_environment_is_made_of_real_settings(compose: dict[str, Any]) -> None:
    environment = compose["services"]["credit-graph"]["environment"]
    settings = load_settings({name: str(value) for name, value in environment.items()})
    assert settings.store == "bolt://neo4j:7687"
    assert str(settings.api_keys) == "/run/secrets/api-keys"
    assert str(settings.id_key_file) == "/run/secrets/id-key"


def _instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    found = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    return [(word.upper(), rest) for word, rest in found]


def test_the_image_is_built_in_two_stages_from_hashed_requirements() -> None:
    steps = _instructions()
    assert [word for word, _ in steps].count("FROM") == 2
    runs = [rest for word, rest in steps if word == "RUN"]
    assert any("--require-hashes -r requirements-report.lock" in run for run in runs)
    assert all("pip install" not in run for run in runs[-1:])


def test_the_image_runs_as_nobody_in_particular_and_checks_its_health() -> None:
    last = _instructions()
    last = last[max(i for i, (word, _) in enumerate(last) if word == "FROM") :]
    steps = dict(last)
    assert steps["USER"] == "10001:10001"
    assert steps["HEALTHCHECK"].endswith('CMD ["credit-graph", "health"]')
    assert steps["ENTRYPOINT"] == '["credit-graph"]'
    assert steps["VOLUME"] == "/data"


def test_the_build_context_holds_what_the_image_copies_and_nothing_else() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        name
        for word, rest in _instructions()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    assert copied == allowed
    assert set(OURS) <= copied
    assert all((ROOT / name).exists() for name in copied)
