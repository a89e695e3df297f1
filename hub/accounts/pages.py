"""Sign-in and the page "me"; and who stands in the frame of every page."""

from functools import lru_cache
from typing import Literal
from zlib import crc32

from django.conf import settings
from django.http import HttpRequest

from hub.accounts.models import User
from hub.accounts.queries import demo_people, spaces_of, tokens
from hub.core.errors import HubError, Invalid
from hub.web.pages import Action, Demo, Fact, FieldError, MePage, Person, SignInPage, TokenRow

_BECOME = "/demo/person"


def person_in(request: HttpRequest) -> Person | None:
    """Whoever is signed in, for the frame."""
    user = request.user
    return person(user.principal.name) if isinstance(user, User) else None


def demo_in(request: HttpRequest) -> Demo | None:
    """The bar of the sample organisation: who you are and who else you can be."""
    user = request.user
    if not settings.DEMO or not isinstance(user, User):
        return None
    others = [action for key, action in _demo_actions(tuple(settings.DEMO)) if key != user.pk]
    return Demo(name=user.principal.name.split()[0], role=user.job, others=others)


@lru_cache(maxsize=1)
def _demo_actions(people: tuple[str, ...]) -> tuple[tuple[int, Action], ...]:
    """Everybody whom anybody may be, asked for once: the sample organisation hires nobody."""
    del people
    return tuple((one.pk, _becoming(one, one.principal.name.split()[0])) for one in demo_people())


def _becoming(user: User, called: str) -> Action:
    """The button that lets a visitor of the sample organisation be somebody."""
    label = f"{called}, {user.job}" if user.job else user.principal.name
    return Action(label=label, url=_BECOME, post=True, name="person", value=str(user.principal_id))


def sign_in_page(*, next_url: str, email: str, failed: bool) -> SignInPage:
    """The form; what is wrong is said of both fields, so that nobody learns which addresses exist."""
    errors = [FieldError(field="email", message="This address and password do not belong together")]
    return SignInPage(
        organisation=settings.ORGANISATION or ("Rondo" if settings.DEMO else ""),
        action_url="/sign-in",
        next_url=next_url,
        email=email,
        errors=errors if failed else [],
        people=[_becoming(one, one.principal.name) for one in demo_people()],
    )


def me_page(user: User, *, secret: str, error: HubError | None) -> MePage:
    """What is mine."""
    field = (
        {"name": "token_name"}.get(error.field, error.field) if isinstance(error, Invalid) else "token_name"
    )
    return MePage(
        person=person(user.principal.name),
        email=user.email,
        facts=[
            Fact(term="Teams", text=", ".join(space.name for space in spaces_of(user.principal)) or "none"),
            Fact(term="Work", text=user.job),
        ],
        tokens=[
            TokenRow(
                name=token.name,
                made=token.created,
                expires=token.expiry,
                revoke=Action(label="Revoke", url=f"/settings/me/tokens/{token.pk}/revoke", post=True),
            )
            for token in tokens(user)
        ],
        new_token_url="/settings/me",  # noqa: S106  # an address
        new_token=secret,
        errors=[FieldError(field=field, message=error.message)] if error else [],
        done="Your token was made." if secret else "",
    )


def person(name: str) -> Person:
    """Somebody by name, with two initials and a tint that stays the same."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalnum()]
    initials = (parts[0][0] + parts[-1][0] if len(parts) > 1 else name[:2]).upper()
    return Person(name=name, initials=initials, hue=_hue(name))


def _hue(name: str) -> Literal["a", "b", "c", "d"]:
    hues: tuple[Literal["a", "b", "c", "d"], ...] = ("a", "b", "c", "d")
    return hues[crc32(name.encode()) % 4]
