"""The app access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "hub.access"
