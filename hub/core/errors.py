"""The errors of the hub: data with a stable code, mapped once for pages, API and command line.

What somebody may not see is `NotFound`, with the same words as a name that never existed.
"""


class HubError(Exception):
    """Something the caller can understand and mend. `message` says what happened, where, what to do."""

    code = "error"
    status = 500

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotFound(HubError):
    code = "not_found"
    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or "There is nothing here that you may see. It may have moved or never existed."
        )


class NotPermitted(HubError):
    """The asker may see the thing but not do this with it."""

    code = "not_permitted"
    status = 403


class Invalid(HubError):
    """The request itself is wrong. `field` names the input, empty where it is the whole."""

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, field: str = "", code: str = "") -> None:
        super().__init__(message, code=code)
        self.field = field


class Conflict(HubError):
    """Somebody else was faster, or the state does not allow it any more."""

    code = "conflict"
    status = 409


class Unavailable(HubError):
    """A store is away or busy; the same call may work later."""

    code = "unavailable"
    status = 503
