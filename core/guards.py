"""The guards of this app's tables (core.db.guards), and the trigger that keeps redirects one hop long."""

from core.db.derived_columns import DerivedColumn
from core.db.guards import Guard, append_only, column_fixed
from core.db.page_addresses import TABLE

# With these and SHORTENED, every redirect leads to a page in one hop, so there can be no loop.
_LEADS_ON = (
    "NEW.from_path <> NEW.to_path AND EXISTS "
    f"(SELECT 1 FROM {TABLE} r WHERE r.from_path = NEW.to_path AND r.to_path <> r.from_path)"
)

GUARDS = (
    *append_only("core_houseversion", "a version of the house settings"),
    Guard(f"{TABLE}_insert", TABLE, "INSERT", "a redirect leads to a page, not to another redirect", _LEADS_ON),
    Guard(f"{TABLE}_update", TABLE, "UPDATE", "a redirect leads to a page, not to another redirect", _LEADS_ON),
    column_fixed(TABLE, ("from_path", "is_manual"), "the old address of a redirect"),
    Guard(f"{TABLE}_no_delete", TABLE, "DELETE", "an address that was public redirects for ever", "NOT OLD.is_manual"),
)

_SHORTEN = (
    f"UPDATE {TABLE} SET to_path = NEW.to_path WHERE to_path = NEW.from_path AND from_path <> NEW.from_path",
    "NEW.to_path <> NEW.from_path",
    # A chain that was written while the triggers were missing stays as it is: browsers follow it.
    "SELECT 1",
)
SHORTENED = tuple(
    DerivedColumn(f"{TABLE}_shortened_{operation.lower()}", TABLE, operation, *_SHORTEN)
    for operation in ("INSERT", "UPDATE")
)
