"""What the processes of a server hold, in MiB; pages that they share count once."""

import http.client
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Figure, Plan, Result, Row
from tests.benchmarks.rivals import tools
from tests.benchmarks.servers import RECORD, Put, Running, Server, cgmock, first_put, started, tried

CONTACT = json.dumps(
    {"configuration": "contact", "record": {"Email": "joe@example.com", "First Name": "Joe"}}
)
FEW = 1_000


def memory(plan: Plan) -> Iterator[Result]:
    """After a thousand PUTs beside all others, and how it grows with a hundred times as many."""
    yield from beside_others()
    many = plan.amount(100_000, 2_000)
    for what, body in (("contacts that repeat", CONTACT), ("responses, which are never updated", RECORD)):
        few, later = growth(body, many)
        said = f"memory after {many:,} PUTs of {what}"
        yield Row(said, Figure(later, "MiB"), f"after {FEW:,}", Figure(few, "MiB"), later / few)


def beside_others() -> Iterator[Result]:
    """The memory of each tool after as many PUTs."""
    with tempfile.TemporaryDirectory() as folder:
        held, skipped = tried([cgmock(), *tools(Path(folder))], after_a_few)
    ours = held.pop("cgmock")
    for name, theirs in held.items():
        what = f"memory after {FEW:,} PUTs"
        yield Row(what, Figure(ours, "MiB"), name, Figure(theirs, "MiB"), ours / theirs)
    yield from skipped


def after_a_few(server: Server) -> float:
    """The MiB of a server that has just started and had some PUTs. Raises NotHereError."""
    with started(server) as running:
        put_often(running, first_put(server, running), RECORD, FEW)
        return running.memory


def growth(body: str, many: int) -> tuple[float, float]:
    """The MiB of ours after a few PUTs of a body, and after many."""
    server = cgmock()
    with started(server) as running:
        put = first_put(server, running)
        put_often(running, put, body, FEW)
        few = running.memory
        put_often(running, put, body, many - FEW)
        return few, running.memory


def put_often(running: Running, put: Put, body: str, times: int) -> None:
    """PUT a body over a connection that is kept, where the server keeps it."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    for _ in range(times):
        connection.request("PUT", put.path, body, put.headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK
    connection.close()
