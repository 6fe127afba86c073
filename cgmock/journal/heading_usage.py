"""What was used of a tenant's configurations: which headings were sent, which never, and which were unknown."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cgmock.core.endpoints import webhooks
from cgmock.core.outcome import Notice
from cgmock.core.routing import Endpoint, endpoint_of
from cgmock.core.tenant import Configuration, Tenant
from cgmock.journal.journal import Entry
from cgmock.journal.replay import record_of


class Unknown(NamedTuple):
    """A heading that a configuration does not know: how often it was sent, and what it was probably meant to be."""

    heading: str
    sent: int
    nearest: str | None


class Usage(NamedTuple):
    """What a journal tells of a configuration: requests, how often each of its headings was sent, and the unknown ones."""

    reference: str
    requests: int
    headings: Mapping[str, int]
    unknown: tuple[Unknown, ...]


def usage(tenant: Tenant, entries: Iterable[Entry]) -> tuple[Usage, ...]:
    """The use of each configuration, as far as the entries tell."""
    of_each: dict[str, list[Entry]] = {reference: [] for reference in tenant.configurations}
    for entry in entries:
        of_each.get(_reference(tenant, entry) or "", []).append(entry)
    return tuple(_used(tenant.configurations[name], found) for name, found in of_each.items())


def _reference(tenant: Tenant, entry: Entry) -> str | None:
    if endpoint_of(entry.request) is Endpoint.WEBHOOK:
        webhook = tenant.webhooks.get(webhooks.webhook_id(entry.request.path))
        return webhook.configuration if webhook else None
    written = record_of(entry)
    return written[0] if written else None


def _used(configuration: Configuration, entries: list[Entry]) -> Usage:
    """A webhook's keys may be the display names of fields: they count for the headings of these."""
    of_field = {field: heading for heading, field in configuration.headings.items()}
    sent, unknown, nearest = Counter[str](), Counter[str](), dict[str, str | None]()
    for notice in (notice for entry in entries for notice in entry.notices):
        heading = _known(notice, configuration, of_field)
        if heading is not None:
            sent[heading] += 1
        elif notice.heading is not None and notice.field is None:
            unknown[notice.heading] += 1
            nearest[notice.heading] = notice.nearest
    headings = {heading: sent[heading] for heading in configuration.headings}
    found = tuple(Unknown(heading, number, nearest[heading]) for heading, number in unknown.most_common())
    return Usage(configuration.reference, len(entries), headings, found)


def _known(notice: Notice, configuration: Configuration, of_field: Mapping[str, str]) -> str | None:
    """The heading of the configuration that a notice is about."""
    if notice.heading is None:
        return None
    if notice.heading in configuration.headings:
        return notice.heading
    return of_field.get(notice.field or "")
