"""What errors say, in Chinese: a catalogue from English templates, as gettext has it.

Errors are raised in English all over the program; the command line speaks the user's language. A
text that no template fits stays as it is. ``{}`` stands for what a message names.
"""

from __future__ import annotations

import re
from functools import cache

_PHRASES = (
    ("no party has this id, code or key", "没有主体使用这个编号、代码或键"),
    (
        "Use search to find its id, or name:<full name>.",
        "用 search 查它的编号，或写 name:全名。",
    ),
    ("no case has this id", "没有这个编号的案件"),
    ("a case needs a name", "案件须有名称"),
    ("Give it a name.", "请给出名称。"),
    ("a comment needs a text", "评注不能为空"),
    ("Write something.", "请写入内容。"),
    ("a text of the case is not valid", "案件中有无效的文字"),
    ("Write it again.", "请重新填写。"),
    ("no such status of a case", "没有这种案件状态"),
    ("no party of the case has this id", "案件中没有这个编号的主体"),
    ("See: credit-graph cases show ID", "参见：credit-graph cases show 编号"),
    ("there are {} cases already", "已有 {} 个案件"),
    ("Export and delete old ones.", "请导出并删除旧案件。"),
    ("the case would be too large", "案件内容过多"),
    (
        "Name {}, note {}, comment {} characters; {} parties, {} comments, 1 MB in all.",
        "名称 {} 字、说明 {} 字、评注 {} 字；主体 {} 个、评注 {} 条，共 1 MB。",
    ),
    ("the case was changed since it was read", "案件在读取之后被他人修改"),
    ("Read it again, then change it.", "请重新读取后再修改。"),
    ("the case is larger than 1 MB", "案件超过 1 MB"),
    ("Split it.", "请拆分。"),
    ("this is not a case that was exported", "这不是导出的案件"),
    (
        "Give the zip file or the folder's case.json.",
        "请给出压缩包，或文件夹中的 case.json。",
    ),
    ("the zip file holds no case.json", "压缩包中没有 case.json"),
    ("Give what an export wrote.", "请给出导出所得的文件。"),
    ("no party bears exactly this name", "没有主体恰好叫这个名称"),
    ("Use search to find similar names.", "用 search 查相近的名称。"),
    ("{} parties bear this name", "{} 个主体使用这个名称"),
    ("Use one of the candidates' ids.", "请改用候选中的一个编号。"),
    ("no store at {}", "{} 处没有存储"),
    (
        "`credit-graph load` makes one; or give --store.",
        "用 credit-graph load 建立，或用 --store 指定。",
    ),
    ("There is no store at {}", "{} 处没有存储"),
    ("Load something first: credit-graph load FOLDER", "请先加载：credit-graph load 文件夹"),
    ("{} is not a credit-graph store", "{} 不是本系统的存储"),
    ("{} is a database of another program", "{} 是其他程序的数据库"),
    ("Check --store or CG_STORE.", "请核对 --store 或 CG_STORE。"),
    ("Another load is writing to this store", "另一次加载正在写入该存储"),
    ("Wait until it has ended, then run this again.", "请等它结束后再执行。"),
    ("This store was made with another key for ID numbers", "该存储由另一证件密钥建立"),
    (
        "Set CG_ID_KEY_FILE to the key it was made with.",
        "请把 CG_ID_KEY_FILE 设为建立它时的密钥。",
    ),
    ("The store's server does not answer", "存储服务器没有应答"),
    ("{} is not a day", "{} 不是日期"),
    ("Write it as 2024-01-31.", "请写成 2024-01-31。"),
    ("Write the earlier day first.", "请先写较早的日期。"),
    ("--look-back is not a span", "--look-back 不是时间跨度"),
    ("Write it as 3y, 12m or 90d.", "请写成 3y、12m 或 90d。"),
    ("{} is not a share", "{} 不是比例"),
    ("Write it as 0.25 or 25%.", "请写成 0.25 或 25%。"),
    ("unknown relation type {}", "没有关系类型 {}"),
    ("Types: {}", "关系类型：{}"),
    ("Did you mean {}?", "是否想用 {}？"),
    ("Known: {}", "可用：{}"),
    ("no rule pack of this name, and no such file: {}", "没有这个规则集，也没有这个文件：{}"),
    ("no statute of this name, and no such file: {}", "没有这部法规，也没有这个文件：{}"),
    ("no source {}", "没有来源 {}"),
    ("Sources: {}", "来源：{}"),
    ("no files to load", "没有可加载的文件"),
    (
        "Name CSV, TSV, XLSX or JSON Lines files or a folder.",
        "请给出 CSV、TSV、XLSX、JSON Lines 文件或文件夹。",
    ),
    ("--data-date goes with --full", "--data-date 须与 --full 同用"),
    ("{}: no known table or template fits its headers", "{}：表头不合任何已知的表或模板"),
    ("{}: the mapping does not name this file", "{}：映射文件没有提到该文件"),
    (
        "Name the file after its table, use the headers of docs/data-formats.md, "
        "or write a mapping file.",
        "请按表命名文件、改用 docs/data-formats.md 中的表头，或编写映射文件。",
    ),
    ("{}: no column {} for {}", "{}：没有列 {}（用于 {}）"),
    ("{}: {}: no rule maps {}", "{}：{}：没有规则对应 {}"),
    ("{}: {} needs {}, which nothing feeds", "{}：{} 需要 {}，但没有列提供"),
    ("{}: tables: a list of tables is needed", "{}：tables 须为表的列表"),
    ("{}: not readable as YAML", "{}：不是可读的 YAML"),
    ("{}: its text is not {}", "{}：文本编码不是 {}"),
    (
        "Say `encoding:` in a mapping file, or save it as UTF-8.",
        "请在映射文件中写 encoding:，或存为 UTF-8。",
    ),
    ("{}: a quote that never closes", "{}：引号没有闭合"),
    ("Close or double it.", "请补上引号，或将其写成两个。"),
    ("{}: it holds NUL bytes: no text file", "{}：含有 NUL 字节，不是文本文件"),
    ("Export it as CSV again.", "请重新导出为 CSV。"),
    ("{}: {} is not known", "{}：不认识 {}"),
    ("more than {} seconds", "超过 {} 秒"),
    (
        "Ask for less depth or fewer types, or set CG_SECONDS higher.",
        "请减小层数或类型，或调高 CG_SECONDS。",
    ),
    ("give either an ID or --file", "请给出编号或 --file 之一"),
    ("say which rows", "请说明哪些行"),
    ("Give numbers, --source, --rule or --load.", "请给出序号、--source、--rule 或 --load。"),
    ("give numbers or filters, not both", "序号与筛选条件只能给一种"),
    ("{} exists", "{} 已存在"),
    ("{} is not empty", "{} 不是空文件夹"),
    ("Name a new or empty folder.", "请指定新的或空的文件夹。"),
    ("Choose another name, or say --force.", "请换一个名字，或加 --force。"),
    ("Choose another --store, or say --force.", "请换一个 --store，或加 --force。"),
    ("no backup at {}", "{} 处没有备份"),
    ("Give the file that `backup` wrote.", "请给出 backup 写出的文件。"),
    ("unknown kind of store: {}", "没有这种存储：{}"),
    ("{} is not a setting", "没有设置 {}"),
    (
        "without CG_API_KEYS the service listens on loopback only",
        "未设 CG_API_KEYS 时只能监听本机回环地址",
    ),
    (
        "Make a key: credit-graph key new --file keys.txt, then set CG_API_KEYS=keys.txt.",
        "先生成密钥：credit-graph key new --file keys.txt，再设 CG_API_KEYS=keys.txt。",
    ),
)


def in_chinese(text: str) -> str:
    """The text in Chinese where the catalogue has it."""
    for pattern, said in _catalogue():
        if found := pattern.fullmatch(text):
            return said.format(*found.groups())
    return text


@cache
def _catalogue() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates as patterns; those that name the least come first."""
    phrases = sorted(_PHRASES, key=lambda phrase: phrase[0].count("{}"))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
        for english, chinese in phrases
    )
