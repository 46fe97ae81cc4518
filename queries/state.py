"""Which parties are the state itself, and which are the state's own.

公司法 art. 265(4): enterprises are not related merely because the state controls both. Related
parties read it narrowly: a company that the state owns is no state body, and its subsidiaries are
related through it. Between bidders a common controller is a sign and no statutory relation, so that
what the state holds counts there as the state: it would put its sign on most pairs.
"""

from __future__ import annotations

import re

from graph_service.codes import code_of
from graph_service.model import ENTERPRISE, Party

_BODY = re.compile(
    "国有资产监督管理|国有资产管理(委员会|局|办公室|中心)$|国资(委|局|办)$|国资委|财政(部|厅|局)$"
    "|人民政府$|国务院$|管理委员会$|管委会$|^国家$|^中华人民共和国$"
)
_FIRM = re.compile("公司$|合伙企业|企业$|厂$|银行$|基金$")


def is_state_body(party: Party | None) -> bool:
    """Whether a party is a state body: so typed, or, where the type does not tell, so named.

    A type that the catalogue does not know (特设机构) and an institution (many 国有资产管理中心 are
    such) do not tell; a company never is one, whatever its name.
    """
    if party is None or party.kind != ENTERPRISE:
        return False
    code = code_of("types", party.attributes.get("type", ""))
    if code == "government":
        return True
    named = _BODY.search(party.name) and not _FIRM.search(party.name)
    return bool(named) and code in (None, "institution")


def is_state_held(party: Party | None) -> bool:
    """Whether a party is a state body, or an enterprise whose nature is state-owned (国有)."""
    if party is None or party.kind != ENTERPRISE:
        return False
    owned = code_of("natures", party.attributes.get("nature", "")) == "state"
    return owned or is_state_body(party)
