"""The inspector: a page that shows and commands a fake, by calls of the control API alone; here are its files."""

from pathlib import Path

from flask import Blueprint, Response, abort, request

from cgmock.web.access import PAGE

_STATIC = Path(__file__).with_name("static")
_FILES = {each.name: each.read_bytes() for each in _STATIC.iterdir()}  # a test may replace the file system
_KINDS = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def add_inspector(blueprint: Blueprint) -> None:
    """Add the page and its files to the blueprint of the control API; nothing of the fake is in them."""

    @blueprint.get("/")
    def inspector() -> Response:
        return _file("page.html")

    @blueprint.get(f"{PAGE}/<name>")
    def inspector_file(name: str) -> Response:
        return _file(name)


def _file(name: str) -> Response:
    if name not in _FILES:
        abort(404)
    response = Response(_FILES[name], mimetype=_KINDS[Path(name).suffix], headers=_HEADERS)
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response
