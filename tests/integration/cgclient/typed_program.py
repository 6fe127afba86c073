"""What users write, as `mypy --strict` sees it: nothing here needs a cast, an ignore or a look into the package."""

from datetime import date

import httpx

from cgclient import (
    AmbiguousWriteError,
    Client,
    CustomerGaugeError,
    Exchange,
    Period,
    RateLimitedError,
    Retries,
    Retry,
    ValidationError,
)


def count(event: Exchange | Retry) -> None:
    """A hook."""
    if isinstance(event, Exchange):
        told: tuple[int | None, float] = (event.status, event.seconds)
    else:
        told = (event.attempt, event.seconds)
    assert told


def program(transport: httpx.BaseTransport) -> str:
    """Use all there is."""
    patient = Retries(attempts=3, backoff=0.1, cap=1.0, budget=10.0)
    with Client("id", "secret", "us", transport=transport, retries=patient, hooks=[count]) as client:
        try:
            client.put_record("contact", {"Email": "joe@example.com", "NPS Score": 9})
            client.with_options(timeout=5, retry_ambiguous=True).put_record("contact", {"Phone": "1"}, "form")
            client.put_webhook("the-id", {"Email": "joe@example.com"}, username="u", password="p")
        except ValidationError as error:
            return ", ".join(text for texts in error.errors.values() for text in texts)
        except AmbiguousWriteError as error:
            return f"look for it: {error}"
        except RateLimitedError as error:
            wait: float | None = error.retry_after
            return f"wait {wait}"
        except CustomerGaugeError as error:
            return f"{error.status}: {error}"
        days = Period("date_survey_response", date(2026, 1, 1), date(2026, 1, 31))
        return ", ".join(str(row["nps"]) for row in client.responses(period=days, expand=["drivers"]))
