"""What all facets share: the registry and the JSON form."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar


class FacetInvalid(ValueError):
    """A payload does not fit its facet's type; the message names the facet and the field."""


class Facet:
    """The base of every facet: a frozen dataclass registered with `@facet`, which names and versions it."""

    __slots__ = ()

    facet: ClassVar[str]
    version: ClassVar[int]


FACETS: dict[str, type[Facet]] = {}
"""Every known facet by name; an unknown one is a fault at ingestion, not stored for later."""

F = TypeVar("F", bound=Facet)


def facet(name: str, *, version: int) -> Callable[[type[F]], type[F]]:
    """Register a frozen dataclass as the facet `name` in this `version`."""

    def register(cls: type[F]) -> type[F]:
        if name in FACETS:
            raise ValueError(f"facet {name} is registered twice")
        cls.facet = name
        cls.version = version
        FACETS[name] = cls
        return cls

    return register


def to_json(value: Facet) -> dict[str, Any]:
    """The payload of a facet; fields that hold their default are left out, so old rows stay small."""
    return typing.cast("dict[str, Any]", _plain(value))


def from_json(name: str, payload: Mapping[str, Any]) -> Facet:
    """The inverse of `to_json`. Raises FacetInvalid for an unknown facet, field or type."""
    cls = FACETS.get(name)
    if cls is None:
        raise FacetInvalid(f"unknown facet {name!r}")
    return typing.cast("Facet", _build(cls, payload, name))


def _plain(value: Any) -> Any:  # the border where typed values become JSON
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(found)
            for field in dataclasses.fields(value)
            if (found := getattr(value, field.name)) != field.default
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(expected: Any, value: Any, place: str) -> Any:  # the same border
    if dataclasses.is_dataclass(expected):
        return _build_dataclass(typing.cast("type", expected), value, place)
    origin = typing.get_origin(expected)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise FacetInvalid(f"{place} is not a list")
        arguments = typing.get_args(expected)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_build(arguments[0], item, f"{place}[{at}]") for at, item in enumerate(value))
        if len(arguments) != len(value):
            raise FacetInvalid(f"{place} has {len(value)} items, not {len(arguments)}")
        return tuple(
            _build(kind, item, f"{place}[{at}]")
            for at, (kind, item) in enumerate(zip(arguments, value, strict=True))
        )
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in typing.get_args(expected):
            return None
        inner = next(kind for kind in typing.get_args(expected) if kind is not type(None))
        return _build(inner, value, place)
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(expected, type) and (type(value) is not expected):
        raise FacetInvalid(f"{place} is {type(value).__name__}, not {expected.__name__}")
    return value


def _build_dataclass(cls: type, value: Any, place: str) -> Any:  # the same border
    if not isinstance(value, Mapping):
        raise FacetInvalid(f"{place} is not an object")
    hints = _hints(cls)
    names = {field.name for field in dataclasses.fields(cls)}
    if unknown := value.keys() - names:
        raise FacetInvalid(f"{place} has unknown fields: {', '.join(sorted(unknown))}")
    try:
        return cls(**{name: _build(hints[name], found, f"{place}.{name}") for name, found in value.items()})
    except TypeError as error:
        raise FacetInvalid(f"{place}: {error}") from error
