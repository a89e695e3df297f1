"""Whether what several files ask of one package can hold at the same time."""

import re
from collections.abc import Iterable
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.post|\.dev)\d+)?")
_CONDA: Final = re.compile(r"=\s*(\d[\w.]*)")
_MOST: Final = 20


def agree(stated: Iterable[str]) -> bool:
    """Whether one version meets all statements: `2.3.4` and `>=2` agree, `=4.3` and `4.5.0` do not.

    A statement is a version, a constraint as pip writes it, `=2.3` as conda does, or any other text,
    which agrees with the same text alone.
    """
    texts = set(stated)
    if len(texts) < 2:
        return True
    if len(texts) > _MOST:
        return False
    try:
        wanted = [SpecifierSet(_as_pip(text)) for text in texts]
        named = {number for text in texts for number in _NUMBER.findall(text)}
        tried = [Version(one) for number in named for one in (number, f"{number}.1")]
    except (InvalidSpecifier, InvalidVersion):
        return False
    return any(all(one.contains(version, prereleases=True) for one in wanted) for version in tried)


def _as_pip(text: str) -> str:
    text = text.strip()
    if text in ("", "any", "*"):
        return ""
    if conda := _CONDA.fullmatch(text):
        return f"=={conda.group(1)}.*"
    return f"=={text}" if text[0].isdigit() else text
