import hashlib

from django.db import migrations


def fill(apps, schema_editor):
    """Give open reports the digest of their words, the oldest one where several have the same: there is one of each."""
    ErrorReport = apps.get_model("articles", "ErrorReport")
    known = set()
    waiting = ErrorReport.objects.filter(state="open", same_as=None, fingerprint="").order_by("pk")
    for report in waiting.only("article_id", "passage", "message").iterator():
        words = "\0".join(" ".join(text.split()).casefold() for text in (report.passage, report.message))
        fingerprint = hashlib.sha256(words.encode()).hexdigest()
        if (report.article_id, fingerprint) not in known:
            known.add((report.article_id, fingerprint))
            ErrorReport.objects.filter(pk=report.pk).update(fingerprint=fingerprint)


class Migration(migrations.Migration):
    """A reader who sends what is open already adds to it, for reports from before too."""

    dependencies = [("articles", "0027_answers_to_error_reports")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
