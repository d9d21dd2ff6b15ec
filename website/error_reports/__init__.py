"""Error reports from readers: their form, the passages they quote, the actions of editors, and the emails."""
