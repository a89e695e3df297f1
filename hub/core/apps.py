"""Core as an app, for its checks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "hub.core"
