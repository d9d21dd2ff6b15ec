"""Forms of health claims that are neither a verb with its condition nor a name on a label. Pure."""
