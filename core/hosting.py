"""What a hosted language model runs on."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Hosting(BaseModel):
    """The hardware that a model takes, and what it may use of it.

    Parameters
    ----------
    device: cpu or gpu
    gpus: GPUs that one replica spreads its weights over
    accelerator_type: kind of GPU as Ray names it, e.g. L4; empty takes any
    replicas: copies of the model
    context: tokens of prompt and answer together, at most
    sequences: requests decoded at one time by a replica
    kv_cache_gb: memory for the attention's keys and values, on the CPU
    dtype: of the weights; empty is float32 on the CPU (bfloat16 is slower there) and bfloat16 on a GPU

    Examples
    --------
    >>> Hosting(device="gpu", gpus=4).replicas
    1
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Literal["cpu", "gpu"] = "cpu"
    gpus: int = Field(1, gt=0)
    accelerator_type: str = ""
    replicas: int = Field(1, gt=0)
    context: int = Field(2048, gt=0)
    sequences: int = Field(20, gt=0)
    kv_cache_gb: int = Field(1, gt=0)
    dtype: str = ""
