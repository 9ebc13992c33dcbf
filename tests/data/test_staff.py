"""Signing in: a link used once, a lock after a few failures, a session that ends."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from data import staff
from data.database import Database
from data.staff import Refused
from data.tables import SignInLink, Staff, StaffSession
from tests.conftest import NOON
from tests.data.people import minh, rows, side_by_side

PASSWORD = "một mật khẩu đủ dài"
HASH = staff.hash_password(PASSWORD)


@pytest.fixture
def clerk(database: Database) -> Staff:
    """Minh, who has set a password."""
    member = minh(database)
    secret = link(database, member)
    database.write_now(staff.set_password, secret, HASH, NOON)
    return member


def link(database: Database, member: Staff) -> str:
    return database.write_now(lambda session: staff.new_link(session, session.get_one(Staff, member.id), NOON))


def sign_in(database: Database, genuine: bool, now: datetime = NOON, name: str = "minh") -> Staff | Refused:
    return database.write_now(staff.signing_in, name, genuine, now)


def begin(database: Database, member: Staff) -> str:
    return database.write_now(staff.begin_session, member, NOON)


def resumed(database: Database, secret: str, now: datetime = NOON) -> bool:
    return database.read_now(staff.resume_session, secret, now) is not None


def test_the_right_password_and_no_other_matches(database: Database, clerk: Staff) -> None:
    stored = database.read_now(staff.stored_hash, "minh")

    assert staff.matches(stored, PASSWORD)
    assert not staff.matches(stored, PASSWORD + " ")
    assert PASSWORD not in stored


@pytest.mark.parametrize("name", ["nobody", "thu"])
def test_a_name_without_a_password_is_compared_with_nobodys(database: Database, name: str) -> None:
    database.write_now(staff.add, "thu", "Chị Thu", "leader", NOON)

    stored = database.read_now(staff.stored_hash, name)

    assert stored.startswith("$argon2id$")
    assert not staff.matches(stored, "")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not staff.matches("not a hash", PASSWORD)


def test_a_member_signs_in_however_the_name_is_typed(database: Database, clerk: Staff) -> None:
    found = sign_in(database, genuine=True, name=" Minh ")

    assert isinstance(found, Staff)
    assert (found.id, found.last_signed_in_at) == (clerk.id, NOON)


@pytest.mark.parametrize("name", ["nobody", "thu"])
def test_nobody_signs_in_without_having_set_a_password(database: Database, name: str) -> None:
    database.write_now(staff.add, "thu", "Chị Thu", "leader", NOON)

    assert sign_in(database, genuine=True, name=name) == Refused()


def test_five_failures_lock_the_member_out(database: Database, clerk: Staff) -> None:
    answers = [sign_in(database, genuine=False) for _ in range(5)]

    assert answers == [*[Refused()] * 4, Refused(locked=True)]
    assert sign_in(database, genuine=True) == Refused(locked=True)


def test_failures_at_once_are_all_counted(database: Database, clerk: Staff) -> None:
    answers = side_by_side(*(lambda: sign_in(database, genuine=False) for _ in range(8)))

    assert answers.count(Refused()) == 4
    assert sign_in(database, genuine=True) == Refused(locked=True)


def test_a_lock_ends_by_itself(database: Database, clerk: Staff) -> None:
    for _ in range(5):
        sign_in(database, genuine=False)

    assert sign_in(database, genuine=True, now=NOON + staff.LOCK - timedelta(seconds=1)) == Refused(locked=True)
    assert isinstance(sign_in(database, genuine=True, now=NOON + staff.LOCK), Staff)


def test_signing_in_forgets_the_failures_before(database: Database, clerk: Staff) -> None:
    for _ in range(4):
        sign_in(database, genuine=False)
    sign_in(database, genuine=True)

    assert sign_in(database, genuine=False) == Refused(locked=False)


def test_a_member_who_left_does_not_sign_in(database: Database, clerk: Staff) -> None:
    change(database, clerk, active=False)

    assert sign_in(database, genuine=True) == Refused()


def change(database: Database, member: Staff, **values: object) -> None:
    def act(session: Session) -> None:
        row = session.get_one(Staff, member.id)
        for name, value in values.items():
            setattr(row, name, value)

    database.write_now(act)


def test_a_link_is_used_once(database: Database) -> None:
    secret = link(database, minh(database))

    first, second = (database.write_now(staff.set_password, secret, HASH, NOON) for _ in range(2))

    assert isinstance(first, Staff)
    assert second is None


def test_a_link_that_two_use_at_once_is_used_once(database: Database) -> None:
    secret = link(database, minh(database))

    used = side_by_side(*(lambda: database.write_now(staff.set_password, secret, HASH, NOON) for _ in range(4)))

    assert len([each for each in used if isinstance(each, Staff)]) == 1
    assert used.count(None) == 3


def test_a_new_link_ends_the_earlier_one(database: Database) -> None:
    member = minh(database)
    earlier, later = link(database, member), link(database, member)

    assert database.read_now(staff.by_link, earlier, NOON) is None
    assert database.read_now(staff.by_link, later, NOON) is not None


def test_a_link_lives_three_days(database: Database) -> None:
    secret = link(database, minh(database))

    assert database.read_now(staff.by_link, secret, NOON + staff.LINK_LIVES) is not None
    assert database.read_now(staff.by_link, secret, NOON + staff.LINK_LIVES + timedelta(seconds=1)) is None


def test_the_secret_of_a_link_is_not_kept(database: Database) -> None:
    secret = link(database, minh(database))

    [row] = database.read_now(lambda session: list(session.exec(select(SignInLink))))
    assert row.digest == staff.digest(secret) != secret


def test_the_first_administrator_gets_a_link_until_somebody_has_a_password(database: Database) -> None:
    secrets = [database.write_now(staff.first_link, NOON) for _ in range(2)]
    database.write_now(staff.set_password, secrets[1] or "", HASH, NOON)

    assert None not in secrets
    assert database.write_now(staff.first_link, NOON) is None
    assert [(row.username, row.role) for row in rows(database, Staff)] == [("admin", "admin")]


def test_a_session_is_resumed_by_its_secret(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)

    found = database.read_now(staff.resume_session, secret, NOON)

    assert found
    assert found[1].username == "minh"
    assert not resumed(database, secret + "x")


def test_a_session_ends_after_an_hour_without_a_click(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)

    assert resumed(database, secret, NOON + staff.IDLE_LIMIT)
    assert not resumed(database, secret, NOON + staff.IDLE_LIMIT + timedelta(seconds=1))


def test_a_session_that_is_used_lives_on_but_not_beyond_its_day(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)
    late = NOON + staff.SESSION_LIVES

    database.write_now(staff.saw, staff.digest(secret), late)

    assert resumed(database, secret, late)
    assert not resumed(database, secret, late + timedelta(seconds=1))


def test_signing_out_ends_the_session(database: Database, clerk: Staff) -> None:
    secret, other = begin(database, clerk), begin(database, clerk)

    database.write_now(staff.end_session, staff.digest(secret), NOON)

    assert (resumed(database, secret), resumed(database, other)) == (False, True)


def test_a_new_password_ends_the_open_sessions(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)

    database.write_now(staff.set_password, link(database, clerk), HASH, NOON)

    assert not resumed(database, secret)


def test_the_session_of_a_member_who_left_is_over(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)

    change(database, clerk, active=False)

    assert not resumed(database, secret)


def test_the_secret_of_a_session_is_not_kept(database: Database, clerk: Staff) -> None:
    secret = begin(database, clerk)

    [row] = database.read_now(lambda session: list(session.exec(select(StaffSession))))
    assert row.digest == staff.digest(secret) != secret


def test_an_unknown_role_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="role"):
        database.write_now(staff.add, "hung", "Hùng", "chief", NOON)


def test_a_clerk_may_not_do_what_a_leader_approves() -> None:
    assert staff.RIGHTS["leader"] - staff.RIGHTS["clerk"] == {"approve", "audit"}
    assert staff.RIGHTS["admin"] - staff.RIGHTS["leader"] == {"people"}
