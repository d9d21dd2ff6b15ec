from django.db import migrations, models


class Migration(migrations.Migration):
    """What falls due, what waits, and whether an article is shown, by an index. After 0018: PostgreSQL indexes no table in the
    transaction that has written to it."""

    dependencies = [("articles", "0018_fill_columns_for_a_large_archive")]
    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("ends_at", None)),
                fields=["reviewed_at"],
                name="publication_reviewed",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("cancelled_at", None)),
                fields=["article", "starts_at", "ends_at"],
                name="publication_shown",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["due_on"], name="submission_open_due"),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(
                condition=models.Q(("verb", "request_changes")), fields=["at"], name="transition_sent_back"
            ),
        ),
    ]
