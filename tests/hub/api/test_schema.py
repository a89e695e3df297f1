"""The committed description of the API is the API's own, without a warning."""

from pathlib import Path

import pytest
from django.core.management import call_command

from hub.api.schema import document
from tests.hub.api.hubs import make_hub

SNAPSHOT = Path(__file__).parents[3] / "docs" / "reference" / "openapi.yaml"


def test_the_committed_description_is_what_the_endpoints_say(tmp_path: Path) -> None:
    """Where this fails: `manage.py spectacular --file docs/reference/openapi.yaml`, then look at the diff."""
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True)
    assert made.read_text() == SNAPSHOT.read_text()


def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert "401" in operation["responses"], (method, path)
            failures = [one for status, one in operation["responses"].items() if status >= "400"]
            assert all("application/problem+json" in one["content"] for one in failures), (method, path)


@pytest.mark.django_db
def test_the_description_is_served_to_who_is_signed_in() -> None:
    served = make_hub().get("member", "schema").json()
    assert served["openapi"] == "3.1.0"
    assert served["paths"].keys() == document()["paths"].keys()
