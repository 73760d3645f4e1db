"""Batches hold every row once, with weights where something is to be learned."""

from __future__ import annotations

from work_life_firewall.agents.turns import TurnFormat
from work_life_firewall.training.examples import Row, Turn
from work_life_firewall.training.gist import gists
from work_life_firewall.training.packing import Encoded, batches, encode
from work_life_firewall.world.luck import rng

PAD = 0


class Letters:
    """One id a character; marks are private characters."""

    all_special_tokens = ("<start_of_turn>", "<end_of_turn>")
    bos_token_id = 1
    eos_token_id = None

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        assert not add_special_tokens
        for place, mark in enumerate(self.all_special_tokens):
            text = text.replace(mark, chr(0xE000 + place))
        return [ord(letter) for letter in text]


def plain(ids: list[int]) -> Encoded:
    columns = list(range(len(ids)))
    return Encoded(ids, [1.0] * len(ids), columns, [0] * len(ids), [max(column - 1, 0) for column in columns])


def rows(count: int) -> list[Encoded]:
    luck = rng(0, "rows", "test")
    return [plain([place + 1] * (2 + luck.index(30))) for place in range(count)]


def test_replies_count_in_full_and_what_is_seen_a_little() -> None:
    turns = TurnFormat(Letters())
    made = encode(Row((Turn("see this", "Yes."), Turn("and this", "No."))), turns, 0.25)
    said = "".join(chr(i) for i, weight in zip(made.ids, made.weights, strict=True) if weight == 1.0)
    assert said == "Yes.\ue001No.\ue001"
    assert set(made.weights) == {0.0, 0.25, 1.0}
    assert made.weights.count(0.0) == 1
    assert made.ids == [
        *turns.turn_ids("see this", True),
        *turns.reply_ids("Yes."),
        *turns.turn_ids("and this", False),
        *turns.reply_ids("No."),
    ]


def test_of_what_is_seen_a_share_can_be_predicted_and_counts_the_more() -> None:
    turns = TurnFormat(Letters())
    row = Row((Turn("see this", "Yes."), Turn("and this", "No.")))
    all_of_it = encode(row, turns, 0.05)
    thinned = [encode(row, turns, 0.05, every=4, phase=phase) for phase in range(4)]
    for column, weight in enumerate(all_of_it.weights):
        weights = sorted(made.weights[column] for made in thinned)
        assert weights == ([1.0] * 4 if weight == 1.0 else [0.0, 0.0, 0.0, 4 * weight]), "each phase its own columns"


def test_what_the_event_comes_to_can_count_more() -> None:
    turns = TurnFormat(Letters())
    way = gists().facts["rahul_review"]["owner"][0]
    said = f"Rahul: {gists().frames[0].format(gist=way)} Yes, gladly."
    made = encode(Row((Turn("see this", said),)), turns, 0.1, 5.0)
    heavy = "".join(chr(i) for i, weight in zip(made.ids, made.weights, strict=True) if weight == 5.0)
    assert heavy == f" {way}"
    assert encode(Row((Turn("see this", f"Yes, {way}."),)), turns, 0.1, 5.0).weights.count(5.0) == 0


def test_drafts_stand_beside_what_was_sent() -> None:
    turns = TurnFormat(Letters())
    made = encode(Row((Turn("one", "Yes.", ("No.", "Perhaps.")), Turn("two", "Later.", ("Never.",)))), turns, 0.0)
    trunk = [place for place, branch in zip(made.places, made.branches, strict=True) if branch == 0]
    assert trunk == list(range(len(trunk)))
    alone = encode(Row((Turn("one", "Yes."), Turn("two", "Later."))), turns, 0.0)
    assert [i for i, branch in zip(made.ids, made.branches, strict=True) if branch == 0] == alone.ids
    for branch, draft in enumerate(("No.", "Perhaps.", "Never."), 1):
        columns = [column for column, own in enumerate(made.branches) if own == branch]
        assert [made.ids[column] for column in columns] == turns.reply_ids(draft)
        before = made.sources[columns[0]]
        assert made.branches[before] == 0 and made.places[columns[0]] == made.places[before] + 1
        assert [made.sources[column] for column in columns[1:]] == columns[:-1]
        assert all(made.weights[column] == 1.0 for column in columns)


def test_every_row_comes_once_an_epoch_and_padding_counts_nothing() -> None:
    given = rows(200)
    found: list[int] = []
    for batch in batches(given, 64, PAD, seed=3, epoch=0):
        width = len(batch.ids[0])
        assert len(batch.ids) == 1 or width * len(batch.ids) <= 64
        for ids, weights, branches in zip(batch.ids, batch.weights, batch.branches, strict=True):
            assert len(ids) == len(weights) == len(branches) == width
            assert [branch == 0 for branch in branches] == [i != PAD for i in ids]
            assert sum(weights) == sum(branch == 0 for branch in branches)
            found.append(ids[0])
    assert sorted(found) == [row.ids[0] for row in given]


def test_the_order_is_the_seeds() -> None:
    given = rows(100)

    def order(seed: int, epoch: int) -> list[int]:
        return [ids[0] for batch in batches(given, 64, PAD, seed, epoch) for ids in batch.ids]

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_a_row_longer_than_a_batch_goes_alone() -> None:
    made = list(batches([plain([5] * 100), plain([6])], 10, PAD, 0, 0))
    assert sorted(batch.tokens for batch in made) == [1, 100]
