"""`openenv validate`: the package as it stands, the live server, and the runtime level without a container."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from openenv.cli._validation import validate_running_environment
from openenv.cli.commands.push import _load_ignore_patterns, _should_exclude_path
from openenv.validation import Level, Verdict, run_validation
from openenv.validation.manifest import ExecutionDeclaration
from openenv.validation.providers import ExecResult
from openenv.validation.runtime.contracts import LaunchSpec
from openenv.validation.types import CheckStatus, ProviderCapability

import work_life_firewall
from work_life_firewall import client
from work_life_firewall.server.tasks import WeekTasks

from .live import OFFLINE, Live

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
IMAGE = "sha256:" + "0" * 64
CHECKS = ("runtime.startup", "runtime.reward_well_formed", "runtime.observation_schema", "runtime.state_contract")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the checkout that git tracks or would; nobody else writes there while they are checked."""
    copy = tmp_path_factory.mktemp("package")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


class Loopback:
    """A validation provider without containers: the installed package, served on this machine, kept off the network."""

    name = "loopback"
    capabilities = frozenset({ProviderCapability.IMAGE_BUILD})
    supported_network_modes = frozenset({"no-network"})

    def __init__(self, folder: Path) -> None:
        self._server = Live(folder, before=OFFLINE)
        self.base_url = self._server.url

    def build(self, root: Path, execution: ExecutionDeclaration) -> str:
        assert (root / execution.dockerfile).is_file()
        return IMAGE

    def start(self, spec: LaunchSpec) -> Loopback:
        self._server.__enter__()
        return self

    def inspect(self) -> dict[str, str]:
        return {"provider": self.name}

    def logs(self, max_bytes: int = 65536) -> str:
        return self._server.log.read_text()[-max_bytes:]

    def exec(self, argv: list[str], timeout_s: float) -> ExecResult:
        raise NotImplementedError("nothing is executed in here")

    def stop(self) -> None:
        self._server.stop()


def test_static_level(package: Path) -> None:
    report = run_validation(package, max_level=Level.STATIC)
    assert report.verdict is Verdict.PASS, report
    assert {one.check_id: one.status for one in report.results} == {"static.manifest": CheckStatus.PASS}


def test_running_server(live: Live) -> None:
    report = validate_running_environment(live.url, timeout_s=30)
    assert report["passed"], report
    assert (report["mode"], len(report["criteria"])) == ("simulation", 6)


# OpenEnv's own collector opens its socket in a way that websockets 17 warns of.
@pytest.mark.filterwarnings(r"ignore:connect\(\) must be used as a context manager:DeprecationWarning")
def test_runtime_level(package: Path, tmp_path: Path) -> None:
    report = run_validation(package, max_level=Level.RUNTIME, provider=Loopback(tmp_path))
    found = {one.check_id: one for one in report.results}
    assert {name: found[name].status for name in CHECKS} == dict.fromkeys(CHECKS, CheckStatus.PASS), found
    assert found["runtime.state_contract"].measured["exchanges"] > 20
    others = [one for name, one in found.items() if name not in CHECKS and one.status is not CheckStatus.PASS]
    assert {one.status for one in others} <= {CheckStatus.SKIP}, others
    assert report.verdict is not Verdict.FAIL


def test_the_manifest_says_what_is_so(package: Path) -> None:
    manifest = yaml.safe_load((package / "openenv.yaml").read_text(encoding="utf-8"))
    assert manifest["version"] == work_life_firewall.__version__
    assert hasattr(client, manifest["action"])
    assert hasattr(client, manifest["observation"])
    tasks = WeekTasks()
    counts = {split.name: tasks.num_tasks(split.name) for split in tasks.list_splits()}
    assert manifest["validation"]["capabilities"]["declared_task_count"] == counts


def test_a_push_leaves_the_workshop_at_home() -> None:
    patterns = _load_ignore_patterns(ROOT, ".openenvignore")
    for path in ("runs/served/weeks.jsonl", "tests/server/live.py", "docs/openenv.md", ".venv/bin/python", "wandb/x"):
        parts = Path(path).parts
        assert any(_should_exclude_path(Path(*parts[: n + 1]), patterns) for n in range(len(parts))), path
    for path in ("world/engine.py", "configs/personas/priya.md", "openenv.yaml", "Dockerfile", "constraints/core.txt"):
        parts = Path(path).parts
        assert not any(_should_exclude_path(Path(*parts[: n + 1]), patterns) for n in range(len(parts))), path


def test_the_readme_opens_a_space() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert (front["sdk"], front["app_port"]) == ("docker", 8000)
    assert "openenv" in front["tags"]
