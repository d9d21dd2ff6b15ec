from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Letters register what fills their links, the second factor listens to allauth.
        import_module("accounts.second_factor")
