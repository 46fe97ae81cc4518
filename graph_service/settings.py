"""Settings: ``CG_*`` variables, declared once as data; an unknown or bad one stops the start.

The field's metadata is its documentation: ``docs/settings.md`` comes from it. Written by hand
because every command reads it: a settings library costs more time to import than most questions
take to answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from graph_service.errors import SettingsError

PREFIX = "CG_"
# Read by test runs, not by the program; naming them here keeps "unknown setting" strict.
FOREIGN = frozenset({"CG_TEST_NEO4J_URI", "CG_TEST_SHARED", "CG_PROOF"})


def _text(raw: str) -> str:
    return raw


def _path(raw: str) -> Path:
    return Path(raw).expanduser()


def _names(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        value = int(raw)
        if not low <= value <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return value

    return parse


def _seconds(raw: str) -> float:
    value = float(raw)
    if not 0 < value <= 3600:
        raise ValueError("must lie between 0 and 3600 seconds")
    return value


def _lang(raw: str) -> str:
    if raw not in ("zh", "en"):
        raise ValueError("must be zh or en")
    return raw


def _setting(default: Any, parse: Callable[[str], Any], en: str, zh: str) -> Any:
    return field(default=default, metadata={"parse": parse, "en": en, "zh": zh})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside. Names in the environment: ``CG_`` + upper case."""

    store: str = _setting(
        "credit-graph.db",
        _text,
        "Path or URL of the store",
        "存储的路径或地址",
    )
    store_user: str = _setting("", _text, "User of a bolt/neo4j store", "图数据库用户名")
    store_password: str = _setting("", _text, "Password of a bolt/neo4j store", "图数据库口令")
    store_password_file: Path | None = _setting(
        None, _path, "File that holds the store's password", "口令文件"
    )
    store_database: str = _setting(
        "neo4j", _text, "Database on a bolt/neo4j server", "图数据库服务器上的数据库名"
    )
    store_ca_file: Path | None = _setting(
        None,
        _path,
        "Certificates to trust on bolt+s and neo4j+s addresses; default: the system's",
        "bolt+s、neo4j+s 地址所信任的 CA 证书文件；默认用系统证书",
    )
    store_pool: int = _setting(
        50, _count(1, 10_000), "Most connections to a bolt/neo4j server", "图数据库连接数上限"
    )
    store_connect_seconds: float = _setting(
        5.0,
        _seconds,
        "How long to wait for a connection to a bolt/neo4j server, in seconds",
        "连接图数据库的等待时间（秒）",
    )
    store_step_seconds: float = _setting(
        600.0,
        _seconds,
        "How long one step of a load or scan on a bolt/neo4j server may take, in seconds",
        "图数据库加载或扫描单步的时间上限（秒）",
    )
    store_retry_seconds: float = _setting(
        4.0,
        _seconds,
        "How long to pause between tries, in all, where a bolt/neo4j server cannot write just now,"
        " in seconds",
        "图数据库暂时无法写入时，各次重试之间等待的总时长（秒）",
    )
    workbench_dir: Path | None = _setting(
        None,
        _path,
        "Folder of the workbenches that writes to bolt/neo4j servers go through; default: below the"
        " user's data folder",
        "写入图数据库时本机工作副本的存放目录；默认在用户数据目录下",
    )
    lang: str = _setting(
        "zh",
        _lang,
        "Language of texts: zh or en; of HTTP problems where Accept-Language names neither",
        "界面语言：zh 或 en；Accept-Language 未指明时，HTTP 错误亦用此语言",
    )
    id_key_file: Path | None = _setting(
        None,
        _path,
        "File with the secret key for ID numbers; made once per user when not set",
        "证件号码哈希密钥文件；未设置时按用户自动生成一次",
    )
    source_order: tuple[str, ...] = _setting(
        (),
        _names,
        "Precedence of sources where they disagree, most trusted first, comma-separated",
        "来源冲突时的优先次序，逗号分隔，可信度高者在前",
    )
    hops: int = _setting(3, _count(0, 20), "Default depth of a trace", "默认追溯层数")
    max_parties: int = _setting(
        10_000, _count(1, 1_000_000), "Most parties in a trace", "单次追溯的主体数上限"
    )
    per_party: int = _setting(
        500,
        _count(1, 100_000),
        "Most relations shown of one party in a trace",
        "单个主体展开的关系数上限",
    )
    hub_contact: int = _setting(
        20,
        _count(2, 100_000),
        "A contact of more parties than this is a hub and proves nothing",
        "联系方式被超过此数的主体共用即为枢纽，不作为线索",
    )
    seconds: float = _setting(
        30.0, _seconds, "Time budget of one question, in seconds", "单次查询的时间预算（秒）"
    )
    max_upload_mb: int = _setting(
        200, _count(1, 10_000), "Largest upload, in MB", "上传文件大小上限（MB）"
    )
    parser_memory_mb: int = _setting(
        1024,
        _count(128, 65_536),
        "Memory limit of the process that parses files, in MB",
        "文件解析进程的内存上限（MB）",
    )
    parser_seconds: int = _setting(
        3600,
        _count(1, 86_400),
        "CPU time limit of the process that parses files, in seconds",
        "文件解析进程的 CPU 时间上限（秒）",
    )
    api_keys: Path | None = _setting(
        None,
        _path,
        "File with hashed API keys; needed to listen anywhere but on loopback",
        "API 密钥（哈希）文件；非本机监听时必须设置",
    )
    session_minutes: int = _setting(
        30,
        _count(1, 1440),
        "Minutes without a question after which a console session ends",
        "控制台会话无操作自动退出的分钟数",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        ("localhost", "127.0.0.1", "[::1]"),
        _names,
        "Host names the service answers to, comma-separated",
        "服务接受的主机名，逗号分隔",
    )
    report_font: str = _setting(
        "",
        _text,
        "Fonts for PDF and PNG before those found here: TrueType files, with : between them",
        "PDF、PNG 所用字体（TrueType 文件，冒号分隔），优先于本机找到的字体",
    )
    load_root: Path | None = _setting(
        None,
        _path,
        "Folder below which POST /v1/loads keeps uploaded files; default: the temporary folder",
        "上传加载文件的存放目录；默认临时目录",
    )
    screening_root: Path | None = _setting(
        None,
        _path,
        "Folder that keeps screenings and their results; default: beside the store's file",
        "排查任务及结果的存放目录；默认在存储文件旁",
    )
    screening_days: int = _setting(
        7,
        _count(1, 3650),
        "Days for which the result of a screening is kept, then erased",
        "排查结果保留天数，到期删除",
    )


def setting_docs() -> list[tuple[str, str, str, str]]:
    """Each setting as (variable, default as text, English, 中文), in declared order."""
    return [
        (PREFIX + f.name.upper(), _shown(f.default), f.metadata["en"], f.metadata["zh"])
        for f in fields(Settings)
    ]


def _shown(default: object) -> str:
    if default is None:
        return ""
    return ",".join(default) if isinstance(default, tuple) else str(default)


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment, then ``overrides``; raises SettingsError with the name."""
    env = os.environ if environ is None else environ
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, raw in env.items():
        if not name.startswith(PREFIX) or name in FOREIGN:
            continue
        if name not in known:
            raise SettingsError(f"{name} is not a setting", _nearest(name, known))
        if raw != "":
            values[known[name].name] = _parsed(name, raw, known[name])
    values.update({k: v for k, v in overrides.items() if v is not None})
    return Settings(**values)


def _parsed(name: str, raw: str, declared: Field[Any]) -> Any:
    try:
        return declared.metadata["parse"](raw)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}", declared.metadata["en"]) from None


def _nearest(name: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else "See docs/settings.md for the list."
