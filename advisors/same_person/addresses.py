"""The mailbox behind an email address, by the rules of well-known providers. A pure function."""

# Providers that deliver “ada+lists@…” to “ada@…”.
_PLUS = (
    "gmail.com outlook.com hotmail.com live.com msn.com icloud.com me.com proton.me protonmail.com fastmail.com "
    "zoho.com"
)
PLUS = frozenset(_PLUS.split())
SAME = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me", "me.com": "icloud.com"}
# Providers that deliver “a.d.a@…” to “ada@…”.
DOTS = frozenset({"gmail.com", "proton.me"})


def mailbox(address: str) -> str:
    """Return the address of the mailbox: in lower case and, at well-known providers, without dots and plus parts."""
    local, _at, domain = address.strip().lower().rpartition("@")
    is_known = domain in PLUS or domain in SAME
    domain = SAME.get(domain, domain)
    if is_known:
        local = local.split("+")[0]
    if domain in DOTS:
        local = local.replace(".", "")
    return f"{local}@{domain}"
