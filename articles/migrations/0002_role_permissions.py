from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "article": {
        **ordinary("article", "article", "add change view"),
        "edit_all_articles": "Can edit and submit every article",
        "publish_article": "Can publish, schedule and withdraw what the board approved",
    },
    "authorship": ordinary("authorship", "author"),
    "articlesource": ordinary("articlesource", "source"),
    "recommendation": ordinary("recommendation", "recommended product"),
    "source": ordinary("source", "source"),
    "topic": ordinary("topic", "topic"),
    "author": ordinary("author", "author", "add change view"),
}
ROLES = {
    WRITERS: [
        "add_article",
        "change_article",
        "view_article",
        *PERMISSIONS["authorship"],
        *PERMISSIONS["articlesource"],
        "view_recommendation",
        *PERMISSIONS["source"],
        "view_topic",
        "view_author",
    ],
    EDITORS: [codename for names in PERMISSIONS.values() for codename in names],
}


class Migration(migrations.Migration):
    """Writers write and keep sources; editors may do all that the chain allows. Nobody may delete the chain."""

    dependencies = [
        ("articles", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "articles", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "articles", ROLES),
        )
    ]
