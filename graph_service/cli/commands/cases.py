"""cases: what reviewers write down about parties."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cases import STATUSES
from graph_service.cli.command import Group, Texts, command, option
from graph_service.cli.files import who
from graph_service.cli.render.cases import print_case, print_cases, print_import
from graph_service.cli.session import Session
from graph_service.errors import NotOverwritten
from graph_service.web import casefile
from graph_service.web.questions import cases as questions
from graph_service.web.questions.cases import Edit

STATUS = click.Choice(list(STATUSES))
NEW = click.Path(path_type=Path, file_okay=False)
GIVEN = click.Path(path_type=Path, exists=True)

cases_command = Group(
    "cases",
    texts=Texts(
        "案件：名称、状态、说明、固定的主体与评注，存于存储之中，随备份与复制携带。",
        "Cases: name, status, note, pinned parties and comments, kept in the store and carried by"
        " backups and copies.",
    ),
    examples=("credit-graph cases list", "credit-graph cases new 某标段围标 --party uscc:…"),
)


@command(
    "list",
    "列出案件，最近修改的在前。",
    "All cases, the one changed last first.",
    "credit-graph cases list --status open",
)
@option("--status", type=STATUS, zh="只看此状态", en="Only of this status")
@click.pass_obj
def _list(session: Session, status: str | None) -> None:
    with session.opened() as store:
        document = questions.cases(store, status)
    session.show(document, print_cases)


@command(
    "show",
    "一个案件的全部内容；数据中已无的主体会注明。",
    "All that stands in a case; parties that the data no longer has are said.",
    "credit-graph cases show 3f2a91c07d5be846",
)
@click.argument("case", metavar="CASE")
@click.pass_obj
def _show(session: Session, case: str) -> None:
    with session.opened() as store:
        document = questions.case(store, case)
    session.show(document, print_case)


@command(
    "new",
    "新建案件。",
    "Open a case.",
    "credit-graph cases new 某标段围标 --party uscc:… --note 举报转来",
)
@click.argument("name", metavar="NAME")
@option("--status", type=STATUS, zh="状态", en="Status")
@option("--note", metavar="TEXT", zh="说明", en="Note")
@option("--party", "parties", multiple=True, metavar="ID", zh="固定此主体", en="Pin this party")
@click.pass_obj
def _new(
    session: Session, name: str, status: str | None, note: str | None, parties: tuple[str, ...]
) -> None:
    with session.opened() as store:
        document = questions.new_case(store, who(), Edit(name, status, note), parties)
    session.show(document, print_case)


@command(
    "edit",
    "修改名称、状态或说明；他人同时修改时不覆盖。",
    "Change name, status or note; what somebody else changed meanwhile is not overwritten.",
    "credit-graph cases edit 3f2a91c07d5be846 --status closed",
)
@click.argument("case", metavar="CASE")
@option("--name", metavar="TEXT", zh="名称", en="Name")
@option("--status", type=STATUS, zh="状态", en="Status")
@option("--note", metavar="TEXT", zh="说明", en="Note")
@option("--version", type=int, metavar="N", zh="所读的版本", en="The version that was read")
@click.pass_obj
def _edit(
    session: Session,
    case: str,
    name: str | None,
    status: str | None,
    note: str | None,
    version: int | None,
) -> None:
    with session.opened() as store:
        read = version if version is not None else questions.found_case(store, case).version
        document = questions.edit_case(store, who(), case, Edit(name, status, note), read)
    session.show(document, print_case)


@command(
    "pin",
    "把主体固定到案件。",
    "Pin parties to a case.",
    "credit-graph cases pin 3f2a91c07d5be846 uscc:… name:示例市宇宙建设有限公司",
)
@click.argument("case", metavar="CASE")
@click.argument("parties", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def _pin(session: Session, case: str, parties: tuple[str, ...]) -> None:
    with session.opened() as store:
        document = questions.pin_parties(store, who(), case, parties)
    session.show(document, print_case)


@command(
    "unpin",
    "把主体移出案件。",
    "Take parties out of a case.",
    "credit-graph cases unpin 3f2a91c07d5be846 uscc:…",
)
@click.argument("case", metavar="CASE")
@click.argument("parties", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def _unpin(session: Session, case: str, parties: tuple[str, ...]) -> None:
    with session.opened() as store:
        document = questions.unpin_parties(store, who(), case, parties)
    session.show(document, print_case)


@command(
    "comment",
    "添加评注。",
    "Add a comment.",
    "credit-graph cases comment 3f2a91c07d5be846 已约谈法定代表人",
)
@click.argument("case", metavar="CASE")
@click.argument("text", metavar="TEXT")
@click.pass_obj
def _comment(session: Session, case: str, text: str) -> None:
    with session.opened() as store:
        document = questions.comment_case(store, who(), case, text)
    session.show(document, print_case)


@command(
    "delete",
    "删除案件。",
    "Delete a case.",
    "credit-graph cases delete 3f2a91c07d5be846",
)
@click.argument("case", metavar="CASE")
@option("--version", type=int, metavar="N", zh="所读的版本", en="The version that was read")
@click.pass_obj
def _delete(session: Session, case: str, version: int | None) -> None:
    with session.opened() as store:
        read = version if version is not None else questions.found_case(store, case).version
        questions.drop_case(store, case, read)
    said = session.say("已删除", "deleted")
    session.show({"deleted": case}, lambda *_: print(said))


@command(
    "export",
    "把案件导出为文件夹：case.json 供导入，case.md 供阅读，parties.csv 供批量核查。",
    "Write a case as a folder: case.json to import elsewhere, case.md to read, parties.csv to check"
    " all at once.",
    "credit-graph cases export 3f2a91c07d5be846 案件/",
)
@click.argument("case", metavar="CASE")
@click.argument("directory", metavar="DIR", type=NEW)
@click.pass_obj
def _export(session: Session, case: str, directory: Path) -> None:
    if directory.is_dir() and any(directory.iterdir()):
        raise NotOverwritten(f"{directory} is not empty", "Name a new or empty folder.")
    with session.opened() as store:
        files = casefile.case_files(store, case, who())
    directory.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (directory / name).write_bytes(data)
    document = {"directory": str(directory), "files": sorted(files)}
    session.show(document, lambda *_: print("\n".join(sorted(files))))


@command(
    "import",
    "导入他处导出的案件（文件夹、压缩包或 case.json）；主体按编号匹配，此处没有的会列出。",
    "Take in a case exported elsewhere: its folder, zip file or case.json. Parties are matched by"
    " their ids; those that are not here are said, with exit status 1.",
    "credit-graph cases import 案件/",
)
@click.argument("path", metavar="PATH", type=GIVEN)
@click.pass_obj
def _import(session: Session, path: Path) -> int:
    file = path / casefile.CASE_FILE if path.is_dir() else path
    with session.opened() as store:
        document = casefile.import_case(store, who(), casefile.read_file(file))
    session.show(document, print_import)
    return int(bool(document["not_found"]))


for _one in (_list, _show, _new, _edit, _pin, _unpin, _comment, _delete, _export, _import):
    cases_command.add_command(_one)
