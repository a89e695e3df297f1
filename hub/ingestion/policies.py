"""Who may add what to the sources of the hub."""

from hub.accounts.models import Space
from hub.core.asker import OWNER, Asker
from hub.core.errors import NotPermitted


def check_addition(asker: Asker, *, location: str, space: Space | None) -> None:
    """Raises NotPermitted unless the asker may add the location to the space.

    The hub reads with rights of its own: folders of this machine, and hosts that its keys open. Only
    the owner of the installation lends those. Members add what anybody reaches, to a team of theirs.
    """
    if OWNER in asker.tokens:
        return
    if not location.strip().startswith("https://"):
        raise NotPermitted(
            "You may add https:// addresses. Ask the owner of this hub to add a folder or others."
        )
    if space is None or f"space:{space.pk}" not in asker.tokens:
        raise NotPermitted("Choose a team that you belong to: the source and what it holds are the team's.")
