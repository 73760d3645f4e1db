"""Causal text models from the folders they come in: whole, the text half of a multimodal one, or an adapter.

Knows Hugging Face's formats and no tokens. transformers and peft are imported when first used.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONFIG, ADAPTER = "config.json", "adapter_config.json"
SHIPPED = Path(__file__).resolve().parents[1] / "training" / "models"
"""Where the models that come with the package lie, each in a folder of its name."""
TEXT_HALF = {r"^(model\.)?language_model\.(model\.)?": "model."}
"""Where a multimodal checkpoint keeps the text model's weights, in its older and its newer naming."""


def is_model(folder: Path) -> bool:
    """Whether a folder holds a model or an adapter."""
    return (folder / CONFIG).is_file() or (folder / ADAPTER).is_file()


def model_path(name: str) -> Path:
    """The folder that is meant: one of that path, else the model of that name which comes with the package."""
    given = Path(name)
    ours = SHIPPED / name
    return ours if len(given.parts) == 1 and not is_model(given) and is_model(ours) else given


def base_of(folder: Path) -> Path | None:
    """The folder of the model that an adapter belongs to; None for a model. Raises OSError, ValueError, KeyError."""
    if (folder / CONFIG).is_file():
        return None
    return Path(json.loads((folder / ADAPTER).read_text(encoding="utf-8"))["base_model_name_or_path"])


def causal_model(folder: Path, **given: Any) -> Any:  # noqa: ANN401 - whatever class the config names
    """A causal text model with everything merged; `given` goes to `from_pretrained`. Raises what its loaders raise."""
    base = base_of(folder)
    if base is not None:
        from peft import PeftModel

        return PeftModel.from_pretrained(causal_model(base, **given), str(folder)).merge_and_unload()  # pyright: ignore
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(folder)
    text = config.get_text_config()
    if getattr(text, "attn_logit_softcapping", None):
        # Gemma2 caps its attention scores, which the faster kernels leave out without a word.
        given = {"attn_implementation": "eager", **given}
    if text is config:
        return AutoModelForCausalLM.from_pretrained(folder, **given)
    with _quiet():  # what is left behind, such as the eyes, is left behind on purpose
        model: Any = AutoModelForCausalLM.from_pretrained(folder, config=text, key_mapping=TEXT_HALF, **given)
    # Saved as the text model it is now: transformers would turn its names back into the multimodal ones.
    vars(model).pop("_weight_conversions", None)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)
