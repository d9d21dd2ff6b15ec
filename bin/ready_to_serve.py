"""Print one line to standard error and exit with status 1 if the site cannot be served; otherwise print nothing."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")


def obstacle() -> str:
    """Return one line that says what prevents serving (settings, checks, the database), or "" if nothing does."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    try:
        import django

        django.setup()
    except ImproperlyConfigured as error:
        return str(error)

    from django.core.checks import ERROR, run_checks

    from core.health import missing_rules, unapplied_migrations

    grave = [check for check in run_checks() if check.level >= ERROR]
    if grave:
        return f"{grave[0].msg} {grave[0].hint or ''}".strip()
    try:
        missing = unapplied_migrations()
        lost = [] if missing else missing_rules()
    except Error as error:
        return f"The database does not answer: {str(error).splitlines()[0]}"
    if missing:
        return f"{len(missing)} migrations are not applied; the first is {missing[0]}. Run: manage.py migrate"
    if lost:
        return f"{len(lost)} database rules are missing or changed; the first is {lost[0]}. Run: manage.py migrate"
    return ""


if __name__ == "__main__":
    if found := obstacle():
        sys.stderr.write(f"{found}\n")
        sys.exit(1)
