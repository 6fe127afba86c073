"""JSON that is nested deeper than Python's decoder can call itself, which depends on where it is called from."""

import re
from json import JSONDecoder

_BLANKS = r"[ \t\n\r]*"
_BEGIN = re.compile(rf"{_BLANKS}([\[{{](?!{_BLANKS}[\]}}])|)")
_NAME = re.compile(rf'{_BLANKS}("(?:[^"\\]|\\.)*+"){_BLANKS}:', re.DOTALL)
_NEXT = re.compile(rf"{_BLANKS}([,\]}}])")
_END = re.compile(rf"{_BLANKS}(\Z)")


def decode(text: str, decoder: JSONDecoder, max_depth: int) -> object:
    """A document, as the decoder would read it; ValueError when it is unreadable or too deep."""
    return _Document(text, decoder, max_depth).read()


class _Open:
    """An array or an object that is not closed yet."""

    def __init__(self, bracket: str) -> None:
        self.closing = "]" if bracket == "[" else "}"
        self.names: list[str] = []
        self.values: list[object] = []

    def closed(self) -> object:
        """What it holds."""
        return self.values if self.closing == "]" else dict(zip(self.names, self.values, strict=True))


class _Document:
    def __init__(self, text: str, decoder: JSONDecoder, max_depth: int) -> None:
        self._text = text
        self._decoder = decoder
        self._max_depth = max_depth
        self._at = 0
        self._open: list[_Open] = []

    def read(self) -> object:
        """The document."""
        while True:
            bracket = self._take(_BEGIN)
            if len(self._open) == self._max_depth and (
                bracket or self._text[self._at : self._at + 1] in {"[", "{"}
            ):
                raise ValueError("too deep")
            if bracket:
                self._open.append(_Open(bracket))
                self._begin_entry()
                continue
            # This is a scalar or an empty array.
            value, self._at = self._decoder.raw_decode(self._text, self._at)
            value = self._with_all_that_end(value)
            if not self._open:
                self._take(_END)
                return value

    def _with_all_that_end(self, value: object) -> object:
        """Put a value into the array around it, and each one that ends here into the next."""
        while self._open:
            self._open[-1].values.append(value)
            sign = self._take(_NEXT)
            if sign == ",":
                self._begin_entry()
                return value
            if sign != self._open[-1].closing:
                raise ValueError("unreadable")
            value = self._open.pop().closed()
        return value

    def _begin_entry(self) -> None:
        if self._open[-1].closing == "}":
            self._open[-1].names.append(self._decoder.decode(self._take(_NAME)))

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError("unreadable")
        self._at = match.end()
        return match[1]
