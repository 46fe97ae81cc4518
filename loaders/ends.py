"""The ends of a row: which party its columns name (``docs/statements.md``, designators)."""

from __future__ import annotations

from graph_service.model import ENTERPRISE, PERSON, NodeRow
from graph_service.text import is_masked, mask_id_number, uscc
from loaders.names import looks_like_name, looks_like_organisation, party_kind
from loaders.refs import is_floated, pid_text
from loaders.specs import PartyFields
from loaders.work import Work


def guess(name: str) -> str:
    """Enterprise or Person, by the name."""
    return ENTERPRISE if looks_like_organisation(name) else PERSON


def party(
    at: Work, fields: PartyFields, inside: NodeRow | None, record: str = ""
) -> NodeRow | None:
    """The party that some columns name together: ID number before id before name.

    ``inside``: the enterprise within which a person's bare name counts, else ``record`` scopes it.
    None when the row is refused for it.
    """
    kind = fields.want if fields.kind not in at.text else _kind(at, fields)
    name, text = at.text.get(fields.name, ""), at.text.get(fields.id, "")
    if name:
        at.values[fields.name] = name
    elif text and fields.id == "controller" and looks_like_name(text):
        at.values[fields.id] = name = text
        text = ""
    found = None
    if text:
        sure = kind or (guess(name) if at.context.per_kind and name else "")
        found = by_id(at, fields.id, text, sure)
    if fields.number in at.text or fields.pid in at.text:
        found = number(at, fields, kind) or found
    if found is not None or at.out.rejections:
        return found
    return _by_name(at, fields, kind, name, inside, record)


def _by_name(
    at: Work, fields: PartyFields, kind: str, name: str, inside: NodeRow | None, record: str
) -> NodeRow | None:
    if not name:
        at.reject(fields.name or fields.id, "missing_required", "")
        return None
    if not kind:
        kind = guess(name)
        at.warn("kind_guessed")
    return named(at, kind, name, inside, record)


def named(at: Work, kind: str, name: str, inside: NodeRow | None, record: str) -> NodeRow:
    """The party known by name only: an enterprise, a person inside one, or a record's person."""
    if kind == ENTERPRISE:
        return at.refs.enterprise_named(name)
    if inside is not None:
        return at.refs.person_inside(inside, name)
    return at.refs.person_of_record(record, name)


def _kind(at: Work, fields: PartyFields) -> str:
    text = at.text[fields.kind]
    code = party_kind(text)
    if code is None:
        at.warn("unknown_code")
    at.values[fields.kind] = code or text
    return fields.want or {"enterprise": ENTERPRISE, "person": PERSON, None: ""}[code]


def by_id(at: Work, column: str, text: str, kind: str) -> NodeRow | None:
    """The designator of an id cell; None when the cell is refused or starred."""
    ref = at.refs.by_id(text, kind)
    if not ref.rule:
        at.values[column] = ref.shown
        return ref.row
    if ref.rule == "masked_id":
        _starred(at, mask_id_number(text))
    else:
        at.reject(column, ref.rule, text)
    return None


def _starred(at: Work, mask: str) -> None:
    if "id_mask" in at.spec.fields:
        at.values["id_mask"] = mask
    at.warn("masked_id")


def number(at: Work, fields: PartyFields, kind: str) -> NodeRow | None:
    """The person of an ID number or of its keyed hash; an organisation's number is its code."""
    text = at.text.get(fields.number, "")
    pid = pid_text(at.text.get(fields.pid, ""))
    if pid and (not text or is_masked(text)):  # a number typed in by hand corrects the hash
        at.values[fields.pid] = pid
        return at.refs.pid(pid)
    if not text:
        return None
    checked = at.refs.number(text)
    if checked.rule and kind != PERSON and (code := uscc(text)):  # an organisation's number
        at.values[fields.id] = f"uscc:{code}"
        return at.refs.code(code)
    if checked.rule == "masked_id":
        _starred(at, checked.mask)
    elif checked.rule:
        at.reject(fields.number, checked.rule, mask_id_number(text))
    else:
        if checked.upgraded:
            at.warn("id_upgraded")
        at.values[fields.pid] = checked.pid
        at.values["id_mask"] = checked.mask
        return at.refs.pid(checked.pid)
    return None


def single(at: Work, column: str, kind: str, any_name: bool = False) -> NodeRow | None:
    """The party of a column that has no name column beside it: an id, else a plain name."""
    text = at.text.get(column)
    if not text:
        return None
    kind = kind or _said_kind(at, f"{column}_kind")
    if kind != PERSON and looks_like_name(text) and (any_name or looks_like_organisation(text)):
        at.values[column] = text
        return at.refs.enterprise_named(text)
    return by_id(at, column, text, kind)


def _said_kind(at: Work, column: str) -> str:
    """The kind that a column beside says; the id then carries it where ids are per kind."""
    said = party_kind(at.text.get(column, ""))
    return {"enterprise": ENTERPRISE, "person": PERSON, None: ""}[said]


def code(at: Work, column: str) -> NodeRow | None:
    """The enterprise of a USCC column; None when there is none or it is refused."""
    text = at.text.get(column)
    if not text:
        return None
    if is_floated(text):
        at.reject(column, "float_id", text)
        return None
    checked = uscc(text[5:] if text[:5].lower() == "uscc:" else text)
    if checked is None:
        at.reject(column, "bad_uscc", text)
        return None
    at.values[column] = checked
    return at.refs.code(checked)
