"""Which parties are the state itself: bodies, not the enterprises that they own.

公司法 art. 265(4): enterprises are not related merely because the state controls both. A company
that the state owns is no such body: its subsidiaries are related through it.
"""

from __future__ import annotations

import re

from graph_service.codes import code_of
from graph_service.model import ENTERPRISE, Party

_BODY = re.compile(
    "国有资产监督管理委员会|国有资产监督管理局|国有资产管理(委员会|局|办公室)|国资委|国资局|财政(部|厅|局)$"
    "|人民政府$|国务院$|管理委员会$|管委会$"
)


def is_state(party: Party | None) -> bool:
    """Whether a party is a state body: so typed, or, where no type is given, so named."""
    if party is None or party.kind != ENTERPRISE:
        return False
    text = party.attributes.get("type", "")
    if text:
        return code_of("types", text) == "government"
    return bool(_BODY.search(party.name))
