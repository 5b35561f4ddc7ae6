"""YAML to frozen types. The only module that reads YAML.

A directory is read whole and every fault is reported at once, each as `file:line: message`. Parsing takes libyaml's
safe loader where it is there; positions are looked up only for a file that is found faulty.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import yaml

from triage.errors import RuleError
from triage.knowledge.faults import Fault, Step, faults_of
from triage.knowledge.synonyms import faults_of_phrases, meanings
from triage.knowledge.word_sets import faults_of_cause
from triage.model.code import CodeEntry
from triage.model.product import Product
from triage.model.rule import Rule
from triage.model.signature import FrameNames
from triage.model.synonym import Meanings, Synonyms
from triage.model.weights import Weights

MAX_FILE: Final = 4 << 20
MAX_DEPTH: Final = 20

_CHECKS: Final[Mapping[type, Callable[[Any], Iterable[Fault]]]] = {
    Rule: faults_of_cause,
    Synonyms: faults_of_phrases,
}
"""What is asked of plain data beyond its type."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

T = TypeVar("T")


def load_rules(*directories: Path) -> tuple[Rule, ...]:
    """Every rule under the directories, by id. Raises RuleError with all faults, also for an id given twice."""
    faults: list[RuleError] = []
    rules: dict[str, tuple[Rule, Path]] = {}
    for path in _files(directories):
        rule = _decode(path, Rule, faults)
        if rule is None:
            continue
        if rule.id in rules:
            faults.append(RuleError(f"{rule.id} is also in {rules[rule.id][1]}; rename one of them", path=path))
        elif path.stem != rule.id:
            faults.append(
                RuleError(f"the file is named {path.name} but holds {rule.id}; name it {rule.id}.yaml", path=path)
            )
        else:
            rules[rule.id] = (rule, path)
    _raise(faults)
    return tuple(rule for _, (rule, _) in sorted(rules.items()))


def load_products(directory: Path) -> tuple[Product, ...]:
    """Every product under the directory; a file holds one product or a list of them."""
    faults: list[RuleError] = []
    products = [product for path in _files([directory]) for product in _decode_some(path, Product, faults)]
    _raise(faults)
    return tuple(products)


def load_codes(directory: Path) -> tuple[CodeEntry, ...]:
    """Every exception and bug check code under the directory; a file holds a list of them."""
    faults: list[RuleError] = []
    codes = [code for path in _files([directory]) for code in _decode_some(path, CodeEntry, faults)]
    _raise(faults)
    return tuple(codes)


def load_weights(directory: Path) -> Weights:
    """The engine's constants: engine.yaml, nicknames.yaml, and those that scripts fit."""
    faults: list[RuleError] = []
    path = directory / "engine.yaml"
    names = ("confidence", "ranking", "nicknames")
    data, *parts = (_parse(directory / f"{name}.yaml", faults) for name in ("engine", *names))
    _raise(faults)
    if isinstance(data, dict):
        data |= dict(zip(names, parts, strict=True))
    weights = _convert(path, data, Weights, faults, ())
    _raise(faults)
    if weights is None:
        raise RuleError("no weights in this file", path=path)
    return weights


def load_frame_names(path: Path) -> FrameNames:
    """The names that decide how signatures are made."""
    faults: list[RuleError] = []
    names = _decode(path, FrameNames, faults)
    _raise(faults)
    if names is None:
        raise RuleError("no names in this file", path=path)
    return names


def load_synonyms(path: Path) -> Meanings:
    """What people say for what articles write, turned around (see `triage.knowledge.synonyms`)."""
    faults: list[RuleError] = []
    data = _parse(path, faults)
    if isinstance(data, dict):
        entries = {str(word): _convert(path, value or {}, Synonyms, faults, (word,)) for word, value in data.items()}
    else:
        entries = {}
        faults.append(RuleError("no words with their synonyms in this file", path=path))
    _raise(faults)
    return meanings({word: synonyms for word, synonyms in entries.items() if synonyms is not None})


def _files(directories: Iterable[Path]) -> Iterator[Path]:
    for directory in directories:
        if directory.is_file():
            yield directory
        elif directory.is_dir():
            yield from sorted(path for path in _walk(directory) if path.suffix == ".yaml")
        else:
            raise RuleError("no such file or directory", path=directory)


def _walk(directory: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise RuleError((error.strerror or "cannot be read").lower(), path=error.filename) from error

    for folder, _, names in os.walk(directory, onerror=refuse):
        yield from (Path(folder, name) for name in names)


def _raise(faults: list[RuleError]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RuleError(f"{len(faults)} faults", faults=tuple(faults))


def _decode_some(path: Path, kind: type[T], faults: list[RuleError]) -> list[T]:
    data = _parse(path, faults)
    items = data if isinstance(data, list) else [data]
    decoded = (_convert(path, item, kind, faults, () if item is data else (index,)) for index, item in enumerate(items))
    return [item for item in decoded if item is not None]


def _decode(path: Path, kind: type[T], faults: list[RuleError]) -> T | None:
    before = len(faults)
    data = _parse(path, faults)
    return None if len(faults) > before else _convert(path, data, kind, faults, ())


def _parse(path: Path, faults: list[RuleError]) -> Any:
    try:
        if path.stat().st_size > MAX_FILE:
            raise RuleError(f"larger than {MAX_FILE >> 20} MiB; split it", path=path)
        text = path.read_bytes().decode("utf-8")
        _check_shape(text, path)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is the safe loader
    except RuleError as error:
        faults.append(error)
    except UnicodeDecodeError as error:
        faults.append(RuleError(f"not UTF-8 at byte {error.start}", path=path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "not valid YAML"
        faults.append(RuleError(f"{what}", path=path, line=None if mark is None else mark.line + 1))
    except (ValueError, OverflowError, RecursionError) as error:
        faults.append(RuleError(f"a value that cannot be read: {error}", path=path))
    except OSError as error:
        faults.append(RuleError((error.strerror or "cannot be read").lower(), path=path))
    return None


def _check_shape(text: str, path: Path) -> None:
    """Refuse what makes a small file a huge value (aliases) or overruns the stack of a recursive loader (depth).

    The parser's events come one by one, so this pass is safe on any text.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise RuleError("YAML aliases are not allowed; write the value out", path=path, line=_line(event))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RuleError(f"nested deeper than {MAX_DEPTH} levels", path=path, line=_line(event))


def _line(event: yaml.Event) -> int | None:
    return None if event.start_mark is None else event.start_mark.line + 1


def _convert(path: Path, data: Any, kind: type[T], faults: list[RuleError], at: tuple[Step, ...]) -> T | None:
    if data is None:
        if not any(fault.path == str(path) for fault in faults):
            faults.append(RuleError("the file is empty", path=path))
        return None
    plain = _plain_dates(data)
    value = None
    found = list(_CHECKS[kind](plain)) if kind in _CHECKS else []
    try:
        value = msgspec.convert(plain, kind, strict=True)
    except msgspec.ValidationError:
        found += faults_of(plain, kind)
    if not found:
        return value
    root = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    placed = [(_line_of(root, (*at, *fault.steps)), fault) for fault in found]
    for line, fault in sorted(placed, key=lambda one: one[0] or 0):
        message = f"{fault.where}: {fault.message}" if fault.where else fault.message
        faults.append(RuleError(message, path=path, line=line))
    return None


def _plain_dates(value: Any) -> Any:
    """YAML turns 2002-05-08 into a date; the model keeps ISO text."""
    if isinstance(value, dict):
        return {key: _plain_dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_dates(item) for item in value]
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else value


def _line_of(node: Any, steps: Iterable[Step]) -> int | None:
    """Line of the value at the end of the steps, or of the nearest above it."""
    line = None if node is None else node.start_mark.line + 1
    for step in steps:
        node, found = _child(node, step)
        if node is None:
            break
        line = found
    return line


def _child(node: Any, step: str | int) -> tuple[Any, int | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, None
