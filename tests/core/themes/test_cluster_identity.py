"""Identities of clusters over cycles: matched by overlap, one to one, and nothing lost without a word."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.themes.cluster_identity import identify

AT = datetime(2025, 5, 14, tzinfo=UTC)
TAGS = st.sampled_from([f"tag{i}" for i in range(40)])


def partitions() -> st.SearchStrategy[list[frozenset[str]]]:
    numbered = st.dictionaries(TAGS, st.integers(0, 5), max_size=40)
    return numbered.map(
        lambda groups: [
            frozenset(tag for tag, group in groups.items() if group == number) for number in sorted({*groups.values()})
        ]
    )


@given(before=partitions(), groups=partitions())
def test_every_cluster_has_one_fate(before: list[frozenset[str]], groups: list[frozenset[str]]) -> None:
    clusters = {f"c{i}": members for i, members in enumerate(before)}
    after = identify(clusters, groups, AT)
    kept = set(after.ids) & set(clusters)
    assert len(set(after.ids)) == len(groups)
    assert kept | set(after.merged) | set(after.gone) == set(clusters)
    assert len(kept) + len(after.merged) + len(after.gone) == len(clusters)
    assert set(after.ids) - kept == set(after.born) | set(after.split)
    assert set(after.merged.values()) | set(after.split) <= set(after.ids)


@given(before=partitions())
def test_the_same_clusters_keep_their_ids(before: list[frozenset[str]]) -> None:
    clusters = {f"c{i}": members for i, members in enumerate(before)}
    after = identify(clusters, before[::-1], AT)
    assert after.ids == tuple(reversed(clusters))
    assert [*after.born, *after.split, *after.merged, *after.gone] == []


def test_merges_and_splits() -> None:
    clusters = {"a": frozenset("123456"), "b": frozenset("789")}
    together = identify(clusters, [frozenset("123456789")], AT)
    assert (together.ids, dict(together.merged)) == (("a",), {"b": "a"})
    apart = identify({"a": frozenset("123456789")}, [frozenset("12345"), frozenset("6789")], AT)
    assert apart.ids[0] == "a"
    assert dict(apart.split) == {apart.ids[1]: "a"}


def test_too_little_in_common_is_another_cluster() -> None:
    after = identify({"a": frozenset("123456")}, [frozenset("6vwxyz")], AT)
    assert after.gone == ("a",)
    assert len(after.born) == 1
