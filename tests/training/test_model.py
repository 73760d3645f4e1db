"""The small Gemma's shape, folder and notes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from work_life_firewall.agents.hf import NOTES, UNTAUGHT, ModelNotes, read_notes
from work_life_firewall.training import model as models
from work_life_firewall.training.tokenizer import END, SPECIAL, train
from work_life_firewall.training.warm_config import ModelConfig

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

for needed in ("torch", "transformers"):
    pytest.importorskip(needed)

pytestmark = [
    pytest.mark.training,
    # torch's own, while it is being imported.
    pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning"),
]

TEXTS = ["I will review PR 1881 by 4 pm today.", "Sorry Rahul, not this week.", "Thank you, David."]


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train(TEXTS * 3, 600, 1024)


def test_the_shipped_shape_is_a_small_gemma(tokenizer: PreTrainedTokenizerFast) -> None:
    shape = ModelConfig(layers=5)
    model = models.make(shape, tokenizer)
    assert model.config.layer_types == [*["sliding_attention"] * 3, "full_attention", "full_attention"]
    assert model.config.tie_word_embeddings
    head = model.get_output_embeddings()
    assert head is not None and head.weight is model.get_input_embeddings().weight


@pytest.mark.parametrize("family", ["gemma3", "gemma2"])
def test_either_family_saves_and_comes_back(
    tokenizer: PreTrainedTokenizerFast, family: Literal["gemma3", "gemma2"], tmp_path: Path
) -> None:
    import torch

    torch.manual_seed(0)
    shape = ModelConfig(
        family=family, vocabulary=600, hidden=32, intermediate=64, layers=2, heads=2, kv_heads=1, head_dim=16
    )
    model = models.make(shape, tokenizer).eval()
    models.save(tmp_path, model, tokenizer, ModelNotes(context="week", max_new_tokens=50))
    loaded, again = models.load(tmp_path)
    ids = torch.tensor([again.encode("Thank you, Rahul.")])
    assert torch.equal(model(input_ids=ids).logits, loaded.eval()(input_ids=ids).logits)
    assert read_notes(tmp_path).context == "week"
    assert loaded.config.model_type.startswith(family)


def test_tempering_divides_what_is_predicted(tokenizer: PreTrainedTokenizerFast) -> None:
    import torch

    torch.manual_seed(0)
    shape = ModelConfig(vocabulary=600, hidden=32, intermediate=64, layers=2, heads=2, kv_heads=1, head_dim=16)
    model = models.make(shape, tokenizer).eval()
    ids = torch.tensor([[2, 7, 8, 9]])
    with torch.no_grad():
        before = model(input_ids=ids).logits
        models.temper(model, 0.8)
        assert torch.allclose(model(input_ids=ids).logits, before / 0.8, atol=1e-6)


def test_nothing_is_unknown_and_everything_comes_back(tokenizer: PreTrainedTokenizerFast) -> None:
    for text in ("Café at 10:30 🙌, naïve?", "  spaces  stay\n\nlines too ", "नमस्ते"):
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids) == text


def test_marks_are_gemmas(tokenizer: PreTrainedTokenizerFast) -> None:
    assert [tokenizer.convert_tokens_to_ids(mark) for mark in SPECIAL] == list(range(len(SPECIAL)))
    assert tokenizer.encode("Hi")[0] == tokenizer.bos_token_id
    messages = [{"role": "user", "content": " Hi "}, {"role": "assistant", "content": "Yes."}]
    told = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert told == f"<bos><start_of_turn>user\nHi{END}\n<start_of_turn>model\nYes.{END}\n<start_of_turn>model\n"


def test_a_folder_without_notes_is_taken_for_a_model_that_was_not_taught(tmp_path: Path) -> None:
    assert read_notes(tmp_path) == UNTAUGHT


@pytest.mark.parametrize("text", ["{", '{"schema": 1, "context": "month"}', '{"schema": 1, "colour": "red"}'])
def test_broken_notes_say_what_is_wrong_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTES).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"wlf\.json") as raised:
        read_notes(tmp_path)
    assert "\n" not in str(raised.value)


def test_heads_must_share_evenly() -> None:
    with pytest.raises(ValueError, match="cannot share"):
        ModelConfig(heads=4, kv_heads=3)
