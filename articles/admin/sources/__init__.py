"""The source library in the admin: what a source's page says of articles is why it stands here."""
