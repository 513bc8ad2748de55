"""API keys: making, finding, counting and revoking them."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound, NotSignedIn, TooManyRequests
from gis.i18n import _
from gis.people.api_keys_models import ApiKey, Scope
from gis.people.models import Person

MARK = "cg_"  # what every key begins with: programs that look for leaked secrets know it by that
RANDOM_BYTES = 32
PREFIX_LENGTH = len(MARK) + 8
SHAPE = re.compile(r"cg_[A-Za-z0-9_-]{43}")
LONGEST_NAME = 80
LONGEST_DAYS = 3660
LISTED = 1000
USED_AGAIN = timedelta(minutes=1)  # how old the time of last use may be before it is written anew

_COUNT = text(
    "UPDATE api_key SET last_used_at = now(), minute_began = date_trunc('minute', now()),"
    " minute_count = CASE WHEN minute_began = date_trunc('minute', now()) THEN minute_count + 1 ELSE 1 END"
    " WHERE id = :id RETURNING minute_count,"
    " ceil(extract(epoch FROM minute_began + interval '1 minute' - now()))::int"
)


def hash_key(key: str) -> str:
    """What is stored of a key, and compared."""
    return hashlib.sha256(key.encode()).hexdigest()


def add_key(
    session: Session,
    login: str,
    name: str,
    scopes: Iterable[str],
    *,
    days: int | None = None,
    per_minute: int | None = None,
    created_by: Person | None = None,
) -> tuple[ApiKey, str]:
    """A new key of a person, and the key itself, which nobody can be told again.

    ``days``: how long it is good for; ``per_minute``: requests allowed in a minute; ``None``: without end,
    without limit.

    Raises
    ------
    NotFound
        No such person, or one whose account is closed.
    InvalidInput
        No name, a scope that there is not, none at all, a limit or a life that cannot be.
    """
    person = session.scalar(select(Person).where(Person.login == login, Person.active))
    if person is None:
        raise NotFound(_("There is no person {login}").format(login=login))
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise InvalidInput(_("A key needs a name that says what it is for"), errors=[{"pointer": "/name"}])
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(Scope):
        raise InvalidInput(
            _("Scopes of a key are: {known}").format(known=", ".join(Scope)), errors=[{"pointer": "/scopes"}]
        )
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(
            _("A key lives 1 to {most} days, or without end").format(most=LONGEST_DAYS),
            errors=[{"pointer": "/days"}],
        )
    if per_minute is not None and not 1 <= per_minute <= 1_000_000:
        raise InvalidInput(_("A limit is at least one request a minute"), errors=[{"pointer": "/per_minute"}])
    key = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    row = ApiKey(
        prefix=key[:PREFIX_LENGTH],
        key_hash=hash_key(key),
        person_id=person.id,
        name=name,
        scopes=wanted,
        per_minute=per_minute,
        created_by=created_by.id if created_by else None,
        expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
    )
    session.add(row)
    session.flush()
    return row, key


def find_key(session: Session, key: str) -> ApiKey:
    """The row of a key that is good now.

    Raises
    ------
    NotSignedIn
        Unknown, revoked or expired; never said which.
    """
    if not SHAPE.fullmatch(key):
        raise NotSignedIn(_("This API key is not valid"))
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == key[:PREFIX_LENGTH]))
    # Looked up by what is no secret, compared in a time that tells nothing.
    matches = compare_digest(hash_key(key), row.key_hash if row else "")
    now = datetime.now(UTC)
    if row is None or not matches or row.revoked_at or (row.expires_at and row.expires_at <= now):
        raise NotSignedIn(_("This API key is not valid"))
    return row


def count_use(session: Session, key: ApiKey) -> None:
    """Note that a key is used, and refuse it beyond its limit; to be called before anything else is written.

    It commits at once: a count that waited for the end of the request would make all requests of a key queue
    up at its row, and one that fails would not count. A key without a limit is written once a minute at most.

    Raises
    ------
    TooManyRequests
        More than ``per_minute`` since the minute began; ``retry_after_s`` says when the next one begins.
    """
    now = datetime.now(UTC)
    if key.per_minute is None and key.last_used_at and now - key.last_used_at < USED_AGAIN:
        return
    count, left_s = session.execute(_COUNT, {"id": key.id}).one()
    session.commit()
    if key.per_minute is not None and count > key.per_minute:
        raise TooManyRequests(
            _("This key may ask {limit} times a minute; wait {seconds} s").format(
                limit=key.per_minute, seconds=left_s
            ),
            retry_after_s=max(1, left_s),
        )


def keys(session: Session, login: str | None = None) -> Sequence[tuple[ApiKey, str]]:
    """Keys with the login of their person, newest first; the revoked ones too."""
    chosen = select(ApiKey, Person.login).join(Person, Person.id == ApiKey.person_id)
    if login is not None:
        chosen = chosen.where(Person.login == login)
    rows = session.execute(chosen.order_by(ApiKey.id.desc()).limit(LISTED)).all()
    return [(row[0], row[1]) for row in rows]


def revoke_key(session: Session, prefix: str) -> ApiKey:
    """End a key, known by its first characters; once revoked it stays so. Raises NotFound."""
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == prefix[:PREFIX_LENGTH]).with_for_update())
    if row is None:
        raise NotFound(_("There is no API key {prefix}").format(prefix=prefix[:PREFIX_LENGTH]))
    row.revoked_at = row.revoked_at or datetime.now(UTC)
    session.flush()
    return row
