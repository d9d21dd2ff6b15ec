"""The part of articles that deals with sources: imports, merging, retractions, links, decisions about sources."""
