"""Names that the client's generator can use, in place of those of the spec that it would change or mix up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATH_NAME: Final = re.compile(r"\{([^{}]*)\}")
"""A parameter in a path."""
# The generator splits members of these characters into words by itself. It would drop all other characters.
_PLAIN: Final = re.compile(r"[A-Za-z][\w. -]*", re.ASCII)


def generator_path(path: str) -> str:
    """The path with names of parameters that the generator finds."""
    names = path_names(path)
    return PATH_NAME.sub(lambda match: f"{{{names[match[1]]}}}", path)


def path_names(path: str) -> dict[str, str]:
    """A name for each parameter of a path, in characters that the generator finds there. These names are not sent."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(PATH_NAME.findall(path)):
        words = re.sub(r"[^A-Za-z0-9_-]", "_", name)
        words = words if re.match("[A-Za-z_-]", words) else f"_{words}"
        found[name] = next(one for one in _numbered(words, words) if _folded(one) not in taken)
        taken.add(_folded(found[name]))
    return found


def default_id(path: str, method: str) -> str:
    """The name of an operation that has none."""
    words = re.sub("[{}]", "", path).strip("/").replace("/", "_")
    return f"{method}_{words}"


def class_names(names: Iterable[str]) -> dict[str, str]:
    """A name for each component's class. Classes are modules, and those differ in letters and digits alone."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names, key=lambda one: not re.match("[A-Za-z]", one)):
        words = name if _folded(name) else "Schema"
        found[name] = next(one for one in _numbered(words, words) if _folded(one) not in taken)
        taken.add(_folded(found[name]))
    return found


def _folded(name: str) -> str:
    """The letters and digits of a name, which decide on the name of its module."""
    return re.sub(r"[\W_]+", "", name).lower()


def _numbered(name: str, words: str) -> Iterator[str]:
    """Yields a name, and names that begin with `words`."""
    yield name
    yield from (f"{words}_{number}" for number in range(2, 1_000_000))


def member_names(members: list[Any]) -> list[str]:
    """Names such as `PHONE_CALL_ACCEPTED` for `phone_call:accepted`; none if the generator's own names will do."""
    if not all(isinstance(member, str) for member in members):
        return []
    plain = [re.sub(r"[. -]+", "_", member).upper() for member in members]
    if all(map(_PLAIN.fullmatch, members)) and len(set(plain)) == len(plain):
        return []
    names: list[str] = []
    for index, member in enumerate(members):
        words = re.sub(r"\W+", "_", member, flags=re.ASCII).strip("_").upper()
        name = words if re.match("[A-Z]", words) else f"VALUE_{words or index}"
        names.append(next(one for one in _numbered(name, name) if one not in names))
    return names


def operation_id(name: str, taken: set[str]) -> str:
    """The name, or one like it that no other operation has: operations are modules. It is taken from then on."""
    words = re.sub(r"\W+", "_", name).strip("_")
    if not re.match(r"[^\W\d]", words):
        words = f"operation_{words}"
    free = next(one for one in _numbered(words, words) if _folded(one) not in taken)
    taken.add(_folded(free))
    return free
