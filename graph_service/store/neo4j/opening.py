"""Opening a server as a store: what stands there, is it ours, is it whole."""

from __future__ import annotations

import uuid
from typing import Any

from graph_service.errors import KeyMismatch, StoreDamaged, StoreMissing
from graph_service.identity import IdKey
from graph_service.store.neo4j import schema
from graph_service.store.neo4j.server import Server

Meta = dict[str, Any]
_NOTHING = "[{}, {}, {}, []]"


def checked(server: Server, key: IdKey, create: bool) -> Meta:
    """The store's mark on the server, made there when ``create`` and nothing is there.

    Raises StoreMissing, StoreDamaged, KeyMismatch or StoreUnavailable.
    """
    meta = found(server)
    if meta is None:
        if server.ask(schema.ANYTHING, {}):
            raise StoreDamaged(
                "The server's database holds data of another program",
                "Give credit-graph a database of its own; nothing was changed.",
            )
        if not create:
            raise StoreMissing(
                "There is no store on this server", "Load something first: credit-graph load FOLDER"
            )
        meta = _made(server, key)
    if meta.get("schema") != schema.SCHEMA_VERSION:
        raise StoreDamaged(
            f"The store has schema version {meta.get('schema')}, this program needs"
            f" {schema.SCHEMA_VERSION}",
            "Export it with the version that made it, and load the export.",
        )
    if meta.get("id_key") != key.fingerprint:
        raise KeyMismatch(
            "This store was made with another key for ID numbers",
            "Set CG_ID_KEY_FILE to the key it was made with.",
        )
    if meta.get("imported"):
        _settle(server, meta)
    elif create:
        _make_schema(server)  # a load makes again what somebody dropped
    return meta


def found(server: Server) -> Meta | None:
    """The store's mark, or None."""
    meta: Meta | None = server.ask(schema.META, {})[0][0]
    return meta


def _made(server: Server, key: IdKey) -> Meta:
    _make_schema(server)
    meta = {
        "one": 1, "store": uuid.uuid4().hex, "schema": schema.SCHEMA_VERSION, "stamp": 0,
        "id_key": key.fingerprint, "digest": "0" * 64, "counts": _NOTHING, "source_order": "",
        "writer": "", "publishing": "",
    }  # fmt: skip
    server.put(schema.CREATE_META, {"meta": meta})
    return found(server) or meta


def _settle(server: Server, meta: Meta) -> None:
    """After an import, and before anything is answered: is all there, and what the tool could not
    make."""
    _whole(server, meta)
    _make_schema(server)
    while server.put(schema.NAME_NOBODY, {})[0][0]:
        pass
    server.put(schema.SETTLE_IMPORT, {})


def _whole(server: Server, meta: Meta) -> None:
    """Whether an import brought all that was exported: the end of a file may have been lost."""
    nodes = server.ask(schema.NODES, {})[0][0]
    relations = server.ask(schema.RELATIONS, {})[0][0]
    if (nodes, relations) == (meta.get("imported_nodes"), meta.get("imported_relations")):
        return
    if not (found(server) or {}).get("imported"):
        return  # somebody else has settled it meanwhile, and loads
    raise StoreDamaged(
        f"The import is not whole: {nodes} nodes and {relations} relations are here, of"
        f" {meta.get('imported_nodes')} and {meta.get('imported_relations')} that were exported",
        "Export again, and import with --overwrite-destination=true.",
    )


def _make_schema(server: Server) -> None:
    """Constraints and indexes; they may be there already."""
    if _missing(server):
        for cypher in (*schema.CONSTRAINTS.values(), *schema.INDEXES.values()):
            server.put(cypher, {})
        server.put(schema.AWAIT, {})


def problems(server: Server) -> list[str]:
    """Constraints and indexes that are missing or not in use, and writes that did not end."""
    lost = _missing(server)
    if (found(server) or {}).get("publishing"):
        lost.append("a write did not end: run the last load again")
    return lost


def _missing(server: Server) -> list[str]:
    constraints = {row[0] for row in server.ask(schema.SHOW_CONSTRAINTS, {})}
    states = {row[0]: row[1] for row in server.ask(schema.SHOW_INDEXES, {})}
    lost = [
        f"constraint {name} is missing" for name in schema.CONSTRAINTS if name not in constraints
    ]
    lost += [f"index {name} is missing" for name in schema.INDEXES if name not in states]
    lost += [
        f"index {name} is {state.lower()}"
        for name, state in sorted(states.items())
        if name.startswith("cg_") and state != "ONLINE"
    ]
    return lost
