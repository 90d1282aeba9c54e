"""What an endpoint of the stand-in server returns: an answer or a refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sources.standin.backend import Backend
from sources.standin.parameters import Parameters
from sources.standin.post import Post

_COUNTRY_CODES = (
    "ADAEAFAGAIALAMAOARASATAUAWAXAZBABBBDBEBFBGBHBIBJBMBNBOBQBRBSBTBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCW"
    "CXCYCZDEDJDKDMDODZECEEEGERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGTGUGWGYHKHNHRHTHUIDIEILIMINIQ"
    "IRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMX"
    "MYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSS"
    "STSVSXSYSZTCTDTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW"
)
BAD_URL = "Url not valid. Check correct format on the documentation."
COUNTRIES = frozenset(_COUNTRY_CODES[i : i + 2] for i in range(0, len(_COUNTRY_CODES), 2))


@dataclass(frozen=True)
class EndpointAnswer:
    """A good answer: what stands under `data` and beside it, and the units it costs."""

    data: Any
    units: int
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The whole body."""
        return {"data": self.data, **self.beside}


class Refused(Exception):
    """An error answer: its status, and `detail` in the API's words."""

    def __init__(self, status: int, detail: Any, units: int = 0) -> None:
        super().__init__(detail)
        self.status, self.detail, self.units = status, detail, units


Answering = Callable[[Backend, Parameters, datetime], Callable[[], EndpointAnswer]]
"""Reads the parameters, so that bad ones are refused before anything is charged; its result answers when called."""

Shape = Callable[[Post], dict[str, Any]]


def paged(name: str, items: list[dict[str, Any]], next_cursor: int | None) -> dict[str, Any]:
    """Return items under a name, with the cursor of the next page unless this is the last."""
    return {name: items} if next_cursor is None else {"nextCursor": next_cursor, name: items}


def require_country(country: str) -> None:
    """Refuse a country that isn't a two-letter ISO 3166-1 code; an empty one is fine."""
    if country and country.upper() not in COUNTRIES:
        raise Refused(466, "Invalid country code.")
