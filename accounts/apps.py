from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # This import connects a receiver to a signal of allauth. It also imports accounts.emails, which registers the
        # function that makes the links in emails.
        import_module("accounts.second_factor")
