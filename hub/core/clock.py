"""The one clock of the hub, so that tests can hold it still, and how people write moments."""

from datetime import UTC, date, datetime, time


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def moment_in(text: str) -> datetime:
    """An ISO 8601 date, meaning its end in UTC, or a date and time, in UTC where it names no zone.

    Raises ValueError for anything else.
    """
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.max, tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is outside the calendar") from error
