"""The OpenAPI documents, which are the same for every mock."""

from flask import Blueprint, Response, jsonify

from cgmock.web.openapi import control_document, vendor_document


def add_documents(blueprint: Blueprint) -> None:
    """Add both documents to the blueprint of the control API."""

    @blueprint.get("/openapi.json")
    def control() -> Response:
        return jsonify(control_document())

    @blueprint.get("/vendor-openapi.json")
    def vendor() -> Response:
        return jsonify(vendor_document())
