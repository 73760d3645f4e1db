"""Whether verifiers' openenv taskset drives whole weeks of a server of ours, with a stub where the model would be.

    python benchmarks/interop/drive_verifiers.py --vf-eval VENV/bin/vf-eval [--weeks 3]

Run it with an environment that has our `server` extra. VENV is another one, with `verifiers[openenv]` and `uv`:
verifiers 0.4 wants mcp 2, openenv 0.10 wants mcp 1, and the openenv 0.4 that comes with it speaks the same wire. Exit
code 0 when every week ended, the rewards on both sides agree, and the model was shown no score.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import stub_model

SERVER_SECONDS = 120
EVAL_SECONDS = 900
CLOSE = 1e-4
CONFIG = """
model = "stub"
push = false
num_rollouts = 1
max_concurrent = 4

[client]
base_url = "{model}/v1"
api_key_var = "STUB_MODEL_KEY"

[env.taskset]
id = "openenv"
base_url = "{server}"
resets = [{resets}]

[env.player.harness]
id = "null"

[env.player.runtime]
type = "subprocess"
"""


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server of ours on a free port, up and healthy. Raises RuntimeError when it does not come up."""
    port = stub_model.start()
    number = port.server_address[1]
    port.server_close()
    code = f"from work_life_firewall.server.app import main; main(['--port', '{number}'])"
    variables = {**os.environ, "WLF_RUNS": str(folder / "served")}
    process = subprocess.Popen([sys.executable, "-P", "-c", code], cwd=folder, env=variables)
    end = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{number}/health", timeout=5).close()
            return process, f"http://127.0.0.1:{number}"
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError("the server did not come up")


def evaluate(vf_eval: Path, folder: Path, server: str, weeks: int) -> subprocess.CompletedProcess[bytes]:
    """vf-eval over some validation weeks."""
    model = stub_model.start()
    threading.Thread(target=model.serve_forever, daemon=True).start()
    resets = ", ".join(
        f'{{split = "validation", index = {index}, episode_id = "verifiers-{index}", blind = true}}'
        for index in range(weeks)
    )
    config = folder / "week.toml"
    address = f"http://127.0.0.1:{model.server_address[1]}"
    config.write_text(CONFIG.format(model=address, server=server, resets=resets), encoding="utf-8")
    path = f"{vf_eval.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    variables = {**os.environ, "STUB_MODEL_KEY": "none", "PATH": path}
    command = [str(vf_eval), "@", str(config), "--output-dir", str(folder / "outputs")]
    try:
        return subprocess.run(command, cwd=folder, env=variables, timeout=EVAL_SECONDS, check=False)
    finally:
        model.shutdown()


def served(folder: Path) -> dict[str, dict[str, Any]]:
    """Our records of the weeks, by episode id."""
    lines = (folder / "served" / "weeks.jsonl").read_text(encoding="utf-8").splitlines()
    return {week["episode_id"]: week for week in map(json.loads, lines)}


def rewards_in(folder: Path) -> dict[str, float]:
    """What verifiers scored each week with: reset's episode id -> the sum of our rewards."""
    found: dict[str, float] = {}
    for path in (folder / "outputs").rglob("traces.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            trace = json.loads(line)
            name = _find(trace, "reset")["episode_id"]
            reward = _find(trace, "openenv_reward")
            reward = reward.get("value", reward.get("score")) if isinstance(reward, dict) else reward
            found[name] = float("nan") if reward is None else float(reward)
    return found


def _find(value: Any, key: str) -> Any:  # noqa: ANN401 - any JSON value
    """The first value of a key, wherever it lies; None when it does not."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        found = _find(inner, key)
        if found is not None:
            return found
    return None


def compare(ours: dict[str, dict[str, Any]], theirs: dict[str, float], weeks: int) -> bool:
    """Print each week from both sides, and whether all is well."""
    good = len(ours) == len(theirs) == weeks
    for name, week in sorted(ours.items()):
        earned = sum(step["reward"] for step in week["steps"])
        agrees = abs(earned - theirs.get(name, float("nan"))) < CLOSE and week["end"] in ("friday", "burnout")
        good = good and agrees
        print(f"{name}: {len(week['steps'])} replies, {week['end']}, ours {earned:+.4f}, theirs {theirs.get(name)}")
    return good


def main() -> int:
    """Serve, evaluate, compare. Returns 0 when all is well."""
    parser = argparse.ArgumentParser(description="verifiers' openenv taskset against a server of ours")
    parser.add_argument("--vf-eval", type=Path, required=True, help="vf-eval of an environment with verifiers")
    parser.add_argument("--weeks", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wlf-verifiers-") as name:
        folder = Path(name)
        process, address = serve(folder)
        try:
            done = evaluate(options.vf_eval.absolute(), folder, address, options.weeks)
        finally:
            process.terminate()
            process.wait(60)
        shown = [text for text in stub_model.StubModel.seen if "technical_resolution" in text]
        good = done.returncode == 0 and compare(served(folder), rewards_in(folder), options.weeks) and not shown
    print("verifiers drives our weeks" if good else "verifiers does not drive our weeks")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
