"""serve, demo, bench, key, completion."""

from __future__ import annotations

import gc
import ipaddress
import socket
from dataclasses import replace
from pathlib import Path

import click

from graph_service.auth import add_key, read_keys
from graph_service.cli.command import Group, Texts, command, option
from graph_service.cli.session import Session
from graph_service.errors import UsageError
from graph_service.settings import Settings

LABELS = click.Choice(("bash", "zsh", "fish"))


@command(
    "serve",
    "启动 HTTP 服务：/v1 接口、/docs 文档。默认只监听本机；监听其他地址须设置 CG_API_KEYS。",
    "Start the HTTP service: /v1 and /docs. On loopback only, unless CG_API_KEYS is set.",
    "credit-graph serve --port 8000",
    "CG_API_KEYS=keys.txt CG_ALLOWED_HOSTS=graph.example.cn credit-graph serve --host 0.0.0.0",
)
@option("--host", default="127.0.0.1", zh="监听地址（默认 127.0.0.1）", en="Address to listen on")
@option("--port", type=click.IntRange(0, 65_535), default=8000, zh="端口（默认 8000）", en="Port")
@click.pass_obj
def serve_command(session: Session, host: str, port: int) -> None:
    """Serve until stopped."""
    settings = listening(session.settings(), host)
    _require_free(host, port)
    import uvicorn

    from graph_service.web.app import create_app
    from graph_service.web.protocol import Protocol

    shown = f"[{host}]" if ":" in host else host
    session.note(
        f"信用图谱服务：http://{shown}:{port}/ （接口文档 /docs，Ctrl-C 停止）",
        f"credit-graph: http://{shown}:{port}/ (API at /docs, Ctrl-C stops)",
    )
    app = create_app(settings)
    gc.freeze()  # what stands for good is not looked through again for cycles, answer by answer
    gc.set_threshold(50_000, 20, 20)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=Protocol,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
    )


def listening(settings: Settings, host: str) -> Settings:
    """The settings for listening on ``host``; raises UsageError without keys beyond loopback.

    The address listened on is itself an accepted host name, unless it means every address.
    """
    if not is_loopback(host):
        if settings.api_keys is None:
            raise UsageError(
                "without CG_API_KEYS the service listens on loopback only",
                "Make a key: credit-graph key new --file keys.txt, then set CG_API_KEYS=keys.txt.",
            )
        read_keys(settings.api_keys)
    name = f"[{host}]" if ":" in host else host
    if name in settings.allowed_hosts or host in ("0.0.0.0", "::"):  # noqa: S104
        return settings
    return replace(settings, allowed_hosts=(*settings.allowed_hosts, name))


def _require_free(host: str, port: int) -> None:
    """Raise UsageError where nothing can listen, before anything is said to be served there."""
    try:
        for family, kind, number, _name, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, number) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(address)
                probe.listen(1)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}",
            "Stop what listens there, or choose another --port or --host.",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@command(
    "bench",
    "基准测试；参数原样交给 bench。",
    "Benchmarks; arguments go to bench as they are.",
    "credit-graph bench --parties 100000",
    "credit-graph bench -- --help",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", metavar="[ARG]...", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def bench_command(session: Session, arguments: tuple[str, ...]) -> int:
    """Run the benchmarks."""
    try:
        from bench.main import main
    except ModuleNotFoundError:
        raise UsageError(
            "the benchmarks are not installed", "Run them from the repository: make bench"
        ) from None
    return int(main(list(arguments)) or 0)


key_command = Group(
    "key",
    texts=Texts(
        "API 密钥：生成密钥，文件中只保存其哈希。", "API keys: only hashes are kept in the file."
    ),
    examples=("credit-graph key new --file keys.txt --label 监管处",),
)


def _key_file(session: Session, file: Path | None) -> Path:
    path = file or session.settings().api_keys
    if path is None:
        raise UsageError("no file for keys", "Give --file FILE or set CG_API_KEYS.")
    return path


@command(
    "new",
    "生成一个密钥：只显示这一次，文件中追加其哈希。",
    "Make a key: shown this once; its hash is appended to the file.",
    "credit-graph key new --file keys.txt --label 监管处",
)
@option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    zh="密钥文件（默认 CG_API_KEYS）",
    en="File of hashed keys; default CG_API_KEYS",
)
@option("--label", default="key", zh="标签", en="A label for the line")
@click.pass_obj
def key_new_command(session: Session, file: Path | None, label: str) -> None:
    """Make a key."""
    path = _key_file(session, file)
    key = add_key(path, label)
    session.note(
        f"哈希已写入 {path}；密钥只显示这一次：",
        f"Its hash is in {path}; the key is shown this once:",
    )
    session.show({"key": key, "file": str(path), "label": label}, _print_key)


def _print_key(document: object, _lang: str) -> None:
    if isinstance(document, dict):
        print(document["key"])


key_command.add_command(key_new_command)


@command(
    "completion",
    "打印命令行补全脚本。",
    "Print the shell's completion script.",
    'eval "$(credit-graph completion bash)"',
    "credit-graph completion fish > ~/.config/fish/completions/credit-graph.fish",
)
@click.argument("shell", type=LABELS)
@click.pass_obj
def completion_command(session: Session, shell: str) -> None:
    """Print a completion script."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise UsageError("no completion for this shell")
    root = click.get_current_context().find_root().command
    source = made(root, {}, "credit-graph", "_CREDIT_GRAPH_COMPLETE").source()
    session.show({"shell": shell, "script": source}, lambda *_: print(source))
