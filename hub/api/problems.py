"""Errors as problem documents (RFC 9457): the one place where an exception becomes an answer of the API."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from hub.core.errors import HubError, Invalid, NotFound, NotPermitted

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_CODES: Final = {
    400: "malformed",
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "throttled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a problem document says beside its status. `fields` are (input, sentence) pairs."""

    status: int
    code: str
    detail: str
    fields: tuple[tuple[str, str], ...] = ()
    reference: str = ""


def problem_document(exception: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to any exception of an endpoint; what nobody foresaw is logged under a reference."""
    problem = _problem(exception)
    if problem.status >= 500 and not isinstance(exception, HubError):
        log.error("server error %s in %s", problem.reference, context.get("view"), exc_info=exception)
    return Response(
        _document(problem), status=problem.status, headers=_headers(exception), content_type=MEDIA_TYPE
    )


def _document(problem: Problem) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.fields:
        document["field"] = problem.fields[0][0]
        document["errors"] = [{"field": name, "detail": detail} for name, detail in problem.fields]
    if problem.reference:
        document["reference"] = problem.reference
    return document


def _problem(exception: Exception) -> Problem:
    if isinstance(exception, Http404):
        exception = NotFound()
    if isinstance(exception, PermissionDenied):
        exception = NotPermitted("Your rights do not cover this")
    if isinstance(exception, HubError):
        field = exception.field if isinstance(exception, Invalid) else ""
        return Problem(
            status=exception.status,
            code=exception.code,
            detail=exception.message,
            fields=((field, exception.message),) if field else (),
        )
    if isinstance(exception, exceptions.ValidationError):
        fields = tuple(_fields(exception.get_full_details()))
        return Problem(status=422, code=Invalid.code, detail=_sentence(fields), fields=fields)
    if isinstance(exception, exceptions.APIException) and exception.status_code < 500:
        code = _CODES.get(exception.status_code, "error")
        return Problem(status=exception.status_code, code=code, detail=str(exception.detail))
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    return Problem(
        status=500,
        code="server_error",
        detail="Something broke on our side. Your change was not made."
        f" Quote {reference} to your administrator.",
        reference=reference,
    )


def _fields(details: Any, place: str = "") -> list[tuple[str, str]]:
    """(input, sentence) pairs of DRF's nested details; what concerns the whole has the name ``."""
    if isinstance(details, Mapping) and {"message", "code"} <= details.keys():
        return [(place, str(details["message"]))]
    items = details.items() if isinstance(details, Mapping) else ((place, one) for one in details)
    pairs: list[tuple[str, str]] = []
    for name, inner in items:
        pairs += _fields(
            inner, place if name in ("non_field_errors", place) else f"{place}.{name}".strip(".")
        )
    return pairs


def _sentence(fields: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"{name}: {detail}" if name else detail for name, detail in fields)


def _headers(exception: Exception) -> dict[str, str]:
    headers = {}
    if isinstance(exception, exceptions.APIException):
        if header := getattr(exception, "auth_header", None):
            headers["WWW-Authenticate"] = header
        if (wait := getattr(exception, "wait", None)) is not None:
            headers["Retry-After"] = str(int(wait) + 1)
    return headers
