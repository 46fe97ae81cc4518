"""The entry point: parses, runs, and turns every ending into an exit status.

Exit status: 0 done, 1 done but something was refused, 2 wrong use, 3 no store. With ``--json`` an
error is a document too. A traceback never reaches the user.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from graph_service.again import Patience
from graph_service.cli.command import Entry, LazyGroup, Option, Texts
from graph_service.cli.phrases import in_chinese
from graph_service.cli.session import (
    Session,
    prepare_streams,
    print_json,
    session_of,
    silence_stdout,
)
from graph_service.errors import AmbiguousName, CreditGraphError, StoreChanged, UnknownParty

PROGRAM = "credit-graph"
_COMMANDS = "graph_service.cli.commands."


def _entry(module: str, zh: str, en: str) -> Entry:
    return Entry(_COMMANDS + module, Texts(zh, en))


ENTRIES = {
    "load": _entry("loading", "加载部门文件", "Load departments' files"),
    "loads": _entry("loading", "加载台账", "The ledger of loads"),
    "rejects": _entry("loading", "隔离（拒收）行", "The quarantine"),
    "forget": _entry("loading", "删除某来源的全部陈述", "Remove what a source said"),
    "search": _entry("asking", "查找主体", "Find parties"),
    "show": _entry("asking", "主体档案", "A party's dossier"),
    "trace": _entry("asking", "关联追溯", "Walk from a party"),
    "paths": _entry("asking", "两主体间的关联路径", "Ties between two parties"),
    "exposure": _entry("flagging", "失信主体牵出的全部主体", "All flagged because of a party"),
    "flags": _entry("flagging", "主体为何被标记", "Why a party is flagged"),
    "flag-all": _entry("flagging", "全库风险标记", "The whole population's flags"),
    "owners": _entry("owning", "向上穿透持股", "Ownership, upward"),
    "holdings": _entry("owning", "向下穿透持股", "Ownership, downward"),
    "controllers": _entry("owning", "谁控制它", "Who controls it"),
    "controlled": _entry("owning", "它控制谁", "What it controls"),
    "beneficial-owners": _entry("owning", "受益所有人", "Beneficial owners"),
    "close-links": _entry("owning", "紧密关联", "Close links"),
    "related": _entry("statutes", "依法认定的关联方", "Related parties by statute"),
    "phoenix": _entry("statutes", "疑似换壳", "Suspected phoenix companies"),
    "rings": _entry("grouping", "循环持股", "Rings of shareholding"),
    "groups": _entry("grouping", "企业集团与控制树", "Groups and control trees"),
    "diff": _entry("comparing", "两日之间的变化", "What changed between two days"),
    "barred": _entry("statutes", "禁止任职与禁止投标", "Barred from office or tenders"),
    "screen": _entry("screening", "投标人排查", "Screen the bidders of a tender"),
    "verify": _entry("verifying", "报告结论是否仍成立", "Does a report still stand"),
    "cases": _entry("cases", "案件：说明、主体、评注", "Cases: notes, parties, comments"),
    "export": _entry("keeping", "导出为标准表", "Export canonical tables"),
    "copy": _entry("keeping", "复制存储", "Copy a store into another"),
    "backup": _entry("keeping", "备份", "Back the store up"),
    "restore": _entry("keeping", "恢复备份", "Restore a backup"),
    "info": _entry("keeping", "存储概况与摘要", "Counts and digest"),
    "doctor": _entry("keeping", "自检", "Check store and settings"),
    "health": _entry("keeping", "存储是否可用", "Does the store answer"),
    "serve": _entry("serving", "启动 HTTP 服务", "Start the HTTP service"),
    "demo": _entry("showing", "生成并加载演示数据", "Generate and load demo data"),
    "bench": _entry("serving", "基准测试", "Benchmarks"),
    "key": _entry("serving", "API 密钥", "API keys"),
    "completion": _entry("serving", "命令行补全脚本", "Shell completion script"),
}

QUESTIONS = frozenset(
    {"search", "show", "trace", "paths", "exposure", "flags", "flag-all", "owners", "holdings",
     "controllers", "controlled", "beneficial-owners", "close-links", "related", "phoenix", "rings",
     "groups", "diff", "barred", "screen", "verify", "info"}
)  # fmt: skip


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit()


cli = LazyGroup(
    PROGRAM,
    entries=ENTRIES,
    texts=Texts(
        "信用图谱：从失信主体出发，找出其背后、名下、关联的企业，并逐条给出证据。\n\n"
        "退出状态：0 完成，1 完成但有拒收，2 用法有误，3 存储不存在或无法访问。",
        "Credit graph: every company tied to a blacklisted party, with the evidence.\n\n"
        "Exit status: 0 done, 1 done but something was refused, 2 wrong use, 3 no store.",
    ),
    examples=(
        "credit-graph load data/",
        "credit-graph exposure pid:1f0c… --as-of 2026-01-01",
        "credit-graph flags 91110000MA001ABC0X --json",
    ),
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            texts=Texts("显示版本", "Show the version"),
        )
    ],
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program on ``argv`` (default: the process's arguments); gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    session = session_of(arguments, os.environ)
    prepare_streams(session.json)
    try:
        _refuse_broken_text(arguments)
        done = _run(arguments, session)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        return 1
    except SystemExit as error:  # click ends so when the reader of a pipe went away
        _flush_or_silence()
        return error.code if isinstance(error.code, int) else 1
    except Exception as error:  # the last resort: no traceback reaches the user
        return _report(session, error)
    return done if isinstance(done, int) else 0


def _run(arguments: list[str], session: Session) -> object:
    """The command; a question is asked again when a write ended meanwhile."""
    patience = Patience()
    while True:
        try:
            return cli.main(arguments, PROGRAM, standalone_mode=False, obj=session)
        except StoreChanged:
            if session.shown or session.command not in QUESTIONS or patience.is_out():
                raise


def _flush_or_silence() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()


def _refuse_broken_text(arguments: Sequence[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise click.UsageError("an argument is not valid text in this locale")


def _report(session: Session, error: Exception) -> int:
    document, status = describe(session, error)
    if session.json:
        print_json(document)
    elif isinstance(error, click.exceptions.NoArgsIsHelpError):
        print(error.format_message(), file=sys.stderr)
    else:
        colon = session.say("：", ": ")
        lines = [colon.join(str(document[part]) for part in ("title", "detail") if document[part])]
        if isinstance(error, AmbiguousName):
            lines += [f"  {candidate}" for candidate in error.candidates]
        lines += [f"  → {document['hint']}"] if document["hint"] else []
        print("\n".join(map(_printable, lines)), file=sys.stderr)
    return status


def _printable(line: str) -> str:
    """The line without characters that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in line)


def describe(session: Session, error: Exception) -> tuple[dict[str, object], int]:
    """An error as the document that ``--json`` prints, and its exit status."""
    if isinstance(error, CreditGraphError):
        title = session.say(error.title_zh, error.title)
        document = _document(
            error.code, title, session.told(error.detail), session.told(error.hint)
        )
        if isinstance(error, AmbiguousName):
            document["candidates"] = list(error.candidates)
        if isinstance(error, UnknownParty) and error.unfinished:
            document["unfinished"] = list(error.unfinished)
        return document, error.exit_status
    if isinstance(error, click.exceptions.Abort):
        title = session.say("已中断", "Interrupted")
        return _document("interrupted", title, "", _again(session)), 1
    if isinstance(error, click.ClickException):
        title = session.say("用法有误", "Wrong use")
        return _document(
            "bad_request", title, _detail(session, error), _see_help(session, error)
        ), 2
    if isinstance(error, OSError):
        title = session.say("文件无法读写", "A file cannot be read or written")
        named = f"{error.filename}: " if error.filename else ""
        return _document("file_error", title, session.told(f"{named}{error.strerror or ''}"), ""), 2
    title = session.say("内部错误", "Internal error")
    return _document("internal_error", title, _where(error), _again(session)), 1


def _document(code: str, title: str, detail: str, hint: str) -> dict[str, object]:
    return {"code": code, "title": title, "detail": detail, "hint": hint}


def _where(error: BaseException) -> str:
    """Type and place of an unexpected error; its message could hold data, so it stays unsaid."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{os.path.basename(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


def _again(session: Session) -> str:
    return session.say(
        "存储保持完好；可重新执行同一命令。",
        "The store is whole; the same command may be run again.",
    )


def _see_help(session: Session, error: click.ClickException) -> str:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else PROGRAM
    close = getattr(error, "possibilities", None)
    if close:
        return session.say("是否想用：", "Did you mean: ") + ", ".join(sorted(close))
    return session.say(f"参见 {path} --help", f"See {path} --help")


def _detail(session: Session, error: click.ClickException) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return session.say("缺少命令", "Missing command.")
    if session.lang == "en":
        is_misspelt = isinstance(error, click.NoSuchCommand | click.NoSuchOption)
        return error.message if is_misspelt else error.format_message()
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.NoSuchCommand):
        return f"没有命令 {error.command_name}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"缺少 {_written(error.param)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_written(error.param)} 的值不可用：{in_chinese(error.message)}"
    return in_chinese(error.format_message())


def _written(param: click.Parameter) -> str:
    """The parameter as the user writes it."""
    return param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name
