"""The app discovery."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "hub.discovery"
