"""The toolkit as an app: template tags, and a check that the front end was built."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from hub.web.assets import manifest_path


class WebConfig(AppConfig):
    name = "hub.web"

    def ready(self) -> None:
        checks.register(front_end_is_built)


def front_end_is_built(app_configs: Sequence[AppConfig] | None, **_: object) -> list[checks.CheckMessage]:
    """Without its styles and islands a page still works but looks bare."""
    del app_configs
    if manifest_path().is_file():
        return []
    return [
        checks.Warning(
            "The front end is not built.",
            hint="Run `npm ci && npm run build` in frontend/.",
            id="web.W001",
        )
    ]
