from django.db import migrations, models


class Migration(migrations.Migration):
    """What tells stores of public pages that something has changed (betterment.freshness)."""

    dependencies = [("betterment", "0001_counts")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={"default_permissions": ()},
        ),
    ]
