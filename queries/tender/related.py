"""Which pairs of one lot have anything to look at, so that no search goes over all pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from queries.tender.legal import Legal
from queries.tender.pairs import Evidence
from queries.tender.units import check_pairs


def related_pairs(found: Evidence, ids: Sequence[str]) -> set[tuple[str, str]]:
    """Every pair of these parties about which something was found, in their order."""
    among = {id: place for place, id in enumerate(ids)}
    pairs = set(found.ties.tied([id for id in ids if id in found.ties.balls])) | set(
        _related(found.legal, among)
    )
    pairs |= {key for key in found.contacts if key[0] in among and key[1] in among}
    return {(a, b) if among[a] < among[b] else (b, a) for a, b in pairs}


def _related(relations: Legal, among: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for top, made in relations.below.items():
        if top in among:
            members = {*made.rank, *made.possible}
            yield from ((top, id) for id in members & among.keys() if id != top)
    yield from (key for key in relations.past_control if key[0] in among and key[1] in among)
    for groups in (_by_head(relations, among), _by_controller(relations, among)):
        for ids in groups.values():
            check_pairs(len(ids))
            for index, a in enumerate(ids):
                yield from ((a, b) for b in ids[index + 1 :] if a != b)


def _by_head(relations: Legal, among: Mapping[str, int]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for heads in (relations.heads, relations.past_heads):
        for id, persons in heads.items():
            for person in persons if id in among else ():
                groups.setdefault(person, []).append(id)
    return groups


def _by_controller(relations: Legal, among: Mapping[str, int]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for id, tops in relations.above.items():
        for top in tops if id in among else ():
            groups.setdefault(top, []).append(id)
    return groups
