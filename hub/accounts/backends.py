"""Who a session belongs to: the user with their principal, in one query."""

from django.contrib.auth.backends import ModelBackend

from hub.accounts.models import User


class PasswordBackend(ModelBackend):
    """E-mail and password; users come with their principals, which every page shows."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of a session, None for one who was deactivated."""
        user = User.objects.select_related("principal").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
