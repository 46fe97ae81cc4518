"""Bilingual commands and options; the global options stand before or after the command."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import click

from graph_service.cli.session import LANGUAGES, Session

F = TypeVar("F", bound=Callable[..., Any])


class Texts(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


def language(ctx: click.Context) -> str:
    """The language of the run, for help texts."""
    session = ctx.find_object(Session)
    return session.lang if session else "zh"


def pick(ctx: click.Context, texts: Texts) -> str:
    """The text in the run's language."""
    return texts.zh if language(ctx) == "zh" else texts.en


NO_TEXTS = Texts("", "")
_PIECES = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]..."))


class Option(click.Option):
    """An option whose help is bilingual."""

    def __init__(self, *args: Any, texts: Texts = NO_TEXTS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's line of help in the run's language."""
        twin = copy.copy(self)
        twin.help = pick(ctx, self.texts)
        if isinstance(self.type, click.types.IntParamType):
            twin.metavar = self.metavar or "N"
        record = click.Option.get_help_record(twin, ctx)
        if record is None or language(ctx) != "zh":
            return record
        return record[0], record[1].replace("[required]", "[必填]")


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    session = ctx.find_object(Session)
    if session is not None and value and param.name:
        setattr(session, param.name, value)


def _help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


GLOBAL_OPTIONS: tuple[click.Parameter, ...] = (
    Option(
        ["--store"],
        metavar="PATH|URL",
        expose_value=False,
        callback=_keep,
        texts=Texts(
            "存储：路径、sqlite:///路径、bolt://… 或 neo4j://…（CG_STORE）",
            "Store: PATH, sqlite:///PATH, bolt://… or neo4j://… (CG_STORE)",
        ),
    ),
    Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        callback=_keep,
        texts=Texts("只输出一个 JSON 文档", "One JSON document on stdout, nothing else"),
    ),
    Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        callback=_keep,
        texts=Texts("语言（CG_LANG）", "Language (CG_LANG)"),
    ),
    Option(
        ["-h", "--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_help,
        texts=Texts("显示本帮助", "Show this help"),
    ),
)


class _Bilingual(click.Command):
    """Help in the run's language, with examples, and the global options everywhere."""

    def __init__(
        self,
        *args: Any,
        texts: Texts = NO_TEXTS,
        examples: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["add_help_option"] = False
        super().__init__(*args, **kwargs)
        self.texts = texts
        self.examples = tuple(examples)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own parameters, then the global ones."""
        return [*super().get_params(ctx), *GLOBAL_OPTIONS]

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first line of the help, in the current run's language."""
        ctx = click.get_current_context(silent=True)
        text = pick(ctx, self.texts) if ctx else self.texts.zh
        return text.split("\n", 1)[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        prefix = pick(ctx, Texts("用法：", "Usage: "))
        pieces = " ".join(self.collect_usage_pieces(ctx))
        if language(ctx) == "zh":
            for english, chinese in _PIECES:
                pieces = pieces.replace(english, chinese)
        formatter.write_usage(ctx.command_path, pieces, prefix)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does, then examples."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(pick(ctx, self.texts))
        if self.examples:
            with formatter.section(pick(ctx, Texts("示例", "Examples"))):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Own options first, global ones apart."""
        own = [p for p in self.params if not isinstance(p, click.Argument)]
        for title, params in (
            (Texts("选项", "Options"), own),
            (Texts("全局选项（命令前后均可）", "Global options, before or after"), GLOBAL_OPTIONS),
        ):
            rows = [row for p in params if (row := p.get_help_record(ctx)) is not None]
            if rows:
                with formatter.section(pick(ctx, title)):
                    formatter.write_dl(rows)


class Command(_Bilingual):
    """A command."""


class Entry(NamedTuple):
    """A command that is not imported yet: its module and its line in the overview."""

    module: str
    texts: Texts


class LazyGroup(_Bilingual, click.Group):
    """A group that knows its commands by name and imports one only when it is used."""

    def __init__(self, *args: Any, entries: dict[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the overview."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now, or None."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        session = ctx.find_object(Session)
        if session is not None:
            session.command = cmd_name
        module = importlib.import_module(entry.module)
        found = getattr(module, cmd_name.replace("-", "_") + "_command")
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; raises NoSuchCommand with the names that come near."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(
                error.command_name, possibilities=self.entries, ctx=ctx
            ) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview of commands, then the global options."""
        rows = [(name, pick(ctx, entry.texts)) for name, entry in self.entries.items()]
        with formatter.section(pick(ctx, Texts("命令", "Commands"))):
            formatter.write_dl(rows)
        _Bilingual.format_options(self, ctx, formatter)


class Group(_Bilingual, click.Group):
    """A group of sub-commands in one module."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sub-commands, then the options."""
        rows = [(name, found.get_short_help_str()) for name, found in self.commands.items()]
        with formatter.section(pick(ctx, Texts("命令", "Commands"))):
            formatter.write_dl(rows)
        _Bilingual.format_options(self, ctx, formatter)


def command(
    name: str, zh: str, en: str, *examples: str, **settings: Any
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command with its help in both languages and its examples."""

    def declare(function: Callable[..., Any]) -> Command:
        texts = Texts(zh, en)
        made = click.command(name, cls=Command, texts=texts, examples=examples, **settings)
        return made(function)

    return declare


def option(*names: str, zh: str, en: str, **settings: Any) -> Callable[[F], F]:
    """Declare an option with its help in both languages."""
    return click.option(*names, cls=Option, texts=Texts(zh, en), **settings)
