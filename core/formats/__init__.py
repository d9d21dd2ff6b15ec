"""The formats of what Django itself prints, by language (settings.FORMAT_MODULE_PATH)."""
