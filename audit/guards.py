"""Guards of this app's tables (core.db.guards). Leaves, seals and records are append-only; keys are kept."""

from core.db.guards import Guard, append_only, column_fixed, never_deleted

GUARDS = (
    *append_only("audit_leaf", "an entry of the sealed log"),
    *append_only("audit_seal", "a seal of the log"),
    *append_only("audit_signedrecord", "a signed record"),
    Guard(
        "audit_leaf_without_gaps",
        "audit_leaf",
        "INSERT",
        "an entry of the sealed log has the number after the last one",
        "NEW.position <> COALESCE((SELECT MAX(l.position) + 1 FROM audit_leaf l), 0)",
    ),
    Guard(
        "audit_seal_of_the_log",
        "audit_seal",
        "INSERT",
        "a seal is of entries that the log has",
        "NEW.size > (SELECT COUNT(*) FROM audit_leaf)"
        " OR NEW.size < COALESCE((SELECT MAX(s.size) FROM audit_seal s), 0)",
    ),
    never_deleted("audit_signingkey", "a public key"),
    column_fixed("audit_signingkey", ("public_key", "valid_from"), "a public key"),
    Guard(
        "audit_signingkey_one_in_use",
        "audit_signingkey",
        "INSERT",
        "one key signs at a time",
        "NEW.retired_at IS NULL AND EXISTS (SELECT 1 FROM audit_signingkey k WHERE k.retired_at IS NULL)",
    ),
    Guard(
        "audit_signingkey_stays_retired",
        "audit_signingkey",
        "UPDATE",
        "a key that was retired or revoked stays so",
        "(OLD.retired_at IS NOT NULL AND (NEW.retired_at IS NULL OR NEW.retired_at <> OLD.retired_at)) "
        "OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.revoked_at <> OLD.revoked_at))",
    ),
)
