"""Routes of the toolkit."""

from django.urls import path

from hub.web import views

urlpatterns = [path("settings/appearance", views.choose_appearance, name="appearance")]
