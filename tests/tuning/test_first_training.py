from tuning.first_training import first_training_day


def test_the_first_training_follows_the_days_of_a_training_set_and_their_last_outcomes() -> None:
    assert [first_training_day(days) for days in (1.0, 4.5, 5.0)] == [2, 6, 6]
