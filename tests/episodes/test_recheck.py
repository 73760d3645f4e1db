"""A record that was tampered with, or that does not add up, is named."""

from __future__ import annotations

from work_life_firewall.episodes.recheck import recheck

from .weeks import scores, step, total, week


def test_a_good_week_holds_together() -> None:
    steps = (step("staging", "act", 0.25, 0.4), step("leave", "request", 0.4, 0.5))
    assert list(recheck(week(1, steps=steps))) == []


def test_a_wrong_reward_a_wrong_total_and_wrong_components_are_named() -> None:
    good = step("staging", "act", 0.25, 0.5)
    wrong_reward = week(1, steps=(good.model_copy(update={"reward": 0.9}),))
    assert any("staging: reward 0.9" in fault for fault in recheck(wrong_reward))
    wrong_step = week(1, steps=(good.model_copy(update={"scores": scores(0.9)}),))
    assert any("staging: components come to 0.9" in fault for fault in recheck(wrong_step))
    wrong_end = week(1, total=total(0.6))
    assert len(list(recheck(wrong_end))) == 2
    outside = week(1, scores={**scores(0.5), "boundary_setting": 1.5})
    assert any("boundary_setting is missing or outside" in fault for fault in recheck(outside))
