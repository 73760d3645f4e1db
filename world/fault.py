"""One failure of a model, as the fault ledger of a record keeps it. Knows no model and no wire."""

from __future__ import annotations

from typing import Literal

from .frozen import Frozen


class Fault(Frozen):
    """One failure of a model, as the fault ledger keeps it; `who` is a person id or a role, `ms` how long it took."""

    who: str
    rung: Literal["retry", "repair", "reask", "scripted", "unscored"]
    kind: Literal["timeout", "http", "schema", "refusal", "truncated"]
    detail: str
    ms: float
