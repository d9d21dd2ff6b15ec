"""Who has an article, and until when it should be finished."""
