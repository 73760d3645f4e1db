"""How much memory a run would take: an estimate from the model's shape and the step's, good for an order of size."""

from __future__ import annotations

from collections.abc import Mapping

from .backend_shape import Shape
from .settings import TrainSettings

BYTES: Mapping[str, float] = {"float32": 4.0, "bfloat16": 2.0, "4bit": 2.0}
"""Of a number that is computed with."""
FOUR_BIT = 0.53
"""Bytes of a weight in 4 bit, with its share of the scales."""
OPTIMISED = 12
"""Bytes that training adds to a weight: its gradient and two moments, in float32."""
PROMPT_TOKENS, WEEK_TOKENS = 160, 2_400
"""A usual decision's prompt and a usual week, in tokens of the small Gemma; a foreseen order of size, no limit."""
INSTRUCTED = 160
"""Tokens that an untaught model's instruction adds."""
LAYER_FLOATS = 24
"""Numbers a layer keeps of a token for the way back, in units of its width."""
LOGITS = 3
"""Copies of a chunk of logits, in float32, while a token's odds are computed."""
CHUNK = 2_048
"""Tokens whose logits are held at a time."""
MEGA = 1e6


def estimate(
    settings: TrainSettings, shape: Shape | None, weights: int | None, untaught: bool = False
) -> dict[str, int] | None:
    """Megabytes by part, and their sum; None for a model of which neither shape nor size is known.

    weights: parameters, counted where the files are here. model: weights and a frozen copy for the KL term, which
    adapters make unnecessary; optimiser: gradients and moments; update: what a pass keeps of its tokens; generation:
    keys and values. With vLLM generation and its own copy of the weights take `vllm.share` of the GPU instead.
    """
    if shape is None:
        return None
    count = weights or shape.parameters()
    copies = 2 if settings.lora is None and settings.optim.beta > 0 else 1
    parts = {
        "model": copies * _weights(settings, shape, count),
        "optimiser": OPTIMISED * count if settings.lora is None else _adapters(settings, shape),
        "update": _update(settings, shape, untaught),
    }
    if settings.generation == "local":
        parts["generation"] = _generation(settings, shape, untaught)
    found = {name: round(value / MEGA) for name, value in parts.items()}
    return {**found, "total": sum(found.values())}


def merged_bytes(settings: TrainSettings, shape: Shape | None) -> float:
    """What a run leaves on the disk at its end and in its checkpoints, in bytes; 0 for an unknown model."""
    if shape is None:
        return 0.0
    kept = settings.keep.keep + 1
    if settings.lora is None:
        return shape.parameters() * 4.0 * (1 + 3 * kept)
    final = shape.parameters() * BYTES[settings.load] if settings.lora.merge else 0.0
    return final + kept * _adapters(settings, shape)


def _weights(settings: TrainSettings, shape: Shape, count: int) -> float:
    if settings.load != "4bit":
        return count * BYTES[settings.load]
    linear = min(shape.linear(), count)
    return linear * FOUR_BIT + (count - linear) * BYTES["4bit"]


def _adapters(settings: TrainSettings, shape: Shape) -> float:
    assert settings.lora is not None
    return shape.adapters(settings.lora.rank, settings.lora.targets) * (4.0 + OPTIMISED)


def _update(settings: TrainSettings, shape: Shape, untaught: bool) -> float:
    rows = settings.optim.rows_per_pass or settings.rows
    again = settings.backend == "unsloth" or settings.optim.recompute
    said = rows * settings.sampling.max_new_tokens
    if settings.credit == "fork":
        # Our own scoring reads the prompt of a group once, the trainers' read it with every reply.
        groups = rows if again else max(rows // settings.group, 1)
        tokens = groups * _prompt(untaught) + said
    else:
        tokens = rows * WEEK_TOKENS
    kept = 1 if again else LAYER_FLOATS
    return (
        tokens * shape.layers * shape.hidden * kept * BYTES[settings.load] + min(said, CHUNK) * shape.vocab * 4 * LOGITS
    )


def _generation(settings: TrainSettings, shape: Shape, untaught: bool) -> float:
    drawn = settings.weeks_alive * max(settings.candidates, settings.replies)
    length = _prompt(untaught) + settings.sampling.max_new_tokens if settings.context == "turn" else WEEK_TOKENS
    return drawn * length * shape.kept_per_token() * BYTES[settings.load]


def _prompt(untaught: bool) -> int:
    return PROMPT_TOKENS + (INSTRUCTED if untaught else 0)
