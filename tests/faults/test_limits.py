"""A server at its limits, and one that wants TLS: real ones, started for this."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graph_service.errors import StoreUnavailable
from graph_service.model import RelationFilter
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.server import Link
from graph_service.store.port import Ahead
from graph_service.store.sqlite.workbench import SqliteBenches
from tests.contract.asking import told
from tests.store.writer import town
from tests.support import neo4j_pool
from tests.support.facts import KEY, TODAY, put, put_facts
from tests.support.neo4j_server import PASSWORD, Neo4jServer
from tests.support.rows import enterprise, person, post, stake

_LARGEST = 3 << 20
_TLS = """\
server.bolt.tls_level=REQUIRED
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory={folder}
dbms.ssl.policy.bolt.private_key=server.key
dbms.ssl.policy.bolt.public_certificate=server.crt
dbms.ssl.policy.bolt.client_auth=NONE
"""
_LITTLE_MEMORY = "db.memory.transaction.max=2m\n"


@dataclass(frozen=True, slots=True)
class Poor:
    """A server whose settings change from start to start; what it holds stays."""

    server: Neo4jServer
    folder: Path
    now: list[object] = field(default_factory=list)

    def restart(self, more: str = "", largest_file: int = 0) -> None:
        """Start it anew with other settings; one that runs with these goes on."""
        if self.now == [more, largest_file]:
            return
        self.server.stop()
        self.server.configure(more)
        self.server.largest_file = largest_file
        self.server.start()
        self.now[:] = [more, largest_file]

    def open(self, scheme: str = "bolt", ca_file: Path | None = None) -> Neo4jStore:
        """Its store, made when there is none."""
        address = f"{scheme}://127.0.0.1:{self.server.port}"
        link = Link(address, "neo4j", PASSWORD, connect_seconds=20.0, ca_file=ca_file)
        return Neo4jStore.open(link, KEY, SqliteBenches(KEY), self.folder / "here", create=True)


@pytest.fixture(scope="module")
def poor() -> Iterator[Poor]:
    """One server for all of these tests, not running yet."""
    neo4j_pool.require()
    if neo4j_pool.given_uri():
        pytest.skip("Neo4j: the server that is given is not ours to configure")
    with tempfile.TemporaryDirectory(prefix="credit-graph-neo4j-") as folder:
        server = Neo4jServer(Path(folder) / "home")
        yield Poor(server, Path(folder))
        server.stop()


def test_the_walk_of_a_hub_takes_little_memory(poor: Poor) -> None:
    """A server counts the lists of a row for every row that it keeps, so memory can grow with the
    square of a party's ties."""
    poor.restart()
    store = poor.open()
    firms = [f"e{n}" for n in range(700)]
    hub = {
        "enterprises": [enterprise(firm, f"星河{firm}公司") for firm in firms],
        "persons": [person("p", "王枢纽"), person("q", "李强")],
        "executives": [post(firm, "p") for firm in firms],
        "shareholders": [stake("e0", "q")],
    }
    put(store, "枢纽", hub)
    store.close()
    poor.restart(_LITTLE_MEMORY)
    store = poor.open()
    only = RelationFilter(TODAY.toordinal())
    for cap, cut in ((500, {"枢纽:p": 700}), (1000, {})):
        with store.reading(Ahead(("枢纽:q",), only, cap, 3)):
            store.info()
            found = [store.expand([id], only, cap) for id in ("枢纽:q", "枢纽:e0", "枢纽:p")]
        assert [hop.cut for hop in found] == [{}, {}, cut]
        assert store.expand(["枢纽:p"], only, cap) == found[-1]
        assert len(found[-1].relations) == min(cap, 700)
    store.close()


def test_a_transaction_over_its_memory_says_so_and_the_load_can_be_run_again(poor: Poor) -> None:
    poor.restart(_LITTLE_MEMORY)
    store = poor.open()
    put(store, "sw", {"enterprises": [enterprise("1", "星河䶮业")]})
    before = told(store)
    with pytest.raises(StoreUnavailable, match="memory") as caught:
        put_facts(store, town(300))
    assert "db.memory.transaction.max" in caught.value.hint
    assert told(store)["digest"] == before["digest"]
    assert [hit.party.name for hit in store.find("䶮").hits] == ["星河䶮业"]
    store.close()
    poor.restart()
    store = poor.open()
    put_facts(store, town(300))
    assert store.info().unfinished == ()
    assert store.info().parties["Person"] > 0
    store.close()


def until_refused(store: Neo4jStore) -> None:
    """Write and take back until there is no room."""
    for _ in range(200):
        put_facts(store, town(300))
        store.forget("gs")


def test_a_full_disk_is_said_and_leaves_nothing_half_written(poor: Poor) -> None:
    poor.restart()
    store = poor.open()
    put(store, "sw", {"persons": [person("w", "王伟")]})
    before = told(store, "王伟")
    store.close()
    poor.restart(largest_file=_LARGEST)
    store = poor.open()
    with pytest.raises(StoreUnavailable):
        until_refused(store)
    with pytest.raises(StoreUnavailable):
        store.find("王伟")
    store.close()
    poor.restart()
    store = poor.open()
    assert store.find("王伟").hits
    assert told(store, "王伟").keys() == before.keys()
    store.close()


def test_a_read_only_server_answers_and_refuses_loads(poor: Poor) -> None:
    poor.restart()
    store = poor.open()
    put(store, "sw", {"persons": [person("w", "王伟")]})
    before = told(store, "王伟")
    store.close()
    poor.restart("server.databases.default_to_read_only=true\n")
    store = poor.open()
    assert told(store, "王伟") == before
    with pytest.raises(StoreUnavailable, match="read-only"):
        put(store, "sw", {"persons": [person("q", "李强")]})
    assert told(store, "王伟") == before
    store.close()


def certificates(folder: Path) -> Path:
    """An office's own authority and a server's certificate by it; the authority's certificate."""
    folder.mkdir()
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1")
    for words in (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=office -keyout ca.key -out ca.crt",
        "req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2"
        " -extfile san -out server.crt",
    ):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    return folder / "ca.crt"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="Neo4j: openssl not installed")
def test_tls_is_checked_against_the_offices_own_authority(poor: Poor) -> None:
    authority = certificates(poor.folder / "tls")
    poor.server.scheme = "bolt+ssc"
    poor.restart(_TLS.format(folder=poor.folder / "tls"))
    poor.server.scheme = "bolt"
    for scheme, ca_file in (("bolt+ssc", None), ("bolt+s", authority)):
        store = poor.open(scheme, ca_file)
        assert store.info().digest
        store.close()
    with pytest.raises(StoreUnavailable, match="certificate") as caught:
        poor.open("bolt+s")
    assert "CG_STORE_CA_FILE" in caught.value.hint
    with pytest.raises(StoreUnavailable):
        poor.open("bolt")
