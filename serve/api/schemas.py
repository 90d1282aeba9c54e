"""Bases of all HTTP answers; FastAPI generates the OpenAPI document from the files named `*_schemas`."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from serve.reading.state import Freshness

T = TypeVar("T")


class ApiAnswer(BaseModel):
    """Base of the answers that are no stored records: frozen; fields that it doesn't name are ignored."""

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
