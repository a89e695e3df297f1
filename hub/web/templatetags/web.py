"""Tags and filters of every template: icons, times, numbers, built files, query strings."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.web.assets import asset_url, style_url

register = template.Library()

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_BYTE_STEP = 1000


@register.simple_tag
def asset(source: str) -> str:
    """The address of a built file of frontend/."""
    return asset_url(source)


@register.simple_tag
def stylesheet(entry: str) -> str:
    """The address of the style sheet of a script."""
    return style_url(entry)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite: decoration, or with `label` a picture that says it. No name, no icon."""
    if not name:
        return SafeString("")
    return _icon(f"{asset_url('icons.svg')}#{name}", label)


@lru_cache(maxsize=512)
def _icon(address: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def number(value: float | None) -> str:
    """A number with thousands separators; nothing known is an en dash."""
    return "–" if value is None else f"{value:,}"


@register.filter(name="bytes")
def bytes_(value: int | None) -> str:
    """A size in the decimal unit that keeps it below 1,000: 48 kB, 1.2 MB."""
    if value is None:
        return "–"
    size, units = float(value), iter(("bytes", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while size >= _BYTE_STEP and unit != "TB":
        size, unit = size / _BYTE_STEP, next(units)
    return f"{size:,.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"


@register.simple_tag
def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 notebook", "2,000 notebooks"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@register.filter
def reltime(moment: datetime | None) -> SafeString:
    """A moment relative to now, with the absolute time in UTC as its title; None is "at an unknown time"."""
    if moment is None:
        return SafeString("at an unknown time")
    utc = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        utc.isoformat(timespec="seconds"),
        f"{utc.day} {utc:%B %Y, %H:%M} UTC",
        SafeString(" data-live") if abs(timezone.now() - moment) < timedelta(days=1) else "",
        relative(moment, timezone.now()),
    )


def relative(moment: datetime, now: datetime) -> str:
    """Words for the distance: "42 min ago", "yesterday", "3 Nov", "3 Nov 2024", "in 6 days"."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < _MINUTE:
        return "just now"
    days = (now.date() - moment.astimezone(now.tzinfo).date()).days
    amount = _amount(abs(seconds))
    if amount:
        return f"{amount} ago" if seconds > 0 else f"in {amount}"
    if days in {1, -1}:
        return "yesterday" if days == 1 else "tomorrow"
    if abs(days) <= 14:
        return f"{days} days ago" if days > 0 else f"in {-days} days"
    return f"{moment.day} {moment:%b}" + ("" if moment.year == now.year else f" {moment.year}")


def _amount(seconds: float) -> str:
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    return f"{seconds // _HOUR:.0f} h" if seconds < _DAY else ""
