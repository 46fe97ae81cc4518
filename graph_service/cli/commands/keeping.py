"""export, copy, backup, restore, info, doctor, health."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from graph_service.again import asked_again
from graph_service.auth import read_keys
from graph_service.cli.command import command, option
from graph_service.cli.commands.loading import load_paths, metered
from graph_service.cli.commands.options import as_of
from graph_service.cli.files import whole_file
from graph_service.cli.render.parties import print_info
from graph_service.cli.session import Session
from graph_service.errors import CreditGraphError, NotOverwritten
from graph_service.model import RejectedRow, StoreInfo
from graph_service.settings import Settings
from graph_service.store.open import (
    check_store,
    open_store,
    restore_store,
    whole_cases,
    write_import,
)
from graph_service.store.port import Store
from graph_service.web.questions.cases import carry_cases
from graph_service.web.questions.common import When
from graph_service.web.questions.common import info as ask_info
from loaders.export import export
from loaders.quarantine import carry_rejects

FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    "export",
    "导出为标准表；重新加载即得相同的存储（摘要相同）。--neo4j-import：供 Neo4j 导入工具。",
    "Export canonical tables; loading them again gives an equal store (same digest). With"
    " --neo4j-import: files for Neo4j's own import tool, for a first national load.",
    "credit-graph export 导出/",
    "credit-graph --store graph.db export 导入/ --neo4j-import",
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@option(
    "--neo4j-import",
    is_flag=True,
    zh="写出 neo4j-admin database import full 的 CSV 文件，并给出确切命令",
    en="Write CSV files for neo4j-admin database import full, and say the exact command",
)
@click.pass_obj
def export_command(session: Session, directory: Path, neo4j_import: bool) -> None:
    """Export."""
    if directory.is_dir() and any(directory.iterdir()):
        raise NotOverwritten(f"{directory} is not empty", "Name a new or empty folder.")
    if neo4j_import:
        _export_import(session, directory)
        return
    digest = asked_again(lambda: _export(session, directory))
    files = sorted(path.name for path in directory.iterdir())
    document = {"directory": str(directory), "files": files, "digest": digest}
    session.show(document, lambda *_: print("\n".join([*files, _told(session, digest)])))


def _export(session: Session, directory: Path) -> str:
    """Write the tables; the digest of the state that they are of."""
    with _whole_or_nothing(directory), session.opened() as store, store.reading():
        export(store, directory)
        return store.info().digest


@contextmanager
def _whole_or_nothing(directory: Path) -> Iterator[None]:
    """Leave an empty folder as it was, or none where there was none, when not all is written."""
    made_here = not directory.exists()
    try:
        yield
    except BaseException:
        for path in directory.iterdir() if directory.exists() else ():
            path.unlink()
        if made_here and directory.exists():
            directory.rmdir()
        raise


def _export_import(session: Session, directory: Path) -> None:
    """Files for the import tool hold what the store holds: nobody else may read them."""
    with _whole_or_nothing(directory), metered(session) as progress:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = write_import(session.settings(), directory, progress)
    document = {
        "directory": str(directory), "files": list(made.files), "digest": made.digest,
        "nodes": made.nodes, "relations": made.relations, "command": made.command,
    }  # fmt: skip
    counted = session.say(
        f"节点 {made.nodes:,} · 关系 {made.relations:,}",
        f"{made.nodes:,} nodes, {made.relations:,} relations",
    )
    lines = [*made.files, counted, _told(session, made.digest), "", made.command]
    session.show(document, lambda *_: print("\n".join(lines)))


@command(
    "copy",
    "把一个存储复制为另一个（任何引擎），案件与隔离行一并复制，并核对摘要。",
    "Copy a store with its cases and rejected rows into another, of any engine, and compare"
    " their digests.",
    "credit-graph copy old.db new.db",
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.pass_obj
def copy_command(session: Session, source: str, target: str) -> int:
    """Copy a store."""
    settings = session.settings()
    with tempfile.TemporaryDirectory(prefix="credit-graph-copy-") as scratch:
        store = open_store(replace(settings, store=source))

        def exported() -> tuple[Any, StoreInfo, list[RejectedRow]]:
            with _whole_or_nothing(Path(scratch)), store.reading():
                withheld = export(store, Path(scratch))["withheld"]
                return withheld, store.info(), store.rejected()

        try:
            withheld, before, refused = asked_again(exported)
            cases = list(whole_cases(store))
        finally:
            store.close()

        def carry(there: Store) -> None:
            carry_rejects(refused, withheld, there)
            carry_cases(cases, there)

        into, anything = replace(settings, store=target), bool(before.sources)
        after = _load_into(session, into, Path(scratch), anything, carry)
    equal = after == before.digest
    document = {"from": source, "to": target, "digest": after, "equal": equal}
    same = session.say("摘要一致", "digests are equal")
    other = session.say(
        "摘要不一致：目标存储原有其他数据", "digests differ: the target held other data"
    )
    session.show(document, lambda *_: print(f"{same if equal else other}  {after}"))
    return 0 if equal else 1


def _load_into(
    session: Session,
    settings: Settings,
    folder: Path,
    anything: bool,
    carry: Callable[[Store], None],
) -> str:
    target = open_store(settings, create=True)
    try:
        if anything:
            load_paths(session, target, [folder], source=None)
        carry(target)
        return target.info().digest
    finally:
        target.close()


@command(
    "backup",
    "一致的备份，加载进行中也可以。",
    "A consistent copy, also while a load runs.",
    "credit-graph backup 备份-2026-11-23.db",
)
@click.argument("file", type=FILE)
@option("--force", is_flag=True, zh="覆盖已有文件", en="Replace an existing file")
@click.pass_obj
def backup_command(session: Session, file: Path, force: bool) -> None:
    """Back up."""
    if file.exists() and not force:
        raise NotOverwritten(f"{file} exists", "Choose another name, or say --force.")
    with session.opened() as store, whole_file(file) as scratch:
        store.backup(str(scratch))
    with closing(open_store(replace(session.settings(), store=str(file)))) as kept:
        digest = kept.info().digest  # what was taken; the store may have changed since
    size = file.stat().st_size
    document = {"file": str(file), "bytes": size, "digest": digest}
    session.show(document, lambda *_: print(f"{file}  {size:,} B  {_told(session, digest)}"))


@command(
    "restore",
    "从备份恢复；已有存储不会被悄悄覆盖。",
    "Restore a backup; an existing store is never replaced silently.",
    "credit-graph --store new.db restore 备份-2026-11-23.db",
)
@click.argument("file", type=FILE)
@option("--force", is_flag=True, zh="替换已有存储", en="Replace the existing store")
@click.pass_obj
def restore_command(session: Session, file: Path, force: bool) -> None:
    """Restore."""
    restore_store(session.settings(), file, force=force)
    with session.opened() as store:
        digest = store.info().digest
    address = session.settings().store
    document = {"store": address, "digest": digest}
    session.show(document, lambda *_: print(f"{address}  {_told(session, digest)}"))


@command(
    "info",
    "存储概况：主体、关系、记录、来源的数量，数据版本与摘要。",
    "Counts of parties, relations, records and sources; data version and digest.",
    "credit-graph info --json",
)
@as_of
@click.pass_obj
def info_command(session: Session, as_of: str | None) -> None:
    """Show counts."""
    with session.opened() as store:
        answer = ask_info(store, When(as_of))
    session.show(answer, print_info)


@command(
    "health",
    "存储能否应答：能则退出状态 0，否则 3。",
    "Whether the store answers: exit status 0, else 3.",
    "credit-graph health",
)
@click.pass_obj
def health_command(session: Session) -> None:
    """Ask the store for a sign of life."""
    with session.opened() as store:
        version = store.info().data_version
    document = {"status": "ok", "data_version": version}
    session.show(document, lambda *_: print(f"ok  {version}"))


@command(
    "doctor",
    "自检：设置、证件密钥、API 密钥、存储文件。",
    "Check the settings, the ID key, API keys and the store's files.",
    "credit-graph doctor",
)
@click.pass_obj
def doctor_command(session: Session) -> int:
    """Check everything."""
    settings = session.settings()
    checks = [
        _checked(session, "api_keys", lambda: _key_problems(settings)),
        _checked(session, "store", lambda: check_store(settings)),
        _checked(session, "answers", lambda: _unfinished(settings)),
    ]
    healthy = not any(check["problems"] for check in checks)
    document = {"healthy": healthy, "checks": checks}
    session.show(document, lambda *_: _print_checks(checks, session))
    if healthy:
        return 0
    return max(int(str(check["exit_status"])) for check in checks)


def _told(session: Session, digest: str) -> str:
    return session.say("摘要 ", "digest ") + digest


def _checked(session: Session, name: str, check: Callable[[], list[str]]) -> dict[str, object]:
    try:
        problems, status = [session.told(problem) for problem in check()], 1
    except CreditGraphError as error:
        title = session.say(f"{error.title_zh}：", f"{error.title}: ")
        problems, status = [title + session.told(error.detail)], error.exit_status
        problems += [f"→ {session.told(error.hint)}"] if error.hint else []
    return {"check": name, "problems": problems, "exit_status": status if problems else 0}


def _key_problems(settings: Settings) -> list[str]:
    if settings.api_keys is not None:
        read_keys(settings.api_keys)
        if settings.api_keys.stat().st_mode & 0o077:
            return ["CG_API_KEYS can be read by others: chmod 600"]
    return []


def _unfinished(settings: Settings) -> list[str]:
    store = open_store(settings)
    try:
        return [f"load {load} is not finished" for load in store.info().unfinished]
    finally:
        store.close()


def _print_checks(checks: list[dict[str, object]], session: Session) -> None:
    names = {
        "api_keys": session.say("API 密钥", "API keys"),
        "store": session.say("存储文件", "store files"),
        "answers": session.say("存储应答", "store answers"),
    }
    for check in checks:
        problems = check["problems"]
        print(f"{'✗' if problems else '✓'} {names[str(check['check'])]}")
        for problem in problems if isinstance(problems, list) else ():
            print(f"    {problem}")
