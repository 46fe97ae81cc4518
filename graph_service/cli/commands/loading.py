"""load, loads, rejects, forget."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from graph_service.cli.command import Group, Texts, command, option
from graph_service.cli.files import who
from graph_service.cli.progress import meter, reporting
from graph_service.cli.render.ledger import print_loads, print_rejects, print_report
from graph_service.cli.session import Session
from graph_service.errors import UsageError
from graph_service.identity import load_id_key
from graph_service.store.open import open_store
from graph_service.store.port import Progress, Store
from graph_service.web.ledger import ledger, reject_json
from graph_service.web.questions.common import data_day_of
from loaders.load import load, retry
from loaders.quarantine import drop_rejects, export_rejects

FILE = click.Path(path_type=Path, dir_okay=False)
FOUND = click.Path(path_type=Path, exists=True, dir_okay=False)


@contextmanager
def metered(session: Session) -> Iterator[Progress]:
    """A progress line while the block runs, on a terminal."""
    drawn = meter(session.lang, session.json)
    try:
        yield reporting(drawn)
    finally:
        if drawn is not None:
            drawn.close()


def load_paths(
    session: Session, store: Store, paths: Sequence[Path], **options: Any
) -> dict[str, Any]:
    """Run one load with a progress line; gives the load report."""
    settings = session.settings()
    with metered(session) as progress:
        return load(
            store,
            settings,
            list(paths),
            key=load_id_key(settings),
            progress=progress,
            who=who(),
            **options,
        )


@contextmanager
def _scratch_store(session: Session) -> Iterator[Store]:
    """A store that vanishes, for a dry run: it must not make the real one."""
    with tempfile.TemporaryDirectory(prefix="credit-graph-dry-") as folder:
        store = open_store(replace(session.settings(), store=f"{folder}/dry.db"), create=True)
        try:
            yield store
        finally:
            store.close()


def refused(report: Mapping[str, Any]) -> int:
    """Exit status of a load report: 1 when rows were rejected, else 0."""
    return int(any(table.get("rejected", 0) for table in report["rows"].values()))


@command(
    "load",
    "加载标准表、双公示等已知模板，或按映射文件加载；文件夹内能识别的全部加载。"
    "有行被拒收时退出状态为 1。",
    "Load canonical tables, known templates or mapped files; a folder loads all it knows. "
    "Exit status 1 when rows were rejected.",
    "credit-graph load 市场监管局/ --source 市场监管局",
    "credit-graph load basic.csv holders.txt --mapping registry.yaml --rejects 拒收.csv",
    "credit-graph load 全量/ --source registry --full --data-date 2026-10-31",
)
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    type=click.Path(path_type=Path, exists=True),
)
@option("--mapping", type=FOUND, metavar="FILE.yaml", zh="映射文件", en="Mapping file")
@option("--source", metavar="NAME", zh="来源名称", en="Name of the source")
@option("--full", is_flag=True, zh="全量：未出现者视为已终止", en="All that the source states")
@option("--data-date", metavar="D", zh="全量数据日期", en="Day of the full data; with --full")
@option("--dry-run", is_flag=True, zh="只检查，不写入", en="Check only, write nothing")
@option("--rejects", type=FILE, metavar="FILE.csv", zh="拒收行另存", en="Write rejected rows here")
@click.pass_obj
def load_command(
    session: Session,
    paths: tuple[Path, ...],
    mapping: Path | None,
    source: str | None,
    full: bool,
    data_date: str | None,
    dry_run: bool,
    rejects: Path | None,
) -> int:
    """Load files."""
    if data_date is not None and not full:
        raise UsageError("--data-date goes with --full")
    day = data_day_of(data_date)
    with _scratch_store(session) if dry_run else session.opened(create=True) as store:
        report = load_paths(
            session,
            store,
            paths,
            mapping=mapping,
            source=source,
            full=full,
            data_date=day,
            dry_run=dry_run,
            rejects=rejects,
        )
    session.show(report, print_report)
    return refused(report)


def _known(store: Store, source: str | None) -> None:
    """Raise UsageError for a source that nobody loaded: none is not the same as a misspelt one."""
    if source is None:
        return
    loaded = (name for entry in store.loads() for name in (entry.source, *entry.source.split(", ")))
    known = {*store.info().sources, *loaded, *(row.source for row in store.rejected(source=source))}
    if source not in known:
        raise UsageError(f"no source {source}", "Sources: " + ", ".join(sorted(known)))


def _standing(store: Store, ids: Sequence[int]) -> None:
    """Raise UsageError for numbers that no quarantined row has."""
    missing = set(ids) - {row.id for row in store.rejected()} if ids else set()
    if missing:
        raise UsageError(
            "no quarantined row has the number " + ", ".join(map(str, sorted(missing))),
            "See them with: credit-graph rejects list",
        )


@command(
    "loads",
    "加载台账：每次加载的文件、逐表与逐规则计数、各来源的及时性。",
    "The ledger: each load, its files, counts per table and rule, timeliness per source.",
    "credit-graph loads --source 市场监管局",
)
@option("--source", metavar="NAME", zh="只看此来源", en="Only this source")
@click.pass_obj
def loads_command(session: Session, source: str | None) -> None:
    """Show the ledger."""
    with session.opened() as store:
        _known(store, source)
        document = ledger(store, source)
    session.show(document, print_loads)


@command(
    "forget",
    "删除某来源说过的一切；其余来源所说不变。",
    "Remove all that a source said; what the others said stays.",
    "credit-graph forget 旧系统",
)
@click.argument("source")
@click.pass_obj
def forget_command(session: Session, source: str) -> None:
    """Forget a source."""
    with session.opened() as store:
        _known(store, source)
        removed = store.forget(source)
        digest = store.info().digest
    document = {"source": source, "forgotten": removed, "digest": digest}
    said = session.say(
        f"已删除 {source} 的 {removed} 条陈述", f"{removed} statements of {source} removed"
    )
    session.show(document, lambda *_: print(said))


rejects_command = Group(
    "rejects",
    texts=Texts(
        "隔离（拒收）行：列出、导出、重试、丢弃。", "The quarantine: list, export, retry, drop."
    ),
    examples=(
        "credit-graph rejects list --source 市场监管局",
        "credit-graph rejects export 拒收.csv",
        "credit-graph rejects retry",
    ),
)

_source = option("--source", metavar="NAME", zh="只看此来源", en="Only this source")
_rule = option("--rule", metavar="RULE", zh="只看此规则", en="Only this rule")
_load = option("--load", "load_id", type=int, metavar="N", zh="只看此次加载", en="Only this load")


@command(
    "list",
    "列出隔离行。",
    "List the quarantined rows.",
    "credit-graph rejects list --rule bad_uscc",
)
@_source
@_rule
@_load
@option("--limit", type=click.IntRange(1), default=100, zh="最多几行", en="At most so many")
@click.pass_obj
def _list(
    session: Session, source: str | None, rule: str | None, load_id: int | None, limit: int
) -> None:
    with session.opened() as store:
        _known(store, source)
        rows = store.rejected(source=source, load=load_id, rule=rule)
    shown = [reject_json(row) for row in rows[:limit]]
    session.show({"rows": shown, "total": len(rows)}, print_rejects)


@command(
    "export",
    "导出隔离行，改正后可直接重新加载。",
    "Write the quarantined rows; the corrected file is loaded as it is.",
    "credit-graph rejects export 拒收.csv --source 市场监管局",
)
@click.argument("file", type=FILE)
@_source
@_rule
@_load
@click.pass_obj
def _export(
    session: Session, file: Path, source: str | None, rule: str | None, load_id: int | None
) -> None:
    with session.opened() as store:
        _known(store, source)
        count = export_rejects(store, file, source, rule, load_id)
    said = session.say(f"已写入 {count} 行：{file}", f"{count} rows written: {file}")
    session.show({"file": str(file), "rows": count}, lambda *_: print(said))


@command(
    "retry",
    "原样重试隔离行；仍被拒收时退出状态为 1。",
    "Try the quarantined rows again as they stand; exit status 1 when some are refused again.",
    "credit-graph rejects retry --rule dangling_reference",
)
@_source
@_rule
@_load
@click.pass_obj
def _retry(session: Session, source: str | None, rule: str | None, load_id: int | None) -> int:
    settings = session.settings()
    with session.opened() as store, metered(session) as progress:
        _known(store, source)
        report = retry(
            store,
            settings,
            source=source,
            rule=rule,
            load_id=load_id,
            key=load_id_key(settings),
            progress=progress,
            who=who(),
        )
    session.show(report, print_report)
    return refused(report)


@command(
    "drop",
    "永久丢弃隔离行：按编号，或按来源、规则、加载。",
    "Drop quarantined rows for good: by number, or by source, rule or load.",
    "credit-graph rejects drop 17 18",
    "credit-graph rejects drop --source 旧系统",
)
@click.argument("ids", nargs=-1, type=int, metavar="[N]...")
@_source
@_rule
@_load
@click.pass_obj
def _drop(
    session: Session,
    ids: tuple[int, ...],
    source: str | None,
    rule: str | None,
    load_id: int | None,
) -> None:
    if not ids and source is None and rule is None and load_id is None:
        raise UsageError("say which rows", "Give numbers, --source, --rule or --load.")
    if ids and (source is not None or rule is not None or load_id is not None):
        raise UsageError("give numbers or filters, not both")
    with session.opened() as store:
        _known(store, source)
        _standing(store, ids)
        count = drop_rejects(store, ids, source, rule, load_id)
    said = session.say(f"已丢弃 {count} 行", f"{count} rows dropped")
    session.show({"dropped": count}, lambda *_: print(said))


for _sub in (_list, _export, _retry, _drop):
    rejects_command.add_command(_sub)
