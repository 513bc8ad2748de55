"""Notices by e-mail, one letter a notice, over the mail server of the settings."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from gis.database import transaction
from gis.i18n import DEFAULT_LOCALE, _, in_locale
from gis.notice.channels import MailServer, mail_is_on, mail_server
from gis.notice.models import Notice
from gis.notice.reading import line_of, select_notices
from gis.people.models import Person
from gis.settings import get_settings

TIMEOUT_S = 20


def send_notice(notice_id: int) -> None:
    """Send a notice to its person; nothing when it has been read meanwhile, or e-mail was switched off.

    Raises
    ------
    OSError, smtplib.SMTPException
        The mail server is away or refuses; the job tries again.
    """
    if not mail_is_on():
        return
    # The transaction is over before the mail server is asked: it may take its time.
    letter = write_letter(notice_id)
    if letter is None:
        return
    server = mail_server()
    with _connect(server) as connection:
        if server.user and server.password:
            connection.login(server.user, server.password)
        connection.send_message(letter)


def write_letter(notice_id: int) -> EmailMessage | None:
    """The letter of a notice in the city's language; None where none is due any more."""
    with transaction() as session:
        statement = select_notices().add_columns(Person.email, Person.active)
        row = session.execute(
            statement.join(Person, Person.id == Notice.person_id).where(Notice.id == notice_id)
        ).one_or_none()
    if row is None or row.read_at is not None or not row.active or not row.email:
        return None
    settings = get_settings()
    with in_locale(DEFAULT_LOCALE):
        line = line_of(row)
        closing = _("You are told because the city has your address. Who may see the case sees it there.")
    letter = EmailMessage()
    letter["Subject"] = line.text
    letter["From"] = settings.mail_from
    letter["To"] = row.email
    letter["Date"] = format_datetime(line.at)
    # The same for each try, so that a mailbox can tell a letter that was sent twice.
    letter["Message-ID"] = f"<notice-{notice_id}@{settings.mail_from.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    address = f"{settings.public_url.rstrip('/')}{line.address}" if settings.public_url else ""
    letter.set_content("\n\n".join(part for part in (line.text, line.note, address, closing) if part))
    return letter


def _connect(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.encryption == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    if server.encryption == "starttls":
        connection.starttls(context=trusted)
    return connection
