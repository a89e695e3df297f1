"""The app ingestion."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "hub.ingestion"
