"""Error reports from readers: the form, the passage they quote, what editors do with a report, and the emails."""
