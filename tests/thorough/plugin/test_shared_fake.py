"""Eight workers with 4,000 tests on one fake."""

from tests.integration.plugin.test_shared_fake import shared, test_workers_on_one_fake_do_not_see_each_other
