"""What a new article may begin with: a template of the newsroom, or the text of another article."""
