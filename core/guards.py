"""The guards of this app's tables (core.db.guards)."""

from core.db.guards import append_only

GUARDS = append_only("core_houseversion", "a version of the house settings")
