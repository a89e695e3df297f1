"""Discovery as an app: home and search lead to everything."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "hub.discovery"

    def ready(self) -> None:
        from hub.web.navigation import Entry, navigation  # apps are loaded now

        paths = ("/search", "/tables", "/notebooks", "/repos", "/files", "/environments", "/e")
        navigation.register(
            Entry(label="Catalogue", url_name="search", order=10, icon="search", go="c", paths=paths)
        )
