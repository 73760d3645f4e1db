"""Where the training extra is not installed, the tests that need it at import are left out."""

from __future__ import annotations

from importlib.util import find_spec

HEAVY = (
    "test_backend.py",
    "test_backend_ranks.py",
    "test_backend_replies.py",
    "test_coworkers.py",
    "test_decode.py",
    "test_lora.py",
    "test_optim.py",
    "test_plan.py",
    "test_rollout.py",
    "test_served.py",
    "test_shared.py",
    "test_shared_packed.py",
    "test_speak.py",
    "test_trainer.py",
)
collect_ignore = [] if all(map(find_spec, ("torch", "transformers", "trl", "datasets"))) else list(HEAVY)
