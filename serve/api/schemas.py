"""What every answer of the HTTP interface is made of; the OpenAPI document is generated from these files."""

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
Level = Literal["ok", "warning", "critical", "unknown"]


class ApiAnswer(BaseModel):
    """Base of every answer: frozen, and built only from the fields it names."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, protected_namespaces=())


class Freshness(ApiAnswer):
    """How old the newest measurement is, on the installation's clock."""

    age_s: float | None = Field(description="seconds since the end of the newest measured window, null before it")
    level: Level


class Listing(ApiAnswer, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: int
    limit: int
    offset: int
    next: str | None = Field(description="address of the next page, null on the last")
    snapshot_id: str = Field(description="names the data this was read from; equal ids mean equal data")
    data_freshness: Freshness
