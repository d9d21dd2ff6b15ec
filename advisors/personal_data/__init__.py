"""What is kept of advisors: their consent to be named, accesses by their links, and the export of everything."""
