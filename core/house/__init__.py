"""The house settings: a publication's name, colours, logo, texts and email addresses.

Each version is a row of a table (`core.house.versions`). They are edited in the admin and have defaults in
`core.house.defaults`. `core.house.memory.house()` returns the settings in force.
"""
