"""The job runner: what must happen soon or at a time, queued in the database and run by `manage.py work`."""
