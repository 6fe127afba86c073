"""A program that forks while it writes records, and prints what became of them as JSON.

The first argument is the time of the fork: `idle`, when the client has an open connection, or `busy`, while another
thread waits for the token.
"""

import json
import multiprocessing
import sys
import threading
from multiprocessing.connection import Connection

from cgclient import Client, ValidationError

RECORDS = 75


def write(client: Client, process: str, records: int = RECORDS) -> dict[str, list[int]]:
    """Write records, of which each second one is invalid; returns those that were accepted and refused."""
    outcomes: dict[str, list[int]] = {"accepted": [], "refused": []}
    for number in range(records):
        try:
            client.put_record("contact", {"Process": process, "Number": number, "Valid": number % 2 == 0})
            outcomes["accepted"].append(number)
        except ValidationError:
            outcomes["refused"].append(number)
    return outcomes


def work(client: Client, process: str, results: Connection) -> None:
    """Write records in a child, and send what became of them to its parent."""
    results.send((process, write(client, process)))


def main(when: str) -> None:
    """Write records in this process and in two children at once."""
    processes = multiprocessing.get_context("fork")
    receiver, sender = processes.Pipe(duplex=False)
    with Client.from_env() as client:
        waiting = threading.Thread(target=write, args=(client, "parent", 1))
        waiting.start()
        if when == "idle":
            waiting.join()
        else:
            sys.stdin.readline()  # the token was requested
        children = [
            processes.Process(target=work, args=(client, name, sender)) for name in ("first", "second")
        ]
        for child in children:
            child.start()
        sys.stdout.write("forked\n")
        sys.stdout.flush()
        results = dict([("parent", write(client, "parent")), receiver.recv(), receiver.recv()])
        for child in children:
            child.join()
        waiting.join()
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1])
