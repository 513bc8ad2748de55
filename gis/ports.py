"""Whether the service can listen where it should."""

import socket

from gis.errors import SetupError
from gis.i18n import _


def refuse_taken_port(host: str, port: int) -> None:
    """Say in one line that the port cannot be had, before anything is loaded.

    Raises
    ------
    SetupError
        Something else listens there, or it is not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the service itself does: connections of a service just stopped do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                _("Port {port} on {host} cannot be had ({reason}); set CITYGRID_PORT to another one").format(
                    host=host, port=port, reason=error.strerror
                )
            ) from error
