from cellar.recall import trace


def test_pieces_count(monkeypatch):
    asked = []
    monkeypatch.setattr(trace, "rows", lambda db, sql, **values: asked.append(sql) or [{"shop_id": 3}, {"shop_id": 4}])
    assert trace.shops_with(None, 1) == {3, 4}
    assert "FROM piece" in asked[0]
