"""The base of every endpoint: parse, call one function, return."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.utils.cache import patch_vary_headers
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.core import clock
from hub.core.asker import Asker
from hub.core.errors import Invalid, NotFound


class Endpoint(APIView):
    """An `APIView` that knows who asks. Answers depend on the asker and are kept by nobody."""

    def asker(self, http: Request) -> Asker:
        """Who asks, with the rights of this moment: the holder of the token or of the session."""
        return cast("Asker", http.asker)  # type: ignore[attr-defined]  # set by hub.access.middleware

    def parse(self, form: type[serializers.Serializer[Any]], given: object) -> dict[str, Any]:
        """The checked values of a body or a query. ValidationError; Invalid for names it does not know."""
        checked = form(data=given)
        if isinstance(given, Mapping) and (unknown := sorted(given.keys() - checked.fields.keys())):
            known = ", ".join(checked.fields)
            raise Invalid(f"{unknown[0]} is not known here; known are: {known}", field=unknown[0])
        checked.is_valid(raise_exception=True)
        return cast("dict[str, Any]", checked.validated_data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Answers are for this asker alone."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Authorization", "Cookie"])
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class Absent(Endpoint):
    """Every address below the API that is none: the same answer as for what may not be seen."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who is not signed in gets 401 like everywhere, everybody else 404."""
        super().initial(request, *args, **kwargs)
        raise NotFound


class Moment(serializers.CharField):
    """A date or a date and time as ISO 8601; a date means its end, and without a zone it is UTC."""

    def to_internal_value(self, data: Any) -> datetime:  # type: ignore[override]  # a text on the wire
        """The moment, aware."""
        try:
            return clock.moment_in(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(
                "Write a date like 2026-10-12, or 2026-10-12T08:30:00Z"
            ) from error


class TimeInput(serializers.Serializer[Any]):
    """When to read as of."""

    as_of = Moment(
        required=False, help_text="What the hub knew then. A date means its end; UTC without a zone."
    )
