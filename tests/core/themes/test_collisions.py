import numpy as np
import polars as pl
import pytest

from core.themes.collisions import MOST, collisions, theme_changes


def theme(name: str, angle: float, members: list[str]) -> dict[str, object]:
    centroid = [float(np.cos(angle)), float(np.sin(angle))]
    return {"cluster_id": name, "theme_label": name.title(), "members": members, "centroid": centroid}


def gains(**of: tuple[float | None, float | None]) -> pl.DataFrame:
    rows = [{"hashtag": tag, "gained": now, "gained_before": before} for tag, (now, before) in of.items()]
    return pl.DataFrame(rows, schema={"hashtag": pl.String, "gained": pl.Float64, "gained_before": pl.Float64})


THEMES = pl.DataFrame([theme("rise", 0.0, ["a", "b", "c"]), theme("fall", 0.3, ["d", "e", "f"])])
APART = gains(a=(900, 400), b=(800, 500), c=(100, 300), d=(200, 900), e=(500, 600), f=(100, 100))


def test_two_near_themes_that_go_apart_collide() -> None:
    (pair,) = collisions(THEMES, APART)
    assert (pair.rising.cluster_id, pair.falling.cluster_id) == ("rise", "fall")
    assert (pair.rising.leader, pair.falling.leader) == ("a", "e")
    assert pair.rising.change == pytest.approx(1800 / 1200 - 1)
    assert pair.falling.change == pytest.approx(800 / 1600 - 1)
    assert pair.similarity == pytest.approx(np.cos(0.3))


def test_those_far_in_meaning_or_moving_together_do_not() -> None:
    far = pl.DataFrame([theme("rise", 0.0, ["a", "b", "c"]), theme("fall", 1.4, ["d", "e", "f"])])
    assert collisions(far, APART) == []
    together = gains(a=(900, 400), b=(800, 500), c=(100, 300), d=(1900, 900), e=(700, 600), f=(100, 100))
    assert collisions(THEMES, together) == []


def test_too_little_known_says_nothing() -> None:
    unknown = gains(a=(900, 400), b=(800, 500), c=(None, 300), d=(200, 900), e=(500, 600), f=(100, 100))
    assert set(theme_changes(THEMES, unknown)) == {"fall"}
    small = gains(a=(9, 4), b=(8, 5), c=(1, 3), d=(200, 900), e=(500, 600), f=(100, 100))
    assert collisions(THEMES, small) == []
    assert collisions(THEMES.clear(), APART) == []


def test_the_nearest_come_first_and_the_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    themes = pl.DataFrame([theme(f"c{n:02d}", n / 12, [f"t{n}{i}" for i in range(4)]) for n in range(14)])
    tags = [tag for members in themes["members"] for tag in members]
    gained = gains(**{tag: (float(rng.uniform(0, 3e3)), float(rng.uniform(500, 2e3))) for tag in tags})
    pairs = collisions(themes, gained)
    assert 0 < len(pairs) <= MOST
    assert [pair.similarity for pair in pairs] == sorted((pair.similarity for pair in pairs), reverse=True)
    assert all(pair.rising.change >= 0.2 and pair.falling.change <= -0.2 for pair in pairs)
    assert collisions(themes.sample(fraction=1, shuffle=True, seed=2), gained.reverse()) == pairs
