"""OpenAPI 3.1 documents: one of the vendor's endpoints, one of our own control API."""

from cgmock.web.openapi.vendor import vendor_document

__all__ = ["vendor_document"]
