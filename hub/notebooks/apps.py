"""The app notebooks."""

from django.apps import AppConfig


class NotebooksConfig(AppConfig):
    name = "hub.notebooks"
