"""Pages out of the templates beside this file."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(template: str, **values: Any) -> str:
    """Return one page; values are escaped, and one that the template asks for and does not get is an error."""
    environment = Environment(
        loader=PackageLoader("tuning", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(**values)
