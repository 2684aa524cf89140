from cellar.orders.pricing import amount, per_kilo


def test_grades_have_their_share():
    assert per_kilo("tomme") == 2720
    assert per_kilo("tomme", "C") == 1632


def test_what_the_scale_says_is_paid():
    assert amount(2450, 5_210) == 12_765
