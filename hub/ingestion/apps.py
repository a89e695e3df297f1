"""Ingestion as an app: sources and runs lie under "me"."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "hub.ingestion"

    def ready(self) -> None:
        from hub.web.navigation import Entry, navigation  # apps are loaded now

        navigation.register(
            Entry(label="Sources", url_name="sources", order=20, place="menu", icon="plug", go="s")
        )
        navigation.register(Entry(label="Runs", url_name="runs", order=30, place="menu", icon="play", go="r"))
