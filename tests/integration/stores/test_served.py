"""`cgmock serve` from a database, by several processes."""

import os
import signal
import subprocess
import sys

import httpx

from cgmock.control.remote import RemoteControl
from cgmock.mock_api import WHY
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import Collection
from tests.integration.stores.served import put_alone, token_of
from tests.postgresql import postgresql
from tests.processes import serving
from tests.waiting import eventually


def processes_of(database: str) -> list[int]:
    """The processes that serve a database, the first one first."""
    command = ["pgrep", "-f", database]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (a URL of ours)
    return sorted(int(each) for each in listed.stdout.split())


def test_several_processes_share_all_and_another_start_finds_it(url: str) -> None:
    options = ["--database", url, "--workers", "2", "--max-journal", "5"]
    with serving(*options, "--reset") as (line,):
        fake = line.split()[-1]
        control, token = RemoteControl(fake), token_of(fake)
        control.put_part("demo", Part.POLICIES, "rate_limit", 100)
        answers = [put_alone(fake, number, token).status_code for number in range(20)]
        dropped = control.dropped("demo").entries
        control.close()

    with serving(*options) as (line,):
        control = RemoteControl(line.split()[-1])
        emails = [row["email"] for row in control.rows("demo", Collection.CONTACTS)]
        still = put_alone(line.split()[-1], 20, token).status_code
        policies = {each["name"]: each["value"] for each in control.part("demo", Part.POLICIES)}
        control.close()

    assert (answers, still) == ([200] * 20, 200)
    assert emails == [f"joe{number}@example.com" for number in range(20)]
    assert (dropped, policies["rate_limit"]) == (16, 100)


def test_one_of_several_processes_may_die(url: str) -> None:
    with serving("--database", url, "--workers", "2", "--reset") as (line,):
        fake = line.split()[-1]
        token, (_, first, second) = token_of(fake), processes_of(url)
        os.kill(first, signal.SIGKILL)
        answers = [put_alone(fake, number, token).status_code for number in range(5)]
        eventually(lambda: len(processes_of(url)) == 3)
        processes = processes_of(url)
        answers += [put_alone(fake, number, token).status_code for number in range(5)]

    assert answers == [200] * 10
    assert (first in processes, second in processes) == (False, True)


def test_a_database_that_is_gone_is_a_503_until_it_is_back() -> None:
    with postgresql() as own:
        later = r"The database postgresql://\S+ cannot be used: .*\nThe database .* can be used again.\n"
        with serving("--database", own.url, then=later) as (line,):
            fake = line.split()[-1]
            control, token = RemoteControl(fake), token_of(fake)
            own.stop()
            gone = [put_alone(fake, 1, token), httpx.get(f"{fake}/_cgmock/health")]
            own.start()
            back = [put_alone(fake, 2, token), httpx.get(f"{fake}/_cgmock/health")]
            emails = [row["email"] for row in control.rows("demo", Collection.CONTACTS)]
            control.close()

    sentence = f"The database {own.url} cannot be used: "
    assert [answer.status_code for answer in gone] == [503, 503]
    assert gone[0].json() == {"message": "Service Unavailable"}
    assert gone[0].headers[WHY].startswith(sentence)
    assert gone[1].json()["error"].startswith(sentence)
    assert [answer.status_code for answer in back] == [200, 200]
    assert emails == ["joe2@example.com"]


def test_a_database_that_cannot_be_had_is_told_once() -> None:
    command = [sys.executable, "-m", "cgmock", "serve", "--database", "sqlite:////no/such/folder/x.db"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own command)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
