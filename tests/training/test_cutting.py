"""What is seen in smaller pieces is the same text, and the more so the higher the chance; replies stay whole."""

from __future__ import annotations

import pytest

pytest.importorskip("transformers")

from work_life_firewall.agents.turns import TurnFormat
from work_life_firewall.training.cutting import CutTurns, merged
from work_life_firewall.training.tokenizer import train

TEXTS = [
    "Rahul asks for the third swap.",
    "Rahul asks Priya for the review of the payout handshake, the third review.",
] * 3
SEEN = "Rahul asks for the third review."


def test_pieces_are_the_same_text_and_more_of_them() -> None:
    tokenizer = train(TEXTS, 400, 256)
    whole = TurnFormat(tokenizer).turn_ids(SEEN, True)
    lengths: list[int] = []
    for share in (0.1, 0.5, 1.0):
        cut = CutTurns(tokenizer, share, seed=0)
        ids = cut.turn_ids(SEEN, True)
        assert tokenizer.decode(ids) == tokenizer.decode(whole)
        assert cut.reply_ids(SEEN) == TurnFormat(tokenizer).reply_ids(SEEN)
        lengths.append(len(ids))
    assert len(whole) < lengths[0] < lengths[1] < lengths[2]
    assert not set(CutTurns(tokenizer, 1.0, seed=0).turn_ids(SEEN, True)) & merged(tokenizer).keys()


def test_the_seed_and_the_order_decide() -> None:
    tokenizer = train(TEXTS, 400, 256)
    one, same, other = (CutTurns(tokenizer, 0.5, seed) for seed in (1, 1, 2))
    made = [[turns.turn_ids(SEEN, first) for first in (True, False)] for turns in (one, same, other)]
    assert made[0] == made[1] != made[2]
    assert made[0][0][1:] != made[0][1][1:], "the second time another draw"
