"""A check for the style of sentences: `python -m tests.prose`.

It searches docstrings, comments, messages, names of tests, Markdown, HTML and JavaScript for the patterns of `PATTERNS`.
`tests/prose-exceptions.txt` lists the files that still have some, with their number. No other file may have any.

    python -m tests.prose                       check all files
    python -m tests.prose FILE...               list each place in these files
    python -m tests.prose --write-exceptions    write the list again
"""

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
EXCEPTIONS = "tests/prose-exceptions.txt"
_FOLDERS = ("cgmock", "cgclient", "tests", "fixtures/example_project")

_SUFFIXES = (".py", ".md", ".js", ".html", ".jinja")
OPENING = "question word"
PATTERNS: Mapping[str, tuple[str, str]] = {
    "code that speaks": (
        r"tell(s|ing)?|told|say(s|ing)?|said|hear(s|ing)?|heard|know(s|ing)?|knew",
        "report, return, log, detect",
    ),
    "possessive": (r"that of|those of|of nobody|whose", "repeat the noun"),
    "where for if": (r"where (there|it|its|they|nothing|no|none|one|nobody)", "if"),
    "nobody": (r"nobody|somebody|anybody", "no client, a caller, any process"),
    "dated adverb": (
        r"no more(?! than)|anew|all the same|as it is|by itself",
        "no longer, again, still, unchanged, automatically",
    ),
    "let": (r"let(s|ting)?|ha(ve|s)(?! to be) (\w+ ){1,3}be", "set, allow"),
    "is no": (r"(?<!there\s)(is|are|was|were) (none|no(?! longer))", "is invalid, is not a valid X"),
    "stilted": (r"shall|has to do with|makes? for", "plain present tense"),
}
"""A regular expression for each pattern, and the words to use instead. A space matches any whitespace."""

ADVICE = {
    OPENING: "an imperative, or a definition",
    **{name: advice for name, (_, advice) in PATTERNS.items()},
}

_COMPILED = {
    name: re.compile(rf"\b(?:{pattern})\b".replace(" ", r"[\s#]+"), re.IGNORECASE)
    for name, (pattern, _) in PATTERNS.items()
}
_OPENING = re.compile(r"[\s#]*(?:What|How|Who|Where|Why)\b")
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`|https?://\S+", re.DOTALL)
_MARKUP = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
_JAVASCRIPT = re.compile(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", re.DOTALL)
_MESSAGE_WORDS = 3


class Text(NamedTuple):
    """A text for people, the line on which it begins, and whether it is a docstring or a heading."""

    line: int
    content: str
    is_title: bool = False


class Hit(NamedTuple):
    """A place that matches a pattern."""

    line: int
    pattern: str
    words: str


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return its exit code: 0 if no file has more hits than its exception allows, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.prose", description="Check the style of sentences."
    )
    parser.add_argument("--write-exceptions", action="store_true", help=f"write {EXCEPTIONS} again, and exit")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="list all hits in these files")
    options = parser.parse_args(arguments)
    if options.files:
        return _print_hits({str(file): hits(file.read_text("utf-8"), file) for file in options.files})
    found = {
        file.relative_to(root).as_posix(): hits(file.read_text("utf-8"), file.relative_to(root))
        for file in _files(root)
    }
    exceptions = root / EXCEPTIONS
    if options.write_exceptions:
        lines = [f"{len(each):5} {name}\n" for name, each in sorted(found.items()) if each]
        exceptions.write_text("".join(lines), "utf-8")
        return 0
    allowed = {name: int(count) for count, name in map(str.split, exceptions.read_text("utf-8").splitlines())}
    done = [name for name in allowed if not found.get(name)]
    for name in done:
        print(f"{EXCEPTIONS}: {name} has no hits: run python -m tests.prose --write-exceptions")
    worse = {name: each for name, each in found.items() if len(each) > allowed.get(name, 0)}
    for name, each in worse.items():
        print(f"{name} has {len(each)} hits, {EXCEPTIONS} allows {allowed.get(name, 0)}:")
    return _print_hits(worse) or int(bool(done))


def _print_hits(found: Mapping[str, Sequence[Hit]]) -> int:
    for name, each in found.items():
        for hit in each:
            print(f'{name}:{hit.line}: {hit.pattern}: "{hit.words}"; write instead: {ADVICE[hit.pattern]}')
    return int(any(found.values()))


def _files(root: Path) -> Iterator[Path]:
    yield from root.glob("*.md")
    for folder in _FOLDERS:
        for suffix in _SUFFIXES:
            yield from root.glob(f"{folder}/**/*{suffix}")


def hits(source: str, path: PurePath) -> list[Hit]:
    """Return the places of a file that match a pattern, in order."""
    return sorted(hit for text in _texts(source, path) for hit in _hits(text))


def _hits(text: Text) -> Iterator[Hit]:
    content = _CODE.sub(_blank, text.content)
    if text.is_title and (opening := _OPENING.match(content)):
        yield Hit(text.line, OPENING, opening[0].strip())
    for name, pattern in _COMPILED.items():
        for match in pattern.finditer(content):
            yield Hit(text.line + content.count("\n", 0, match.start()), name, " ".join(match[0].split()))


def _texts(source: str, path: PurePath) -> Iterator[Text]:
    match path.suffix:
        case ".py":
            yield from _python(source, has_messages="tests" not in path.parts)
        case ".md":
            yield Text(1, source)
            for number, line in enumerate(_CODE.sub(_blank, source).splitlines(), 1):
                if line.startswith("#"):
                    yield Text(number, line, is_title=True)
        case ".js":
            for match in _JAVASCRIPT.finditer(source):
                if _is_sentence(match[0]):
                    yield Text(1 + source.count("\n", 0, match.start()), match[0].strip("`"))
        case _:
            yield Text(1, _MARKUP.sub(_blank, source))


def _python(source: str, *, has_messages: bool) -> Iterator[Text]:
    yield from _comments(source)
    seen = set[ast.expr]()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(content)) as constant):
                seen.add(constant)
                yield Text(node.lineno, content, is_title=True)
            case ast.FunctionDef(name=name) if name.startswith("test_"):
                yield Text(node.lineno, name.replace("_", " "))
            case ast.JoinedStr(values=values) if has_messages:
                parts = [part.value if isinstance(part, ast.Constant) else "…" for part in values]
                seen.update(values)
                yield from _message(node.lineno, "".join(map(str, parts)))
            case ast.Constant(value=str(content)) if has_messages and node not in seen:
                yield from _message(node.lineno, content)
            case _:
                pass


def _message(line: int, content: str) -> Iterator[Text]:
    if _is_sentence(content):
        yield Text(line, content)


def _is_sentence(content: str) -> bool:
    return len(content.split()) >= _MESSAGE_WORDS


def _comments(source: str) -> Iterator[Text]:
    """Yield the comments. Those on consecutive lines are one text."""
    first, lines = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if lines and token.start[0] != first + len(lines):
            yield Text(first, "\n".join(lines))
            lines = []
        if not lines:
            first = token.start[0]
        lines.append(token.string)
    if lines:
        yield Text(first, "\n".join(lines))


def _blank(match: re.Match[str]) -> str:
    """Return as many line breaks as a match has, so that lines keep their numbers."""
    return "…" + "\n" * match[0].count("\n")


if __name__ == "__main__":
    sys.exit(main())
