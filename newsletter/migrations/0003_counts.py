from django.db import migrations


class Migration(migrations.Migration):
    """What is asked how often is counted site-wide (betterment.limits). The counts are not moved: they last a day."""

    dependencies = [("newsletter", "0002_editors"), ("betterment", "0001_counts")]
    operations = [migrations.DeleteModel(name="Count")]
