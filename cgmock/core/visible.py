"""Text that a terminal may show: headings, names and values may come from anyone, and a terminal obeys some characters."""

import json


def visible(text: str) -> str:
    """Escape all characters that a terminal obeys, hides or cannot encode, as JSON does; line feeds stay."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)
