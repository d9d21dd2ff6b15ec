"""The house settings: what one publication is called, looks like, says of itself and writes from.

They are one versioned row (`core.house.versions`), edited in the admin, with defaults in `core.house.defaults`.
`core.house.memory.house()` returns those in force.
"""
