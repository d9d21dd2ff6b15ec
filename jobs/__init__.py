"""The job queue: work that is due soon or at a certain time, stored in the database and run by `manage.py work`."""
