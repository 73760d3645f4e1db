"""Who earned what: rewards of a group into advantages. Pure numbers; knows no text, no world and no torch.

All three estimates are policy gradients  grad J = E[ A * grad log pi(reply | state) ]  with a baseline from a group
that shares its luck (a week's draws are keyed by seed and event, `world/luck.py`), so that a difference inside a group
is the doing of the replies: common random numbers, an old reduction of variance (Glasserman & Yao 1992).

**episode** - G weeks of one seed. A_i = (R_i - mean_j R_j) / s for every token of week i; R is the week's total. GRPO
(Shao et al. 2024, arXiv:2402.03300) takes s = std of the group. That weighs weeks by how much they agree; Dr. GRPO (Liu
et al. 2025, arXiv:2503.20783) drops it (s = 1), and s = std of the batch keeps a scale without that bias.

**turn** - the same G weeks, but a decision t only answers for what came after it:
    g_t = sum_{k >= t} gamma^(k - t) r_k,    A_t = (g_t - mean over the group's weeks that met the same event) / s.
r sums to the total's gain over the week, so gamma = 1 is the reward-to-go of REINFORCE. Events are matched by id: a
decision that no other week of the group met has no baseline and gets no credit (A = 0).

**fork** - G replies to one *exact state* s_t, each rolled on to Friday by a fixed policy mu under the same luck:
    Q_i = R(s_t, reply_i, mu),    A_i = (Q_i - mean_j Q_j) / s.
The "vine" estimate of TRPO (Schulman et al. 2015, arXiv:1502.05477, 5.2) and of VinePPO (Kazemnejad et al. 2024,
arXiv:2410.01679). One state, one luck and one continuation leave no noise but the reply itself, and a cost that comes
due on Thursday is in the Q of Monday's yes. mu is the careful policy at the level of acts, so Q is what the reply is
worth to somebody sensible from there on; it is biased to the extent that the trained policy goes on otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scale = Literal["batch", "group", "none"]
TINY = 1e-6
"""A spread under this is none: its group says nothing, and is not blown up to a scale of 1."""


MOST = 5.0
"""The largest advantage of a reply that is not one's own: a few great finds are not to drown all others."""


def group_advantages(rewards: Floats, scale: Scale = "batch") -> Floats:
    """Rewards (groups, G) less their group's mean, over the spread that `scale` names; 0 where there is none.

    Raises ValueError for another shape or a reward that is not finite.
    """
    rewards = np.asarray(rewards, dtype=np.float64)
    if rewards.ndim != 2:
        raise ValueError(f"rewards must be (groups, replies), not of {rewards.ndim} dimensions")
    if not np.isfinite(rewards).all():
        raise ValueError("a reward is not finite")
    centred = rewards - rewards.mean(1, keepdims=True)
    return _scaled(centred, centred.std(1, keepdims=True), scale)


def most_apart(rewards: Floats, keep: int) -> NDArray[np.intp]:
    """Which `keep` of every group's rewards (groups, G) have the largest variance, (groups, keep), in their old order.

    They are the lowest and the highest of a group for some split of `keep`. A rare reply that earned more than all
    others is so never lost among them, and what most of a group does is learned from once (PODS: Xu et al. 2025,
    arXiv:2504.13818). Raises ValueError for more than a group has.
    """
    groups, size = rewards.shape
    if not 0 < keep <= size:
        raise ValueError(f"{keep} of {size} replies cannot be kept")
    order = np.argsort(rewards, axis=1, kind="stable")
    splits = [np.r_[0:low, size - keep + low : size] for low in range(keep + 1)]
    ranked = np.take_along_axis(rewards, order, axis=1)
    best = np.argmax([ranked[:, split].var(axis=1) for split in splits], axis=0)
    chosen = np.stack([order[group, splits[best[group]]] for group in range(groups)])
    return np.sort(chosen, axis=1)


def explored_advantages(own: Floats, others: Floats, scale: Scale = "batch") -> Floats:
    """Advantages (groups, K) of another policy's replies over the mean of the own ones (groups, G), at their scale.

    0 where they earned no more: pushing down what one would not have said teaches nothing. Without a ratio of
    probabilities they count in full however unlikely they were, as in mixed-policy GRPO (LUFFY: Yan et al. 2025,
    arXiv:2504.14945; there a stronger model says them, here one without preferences, and the reward alone finds them).
    """
    mean = own.mean(1, keepdims=True)
    gained = np.maximum(others - mean, 0.0)
    return np.minimum(_over(gained, _spread(own - mean, own.std(1, keepdims=True), scale)), MOST)


def returns_to_go(rewards: Sequence[float], gamma: float) -> Floats:
    """g_t = r_t + gamma g_{t+1} for one week's rewards; gamma 0..1."""
    out = np.zeros(len(rewards))
    later = 0.0
    for place in range(len(rewards) - 1, -1, -1):
        later = rewards[place] + gamma * later
        out[place] = later
    return out


def turn_advantages(
    events: Sequence[Sequence[str]],
    rewards: Sequence[Sequence[float]],
    group: int,
    gamma: float,
    scale: Scale = "batch",
) -> list[Floats]:
    """Advantages per decision of weeks in groups of `group`, side by side; events and rewards are by week and decision.

    Decisions are compared by event id inside their group. Raises ValueError when the weeks do not make whole groups.
    """
    if group < 1 or len(events) % group or len(events) != len(rewards):
        raise ValueError(f"{len(events)} weeks with {len(rewards)} rewards make no groups of {group}")
    gains = [returns_to_go(week, gamma) for week in rewards]
    out = [np.zeros(len(week)) for week in rewards]
    spread = [np.zeros(len(week)) for week in rewards]
    for first in range(0, len(events), group):
        for met in _met(events[first : first + group]).values():
            if len(met) < 2:
                continue
            values = np.array([gains[first + week][place] for week, place in met])
            for (week, place), value in zip(met, values, strict=True):
                out[first + week][place] = value - values.mean()
                spread[first + week][place] = values.std()
    if not out:
        return []
    flat = _scaled(np.concatenate(out), np.concatenate(spread), scale)
    return list(np.split(flat, np.cumsum([len(week) for week in out])[:-1]))


def _met(weeks: Sequence[Sequence[str]]) -> dict[str, list[tuple[int, int]]]:
    """Event id -> (week, decision) of every week of a group that met it."""
    met: dict[str, list[tuple[int, int]]] = {}
    for week, events in enumerate(weeks):
        for place, event in enumerate(events):
            met.setdefault(event, []).append((week, place))
    return met


def _scaled(centred: Floats, group_spread: Floats, scale: Scale) -> Floats:
    """Centred values over their spread; 0 where there is none."""
    return _over(centred, _spread(centred, group_spread, scale))


def _spread(centred: Floats, group_spread: Floats, scale: Scale) -> Floats:
    """What `scale` divides by: the spread of the own group, of all that differ from their group at all, or 1."""
    if scale == "none":
        return np.ones_like(group_spread)
    return group_spread if scale == "group" else np.full_like(group_spread, centred.std() if centred.size else 0.0)


def _over(values: Floats, spread: Floats) -> Floats:
    return np.where(spread > TINY, values / np.maximum(spread, TINY), 0.0)


def spread_over_tokens(advantages: Sequence[float], lengths: Sequence[int], total: int) -> Floats:
    """One row (total,): every decision's advantage on the tokens of its stretch, 0 after the last.

    lengths: tokens of each stretch in order, the environment's own included. Raises ValueError when they do not fit.
    """
    if len(advantages) != len(lengths) or sum(lengths) > total:
        raise ValueError(f"{len(advantages)} advantages over {len(lengths)} stretches do not fit {total} tokens")
    out = np.zeros(total)
    out[: sum(lengths)] = np.repeat(np.asarray(advantages, dtype=np.float64), lengths)
    return out
