"""Accounts as an app: people stand in the frame of every page."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hub.accounts"

    def ready(self) -> None:
        from hub.accounts.pages import demo_in, person_in  # models are loaded now
        from hub.web.navigation import Entry, navigation

        navigation.person = person_in
        navigation.demo = demo_in
        navigation.register(Entry(label="Me", url_name="me", order=10, place="menu", icon="user"))
