"""Texts that a regular expression takes, made by walking through it.

Python's own parser reads the expression; what JavaScript spells in another way is translated first. A text is only
a proposal: a lookahead may refuse it, so the caller asks the validator.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_PROPERTIES: Final = {
    **dict.fromkeys(("L", "Letter", "Ll", "Alphabetic", "Lowercase"), "a-z"),
    **dict.fromkeys(("Lu", "Uppercase"), "A-Z"),
    **dict.fromkeys(("N", "Nd", "Number"), "0-9"),
    **dict.fromkeys(("P", "Punctuation", "Po"), "!"),
    **dict.fromkeys(("Z", "Zs", "Separator"), " "),
}
"""Characters that have a property of Unicode."""
_PROPERTY: Final = re.compile(r"(\[(?:\\.|[^\]\\])*\])|\\p\{(?:\w+=)?(\w+)\}")
_FILLINGS: Final = ("a", "0", "A", "aA0-", "Aa1!", "a0", "-", "/")
"""Characters to take, in turn, where an expression leaves open which; another text for each of these."""
_ANY: Final = "".join(map(chr, range(32, 127))) + "éα漢\n\t"
_MOST_REPEATED: Final = 2_000
"""How often a part is repeated at the most, and how many characters repeated parts may have together."""


def propose_texts(pattern: str, shortest: int = 0) -> Iterator[str]:
    r"""Texts that a pattern may take, the plainest first; none if Python cannot read the pattern.

    >>> next(propose_texts("^[A-Z]{2}-\\d{3}$"))
    'AA-000'
    >>> next(propose_texts("^a+\\.(?i)(pdf|doc)$"))
    'a.pdf'
    """
    with suppress(re.error, OverflowError, RecursionError):
        tree = _parse(_translated(pattern))
        for more in dict.fromkeys((0, 1, shortest)):
            for filling in _FILLINGS:
                text = _Text(filling, more).of(tree)
                yield from [text] if text is not None else []


def _translated(pattern: str) -> str:
    """The pattern in Python's spelling: names of groups, and properties of Unicode. Its flags are left out."""
    named = re.sub(r"\(\?<(?![=!])", "(?P<", re.sub(r"\(\?[a-z]+\)", "", pattern))
    plain = _PROPERTY.sub(_without_property, named)
    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: re.escape(chr(int(found[1], 16))), plain)


def _without_property(found: re.Match[str]) -> str:
    if found[1]:  # a class: the properties in it
        return re.sub(r"\\p\{(?:\w+=)?(\w+)\}", lambda inner: _PROPERTIES.get(inner[1], "a-z"), found[1])
    return f"[{_PROPERTIES.get(found[2], 'a-z')}]"


def _parse(pattern: str) -> Sequence[tuple[Any, Any]]:
    parser: Any = vars(re)["_parser"]  # public as `sre_parse` until Python 3.11, and there is no other
    tree: Sequence[tuple[Any, Any]] = parser.parse(pattern)
    return tree


class _Text:
    """A text in the making. `filling` has the characters to take where it can be chosen, `more` how often to repeat."""

    def __init__(self, filling: str, more: int) -> None:
        self._filling = filling
        self._more = more
        self._count = 0
        self._length = 0
        self._groups: dict[int, str] = {}

    def of(self, tree: Sequence[tuple[Any, Any]]) -> str | None:
        """The text for a parsed pattern; None if none can be made."""
        parts = [self._part(str(name), argument) for name, argument in tree]
        return None if None in parts else "".join(part for part in parts if part is not None)

    def _part(self, name: str, argument: Any) -> str | None:  # noqa: ANN401 - as the parser has it
        makers: Mapping[str, Callable[[Any], str | None]] = {
            "LITERAL": chr,
            "NOT_LITERAL": lambda code: self._one_of(lambda character: character != chr(code)),
            "ANY": lambda _: self._one_of(lambda character: character != "\n"),
            "IN": lambda members: self._one_of(lambda character: _is_in(members, character)) or _first_of(members),
            "BRANCH": lambda branches: next(
                (text for each in branches[1] if (text := self.of(each)) is not None), None
            ),
            "SUBPATTERN": self._group,
            "MAX_REPEAT": self._repeated,
            "MIN_REPEAT": self._repeated,
            "POSSESSIVE_REPEAT": self._repeated,
            "ATOMIC_GROUP": self.of,
            "GROUPREF": lambda number: self._groups.get(number, ""),
        }
        return makers[name](argument) if name in makers else ""  # anchors and lookarounds have no text

    def _group(self, argument: Any) -> str | None:  # noqa: ANN401 - as the parser has it
        text = self.of(argument[-1])
        if argument[0] is not None and text is not None:
            self._groups[argument[0]] = text
        return text

    def _repeated(self, argument: Any) -> str | None:  # noqa: ANN401 - as the parser has it
        least, most, inner = argument
        number = min(max(int(least), min(int(most), self._more)), _MOST_REPEATED)
        texts = []
        for _ in range(number):
            text = self.of(inner)
            if text is None or self._length > _MOST_REPEATED:
                return "" if not least else None
            self._length += len(text)
            texts.append(text)
        return "".join(texts)

    def _one_of(self, is_taken: Callable[[str], bool]) -> str | None:
        """The next character of the filling, or the first of any that is taken."""
        wanted = self._filling[self._count % len(self._filling)]
        self._count += 1
        return next((character for character in (wanted, *self._filling, *_PLAIN) if is_taken(character)), None)


_PLAIN: Final = sorted(_ANY, key=lambda character: (not character.isalnum(), character))


def _is_in(members: Sequence[tuple[Any, Any]], character: str) -> bool:
    """Tells whether a class takes a character."""
    is_negated = bool(members) and str(members[0][0]) == "NEGATE"
    found = any(_takes(str(name), argument, character) for name, argument in members[is_negated:])
    return found is not is_negated


def _takes(name: str, argument: Any, character: str) -> bool:  # noqa: ANN401 - as the parser has it
    match name:
        case "LITERAL":
            return ord(character) == int(argument)
        case "RANGE":
            return int(argument[0]) <= ord(character) <= int(argument[1])
        case _:
            is_of_category = _CATEGORIES.get(str(argument))
            return is_of_category is not None and is_of_category(character)


def _first_of(members: Sequence[tuple[Any, Any]]) -> str | None:
    """The first character of a class that has none of the usual ones."""
    codes = (
        int(argument if str(name) == "LITERAL" else argument[0])
        for name, argument in members
        if str(name) in {"LITERAL", "RANGE"}
    )
    return next(map(chr, codes), None) if members and str(members[0][0]) != "NEGATE" else None


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


_CATEGORIES: Final[Mapping[str, Callable[[str], bool]]] = {
    "CATEGORY_DIGIT": lambda character: character in "0123456789",
    "CATEGORY_NOT_DIGIT": lambda character: character not in "0123456789",
    "CATEGORY_WORD": _is_word,
    "CATEGORY_NOT_WORD": lambda character: not _is_word(character),
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_NOT_SPACE": lambda character: not character.isspace(),
}
