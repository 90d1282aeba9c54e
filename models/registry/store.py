"""The store of trained models: one immutable folder per model, named after its contents."""

import json
import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xxhash

from core.errors import StorageError
from core.evaluation.model_ids import model_id_of
from core.labels.label_scale import TOTALS
from models.interface import Scorer
from models.label_scale import LabelScaleModel
from models.registry.kinds import KINDS

CARD = "model.json"
_LIBRARIES = ("numpy", "polars", "scikit-learn", "xgboost-cpu")
_NETWORKS = frozenset({"lstm", "tft", "blend-tft"})


@dataclass(frozen=True)
class ModelCard:
    """The description of a stored model.

    Parameters
    ----------
    model_id: kind, time of training (or `untrained`) and a hash of the files; equal trainings have the same id
    kind: key of `models.registry.kinds.KINDS`
    created_at: time of training, on the installation's clock
    training_set: name, versions of the tables, content hash, rows, start, end; empty for an untrained model
    features: names of the features, in order
    metrics: figure -> value on held-out rows
    importance: feature -> mean absolute contribution, strongest first
    environment: versions of Python and the libraries
    data_hash: hash of the training rows
    files_hash: hash of the model's files
    """

    model_id: str
    kind: str
    created_at: datetime
    features: tuple[str, ...]
    files_hash: str
    training_set: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    importance: Mapping[str, float] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    data_hash: str = ""


def store(
    root: Path,
    model: Scorer,
    now: datetime,
    *,
    training_set: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    importance: Mapping[str, float] | None = None,
) -> ModelCard:
    """Write a model into its own folder and return its card; storing the same model again changes nothing.

    Parameters
    ----------
    root: folder of all models; raises StorageError when it can't be written
    model: the fitted model
    now: time of training
    training_set: description of the training set; without it the model counts as untrained, and its id has no time
    metrics: figure -> value on held-out rows
    importance: feature -> mean absolute contribution
    """
    root.mkdir(parents=True, exist_ok=True)
    temporary = root / f".writing-{model.kind}-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        model.save(temporary)
        files = _files_hash(temporary)
        data_hash = str((training_set or {}).get("content_hash", ""))
        short = xxhash.xxh64_hexdigest(f"{files}|{data_hash}|{'|'.join(model.features)}")[:8]
        name = model_id_of(model.kind, now if training_set else None, short)
        card = ModelCard(
            name, model.kind, now, model.features, files, training_set or {}, metrics or {}, importance or {},
            environment(model.kind), data_hash,
        )  # fmt: skip
        return _publish(temporary, root / card.model_id, card)
    except OSError as problem:
        raise StorageError(
            f"the model can't be written under {root}: {problem}; free space or change the folder"
        ) from problem
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load(root: Path, model_id: str) -> tuple[Scorer, ModelCard]:
    """Return a stored model and its card; raise StorageError when it is missing, changed, or has other features.

    A model that learnt from growth by totals alone (`core.labels.label_scale`) is returned as a `LabelScaleModel`.
    """
    card = read_card(root, model_id)
    folder = root / model_id
    if _files_hash(folder) != card.files_hash:
        raise StorageError(f"the files of model {model_id} are not those that were stored; restore {folder} or retrain")
    model = KINDS[card.kind].load(folder)
    if model.features != card.features:
        raise StorageError(f"model {model_id} uses other features than its card says; restore {folder} or retrain")
    return LabelScaleModel(model) if card.training_set.get("growth_by") == TOTALS else model, card


def read_card(root: Path, model_id: str) -> ModelCard:
    """Return the card of a stored model; raise StorageError when there is none."""
    try:
        state = json.loads((root / model_id / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise StorageError(
            f"model {model_id} can't be read from {root}: {problem}; restore the folder or retrain"
        ) from problem
    created = datetime.fromisoformat(state.pop("created_at"))
    return ModelCard(**{**state, "features": tuple(state["features"])}, created_at=created)


def environment(kind: str) -> dict[str, str]:
    """Return the versions of Python and of the libraries that a kind of model needs, by name."""
    libraries = (*_LIBRARIES, "torch") if kind in _NETWORKS else _LIBRARIES
    return {"python": platform.python_version()} | {name: version(name) for name in libraries}


def _publish(temporary: Path, folder: Path, card: ModelCard) -> ModelCard:
    if (folder / CARD).exists():
        return read_card(folder.parent, card.model_id)
    state = asdict(card) | {"created_at": card.created_at.isoformat()}
    (temporary / CARD).write_text(json.dumps(state, indent=1, sort_keys=False), encoding="utf-8")
    for path in (*sorted(temporary.iterdir()), temporary):
        _sync(path)
    temporary.rename(folder)
    _sync(folder.parent)
    return card


def _files_hash(folder: Path) -> str:
    digest = xxhash.xxh3_128()
    for path in sorted(folder.iterdir()):
        if path.name != CARD:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
