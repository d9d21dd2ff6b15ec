"""Describe the browser and operating system of a request, from its User-Agent header. Pure."""

import re

from core.text import strip_controls

# The first pattern that matches wins: Edge, Opera and Samsung's browser name Chrome too, and Chrome names Safari.
_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\bOPR/|\bOPT/|\bOpera\b")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\bFirefox/|\bFxiOS/")),
    ("Chrome", re.compile(r"\bChrome/|\bCriOS/|\bChromium/")),
    ("Safari", re.compile(r"\bVersion/[\d.]+ .*\bSafari/")),
)
_SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("Mac", re.compile(r"\bMacintosh\b|\bMac OS X\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
# Programs such as crawlers, many of which name a browser too.
_PROGRAM = re.compile(r"bot\b|crawler|spider|\bcompatible;|https?://", re.IGNORECASE)


def device_in_words(user_agent: str) -> str:
    """Return a description such as “Firefox on Android”, or only the browser or the system if the other is unknown.

    If the header names neither, or belongs to a program such as a crawler, the header itself is returned without
    control characters. It can be forged, so the result is a hint and not a proof. Logs store the result, so it is never
    translated.
    """
    said = " ".join(strip_controls(user_agent).split())
    if _PROGRAM.search(said):
        return said
    browser = next((name for name, pattern in _BROWSERS if pattern.search(said)), "")
    system = next((name for name, pattern in _SYSTEMS if pattern.search(said)), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or said
