"""The stand-in server in an actor, because a plain child process of the driver would survive Ctrl-C."""

from datetime import datetime

from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from sources.world.parameters import WorldParameters
from sources.world.world import World


class StandinHost:
    """Serves the simulated world; after a restart it builds the same world again."""

    def __init__(self, parameters: WorldParameters, port: int, units_per_day: int, start: datetime) -> None:
        clock = SettableClock(start)
        app = build_app(World(parameters), Account(units_per_day=units_per_day), clock)
        self._server = StandinServer(app, "127.0.0.1", port)
        self._server.start()

    def ready(self) -> bool:
        """Return whether the server answers requests."""
        return True
