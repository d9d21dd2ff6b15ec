"""Check the headers of every response, whoever asks: each room has its rules."""

from django.http import HttpResponse

from tests.access.walking import ADMIN_APPS

ALWAYS = {
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("strict-origin-when-cross-origin", "same-origin", "strict-origin", "no-referrer"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
    "X-Frame-Options": ("DENY", "SAMEORIGIN"),
}
# The messages of scripts are the same for everyone.
FOR_EVERYONE = ("admin/jsi18n/",)
# Rooms whose responses are for one person.
PERSONAL = ("account", "board", "admin", *(f"admin_{app}" for app in ADMIN_APPS))
# Readers' addresses that are only for people who have the link.
SECRET = ("preview/", "newsletter/confirm/", "newsletter/unsubscribe/")
MAY_RELAX_SCRIPTS = ("/add/", "/change/")
FORMS = (200, 302)  # a form, and the redirect after it, which shows nothing


def problems(answer: HttpResponse, room: str, route: str, role: str) -> list[str]:
    """Return what is missing or wrong in the headers of one response."""
    headers = answer.headers
    found = [f"{name} is {headers.get(name)!r}" for name, good in ALWAYS.items() if headers.get(name) not in good]
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    policy = headers.get("Content-Security-Policy", "")
    if not ("default-src 'none'" in policy or "default-src 'self'" in policy):
        found.append(f"the policy is {policy!r}")
    # An email is shown with its own styles, in a sandbox. CKEditor needs both on its forms, for signed-in users.
    sandboxed = policy.startswith("sandbox;") and "script-src" not in policy
    is_editor = room.startswith("admin_") or room == "admin"
    relaxed = is_editor and role != "anon" and route.endswith(MAY_RELAX_SCRIPTS) and answer.status_code in FORMS
    if "unsafe" in policy and not (relaxed or sandboxed):
        found.append(f"the policy is relaxed: {policy!r}")
    if route.startswith("media/") and answer.status_code == 200 and not policy.startswith("sandbox;"):
        found.append("a picture outside the sandbox")
    return found + _keeping(answer, room, route, role)


def _keeping(answer: HttpResponse, room: str, route: str, role: str) -> list[str]:
    """Return what is wrong in the headers that decide what caches and browsers keep of a response."""
    kept = answer.headers.get("Cache-Control", "")
    found = []
    # No cache keeps the response to a POST unless it is told to, and "method not allowed" has nothing worth keeping.
    asked = answer.request["REQUEST_METHOD"] == "GET" and answer.status_code != 405
    is_personal = (room in PERSONAL and route not in FOR_EVERYONE) or route.startswith(SECRET)
    if is_personal and "no-store" not in kept and (asked or kept):
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
