"""Passwords: argon2, nothing else."""

from functools import lru_cache

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
NO_PASSWORD = "!"  # noqa: S105 - the mark of an account that cannot sign in by password
LEAST_LENGTH = 10


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


def password_matches(password: str, stored: str) -> bool:
    """Whether a password is the stored one. Takes its time for unknown accounts too, see :func:`decoy`."""
    if stored == NO_PASSWORD:
        return False
    return _hasher.verify(password, stored)


@lru_cache
def decoy() -> str:
    """Checked when no such login exists, so that the time taken does not tell which logins there are."""
    return hash_password("citygrid has no such person")
