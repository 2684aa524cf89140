from cellar.reports.weightloss import percent


def test_loss():
    assert percent(6000, 5400) == 10.0
    assert percent(0, 0) == 0.0
