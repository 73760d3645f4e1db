"""Config files -> models, and the only reader of them: YAML and Markdown in, frozen pydantic models out.

Every failure is a `ConfigError` of one line: file, line, what is wrong, and the near miss. Knows no folder's content:
whoever owns a noun owns its model, and asks for it here.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from re import findall
from reprlib import repr as brief
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .world.persona import Persona
from .world.scenario import EventSpec, Scenario, Wordings
from .world.week import Recipe

M = TypeVar("M", bound=BaseModel)
Folder = Literal["personas", "voices", "scenarios", "wordings", "models", "prompts", "phrases", "training"]
Loc = Sequence[str | int]
Kind = object
"""A type as pydantic writes it in a field: a class, or a typing construct."""

ROOT = Path(__file__).resolve().parent / "configs"
"""Where the shipped config folders live."""
SUFFIXES = (".yaml", ".md")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ConfigError(Exception):
    """A config file or name that cannot be used. str() is one line: "FILE:LINE: message; hint".

    file: as the user would name it. line: from 1, or None when no line is to blame. hint: "" or a near miss.
    """

    def __init__(self, file: str | Path, line: int | None, message: str, hint: str = "") -> None:
        self.file = _shown(file)
        self.line = line
        self.message = " ".join(message.split())
        self.hint = " ".join(hint.split())
        where = self.file if line is None else f"{self.file}:{line}"
        super().__init__(f"{where}: {self.message}" + (f"; {self.hint}" if self.hint else ""))


class _UniqueLoader(_LOADER):  # type: ignore[misc, valid-type]
    """The safe loader (in C when there is one), which refuses a key given twice instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node. Raises MarkedYAMLError at the second of two equal keys."""
        own = node.value  # merging ("<<") replaces node.value, and a merged key may be overridden
        made = super().construct_mapping(node, deep=deep)
        if len(made) != len(node.value):
            seen: set[str] = set()
            for key, _ in own:
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"key {key.value!r} given twice", problem_mark=key.start_mark)
                seen.add(key.value)
        return made


def near_miss(word: str, known: Iterable[str]) -> str:
    """A hint "did you mean 'x'?" for a mistyped word, or "" when nothing known is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def names(folder: Folder) -> list[str]:
    """The names that `find` knows in a config folder, sorted."""
    return sorted({path.stem for path in (ROOT / folder).glob("*") if path.suffix in SUFFIXES})


def find(folder: Folder, name: str | Path) -> Path:
    """The file of a config name: a path when that file exists, else configs/FOLDER/NAME.(yaml|md).

    Raises ConfigError with the near miss and the known names.
    """
    given = Path(name)
    if given.suffix and _is_file(given):
        return given
    for suffix in SUFFIXES:
        path = ROOT / folder / f"{name}{suffix}"
        if "\x00" not in str(name) and _is_file(path):
            return path
    known = names(folder)
    hint = near_miss(str(name), known) or f"known: {', '.join(known) or 'none yet'}"
    what = "no such file" if given.suffix in SUFFIXES else f"unknown name in configs/{folder}"
    raise ConfigError(repr(str(name)), None, what, hint)


def read_yaml(path: str | Path, model: type[M]) -> M:
    """Read a YAML file as a model; the result is shared, so treat it as immutable.

    Raises ConfigError: unreadable, not UTF-8, broken YAML, an unknown, missing or doubled key, a wrong value.
    """
    return _cached(str(path), *_stamp(path), model, "")


def read_markdown(path: str | Path, model: type[M], body: str = "prompt") -> M:
    """Read a Markdown file: the YAML front matter as a model, the text below it as the model's field `body`.

    Raises ConfigError as `read_yaml` does, and when there is no front matter between "---" lines.
    """
    return _cached(str(path), *_stamp(path), model, body)


def load_recipe(
    scenario: str | Path = "canonical",
    personas: Mapping[str, str | Path] | None = None,
    personas_dir: str | Path | None = None,
) -> Recipe:
    """All that weeks are made from: a scenario, the wordings of its events, and a persona for everyone of its cast.

    personas: person id -> persona file or name. personas_dir: a folder of ID.md files. The first wins, then the folder,
    then configs/personas. Raises ConfigError.
    """
    file = find("scenarios", scenario)
    made = read_yaml(file, Scenario)
    wordings = {event.wordings or event.kind: _worded(event, made) for event in made.events if _has_words(event)}
    seated = _seated(made.cast, personas or {}, personas_dir)
    ours = [who for who in made.cast if who in names("personas")]
    return Recipe(made, wordings, seated, usual={**seated, **_seated(ours, {}, None)})


def _has_words(event: EventSpec) -> bool:
    """Whether an event has wordings: named ones must exist, unnamed ones may be left to whoever spawns the event."""
    return event.wordings is not None or event.kind in names("wordings")


def _worded(event: EventSpec, scenario: Scenario) -> Wordings:
    """The wordings of an event, which must know every value of the facts that its messages give evidence of."""
    path = find("wordings", event.wordings or event.kind)
    words = read_yaml(path, Wordings)
    for number, message in enumerate(words.messages):
        for fact in message.facts:
            where = _line(_text(str(path)), ("messages", number, "facts"))
            if fact not in scenario.facts:
                raise ConfigError(path, where, f"unknown fact {fact!r}", near_miss(fact, scenario.facts))
            missing = [value for value in scenario.facts[fact].values if value not in words.facts.get(fact, {})]
            if missing:
                raise ConfigError(path, where, f"facts.{fact} has no clauses for the value {missing[0]!r}")
    return words


def _seated(cast: Sequence[str], given: Mapping[str, str | Path], folder: str | Path | None) -> dict[str, Persona]:
    """The persona in everyone's seat; a file must be of the person it is seated as."""
    found = dict(_personas_in(Path(folder), cast)) if folder is not None else {}
    for who in given:
        if who not in cast:
            hint = near_miss(who, cast) or f"known: {', '.join(cast)}"
            raise ConfigError("--persona", None, f"unknown person {who!r}", hint)
    seats: dict[str, Persona] = {}
    for who in cast:
        path = find("personas", given[who] if who in given else found.get(who, who))
        seats[who] = read_markdown(path, Persona)
        if seats[who].id != who:
            line = _line(_split_front(str(path), _text(str(path)))[0], ("id",))
            raise ConfigError(path, line, f"this is the persona of {seats[who].id!r}, and cannot sit as {who!r}")
    return seats


def _personas_in(folder: Path, cast: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """(person id, file) of a folder of personas; a README may lie beside them."""
    if not folder.is_dir():
        raise ConfigError(folder, None, "no such folder of personas")
    files = sorted(path for path in folder.glob("*.md") if path.stem.lower() != "readme")
    if not files:
        raise ConfigError(folder, None, f"holds no persona files ({', '.join(f'{who}.md' for who in cast)})")
    for path in files:
        if path.stem not in cast:
            hint = near_miss(path.stem, cast) or f"known: {', '.join(cast)}"
            raise ConfigError(path, None, f"unknown person {path.stem!r}", hint)
        yield path.stem, path


@lru_cache(maxsize=512)
def _cached(path: str, _mtime: int, _size: int, model: type[M], body: str) -> M:
    """One parse per version of a file in this process; an error is never cached."""
    text = _text(path)
    if not body:
        return _validated(path, text, _parsed(path, text), model)
    front, below, start = _split_front(path, text)
    data = _parsed(path, front)
    if not isinstance(data, dict):
        raise ConfigError(path, 1, f"front matter must be keys and values, not {_kind(data)}")
    if body in data:
        raise ConfigError(path, _line(front, (body,)), f"key {body!r} belongs below the front matter, as the text")
    if not below.strip():
        raise ConfigError(path, start, f"no text below the front matter; it is the {body}")
    return _validated(path, front, {**data, body: below.strip()}, model)


def _split_front(path: str, text: str) -> tuple[str, str, int]:
    """Front matter (its lines keep their numbers), the text below, and the line that text starts on."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        raise ConfigError(path, 1, "no front matter", "start the file with a line '---'")
    closing = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if closing is None:
        raise ConfigError(path, len(lines), "front matter does not end", "close it with a line '---'")
    return "\n".join(["", *lines[1:closing]]), "\n".join(lines[closing + 1 :]), closing + 2


def _validated(path: str, text: str, data: object, model: type[M]) -> M:
    if not isinstance(data, dict):
        raise ConfigError(path, 1, f"must be keys and values, not {_kind(data)}")
    try:
        return model.model_validate(data, extra="forbid")
    except ValidationError as error:
        raise _explained(path, text, error.errors(include_url=False), model) from None


def _explained(path: str, text: str, errors: list[ErrorDetails], model: type[BaseModel]) -> ConfigError:
    """The most telling of pydantic's errors, in our words: a mistyped key before the key it leaves missing."""
    ranked = sorted(errors, key=lambda error: error["type"] != "extra_forbidden")
    first = ranked[0]
    loc, kind = list(first["loc"]), first["type"]
    *above, key = loc or [""]
    inside = f" in {_dotted(above)}" if above else ""
    hint = ""
    if kind == "extra_forbidden":
        message = f"unknown key {key!r}{inside}"
        hint = near_miss(str(key), _fields(model, above))
    elif kind == "missing":
        message = f"missing key {key!r}{inside}"
    else:
        message, hint = _wrong_value(first)
    rest = len(errors) - 1
    if rest:
        message += f" (and {rest} more)"
    return ConfigError(path, _line(text, loc), message, hint)


def _wrong_value(error: ErrorDetails) -> tuple[str, str]:
    """Message and hint for a value that the model refuses."""
    value, reason = error["input"], error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    allowed = findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    hint = near_miss(value, allowed) if isinstance(value, str) else ""
    if error["type"] == "string_type" and not isinstance(value, (dict, list)):
        hint = "put it in quotes to make it text"
    if error["type"] in {"value_error", "assertion_error"}:
        return f"{_dotted(error['loc'])}: {reason}" if error["loc"] else reason, hint
    return f"{_dotted(error['loc'])} should be {reason}, not {brief(value)}", hint


def _dotted(loc: Loc) -> str:
    """("events", 2, "minutes") -> "events[2].minutes"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _line(text: str, loc: Loc) -> int:
    """The line (from 1) of the deepest part of a location that the text really has."""
    node = yaml.compose(text, Loader=_LOADER)
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                continue
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the models at a location would have taken."""
    reached: list[Kind] = [model]
    for part in loc:
        below = [kind for here in reached for kind in _below(here, part)]
        reached = below or reached
    models = [kind for kind in reached if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _below(kind: Kind, part: str | int) -> Iterator[Kind]:
    """The plain types that one step of a location leads to from a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                yield from _plain(field.annotation)
    elif issubclass(get_origin(kind) or object, Mapping):
        yield from _plain(get_args(kind)[1])
    elif isinstance(part, int):
        for inner in get_args(kind):
            yield from _plain(inner)


def _plain(kind: Kind) -> Iterator[Kind]:
    """A type without its Annotated and Union wrapping."""
    if get_origin(kind) is Annotated:
        yield from _plain(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for inner in get_args(kind):
            yield from _plain(inner)
    else:
        yield kind


def _text(path: str) -> str:
    raw = Path(path).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, f"not UTF-8 (byte 0x{raw[error.start]:02x})", "save it as UTF-8") from None


def _parsed(path: str, text: str) -> object:
    try:
        return yaml.load(text, Loader=_UniqueLoader)  # a safe loader
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise ConfigError(path, line, f"broken YAML: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be parsed"
        raise ConfigError(path, mark.line + 1 if mark else None, f"broken YAML: {problem}") from None
    except (RecursionError, ValueError) as error:
        raise ConfigError(path, None, f"broken YAML: {error}") from None


def _stamp(path: str | Path) -> tuple[int, int]:
    """(modification time in ns, size in bytes), which name a version of a file. Raises ConfigError: cannot be read."""
    try:
        with Path(path).open("rb"):
            stat = Path(path).stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(path, None, f"cannot be read: {reason}") from None
    return stat.st_mtime_ns, stat.st_size


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _kind(data: object) -> str:
    return {list: "a list", str: "a text", type(None): "nothing"}.get(type(data), f"a {type(data).__name__}")


def _shown(file: str | Path) -> str:
    """A path as the user would name it: from the package root for our own files, else as given."""
    path = Path(file)
    return str(path.relative_to(ROOT.parent)) if path.is_absolute() and path.is_relative_to(ROOT.parent) else str(file)
