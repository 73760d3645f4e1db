"""Where a model is: a folder, one that ships with us, or a name on the Hugging Face hub. Knows no torch."""

# pyright: reportMissingImports=false
from __future__ import annotations

import re
from pathlib import Path

from ..agents.weights import is_model, model_path
from ..episodes.errors import UsageError

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
OURS = ("runs", "shared", "tmp")
"""First parts of paths that are never a name on the hub."""
PATIENCE = 5.0
"""Seconds until the hub counts as out of reach."""
WANTED = ("*.json", "*.safetensors", "tokenizer.model", "*.jinja")


def on_hub(model: str) -> bool:
    """Whether a model is named as on the hub, such as google/gemma-2-9b-it, rather than by a folder."""
    head = model.partition("/")[0]
    return bool(HUB_NAME.fullmatch(model)) and head not in OURS and not Path(head).exists()


def found(model: str) -> Path | None:
    """The folder of a model on this machine, without asking anybody; None when it is not here."""
    if not on_hub(model):
        folder = model_path(model)
        return folder if is_model(folder) else None
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    config = try_to_load_from_cache(model, "config.json")
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    return folder if any(folder.glob("*.safetensors")) else None


def why_not(model: str) -> str | None:
    """Why a model could not be had, in one line; None when it is here, or would be fetched."""
    if found(model) is not None:
        return None
    if not on_hub(model):
        return f"{model}: no model folder (config.json is missing); make one with: wlf train warmstart"
    try:
        from huggingface_hub import HfApi, constants, errors, get_session
    except ImportError:
        return f"{model}: is on the hub, and huggingface_hub is not installed"
    away = f"{model}: not on this machine, and the hub cannot be reached; bring a copy, --set model=FOLDER"
    try:
        if constants.HF_HUB_OFFLINE:
            return away
        get_session().head(constants.ENDPOINT, timeout=PATIENCE)  # once: the library itself would try for half a minute
        HfApi().auth_check(model)
    except errors.GatedRepoError:
        return f"{model}: gated; accept its terms on its page at the hub, then: hf auth login (or set HF_TOKEN)"
    except errors.RepositoryNotFoundError:
        return f"{model}: neither a folder here nor a model on the hub that you may see"
    except Exception:  # whatever the HTTP client at hand raises for a network that is not there
        return away
    return None


def fetched(model: str) -> Path:
    """The folder of a model, fetched when it is not here. Raises UsageError: it cannot be had."""
    here = found(model)
    if here is not None:
        return here
    why = why_not(model)
    if why is not None:
        raise UsageError(why)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, allow_patterns=list(WANTED)))
    except OSError as error:
        told = str(error).strip().split("\n", 1)[0][:160]
        raise UsageError(f"{model}: cannot be fetched: {error.strerror or told}") from error
