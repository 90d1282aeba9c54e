from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.grounding.sentences import broken_rules, metric


@settings(deadline=None)
@given(st.floats(-0.99, 9.99).filter(lambda value: abs(value) >= 0.01), st.integers(0, 2))
def test_a_signed_share_passes_and_its_opposite_does_not(value: float, decimals: int) -> None:
    size = f"{abs(100 * value):.{decimals}f} %"
    sign, opposite = ("-", "+") if value < 0 else ("+", "-")
    assert broken_rules(f"Velocity is {sign}{size}.", metric("velocity", value, "ratio")) == []
    assert broken_rules(f"Velocity is {opposite}{size}.", metric("velocity", value, "ratio")) == ["direction"]
