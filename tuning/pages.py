"""Pages rendered from the templates in this package."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(template: str, **values: Any) -> str:
    """Return a page; values are escaped, and a value that the template needs but does not get is an error."""
    environment = Environment(
        loader=PackageLoader("tuning", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(**values)
