"""Sign in, sign out, and what is mine."""

from typing import cast
from uuid import UUID

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hub.accounts import pages, queries, services
from hub.accounts.models import User
from hub.accounts.policies import count_sign_in, forget_sign_ins
from hub.core.errors import HubError, NotFound

_BACKEND = "hub.accounts.backends.PasswordBackend"


def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; a right address and password lead to where somebody wanted to go."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next", "/"))
    email = request.POST.get("email", "").strip()
    if request.method != "POST":
        page = pages.sign_in_page(next_url=target, email="", failed=False)
        return render(request, "accounts/sign_in.html", {"page": page})
    count_sign_in(request, email)
    user = authenticate(request, username=email, password=request.POST.get("password", ""))
    if user is None:
        page = pages.sign_in_page(next_url=target, email=email, failed=True)
        return render(request, "accounts/sign_in.html", {"page": page}, status=422)
    forget_sign_ins(email)
    login(request, user)
    return redirect(target)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """In the sample organisation alone: look round as somebody else of it."""
    user = queries.demo_people().filter(principal_id=_uuid(request.POST.get("person", ""))).first()
    if user is None:
        raise NotFound
    login(request, user, backend=_BACKEND)
    return redirect(_safe(request, request.POST.get("next", "/")))


def me(request: HttpRequest) -> HttpResponse:
    """Who I am, what I belong to, and my tokens; posted, a new token, shown once."""
    user = cast("User", request.user)
    secret, error = "", None
    if request.method == "POST":
        try:
            _, secret = services.create_token(actor=user, name=request.POST.get("token_name", ""))
        except HubError as problem:
            error = problem
    page = pages.me_page(user, secret=secret, error=error)
    return render(request, "settings/me.html", {"page": page}, status=422 if error else 200)


@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of my tokens at once."""
    services.revoke_token(actor=cast("User", request.user), token_id=token_id)
    return redirect("me")


def _safe(request: HttpRequest, target: str) -> str:
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else "/"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
