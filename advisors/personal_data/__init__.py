"""Personal data of advisors: their consent to be named, accesses by their links, and the export of all of it."""
