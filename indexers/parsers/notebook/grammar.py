"""What a scan must know of a language: what is no code, and what a called name looks like.

Patterns are possessive throughout, so no text makes them slow.
"""

import re
from dataclasses import dataclass
from typing import Final

_DOUBLE: Final = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?'
_SINGLE: Final = r"'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?"
_TRIPLE_DOUBLE: Final = r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:"""|\Z)'
_TRIPLE_SINGLE: Final = r"'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:'''|\Z)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """`noise` matches one string or comment, `call` a name before an opening bracket (group 1).

    `token` matches either of them or a bracket.
    """

    noise: re.Pattern[str]
    call: re.Pattern[str]
    token: re.Pattern[str]


def words(text: str) -> frozenset[str]:
    """The words of a text: a long list of names is easier to read so."""
    return frozenset(text.split())


def _grammar(noise: str, name: str) -> Grammar:
    return Grammar(
        noise=re.compile(noise, re.DOTALL),
        call=re.compile(rf"({name})[ \t]*+\("),
        token=re.compile(rf"{noise}|({name})[ \t]*+(?=\()|[()\[\]{{}}]", re.DOTALL),
    )


PYTHON: Final = _grammar(
    "|".join((r"#[^\n]*+", _TRIPLE_DOUBLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE)), r"(?<![\w.])[\w.]++"
)
R: Final = _grammar(
    r"""#[^\n]*+|"[^"\\]*+(?:\\.[^"\\]*+)*+"?|'[^'\\]*+(?:\\.[^'\\]*+)*+'?""", r"(?<![\w.:])[\w.:]++"
)
SCALA: Final = _grammar(
    "|".join((r"//[^\n]*+|/\*.*?(?:\*/|\Z)", _TRIPLE_DOUBLE, _DOUBLE)), r"(?<![\w.])[\w.]++"
)
