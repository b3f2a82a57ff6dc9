"""What these programs say in their logs: of an error the connector's own words, without what may be a person's."""

from __future__ import annotations

import re
import sys

MOST = 200

_TAG = re.compile(r"<[^>]*>")
_MAIL = re.compile(r"[^\s@'\"<>]+@[^\s@'\"<>,;]+")
_NUMBER = re.compile(r"\+?\d[\d ()./-]{5,}\d")
_QUOTED = re.compile(r"'[^']{3,}'|\"[^\"]{3,}\"")


def masked(message: str) -> str:
    """Quoted values, mail addresses and long numbers are taken out, and it is one line of at most 200 characters."""
    text = _TAG.sub("", message)
    for pattern, sign in ((_MAIL, "[mail]"), (_NUMBER, "[number]"), (_QUOTED, "'…'")):
        text = pattern.sub(sign, text)
    text = " ".join(text.split())
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
