"""What imports cannot show: conventions of the house that a reader relies on."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

import hub
from hub.access.policies import ROUTES
from hub.core import config, errors

HUB = Path(hub.__file__).parent
APPS = [path for path in sorted(HUB.iterdir()) if (path / "apps.py").exists()]
CORE = {"__init__", "apps", "asker", "clock", "config", "digests", "errors", "files", "lock"}
NAMES = {
    "__init__", "apps", "models", "policies", "queries", "services", "views", "api", "pages", "tasks", "urls",
    "middleware", "migrations",
}  # fmt: skip
OWN_NAMES = {
    "accounts": {"backends"},
    "core": CORE,
    "web": {
        "addresses",
        "assets",
        "context",
        "kinds",
        "navigation",
        "problems",
        "rendering",
        "requests",
        "templatetags",
    },
    "api": {
        "endpoint",
        "pagination",
        "parameters",
        "problems",
        "renderers",
        "schema",
        "throttles",
        "authentication",
    },
    "search": {
        "answer",
        "backends",
        "engine",
        "entry",
        "explain",
        "port",
        "question",
        "spelling",
        "inflection",
        "stages",
        "text",
    },
    "graph": {"backends", "engine", "port"},
    "projections": {"search", "graph", "words"},
    "discovery": {"copies", "entity_pages", "home"},
    "notebooks": {"versions"},
}
FORBIDDEN_WORDS = ("utils", "helpers", "manager", "mixins", "signals")


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_every_app_holds_only_files_of_known_names(app: Path) -> None:
    held = {
        path.stem for path in app.iterdir() if path.suffix == ".py" or (path.is_dir() and path.name[0] != "_")
    }
    assert held <= NAMES | OWN_NAMES.get(app.name, set())


def test_core_is_a_closed_list() -> None:
    assert {path.stem for path in (HUB / "core").glob("*.py")} == CORE


def test_no_file_is_a_drawer() -> None:
    roots = [HUB, HUB.parent / "indexers", HUB.parent / "boxwood"]
    names = [path.stem for root in roots for path in root.rglob("*.py")]
    assert not [name for name in names if name in FORBIDDEN_WORDS]


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def test_every_route_stands_in_the_policy_table() -> None:
    named = {pattern.name for pattern in routes(get_resolver().url_patterns)}
    assert None not in named
    assert named == set(ROUTES)


def functions_of(module: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def service_modules() -> list[Path]:
    single = [app / "services.py" for app in APPS if (app / "services.py").exists()]
    return single + [
        path for app in APPS if (app / "services").is_dir() for path in (app / "services").glob("*.py")
    ]


def test_what_takes_an_actor_is_atomic_and_takes_only_keywords() -> None:
    wrong = []
    for module in service_modules():
        for function in functions_of(module):
            names = {argument.arg for argument in function.args.kwonlyargs}
            if "actor" in {argument.arg for argument in function.args.args}:
                wrong.append(f"{module.name}:{function.name} takes actor by position")
            atomic = any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)
            if "actor" in names and not atomic:
                wrong.append(f"{module.name}:{function.name} is not atomic")
    assert not wrong


def test_views_and_endpoints_touch_no_tables() -> None:
    edges = [path for name in ("views.py", "api.py") for path in HUB.rglob(name)]
    assert not [str(path) for path in edges if ".objects." in path.read_text()]


def test_safe_strings_are_made_in_rendering_alone() -> None:
    allowed = {HUB / "web" / "rendering", HUB / "web" / "templatetags"}
    made = [path for path in HUB.rglob("*.py") if "mark_safe(" in path.read_text()]
    assert not [str(path) for path in made if not any(folder in path.parents for folder in allowed)]


def test_templates_mark_nothing_safe() -> None:
    templates = (HUB.parent / "frontend" / "templates").rglob("*.html")
    assert not [
        str(path) for path in templates if "|safe" in path.read_text() or "autoescape off" in path.read_text()
    ]


def test_every_setting_is_in_the_reference() -> None:
    reference = (HUB.parent / "docs" / "reference" / "settings.md").read_text()
    assert not [row.name for row in config.SETTINGS if f"`{row.name}`" not in reference]


def test_every_error_code_is_in_the_reference() -> None:
    reference = (HUB.parent / "docs" / "reference" / "errors.md").read_text()
    classes = [
        one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.HubError)
    ]
    assert not [one.code for one in classes if f"`{one.code}`" not in reference]
