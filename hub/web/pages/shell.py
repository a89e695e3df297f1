"""What stands round every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.web.pages.parts import Action, Link, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The slim bar of the sample organisation: who you are, and who else you can be."""

    name: str
    role: str
    others: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """What somebody chose on this device, from cookies, so that the first paint is right."""

    theme: str = "auto"
    density: str = "comfortable"
    single_keys: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Link):
    """An entry of the navigation; `go` is the letter after `g` that leads there."""

    go: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of a page. `person` is None before sign-in: then there is no bar of places."""

    appearance: Appearance
    path: str
    bar: Sequence[Place] = ()
    menu: Sequence[Place] = ()
    person: Person | None = None
    waiting: int = 0
    waiting_url: str = ""
    demo: Demo | None = None
    organisation: str = ""
