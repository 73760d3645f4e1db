"""The audit of a run's replies for people, as Markdown; texts are quoted as they were said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..episodes.stats import Figure
from .habits import HABITS
from .replies import Replies
from .swaps import ALIKE, Swap


def page(made: Replies) -> str:
    """The whole page."""
    parts = (_head, _habits, _one_text, _swapped, _universal, _texts)
    return "\n".join(line for part in parts for line in part(made)) + "\n"


def _head(made: Replies) -> Iterator[str]:
    marks = ", ".join(f"{name} {value}" for name, value in made.versions.model_dump().items())
    yield from ("# Audit of a run's replies: is the score had by reading?", "")
    yield (
        f"{made.policy}: {made.weeks} {made.split} weeks; means with bootstrap 95% intervals over weeks. No model was "
        f"called: recorded replies only. Versions: {marks}."
    )
    if made.failed:
        yield f"{made.failed} weeks ended in an error."
    yield from ("", f"**{sum(made.bars.values())} of {len(made.bars)} bars are held.**", "")
    yield from (f"- {'held' if held else '**not held**'}: {bar}" for bar, held in made.bars.items())


def _habits(made: Replies) -> Iterator[str]:
    own, careful = made.habits
    yield from ("", "## How they look, beside the careful agent in the same weeks", "")
    yield from ("| | policy | careful |", "| --- | --- | --- |")
    yield f"| total | {interval(made.totals[0])} | {interval(made.totals[1])} |"
    for habit in HABITS:
        yield f"| {habit} | {interval(own.figures[habit])} | {interval(careful.figures[habit])} |"
    for name in ("replies", "distinct", "templates"):
        yield f"| {name} | {getattr(own, name)} | {getattr(careful, name)} |"
    yield ""
    yield (
        "Per reply: chars, keywords, flattery, injection. Shares of replies: instructions (taken for an order to a "
        "machine), repeated (nearly said before in that week), elsewhere (the same text in another week). Share of "
        "asks: unclear. Templates: distinct texts without times, days and names."
    )


def _one_text(made: Replies) -> Iterator[str]:
    one = made.one_text
    yield from ("", "## Is one text enough?", "")
    yield (
        f"The best of its own texts per kind of event, found on training weeks ({one.found.tried} tables tried, "
        f"{one.found.total:.3f} there), said in every week of the run: total {interval(one.total)}, "
        f"{interval(one.under)} under the policy; pair accuracy {interval(one.twins.pair_accuracy)} over "
        f"{one.twins.pairs} pairs."
    )


def _swapped(made: Replies) -> Iterator[str]:
    yield from ("", "## Does it matter whom it is said to?", "")
    yield (
        "Every reply to a canonical event, put to the twin whose need is the other one; lost total against the "
        "labelled act, said well, there. The rest of the week goes by the labels, but the reply's own asks hear the "
        "same act again."
    )
    yield ""
    yield "| ask | swaps | lost where it was said | lost in the twin | gap | suits both | right in both |"
    yield "|" + " --- |" * 7
    for ask, one in made.swapped.items():
        cells = (one.own, one.other, one.gap, one.suits_both, one.right_twice)
        yield f"| {ask} | {one.swaps} | {' | '.join(map(interval, cells))} |"


def _universal(made: Replies) -> Iterator[str]:
    yield from ("", f"## Replies that lose at most {ALIKE} in both", "")
    yield from _swaps(made.universal) if made.universal else ("None.",)


def _swaps(found: Sequence[Swap]) -> Iterator[str]:
    for one in found:
        acts = " and ".join(one.acts)
        yield f"- {one.ask} ({one.need} need, week {one.seed}; lost {one.own:.3f} and {one.other:.3f}, read {acts}):"
        yield from ("", *(f"  > {line}" for line in one.reply.splitlines()), "")


def _texts(made: Replies) -> Iterator[str]:
    yield from ("", "## The text that does best for each kind of event", "")
    for kind, text in made.one_text.found.texts.items():
        yield from (f"- {kind}:", "", *(f"  > {line}" for line in text.splitlines()), "")


def interval(figure: Figure) -> str:
    """A mean with its interval; "-" of nothing."""
    if figure["mean"] is None:
        return "-"
    return f"{figure['mean']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
