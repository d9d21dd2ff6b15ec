from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from articles.beginnings import choices


class ManuscriptsConfig(AppConfig):
    name = "manuscripts"

    def ready(self) -> None:
        choices.register(
            choices.Choice(
                label=_("A manuscript"),
                purpose=_("A file of Word, Google Docs, Markdown or plain text. Its references become citations."),
                url=reverse_lazy("admin:manuscripts_manuscript_add"),
            )
        )
