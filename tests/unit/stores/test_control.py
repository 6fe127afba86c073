"""What the control API says of stores that fail, and of tenants that are removed meanwhile."""

from pathlib import Path

from cgmock.mock_api import MockAPI
from cgmock.stores.base import Checkpoint, StoreError
from cgmock.stores.memory import MemoryStore
from cgmock.stores.sql import Database, SqlStore
from cgmock.stores.sql.hosted import SqlHostedTenant
from cgmock.web import create_app
from tests.acme import ACME, NOW
from tests.databases import KEY


class Gone(MemoryStore):
    """A store that cannot be reached."""

    def check(self) -> None:
        """Always fail."""
        raise StoreError("The database is gone.")


class Removing(SqlStore):
    """A store from which each tenant is removed as soon as it is found."""

    def hosted(self, name: str) -> SqlHostedTenant:
        """A tenant that is there no more."""
        found = super().hosted(name)
        self.remove(name)
        return found


class Forgetting(MemoryStore):
    """A store from which each checkpoint is deleted immediately after `save`."""

    def save(self, name: str, checkpoint: str) -> Checkpoint:
        """Save and delete the checkpoint."""
        saved = super().save(name, checkpoint)
        self.forget(name, checkpoint)
        return saved


def test_a_checkpoint_that_is_deleted_meanwhile_was_saved() -> None:
    client = create_app(MockAPI([ACME], store=Forgetting(clock=lambda: NOW))).test_client()

    answer = client.put("/_cgmock/v1/tenants/acme/checkpoints/one")

    assert (answer.status_code, answer.get_json()["name"]) == (200, "one")


def test_a_store_that_cannot_be_reached_is_a_503_with_the_reason() -> None:
    answer = create_app(MockAPI(store=Gone())).test_client().get("/_cgmock/health")

    assert (answer.status_code, answer.get_json()) == (503, {"error": "The database is gone."})


def test_a_tenant_that_is_removed_meanwhile_is_a_404(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/fake.db")
    database.prepare(make_key=lambda: KEY)
    store = Removing(database)
    store.seed([ACME])

    answer = create_app(MockAPI(store=store)).test_client().get("/_cgmock/v1/tenants/acme")

    assert (answer.status_code, answer.get_json()) == (404, {"error": "There is no tenant acme any more."})
    database.close()
