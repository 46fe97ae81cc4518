"""The engine's tables: what was stated, what resolves to what, what is derived, and the papers.

``stmt`` is the truth; ``node`` says which party each designator means; ``party``, ``rel``, ``rec``,
``pname`` and ``search`` are derived and can be made again from the first two at any time.
"""

from __future__ import annotations

from graph_service.schema import RELATION_TYPES, TABLE_LIST

APPLICATION_ID = 0x43475246  # "CGRF"
SCHEMA_VERSION = 2

TABLE_NUMBERS = {table.name: number for number, table in enumerate(TABLE_LIST, 1)}
TABLE_NAMES = {number: name for name, number in TABLE_NUMBERS.items()}
TYPE_NUMBERS = {relation.name: relation.number for relation in RELATION_TYPES}
# of a statement that is no relation: a party's row, sameness (it joins parties), a record
NO_RELATION = (0, TYPE_NUMBERS["SAME_AS"], TYPE_NUMBERS["SUBJECT_OF"])
UNDIRECTED = tuple(
    relation.number
    for relation in RELATION_TYPES
    if not relation.directed and relation.number not in NO_RELATION
)
KIND_NUMBERS = {"": 0, "Enterprise": 1, "Person": 2, "Contact": 3, "Tender": 4}
FOUND = (KIND_NUMBERS["Enterprise"], KIND_NUMBERS["Person"])  # who is looked for by name
KIND_NAMES = {number: name for name, number in KIND_NUMBERS.items()}

LIVE, DANGLING, AMBIGUOUS, WRONG_KIND = range(4)
RULES = {
    DANGLING: "dangling_reference",
    AMBIGUOUS: "ambiguous_reference",
    WRONG_KIND: "kind_conflict",
}

STMT_COLUMNS = (
    "sid INTEGER PRIMARY KEY, source INTEGER NOT NULL, tbl INTEGER NOT NULL, key INTEGER NOT NULL,"
    " a INTEGER NOT NULL, b INTEGER NOT NULL, type INTEGER NOT NULL, role TEXT NOT NULL,"
    " since INTEGER NOT NULL, until INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " low INTEGER NOT NULL, high INTEGER NOT NULL, rdate INTEGER NOT NULL, vals TEXT NOT NULL,"
    " file INTEGER NOT NULL, row INTEGER NOT NULL, part INTEGER NOT NULL, load INTEGER NOT NULL,"
    " state INTEGER NOT NULL DEFAULT 0, col TEXT NOT NULL DEFAULT ''"
)

TABLES = (
    "CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE source (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " said INTEGER NOT NULL DEFAULT 0)",  # how many statements it has here
    "CREATE TABLE file (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE rtype (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    f"CREATE TABLE stmt ({STMT_COLUMNS})",
    # kind and declared come from party rows (or from the class); link is the code or pid a local id
    # stands for; canon is the party; state says whether references to it resolve.
    "CREATE TABLE node (n INTEGER PRIMARY KEY, id TEXT NOT NULL, cls INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, scope INTEGER NOT NULL,"
    " source INTEGER NOT NULL, declared INTEGER NOT NULL DEFAULT 0,"
    " link INTEGER NOT NULL DEFAULT 0, canon INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE pname (folded TEXT, n INTEGER, source INTEGER, PRIMARY KEY (folded, n, source))"
    " WITHOUT ROWID",
    # own: the one row whose values are the attributes; attrs: what several rows make. The row is
    # narrow on purpose: parties stand in no order, so each that a load brings changes a page.
    # t: what it is found by, where that is more than its name; i: its initials.
    "CREATE TABLE party (n INTEGER PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL,"
    " name TEXT NOT NULL, known INTEGER NOT NULL, dissolved INTEGER NOT NULL, own INTEGER NOT NULL,"
    " attrs TEXT NOT NULL, aliases TEXT NOT NULL, conflicts INTEGER NOT NULL, t TEXT NOT NULL,"
    " i TEXT NOT NULL)",
    "CREATE TABLE rel (rid INTEGER PRIMARY KEY, f INTEGER NOT NULL, t INTEGER NOT NULL,"
    " type INTEGER NOT NULL, role TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,"
    " low INTEGER NOT NULL, high INTEGER NOT NULL, key INTEGER NOT NULL, sid INTEGER NOT NULL,"
    " others TEXT NOT NULL DEFAULT '', nominator INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE unit (f INTEGER, t INTEGER, type INTEGER, conflicts INTEGER NOT NULL,"
    " PRIMARY KEY (f, t, type)) WITHOUT ROWID",  # only units whose sources disagree
    "CREATE TABLE rec (sid INTEGER PRIMARY KEY, n INTEGER NOT NULL, id TEXT NOT NULL,"
    " honour INTEGER NOT NULL, list TEXT NOT NULL, label INTEGER NOT NULL,"
    " decided INTEGER NOT NULL, listed INTEGER NOT NULL, valid_until INTEGER NOT NULL,"
    " status TEXT NOT NULL, until INTEGER NOT NULL)",
    # keeps no text and no lengths: ``found_by`` makes the text again, and nobody ranks by length
    "CREATE VIRTUAL TABLE search USING fts5(t, i, content='', columnsize=0, tokenize='ascii',"
    " prefix='3')",
    "CREATE TABLE load (id INTEGER PRIMARY KEY, source TEXT NOT NULL, status TEXT NOT NULL,"
    " started TEXT NOT NULL, seconds REAL NOT NULL, who TEXT NOT NULL, files TEXT NOT NULL,"
    " report TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL)",
    "CREATE TABLE reject (id INTEGER PRIMARY KEY, load INTEGER NOT NULL, source TEXT NOT NULL,"
    " tbl TEXT NOT NULL, file TEXT NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL,"
    " col TEXT NOT NULL, rule TEXT NOT NULL, value TEXT NOT NULL, hint_zh TEXT NOT NULL,"
    " hint_en TEXT NOT NULL, columns TEXT NOT NULL)",
    "CREATE TABLE reject_name (name TEXT, reject INTEGER, PRIMARY KEY (name, reject))"
    " WITHOUT ROWID",
    "CREATE INDEX reject_where ON reject (source, tbl, file, row)",
    "CREATE INDEX reject_name_reject ON reject_name (reject)",
)

# Made after a first load: an index on a growing table costs more than an index made once.
INDEXES = {
    # a record's key may be its id alone; all other keys are made of what ``stmt_a`` finds
    "stmt_key": f"stmt (key) WHERE type = {TYPE_NUMBERS['SUBJECT_OF']}",
    "stmt_a": "stmt (a, type, b)",
    "stmt_b": "stmt (b, type)",
    "stmt_same": "stmt (type) WHERE type = 11",
    "stmt_held": "stmt (state) WHERE state <> 0",
    "node_canon": "node (canon) WHERE canon <> n",
    "node_folded": "node (folded) WHERE folded <> ''",
    "node_scope": "node (scope) WHERE scope <> 0",
    "node_link": "node (link) WHERE link <> 0",
    "pname_n": "pname (n)",
    "party_dissolved": "party (n, dissolved) WHERE dissolved <> 0",
    "rel_f": "rel (f, t, type)",
    "rel_t": "rel (t)",
    "rel_nominator": "rel (nominator) WHERE nominator <> 0",
    "rec_n": "rec (n)",
}
# Of them those that hold next to nothing: to keep them costs less than to look for their rows.
RARE = frozenset({"stmt_same", "stmt_held", "rel_nominator"})

# the attributes of a party ``p``: compact JSON or nothing
ATTRIBUTES = "iif(p.own, (SELECT vals FROM stmt WHERE sid = p.own), p.attrs)"


def create_index(name: str) -> str:
    """The statement that makes one of ``INDEXES``."""
    return f"CREATE INDEX IF NOT EXISTS {name} ON {INDEXES[name]}"
