"""``neo4j://``: a cluster routes questions to readers that may lag behind the writer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.cli.main import main
from graph_service.errors import StoreUnavailable
from graph_service.settings import load_settings
from graph_service.store.neo4j.server import Link, Server
from tests.api.client import client_of
from tests.support.bolt_peer import Cluster


def _server(cluster: Cluster) -> Server:
    return Server(Link(cluster.address, "neo4j", "口令", seconds=5.0, connect_seconds=2.0))


def test_a_reader_sees_its_own_load() -> None:
    with Cluster() as cluster:
        server = _server(cluster)
        assert server.ask("RETURN 1", {})[0][0] == 0
        server.put("RETURN 1", {})
        assert server.ask("RETURN 1", {})[0][0] == 1
        with server.transaction() as held:
            held.run("RETURN 1", {})
            held.commit()
        assert server.ask("RETURN 1", {})[0][0] == cluster.writes > 1
        assert [row[0] for row in server.stream("RETURN 1", {})] == [cluster.writes]
        server.close()
    assert cluster.heard[0] == ("reader", [])
    assert {who for who, _ in cluster.heard} == {"writer", "reader"}


def test_another_process_waits_for_nobodys_load() -> None:
    """The peer can tell: a question without bookmarks is answered by what the reader has."""
    with Cluster(writes=3) as cluster:
        other = _server(cluster)
        assert other.ask("RETURN 1", {})[0][0] == 0
        other.close()


def test_a_routing_table_that_empties_is_no_empty_answer() -> None:
    with Cluster() as cluster:
        server = _server(cluster)
        server.put("RETURN 1", {})
        cluster.empty = True
        calls: tuple[Callable[[], object], ...] = (
            lambda: server.ask("RETURN 1", {}),
            lambda: list(server.stream("RETURN 1", {})),
            lambda: server.put("RETURN 1", {}),
        )
        for call in calls:
            with pytest.raises(StoreUnavailable, match="No server of the cluster"):
                call()
        cluster.empty = False
        assert server.ask("RETURN 1", {})[0][0] == 1
        server.close()


def test_both_doors_say_that_nobody_could_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "id.key"
    key.write_bytes(bytes(range(1, 33)))
    monkeypatch.setenv("CG_ID_KEY_FILE", str(key))
    with Cluster(empty=True) as cluster:
        for words in (["info"], ["search", "王伟"], ["show", "gs:p"]):
            assert main(["--store", cluster.address, *words, "--json"]) == 3
            assert json.loads(capsys.readouterr().out)["code"] == "store_unavailable"
        settings = load_settings({}, store=cluster.address, id_key_file=key)
        with client_of(settings) as client:
            answer = client.get("/v1/parties/gs:p")
            assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
