"""What the API says of itself: the OpenAPI document, and how an endpoint is described in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from inspect import getdoc
from types import NoneType
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.authentication import SCHEME
from hub.api.endpoint import Endpoint
from hub.api.problems import MEDIA_TYPE

Method = TypeVar("Method", bound=Callable[..., Response])
_TYPES: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}
_MEANINGS: Final = {
    401: "Nobody is signed in, or the token is unknown, has ended or was revoked.",
    403: "You may see the thing, but not do this.",
    404: "There is nothing here that you may see. It may have moved or never existed.",
    409: "The state of things does not allow it (any more).",
    422: "The request holds something that cannot be; `field` and `errors` say what.",
    429: "Too many attempts; `Retry-After` says how many seconds to wait.",
    503: "A store is away; the same call may work later.",
}


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="The input, empty where it is the whole.")
    detail = serializers.CharField()


class ProblemOutput(serializers.Serializer[Any]):
    """A problem document (RFC 9457). `code` is stable; `detail` is for people."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened, where, what to do.")
    code = serializers.CharField()
    field = serializers.CharField(required=False, help_text="The input that has to change.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # hides DRF's property
    reference = serializers.CharField(required=False, help_text="To quote to the administrator.")


def described(
    name: str,
    summary: str,
    *,
    answers: Mapping[int, Any],
    problems: Sequence[int] = (),
    takes: Sequence[type[serializers.Serializer[Any]]] = (),
    body: type[serializers.Serializer[Any]] | None = None,
) -> Callable[[Method], Method]:
    """Describe a method of an endpoint: what its query and body hold, what it answers, how it fails.

    `name` is what generated clients call it.

    Every endpoint may answer 401; the method's docstring is the description.
    """
    failures = {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemOutput, description=_MEANINGS[status])
        for status in sorted({401, *problems})
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        parameters=list(takes),
        request=body,
        responses={**answers, **failures},
    )


def shape_of(kind: Any) -> dict[str, Any]:
    """The JSON schema of a plain value's type: dataclasses, tuples, str, int, float, bool and None."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)]
        return {
            "type": "object",
            "description": getdoc(kind) or "",
            "properties": {name: shape_of(hints[name]) for name in names},
            "required": names,
        }
    parts = get_args(kind)
    if get_origin(kind) is tuple and parts[-1] is Ellipsis:
        return {"type": "array", "items": shape_of(parts[0])}
    if get_origin(kind) is tuple:
        return {"type": "array", "prefixItems": [shape_of(part) for part in parts], "items": False}
    if NoneType in parts:
        (inner,) = (part for part in parts if part is not NoneType)
        return {**shape_of(inner), "type": [shape_of(inner)["type"], "null"]}
    return {"type": _TYPES[kind]}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "hub.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """A bearer token."""
        del auto_schema
        return {"type": "http", "scheme": SCHEME.lower()}


class Document(Endpoint):
    """The OpenAPI document."""

    @described("schema", "This description of the API", answers={200: OpenApiTypes.OBJECT})
    def get(self, http: Request) -> Response:
        """OpenAPI 3.1, the same for everybody."""
        del http
        return Response(document())


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document of all endpoints, in a stable order."""
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return cast("dict[str, Any]", made)
