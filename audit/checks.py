"""System checks of the signing key."""

from django.core.checks import CheckMessage, Error, Warning, register

from audit import keys


@register(deploy=True)
def records_can_be_signed(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return a warning (W001) if the settings name no signing key, and an error (E001) if the key cannot be used."""
    if not keys.is_configured():
        return [
            Warning(
                "There is no signing key: the log is not sealed, and readers get no signed records.",
                hint="Set SIGNING_KEY_FILE and SIGNING_KEY_PASSPHRASE, and run manage.py make_signing_key.",
                id="audit.W001",
            )
        ]
    try:
        keys.load()
    except keys.NoKey as error:
        return [Error(str(error), hint="See docs/how-to/sign.md.", id="audit.E001")]
    return []
