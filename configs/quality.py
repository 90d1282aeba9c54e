"""The limits of the quality checks, read once by entry points."""

from importlib import resources
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import UsageError
from core.quality import CHECKS, Limit, Limits


class _LimitRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    warning: float | None = Field(None, ge=0, le=1)
    critical: float | None = Field(None, ge=0, le=1)


class _LimitsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    least: int = Field(20, ge=1)
    checks: dict[str, dict[str, _LimitRow]]

    @model_validator(mode="after")
    def checks_exist(self) -> "_LimitsFile":
        """Every named check must exist."""
        unknown = sorted(set(self.checks) - set(CHECKS))
        if unknown:
            raise ValueError(f"there is no check {unknown[0]!r}; there are {', '.join(CHECKS)}")
        return self


def load_quality(path: Path | None = None) -> Limits:
    """Read the file of limits (default: the shipped one); UsageError names the first thing wrong."""
    with resources.as_file(resources.files("configs") / "quality.yaml") as shipped:
        chosen = path or shipped
        try:
            content = yaml.safe_load(chosen.read_text(encoding="utf-8"))
            file = _LimitsFile.model_validate(content)
        except (OSError, yaml.YAMLError) as error:
            raise UsageError(f"quality file {chosen}: {str(error).splitlines()[0]}") from None
        except ValidationError as error:
            first = error.errors()[0]
            raise UsageError(f"{chosen.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return Limits(
        {
            check: {entity: Limit(row.warning, row.critical) for entity, row in rows.items()}
            for check, rows in file.checks.items()
        },
        file.least,
    )
