"""`groundswell forget`: erases videos and creators from an installation that is not running."""

from datetime import UTC, datetime, timedelta

from actors.runtime.installation import PSEUDONYM_KEY
from cli.shared.stores import stopped_stores
from configs.settings import Settings
from core.errors import UsageError
from pipelines.normalise.privacy import pseudonym
from pipelines.operations.forget import erase, remember_forgotten


def forget(settings: Settings, videos: list[str], creators: list[str]) -> dict[str, int]:
    """Erase videos and creators from every table and never store them again; return the rows changed by table.

    A creator is given by the source's own id: the platform's user id, or a recording's creator id or handle.
    """
    if not videos and not creators:
        raise UsageError("name what to forget: --video ID or --creator ID")
    with stopped_stores(settings) as (lake, records):
        key = (settings.home / PSEUDONYM_KEY).read_bytes()
        hashes = [pseudonym(key, creator.removeprefix("@")) for creator in creators]
        now = datetime.now(UTC)
        remember_forgotten(records, key, videos, hashes, now)
        changed = erase(lake, videos, hashes)
        lake.vacuum(timedelta(0), now)
    return changed
