"""Where the ballots of the example's open vote come from, so that observers have something to look at.

Addresses are those that are kept free for examples and for measuring networks."""

from collections.abc import Iterator
from itertools import count

from civicvote.cli.example.people import holders
from civicvote.cli.example.scene import Scene
from civicvote.domain.monitor.marks import Origin
from civicvote.domain.monitor.services import list_network
from civicvote.kernel.permissions import Role

_TOWN_HALL = "192.0.2.0/24"
_CLASSROOM = Origin("203.0.113.7")
_HELPER = Origin("198.51.100.20", "a helper's tablet")
_VISITS = ((24, _CLASSROOM), (5, _HELPER), (9, Origin("192.0.2.31")))
_STREET_BITS = 8


def list_town_hall(scene: Scene) -> None:
    administrator = scene.cast.actor(holders(Role.ADMINISTRATOR))
    list_network(actor=administrator, region_id=scene.region.id, network=_TOWN_HALL, name="시청 본관")


def origins() -> Iterator[Origin]:
    """A school class, somebody who helps others, some from the town hall; then everybody from home."""
    for number, origin in _VISITS:
        yield from [origin] * number
    for number in count():
        yield Origin(f"198.18.{number >> _STREET_BITS}.{number % (1 << _STREET_BITS)}", f"telephone {number}")
