"""The two documents are valid OpenAPI."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.unit.web.openapi.conformance import Contract
from tests.unit.web.openapi.test_documents import BOTH


@BOTH
def test_a_document_is_valid_openapi(contract: Contract) -> None:
    assert contract.document["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(contract.document).iter_errors()] == []
