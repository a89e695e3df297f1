"""Sign-in, settings of mine, and error pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.web.pages.parts import Action, Fact, FieldError, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """An API token of mine; its value is shown once, when it was made."""

    name: str
    made: datetime
    expires: datetime | None
    revoke: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class MePage:
    """settings/me.html."""

    person: Person
    email: str
    facts: Sequence[Fact] = ()
    tokens: Sequence[TokenRow] = ()
    new_token_url: str = ""
    new_token: str = ""
    errors: Sequence[FieldError] = ()
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """accounts/sign_in.html: fields `email`, `password`, `next`. `people` are the demo's: one click."""

    organisation: str
    action_url: str
    next_url: str = ""
    email: str = ""
    errors: Sequence[FieldError] = ()
    people: Sequence[Action] = ()
    help_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """errors/*.html: what is, why, and the step that leads on. `reference` is quoted to the administrator."""

    title: str
    text: str
    status: int
    code: str = ""
    reference: str = ""
    actions: Sequence[Action] = ()
