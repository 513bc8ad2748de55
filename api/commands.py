"""``citygrid serve``: the service, its address, and the demo accounts of the sample city."""

import signal
import socket
import sys
from contextlib import nullcontext
from typing import Annotated, Any

import typer
import uvicorn
from rich.console import Console
from rich.table import Table
from uvicorn.supervisors.multiprocess import Multiprocess

from gis.database import check_server, transaction
from gis.errors import SetupError
from gis.i18n import _
from gis.jobs.beside import worker_beside
from gis.notice.channels import require_channels
from gis.people.queries import demo_logins
from gis.ports import refuse_taken_port
from gis.settings import get_settings
from gis.webhook.waking import adopt_settings
from layers.base_map.config import base_maps

DEMO_PASSWORD = "citygrid-demo"  # noqa: S105 - printed on the screen, and accepted on loopback only


class AnnouncedServer(uvicorn.Server):
    """Says where the service is once it answers there, not before."""

    def __init__(self, config: uvicorn.Config, demo: list[tuple[str, str, str]]) -> None:
        super().__init__(config)
        self._demo = demo

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            announce(self._demo)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help=_("Run the service"))(serve)


def serve(
    reload: Annotated[bool, typer.Option(help="restart when a file changes / 文件变更时重启")] = False,
) -> None:
    """Run the service until it is stopped."""
    from gis import schema

    settings = get_settings()
    check_server()
    if not schema.is_current():
        raise SetupError(_("The database lacks this release's tables; run citygrid init-db"))
    require_channels()
    base_maps()  # one that cannot be used is told now, not to whoever opens the map
    refuse_taken_port(settings.host, settings.port)
    with transaction() as session:
        adopt_settings(session)
        demo = [(person.login, person.name, str(person.role)) for person in demo_logins(session)]
    if demo and not settings.is_loopback:
        raise SetupError(
            _(
                "The demo accounts are still there and the service can be reached by others "
                "(CITYGRID_HOST={host}, CITYGRID_BEHIND_HTTPS={https}); "
                "load your own city, or listen on 127.0.0.1"
            ).format(host=settings.host, https=settings.behind_https)
        )
    options: dict[str, Any] = {
        "app": "web.app:create_app",
        "factory": True,
        "host": settings.host,
        "port": settings.port,
        "log_level": "warning",
        "server_header": False,
    }
    # The server ends by sending itself the signal again that it was ended by: then leave in good order.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    with worker_beside() if settings.jobs else nullcontext():
        if reload:
            announce(demo)
            uvicorn.run(**options, reload=True)
        elif settings.workers > 1:
            config = uvicorn.Config(**options, workers=settings.workers)
            announce(demo)
            Multiprocess(config, sockets=[prompt_socket(config)]).run()
        else:
            AnnouncedServer(uvicorn.Config(**options), demo).run()


def prompt_socket(config: uvicorn.Config) -> socket.socket:
    """The listening socket of several workers, without Nagle's delay.

    asyncio only takes that delay away from sockets it has made itself; on others each answer would wait 40 ms
    for the client's acknowledgement. What is accepted inherits the option.
    """
    listener = config.bind_socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def announce(demo: list[tuple[str, str, str]]) -> None:
    """Print where the service is and who may sign in."""
    settings = get_settings()
    console = Console()
    console.print()
    console.print(f"  citygrid  http://{settings.host}:{settings.port}", style="bold")
    if not demo:
        return
    console.print("  " + _("Demo accounts, password {password}:").format(password=DEMO_PASSWORD))
    table = Table(box=None, padding=(0, 2))
    for login, name, role in demo:
        table.add_row(login, name, role)
    console.print(table)
