"""A hub elsewhere, over its REST API, with the rights of a token."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

_SECONDS = 30
_WAIT = 1.0


class HubRefused(Exception):  # named for what happened
    """The hub answered with a problem document; the message is its sentence."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class RemoteHub:
    """The API under `address`. Raises HubRefused for what the hub refuses, OSError when it is away."""

    def __init__(self, address: str, token: str) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise ValueError(f"{address} is no http or https address")
        self._base = f"{address.rstrip('/')}/api/v1"
        self._token = token

    def crawl(
        self, location: str, *, name: str, team: str, report: Callable[[str, int, int | None], None]
    ) -> dict[str, Any]:
        """Have the hub crawl what lies at a location that it can reach; the run as the API shows it."""
        source = self._source(location, name=name, team=team)
        run = self._ask("POST", f"/sources/{quote(source)}/crawl")
        while run["finished_at"] is None:
            time.sleep(_WAIT)
            run = self._ask("GET", f"/runs/{run['id']}")
            progress = run.get("progress") or {}
            report(progress.get("doing", run["state"]), progress.get("done", 0), progress.get("expected"))
        return self._ask("GET", f"/runs/{run['id']}")

    def _source(self, location: str, *, name: str, team: str) -> str:
        """The name of the source at this location, added where it is not there."""
        page: str | None = "/sources?per_page=200"
        while page:
            answer = self._ask("GET", page)
            for one in answer["items"]:
                if one["location"] == location:
                    return str(one["name"])
            following = answer.get("next")
            page = following.partition("/api/v1")[2] if following else None
        wanted = {"location": location, "name": name, "team": team}
        added = self._ask("POST", "/sources", {key: value for key, value in wanted.items() if value})
        return str(added["name"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  # the scheme was checked
            f"{self._base}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise HubRefused(_sentence(error), status=error.code) from error


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the hub answered {error.code} {error.reason}"
