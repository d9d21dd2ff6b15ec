from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside a publication, when its text was last reviewed; beside a text in the search index, whose it is."""

    dependencies = [("articles", "0016_large_archive")]
    operations = [
        migrations.AddField(
            model_name="publication",
            name="reviewed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="article_key",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
