"""The package as it ships: what is in the wheel, what an import costs, what the package files may not hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import work_life_firewall

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = {"tests", "benchmarks", "docs", "constraints", "validation"}
SHIPPED_ROOT_FILES = {"py.typed", "openenv.yaml"}
HEAVY = frozenset(
    "langgraph langchain_core numpy scipy sklearn torch transformers openenv openai matplotlib fastapi dateparser "
    "rich.progress rich.live rich.markdown".split()
)


def checkout_files() -> list[Path]:
    """Files of the checkout that git tracks or would, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def should_ship(path: Path) -> bool:
    """Everything in a room ships, and the modules of the root; dot folders and the workshop do not."""
    if len(path.parts) == 1:
        return path.suffix == ".py" or path.name in SHIPPED_ROOT_FILES
    return path.parts[0] not in NOT_SHIPPED and not path.parts[0].startswith(".")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of the checkout in a folder of another name."""
    copy = tmp_path_factory.mktemp("checkout") / "another-name"
    for path in checkout_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path)
    out = copy.parent / "dist"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    built = subprocess.run(command, cwd=copy.parent, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {f"work_life_firewall/{path.as_posix()}" for path in checkout_files() if should_ship(path)}
    assert names == expected


@pytest.mark.slow
def test_wheel_names_the_command_and_carries_the_license(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        assert "wlf = work_life_firewall.cli.main:main" in archive.read(inside["entry_points.txt"]).decode()
        assert "Apache License" in archive.read(inside["LICENSE"]).decode()


def test_command_line_imports_nothing_heavy() -> None:
    script = "import sys, work_life_firewall.cli.main; print('\\n'.join(sys.modules))"
    command = [sys.executable, "-P", "-c", script]
    loaded = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_package_import_loads_no_room() -> None:
    script = "import sys, work_life_firewall; print('\\n'.join(n for n in sys.modules if 'work_life_firewall.' in n))"
    loaded = subprocess.run([sys.executable, "-P", "-c", script], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == ""


@pytest.mark.parametrize("name", work_life_firewall.__all__)
def test_public_name_resolves(name: str) -> None:
    assert getattr(work_life_firewall, name) is not None
    assert name in dir(work_life_firewall)


def test_unknown_name_is_an_attribute_error() -> None:
    name = "nonsense"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(work_life_firewall, name)


def test_no_generic_name_is_importable() -> None:
    script = "import importlib.util as u; print([n for n in ('world', 'stakeholders', 'episodes') if u.find_spec(n)])"
    found = subprocess.run([sys.executable, "-P", "-c", script], check=True, capture_output=True, text=True).stdout
    assert found.strip() == "[]"


def test_version_is_the_project_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert work_life_firewall.__version__ == project["version"]


def test_package_files_name_no_host() -> None:
    for path in [ROOT / "pyproject.toml", *sorted((ROOT / "constraints").glob("*.txt"))]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|https?:|\s@\s|^-", text, re.MULTILINE), path


def test_constraints_are_exact_and_core_pins_every_dependency() -> None:
    for path in sorted((ROOT / "constraints").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        assert lines
        assert all(re.fullmatch(r"[a-z0-9.-]+==[0-9][\w.+]*", line) for line in lines), path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}
    pinned = {line.split("==")[0] for line in (ROOT / "constraints" / "core.txt").read_text().splitlines()}
    assert names <= pinned, sorted(names - pinned)
