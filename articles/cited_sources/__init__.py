"""What joins the source library to articles: imports, merging, retractions, links, decisions about sources."""
