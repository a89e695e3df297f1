"""People, spaces and tokens: what is kept, what is refused, what is written down."""

import uuid

import pytest
from knox.crypto import hash_token

from hub.access.policies import asker_for
from hub.accounts.models import ApiToken, Space, User
from hub.accounts.queries import tokens
from hub.accounts.services import MAX_TOKENS, add_person, add_space, create_token, revoke_token
from hub.audit.models import AuditLine
from hub.core.errors import Conflict, HubError, Invalid, NotFound

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"


def person(email: str = "ines@rondo.example", **more: object) -> User:
    return add_person(email=email, name="Ines", password=PASSWORD, **more)  # type: ignore[arg-type]  # keyword tests


def actions() -> list[str]:
    return list(AuditLine.objects.order_by("at").values_list("action", flat=True))


def test_a_person_holds_the_tokens_of_their_spaces() -> None:
    demand = add_space(name="Demand & Supply")
    ines = person(spaces=[demand])
    assert demand.slug == "demand-supply"
    assert f"space:{demand.pk}" in asker_for(ines).tokens
    assert ines.check_password(PASSWORD)
    assert actions() == ["space.added", "person.added"]


def test_a_person_without_a_password_cannot_sign_in_with_one() -> None:
    robot = add_person(email="robot@rondo.example", name="Robot", password=None)
    assert not robot.has_usable_password()
    assert not robot.check_password("")


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"email": "INES@rondo.example"}, Conflict, ""),
        ({"email": "nobody"}, Invalid, "email"),
        ({"email": "new@rondo.example", "password": "short"}, Invalid, "password"),
        ({"email": "new@rondo.example", "name": " "}, Invalid, "name"),
    ],
)
def test_a_wrong_person_is_refused_and_leaves_nothing(
    changed: dict[str, str], error: type[HubError], field: str
) -> None:
    person()
    values = {"email": "ines@rondo.example", "name": "Ines", "password": PASSWORD} | changed
    with pytest.raises(error) as refused:
        add_person(**values)  # type: ignore[arg-type]  # the table's values fit
    assert getattr(refused.value, "field", "") == field
    assert User.objects.count() == 1
    assert actions() == ["person.added"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"slug": "Not a slug"}, {"discoverability": "secret"}])
def test_a_wrong_space_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        add_space(**({"name": "Growth"} | wrong))  # type: ignore[arg-type]  # the table's values fit
    assert not Space.objects.exists()


def test_two_spaces_never_share_a_slug() -> None:
    add_space(name="Growth")
    with pytest.raises(Conflict):
        add_space(name="GROWTH")


def test_only_the_digest_of_a_token_is_kept() -> None:
    token_id, secret = create_token(actor=person(), name="laptop", days=30)
    kept = ApiToken.objects.get()
    assert (kept.pk, kept.digest, (kept.expiry - kept.created).days) == (token_id, hash_token(secret), 30)
    assert secret not in str(ApiToken.objects.values().get())
    assert actions() == ["person.added", "token.created"]


@pytest.mark.parametrize(("name", "days"), [("", 30), ("x" * 81, 30), ("laptop", 0), ("laptop", 366)])
def test_a_token_has_a_name_and_an_end(name: str, days: int) -> None:
    with pytest.raises(Invalid):
        create_token(actor=person(), name=name, days=days)


def test_tokens_have_different_names_and_a_limit() -> None:
    ines = person()
    for number in range(MAX_TOKENS):
        create_token(actor=ines, name=f"token {number}", days=1)
    for name, code in (("token 1", "token_exists"), ("one more", "too_many_tokens")):
        with pytest.raises(Conflict) as refused:
            create_token(actor=ines, name=name, days=1)
        assert refused.value.code == code


def test_only_the_owner_of_a_token_revokes_it() -> None:
    ines, olga = person(), person("olga@rondo.example")
    token_id, _ = create_token(actor=ines, name="laptop", days=1)
    for actor, unknown in ((olga, token_id), (ines, uuid.uuid4())):
        with pytest.raises(NotFound):
            revoke_token(actor=actor, token_id=unknown)
    revoke_token(actor=ines, token_id=token_id)
    assert list(tokens(ines)) == []
    assert actions()[-1] == "token.revoked"
