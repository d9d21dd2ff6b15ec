from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # The emails register the functions that make their links, and the second factor connects a receiver of allauth.
        import_module("accounts.second_factor")
