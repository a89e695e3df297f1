"""YAML from strangers: plain values only, with a budget of aliases and a limit of depth."""

import yaml

from indexers.parsers.environment.reading import Unreadable, Value

MAX_ALIASES = 10
"""Merged aliases multiply: ten let a document grow 27 times at most; real files have fewer."""

MAX_DEPTH = 40
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def loaded(text: str) -> Value:
    """The value of a YAML document. Raises Unreadable for bad syntax and for what grows beyond bounds."""
    try:
        _check(text)
        value: Value = yaml.load(text, Loader=_Loader)  # noqa: S506  # a subclass of the safe loader
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError) as error:
        problem = getattr(error, "problem", None) or type(error).__name__
        raise Unreadable("environment_unreadable", f"it is no YAML ({problem})") from error
    return value


def _check(text: str) -> None:
    aliases = depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if aliases > MAX_ALIASES:
            raise Unreadable(
                "yaml_too_many_aliases", f"it has more than {MAX_ALIASES} aliases, which can multiply"
            )
        if depth > MAX_DEPTH:
            raise Unreadable("yaml_too_deep", f"it nests more than {MAX_DEPTH} levels")
