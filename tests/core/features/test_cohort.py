"""What is known of a hashtag's cluster as features."""

from datetime import UTC, datetime, timedelta
from math import log

import polars as pl

from core.features.cohort import with_clusters

AT = datetime(2025, 5, 14, tzinfo=UTC)


def test_size_age_and_growth_of_the_cluster() -> None:
    rows = pl.DataFrame({"hashtag": ["a", "b", "c", "d"], "growth_24h_past": [0.1, 0.3, None, 9.0]})
    clusters = pl.DataFrame({"hashtag": ["a", "b", "c", "z"], "cluster_id": ["c1"] * 4, "size": [4] * 4})
    with_birth = clusters.with_columns(born_at=pl.lit(AT - timedelta(hours=30)))
    features = with_clusters(rows, with_birth, AT)
    assert features["hashtag"].to_list() == ["a", "b", "c", "d"]
    assert features["cluster_size_log"].to_list() == [log(5)] * 3 + [None]
    assert features["cluster_growth_24h"].to_list() == [0.2] * 3 + [None]
    assert features["cluster_age_h"].to_list() == [30.0] * 3 + [None]
