"""An import of 2,000 rows that is killed 100 times."""

from tests.integration.cgclient.importing.test_kills import (
    test_an_import_that_is_killed_anywhere_loses_no_row_and_writes_none_twice,
)
