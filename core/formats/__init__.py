"""Date and time formats for Django, one module for each language (settings.FORMAT_MODULE_PATH)."""
