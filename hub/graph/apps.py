"""The graph as an app, for its tables."""

from django.apps import AppConfig


class GraphConfig(AppConfig):
    name = "hub.graph"
    label = "graph"
