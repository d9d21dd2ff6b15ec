from django.db import migrations, models

from betterment.models.changes import random_mark


class Migration(migrations.Migration):
    """A random mark beside each change's number: what is kept on disk may outlive a database and its numbers."""

    dependencies = [("betterment", "0002_page_changes")]
    operations = [
        migrations.AddField(
            model_name="change",
            name="mark",
            field=models.CharField(db_default="", default=random_mark, max_length=32),
        ),
    ]
