"""The Flask application: the vendor's endpoints, the control API and the inspector."""

from flask import Flask, Response, request

from cgmock.flask import blueprint
from cgmock.mock_api import MockAPI
from cgmock.web.control_api import control_api
from cgmock.web.inspector import add_inspector
from cgmock.web.shared_rule import SharedRule
from cgmock.wsgi import CONTROL, is_own


def create_app(mock: MockAPI, control_token: str | None = None) -> Flask:
    """Return an application that serves a mock: the control API below `/_cgmock`, the vendor's endpoints elsewhere.

    On a vendor's host, `/_cgmock` is an unknown path of the vendor.

    Args:
        mock: The fake that answers.
        control_token: Token for the control API. Clients on other machines require it.
    """
    if control_token:
        mock.add_secret(control_token)
    app = Flask("cgmock.web", static_folder=None)
    app.url_rule_class = SharedRule
    app.json.sort_keys = False  # type: ignore[attr-defined]
    own, vendor = control_api(mock, control_token), blueprint(mock, exclude=CONTROL)
    add_inspector(own)
    app.register_blueprint(own)
    app.register_blueprint(vendor)

    @app.before_request
    def vendor_hosts() -> Response | None:
        """Answer for the vendor if Flask matched `/_cgmock` on a vendor's host, or merged the slashes of a path."""
        if is_own(request.environ) or request.blueprint == vendor.name:
            return None
        return app.make_response(app.ensure_sync(app.view_functions[f"{vendor.name}.vendor"])())

    return app
