"""What every answer says of itself, whoever asks for it: a room's rules for its headers."""

from django.http import HttpResponse

from tests.access.walking import ADMIN_APPS

ALWAYS = {
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("strict-origin-when-cross-origin", "same-origin", "strict-origin", "no-referrer"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
    "X-Frame-Options": ("DENY", "SAMEORIGIN"),
}
# Rooms whose answers are for one person.
PERSONAL = ("account", "board", "admin", *(f"admin_{app}" for app in ADMIN_APPS))
# Readers' addresses that are for whoever has the link.
SECRET = ("preview/", "newsletter/confirm/", "newsletter/unsubscribe/")
MAY_RELAX_SCRIPTS = ("/add/", "/change/")


def problems(answer: HttpResponse, room: str, route: str, role: str) -> list[str]:
    """What is missing or too much in the headers of one answer."""
    headers = answer.headers
    found = [f"{name} is {headers.get(name)!r}" for name, good in ALWAYS.items() if headers.get(name) not in good]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    policy = headers.get("Content-Security-Policy", "")
    if not ("default-src 'none'" in policy or "default-src 'self'" in policy):
        found.append(f"the policy is {policy!r}")
    # An email is shown with its own styles, in a sandbox; CKEditor needs both, on its forms, for who has signed in.
    sandboxed = policy.startswith("sandbox;") and "script-src" not in policy
    is_editor = room.startswith("admin_") or room == "admin"
    relaxed = is_editor and role != "anon" and route.endswith(MAY_RELAX_SCRIPTS) and answer.status_code == 200
    if "unsafe" in policy and not (relaxed or sandboxed):
        found.append(f"the policy is relaxed: {policy!r}")
    if route.startswith("media/") and answer.status_code == 200 and not policy.startswith("sandbox;"):
        found.append("a picture outside the sandbox")
    return found + _keeping(answer, room, route, role)


def _keeping(answer: HttpResponse, room: str, route: str, role: str) -> list[str]:
    """Who may keep the answer, and what it gives the browser to keep."""
    kept = answer.headers.get("Cache-Control", "")
    found = []
    # No cache keeps an answer to a POST unless it is told to, and "not by this method" says nothing worth keeping.
    asked = answer.request["REQUEST_METHOD"] == "GET" and answer.status_code != 405
    if (room in PERSONAL or route.startswith(SECRET)) and "no-store" not in kept and (asked or kept):
        found.append(f"may be kept: {kept!r}")
    if room in ("readers", "newsletter"):
        if answer.cookies:
            found.append(f"sets {', '.join(answer.cookies)}")
        if "cookie" in answer.headers.get("Vary", "").lower():
            found.append("depends on a cookie")
    for name, cookie in answer.cookies.items():
        if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            found.append(f"the cookie {name} can be read or sent too easily")
    return found
