"""What the database refuses in the tables of this app."""

from core.db.guards import append_only

GUARDS = append_only("core_houseversion", "a version of the house settings")
