"""The Flask application: the vendor's endpoints, and beside them our own control API and the page that uses it."""

from flask import Flask

from cgmock.mock_api import MockAPI
from cgmock.web.inspector import add_inspector
from cgmock.web.routes.control import control_api
from cgmock.web.routes.documents import add_documents
from cgmock.wsgi import VendorEndpoints


def create_app(mock: MockAPI, control_token: str | None = None) -> Flask:
    """An application that serves a mock: the vendor's paths by `cgmock.wsgi`, `/_cgmock` by Flask.

    Who is not on this machine needs the token for the control API.
    """
    if control_token:
        mock.add_secret(control_token)
    app = Flask("cgmock.web", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    own = control_api(mock, control_token)
    add_documents(own)
    add_inspector(own)
    app.register_blueprint(own)
    app.wsgi_app = VendorEndpoints(mock, app.wsgi_app)  # type: ignore[method-assign]
    return app
