from django.db import migrations, models


class Migration(migrations.Migration):
    """What has expired is found on the start page and in the list without reading all that has ended."""

    dependencies = [("articles", "0023_mark_withdrawn_articles")]
    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["expires_at"],
                condition=models.Q(("cancelled_at", None), ("expires_at__isnull", False)),
                name="publication_expires_at",
            ),
        ),
    ]
