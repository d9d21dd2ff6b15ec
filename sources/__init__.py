"""The source library: works that articles cite, their import and export, and checks for retractions and dead links."""
