"""The views of the control API, one module per subject.

A view takes a mock and the parameters of its path and its query string. It returns JSON: the content of the response,
or the content and a status, or None for a 204. A list becomes an object with the member `data`. The docstring of a view
is the summary of its operation in the OpenAPI document.
"""
