"""What the issue asks of a trained policy, as data, and whether the measured figures hold it. Measures nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ...episodes.stats import Figure
from .players import CAREFUL, CLONE, TRAINED, UNTRAINED
from .rows import BALANCED, BOUNDARY, DELIVERED, EVENINGS, FRIDAY, LOWEST, PAIRED, TOTAL, Key, evening

Found = Callable[[str, Key], Figure | None]
"""The figure of a column, None where there is none."""


class Bar(NamedTuple):
    """One bar: what is measured, the bar in words, and what was measured; held is None where it could not be.

    clear: whether the whole 95% interval is on the right side, not only the mean.
    """

    what: str
    bar: str
    found: Figure | None
    held: bool | None
    clear: bool | None

    def plain(self) -> dict[str, Any]:
        """As it stands in table.json."""
        return self._asdict()


LEAST: tuple[tuple[str, Key, float], ...] = (
    ("sprint delivered", DELIVERED, 0.85),
    ("boundary setting", BOUNDARY, 0.65),
    ("Friday energy", FRIDAY, 0.72),
    ("lowest trust, mean", LOWEST, 0.70),
    ("twins: balanced accuracy", BALANCED, 0.80),
    ("twins: pair accuracy", PAIRED, 0.65),
)
EVENING = 0.60
OF_ORACLE = 0.85
WEDNESDAY = 2
COLLAPSED = 0.30


def bars(figure: Found, gap: Found, of_oracle: Figure | None) -> list[Bar]:
    """All bars of the issue. figure: of a column; gap: trained less a column; of_oracle: trained total / oracle's."""
    found = [_least(what, figure(TRAINED, key), least) for what, key, least in LEAST]
    found.insert(3, _every_evening(figure))
    for other in (CAREFUL, CLONE):
        found.append(_above(f"total less {other}'s", gap(other, TOTAL)))
    found.append(_least("total, share of the oracle's", of_oracle, OF_ORACLE))
    return found


def opening_bars(figure: Found, gap: Found) -> list[Bar]:
    """What the issue expects of the untrained policy; "about" has no verdict. gap: untrained less a column."""
    wednesday = figure(UNTRAINED, evening(WEDNESDAY))
    return [
        Bar("sprint delivered", "about 0.40", figure(UNTRAINED, DELIVERED), None, None),
        Bar("boundary setting", "about 0.15", figure(UNTRAINED, BOUNDARY), None, None),
        _under("Wednesday energy", wednesday, COLLAPSED),
        Bar("twins: balanced accuracy", "about 0.50", figure(UNTRAINED, BALANCED), None, None),
        Bar("twins: pair accuracy", "about 0", figure(UNTRAINED, PAIRED), None, None),
        *(_under(f"total less {other}'s", gap(other, TOTAL), 0.0) for other in (CAREFUL, CLONE)),
    ]


def _least(what: str, found: Figure | None, least: float) -> Bar:
    return _judged(what, f"{least:.2f} or more", found, lambda value: value >= least, "low")


def _above(what: str, found: Figure | None) -> Bar:
    """Over 0 with the whole interval."""
    bar = _judged(what, "above 0, interval too", found, lambda value: value > 0.0, "low")
    return bar._replace(held=bar.held and bar.clear)


def _under(what: str, found: Figure | None, most: float) -> Bar:
    return _judged(what, f"under {most:.2f}", found, lambda value: value < most, "high")


def _every_evening(figure: Found) -> Bar:
    """The lowest of the five evenings."""
    evenings = [found for day in range(EVENINGS) if (found := figure(TRAINED, evening(day)))]
    lowest = min(evenings, key=lambda found: found["mean"] or 0.0, default=None)
    return _judged("energy on the lowest evening", f"over {EVENING:.2f}", lowest, lambda value: value > EVENING, "low")


def _judged(what: str, bar: str, found: Figure | None, holds: Callable[[float], bool], edge: str) -> Bar:
    mean, limit = (found["mean"], found[edge]) if found else (None, None)
    if mean is None or limit is None:
        return Bar(what, bar, found, None, None)
    return Bar(what, bar, found, holds(mean), holds(limit))
