"""Run the benchmarks: every `bench_*` function of every bench_*.py here, in CPU time and in calibration loops.

A `bench_*` function takes nothing and returns a Work; what it does before returning is set-up and is not measured.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

import calibration
from work import Work

HERE = Path(__file__).parent


class Figure(NamedTuple):
    """One measured benchmark: CPU seconds a unit, the same in calibration loops, and the bar (None: not judged)."""

    name: str
    unit: str
    cpu_seconds: float
    ratio: float
    at_most: float | None

    @property
    def holds(self) -> bool:
        """Whether the bar is held; true where there is none."""
        return self.at_most is None or self.cpu_seconds <= self.at_most


def cpu_seconds() -> float:
    """CPU seconds used so far by this process and the children it has waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def benchmarks(only: str) -> Iterator[tuple[str, Callable[[], Work]]]:
    """Names ("start.help") and set-up functions, in file and name order, where the name contains `only`."""
    for path in sorted(HERE.glob("bench_*.py")):
        module = importlib.import_module(path.stem)
        for function in sorted(name for name in vars(module) if name.startswith("bench_")):
            name = f"{path.stem}.{function}".replace("bench_", "")
            if only in name:
                yield name, cast("Callable[[], Work]", getattr(module, function))


def measure(name: str, work: Work, loop_seconds: float) -> Figure:
    """Run the work a few times and keep the fastest, which is the least disturbed."""
    best = float("inf")
    for _ in range(work.repeats):
        start = cpu_seconds()
        work.run()
        best = min(best, cpu_seconds() - start)
    each = best / work.units
    return Figure(name, work.unit, each, each / loop_seconds, work.at_most)


def table(figures: list[Figure]) -> str:
    """The figures as aligned text, one line each below a heading."""
    width = max([len(figure.name) for figure in figures], default=4)
    lines = [f"{'name':<{width}}  {'unit':<6}  {'CPU ms':>10}  {'per CPU s':>10}  {'loops':>10}  bar"]
    for figure in figures:
        bar = "-" if figure.at_most is None else f"{'ok' if figure.holds else 'OVER'} ({figure.at_most * 1e3:g} ms)"
        lines.append(
            f"{figure.name:<{width}}  {figure.unit:<6}  {figure.cpu_seconds * 1e3:>10.4f}  "
            f"{1 / figure.cpu_seconds:>10.1f}  {figure.ratio:>10.5f}  {bar}"
        )
    return "\n".join(lines)


def document(figures: list[Figure], loop_seconds: float) -> dict[str, object]:
    """The figures as the JSON that is kept; floats rounded to 6 significant digits."""
    return {
        "schema": 1,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "calibration_seconds": float(f"{loop_seconds:.6g}"),
        "benchmarks": {
            figure.name: {
                "unit": figure.unit,
                "cpu_seconds": float(f"{figure.cpu_seconds:.6g}"),
                "ratio": float(f"{figure.ratio:.6g}"),
                "at_most": figure.at_most,
                "holds": figure.holds,
            }
            for figure in figures
        },
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the file if one is named. Returns 0, or 1: a bar is not held, or nothing matched."""
    parser = argparse.ArgumentParser(description="CPU time of the hot paths, as ratios to a calibration loop")
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    parser.add_argument("--only", default="", help="only benchmarks whose name contains this; writes no file")
    options = parser.parse_args(arguments)
    loop_seconds = calibration.seconds()
    figures = [measure(name, set_up(), loop_seconds) for name, set_up in benchmarks(options.only)]
    print(f"calibration loop {loop_seconds * 1e3:.1f} ms CPU, Python {platform.python_version()}")
    print(table(figures))
    if options.out and not options.only:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(document(figures, loop_seconds), indent=2) + "\n", encoding="utf-8")
    return 0 if figures and all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
