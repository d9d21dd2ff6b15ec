from django.db import migrations, models


class Migration(migrations.Migration):
    """How often something was asked: the newsletter counted for itself; now every form without a cookie can."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("number", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField(db_index=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
