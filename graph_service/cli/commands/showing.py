"""demo: generate the city, load it through the ordinary loaders, ask the main question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.loading import load_paths
from graph_service.cli.render.flags import print_exposure
from graph_service.cli.session import Session
from graph_service.demo.city import write_city
from graph_service.demo.story import Story
from graph_service.errors import NotOverwritten
from graph_service.store.port import Store
from graph_service.web.questions.common import When, exposure

DEFAULT = Path("demo-data")
ADDRESS = "http://127.0.0.1:8000/"


@command(
    "demo",
    "生成演示城市（约 2,000 家企业、六个部门的文件），用普通加载器加载，并回答主要问题。",
    "Generate the demo city, load it through the ordinary loaders and ask the main question.",
    "credit-graph --store demo.db demo",
)
@option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT,
    zh="部门文件写到这里（默认 demo-data）",
    en="Folder for the departments' files; default demo-data",
)
@option("--seed", type=int, default=7, zh="随机种子", en="Seed of the generator")
@click.pass_obj
def demo_command(session: Session, directory: Path, seed: int) -> None:
    """Run the demo."""
    with session.opened(create=True) as store:
        directory.mkdir(parents=True, exist_ok=True)
        story = write_city(directory, seed)
        _refuse_other_data(store, story)
        loads = [
            _load(session, store, source, folder, directory) for source, folder in story.departments
        ]
        when = When(story.today)
        answer = exposure(store, session.settings(), story.subject, when, "default")
    document = {"directory": str(directory), "loads": loads, "exposure": answer}
    session.show(document, lambda *_: _print(session, story, answer))


def _refuse_other_data(store: Store, story: Story) -> None:
    others = set(store.info().sources) - {source for source, _ in story.departments}
    if others:
        raise NotOverwritten(
            "the store holds other data: " + ", ".join(sorted(others)),
            "Give the demo a store of its own: --store demo.db",
        )


def _load(
    session: Session, store: Store, source: str, folder: Path, directory: Path
) -> dict[str, Any]:
    report = load_paths(session, store, [folder], source=source)
    tables = report["rows"].values()
    read, rejected = (sum(table.get(key, 0) for table in tables) for key in ("read", "rejected"))
    session.note(
        f"已加载 {source}：读取 {read} 行，拒收 {rejected} 行",
        f"loaded {source}: {read} rows read, {rejected} rejected",
    )
    return report


def _print(session: Session, story: Story, answer: dict[str, Any]) -> None:
    print_exposure(answer, session.lang)
    print()
    print(session.say("演示中的其他情形：", "The other stories:"))
    for part, english, chinese in story.notes:
        print(f"· {story.parties.get(part, part)}: {session.say(chinese, english)}")
    print()
    own = "" if session.store is None else f" --store {session.store}"
    target = story.parties.get("target", story.subject)
    print(session.say("继续查询：", "Ask on: ") + f"credit-graph{own} flags {target}")
    also = f" ({session.say('或', 'or')} credit-graph{own} serve)" if own else ""
    print(session.say("打开控制台：", "Open the console: ") + f"make serve{also} → {ADDRESS}")
