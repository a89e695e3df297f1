"""All routes. The only module that knows every app; `hub.access.policies.ROUTES` says who may call which."""

from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = []
