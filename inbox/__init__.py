"""What colleagues are told about their work: notifications in the newsroom, and emails as each person prefers."""
