"""The app projections."""

from django.apps import AppConfig


class ProjectionsConfig(AppConfig):
    name = "hub.projections"
