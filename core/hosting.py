"""What a hosted language model runs on."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Hosting(BaseModel):
    """The hardware of a hosted model, and how much of it the model may use.

    Parameters
    ----------
    device: cpu or gpu
    gpus: number of GPUs that one replica spreads its weights over
    accelerator_type: kind of GPU as Ray names it, e.g. L4; any kind when empty
    replicas: number of copies of the model
    context: most tokens of prompt and answer together
    sequences: most requests that a replica decodes at the same time
    kv_cache_gb: memory for the attention's keys and values on the CPU, GB
    dtype: type of the weights; when empty, float32 on the CPU (bfloat16 is slower there) and bfloat16 on a GPU

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
