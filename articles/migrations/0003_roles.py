from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "article": "add change view",
        "authorship": "add change delete view",
        "articlesource": "add change delete view",
        "recommendation": "view",
        "topic": "view",
        "author": "view",
        "articletemplate": "view",
        "waiver": "add view",
    },
    EDITORS: {
        "article": "add change view edit_all_articles publish_article",
        "authorship": "add change delete view",
        "articlesource": "add change delete view",
        "recommendation": "add change delete view",
        "topic": "add change delete view",
        "author": "add change view",
        "articletemplate": "add change delete view",
        "waiver": "add view",
    },
}


class Migration(migrations.Migration):
    """Grant writers and editors their permissions. Nobody may delete rows of the approval chain."""

    dependencies = [
        ("articles", "0002_database_rules"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "articles", ROLES),
            lambda apps, schema_editor: revoke(apps, "articles", ROLES),
        ),
    ]
