"""What every answer of the HTTP interface is made of; the OpenAPI document is generated from these files."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from serve.reading.state import Freshness

T = TypeVar("T")


class ApiAnswer(BaseModel):
    """Base of every answer: frozen, and built only from the fields it names."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, protected_namespaces=())


class Listing(ApiAnswer, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: int
    limit: int
    offset: int
    next: str | None = Field(description="address of the next page, null on the last")
    snapshot_id: str = Field(description="names the data this was read from; equal ids mean equal data")
    data_freshness: Freshness
