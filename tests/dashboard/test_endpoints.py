"""Every endpoint over a real engine: what the page gets is what the command line would print."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from conftest import SHOP, write_tree
from dashboard.serving import ask, indexed, opened
from surefoot import golden
from surefoot.dashboard.app import ENDPOINTS


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SUREFOOT_MODEL", "none")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "cache"


@pytest.fixture
async def both(shop: Path, cache: Path):
    async with opened(shop) as (client, dashboard):
        await indexed(client)
        yield client, dashboard


@pytest.fixture
def client(both) -> httpx.AsyncClient:
    return both[0]


def sentence(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/json"
    told = reply.json()
    assert list(told) == ["error"]
    assert "\n" not in told["error"]
    return told["error"]


# --- searching and asking --------------------------------------------------------------------------------------


async def test_search_finds_what_the_engine_finds(client, shop):
    found = (await client.post("/api/search", json={"query": "add an item to the cart", "k": 3})).json()
    assert found["hits"][0]["path"] == "shop/cart.py"
    assert found["hits"][0]["root"] == str(shop)
    assert len(found["hits"]) <= 3
    assert (await client.get(f"/api/traces/{found['trace_id']}")).json()["client"] == "dashboard"


async def test_what_is_typed_ahead_leaves_no_trace(client):
    found = (await client.post("/api/search", json={"query": "tax", "trace": False})).json()
    assert found["trace_id"] == ""
    assert (await client.get("/api/traces")).json()["traces"] == []


async def test_filters_reach_the_engine(client, shop):
    found = (await client.post("/api/search", json={"query": "parcels freight", "source": "docs"})).json()
    assert {hit["path"] for hit in found["hits"]} == {"docs/shipping.md"}
    none = (await client.post("/api/search", json={"query": "rate_for", "path": "docs/**"})).json()
    assert "shop/tax.py" not in {hit["path"] for hit in none["hits"]}
    outside = await client.post("/api/search", json={"query": "x", "roots": [str(shop.parent)]})
    assert "is not a folder of this workspace" in sentence(outside, 400)


async def test_a_saved_file_is_found_at_once(client, shop):
    """Nobody tells the dashboard of a save: what it shows is compared with disk, and the watcher brings the rest."""
    (shop / "shop" / "refund.py").write_text("def give_money_back(order):\n    return order.total\n")
    async with asyncio.timeout(30):
        while not (await client.post("/api/search", json={"query": "give_money_back"})).json()["hits"]:
            await asyncio.sleep(0.05)


async def test_an_answer_comes_as_evidence_then_claims_then_the_whole(client):
    pieces = await ask(client, "What does rate_for return?")
    names = [name for name, _ in pieces]
    assert names[0] == "evidence"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"claim"}
    answer = pieces[-1][1]
    assert [piece["claim"] for name, piece in pieces if name == "claim"] == answer["claims"]
    assert answer["citations"][0]["verdict"] == "valid"
    assert answer["mode"] == "extractive"


async def test_what_the_engine_refuses_is_the_last_event(client):
    assert await ask(client, "  ") == [("error", {"error": "The question is empty; ask something about the code."})]
    told = (await ask(client, "where?", model="no-such-model"))[-1]
    assert told[0] == "error"
    assert "no-such-model" in told[1]["error"]


# --- the index -------------------------------------------------------------------------------------------------


async def test_status_counts_and_says_where_places_lead(client):
    status = (await client.get("/api/status")).json()
    assert status["files"] == len(SHOP)
    assert status["editor_link"] == "vscode://file/{path}:{line}"
    assert status["version"]
    assert status["notices"] == []
    assert status["roots"][0]["skipped_files"] == []


async def test_status_has_details_where_they_are_wanted(client, shop):
    (shop / "logo.png").write_bytes(b"\x89PNG")
    await client.post("/api/reindex", json={})
    skipped = (await client.get("/api/status?details=1")).json()["roots"][0]["skipped_files"]
    assert skipped == [{"path": "logo.png", "reason": "binary"}]


async def test_reindex_reports_what_it_did(client, shop):
    (shop / "new.py").write_text("def brand_new():\n    pass\n")
    report = (await client.post("/api/reindex", json={})).json()
    assert report["files"] == len(SHOP) + 1
    assert report["failed"] == []


async def test_coverage_tells_every_file_and_how_it_stands(both, shop, monkeypatch):
    client, dashboard = both
    dashboard.session._changes.close(5.0)  # what follows is to be seen before it is indexed
    (shop / "shop" / "tax.py").write_text("RATES = {}\n")
    (shop / "shop" / "new.py").write_text("x = 1\n")
    (shop / "shop" / "session.py").unlink()
    (shop / "logo.png").write_bytes(b"\x89PNG")
    (shop / "touched.md").write_text("x")
    path = shop / "docs" / "shipping.md"
    path.write_text(path.read_text())  # another time, the same content
    [root] = (await client.get("/api/coverage")).json()["roots"]
    states = {file["path"]: file["state"] for file in root["files"]}
    assert states["shop/tax.py"] == "changed"
    assert states["shop/new.py"] == states["touched.md"] == "new"
    assert states["shop/session.py"] == "gone"
    assert states["shop/cart.py"] == states["docs/shipping.md"] == "indexed"
    assert states["logo.png"] == "skipped"
    assert (root["root"], root["more"]) == (str(shop), 0)
    by_path = {file["path"]: file for file in root["files"]}
    assert by_path["shop/cart.py"]["language"] == "python"
    assert by_path["shop/cart.py"]["bytes"] == (shop / "shop" / "cart.py").stat().st_size
    assert by_path["logo.png"]["reason"] == "binary"


async def test_coverage_leaves_out_first_what_is_as_it_should_be(both, shop, monkeypatch):
    client, dashboard = both
    dashboard.session._changes.close(5.0)
    monkeypatch.setattr("surefoot.dashboard.indexed.MOST_FILES", 2)
    (shop / "zzz.py").write_text("x = 1\n")
    [root] = (await client.get("/api/coverage")).json()["roots"]
    assert {file["path"] for file in root["files"]} >= {"zzz.py"}
    assert len(root["files"]) == 2
    assert root["more"] == len(SHOP) + 1 - 2


async def test_models_are_those_of_the_catalogue_and_one_can_be_chosen(both):
    client, dashboard = both
    models = (await client.get("/api/models")).json()["models"]
    assert models[0]["default"]
    told = sentence(await client.post("/api/model", json={"name": "no-such-model"}), 400)
    assert "no-such-model" in told
    assert dashboard.session.settings.model == "none"
    url = "http://127.0.0.1:9/v1"
    assert (await client.post("/api/model", json={"name": url})).json() == {"name": url}
    assert (await client.get("/api/status")).json()["model"] == url
    assert (await client.post("/api/model", json={"name": "none"})).json() == {"name": "none"}


async def test_a_model_on_another_machine_is_refused(client):
    reply = await client.post("/api/model", json={"name": "http://evil.example/v1"})
    assert "evil.example" in sentence(reply, 400)


# --- places ----------------------------------------------------------------------------------------------------


async def test_files_and_symbols_are_found_by_a_part_of_their_names(client, shop):
    files = (await client.get("/api/files", params={"text": "cart"})).json()["files"]
    assert {"root": str(shop), "path": "shop/cart.py"} in files
    symbols = (await client.get("/api/symbols", params={"text": "addItem"})).json()["symbols"]
    assert symbols[0]["name"] == "Cart.add_item"
    assert (symbols[0]["path"], symbols[0]["kind"]) == ("shop/cart.py", "method")
    assert len((await client.get("/api/files", params={"text": "py", "limit": 1})).json()["files"]) == 1


async def test_a_file_is_shown_as_it_stands(client, shop):
    source = (await client.get("/api/source", params={"root": str(shop), "path": "shop/tax.py"})).json()
    assert source["text"] == (shop / "shop" / "tax.py").read_text()
    assert (source["language"], source["indexed"], source["path"]) == ("python", True, "shop/tax.py")
    absolute = (await client.get("/api/source", params={"path": str(shop / "shop" / "tax.py")})).json()
    assert absolute == source


async def test_nothing_outside_the_roots_is_shown(client, shop, tmp_path):
    (tmp_path / "secret.py").write_text("password = 'hunter2'")
    (shop / "link.py").symlink_to(tmp_path / "secret.py")
    (shop / ".env").write_text("PASSWORD=hunter2")
    for root, path in [
        (shop, "../secret.py"), (shop, "shop/../../secret.py"), (shop, str(tmp_path / "secret.py")),
        ("", "/etc/passwd"), (tmp_path, "secret.py"), ("/", "etc/passwd"), (shop, "link.py"), (shop, ".env"),
        (shop, "a\0b"), ("\0", "a"), (shop, "."), (shop, "no-such.py"), (shop, "x" * 5000),
        (shop, "..\\secret.py"), ("", "shop/tax.py"),
    ]:  # fmt: skip
        reply = await client.get("/api/source", params={"root": str(root), "path": path})
        assert 400 <= reply.status_code < 500, (root, path, reply.text)
        assert "hunter2" not in reply.text
        assert set(reply.json()) == {"error"}


async def test_neighbours_of_a_name(client, shop):
    graph = (await client.get("/api/neighbours", params={"name": "rate_for", "root": str(shop)})).json()
    names = {node["name"] for node in graph["nodes"]}
    assert {"rate_for", "Cart.total_price"} <= names
    assert graph["center"] in {node["id"] for node in graph["nodes"]}
    unknown = await client.get("/api/neighbours", params={"name": "no_such_name"})
    assert "no_such_name" in sentence(unknown, 400)


# --- traces ----------------------------------------------------------------------------------------------------


async def test_traces_are_listed_filtered_and_shown(client):
    answer = (await ask(client, "What does rate_for return?"))[-1][1]
    await client.post("/api/search", json={"query": "parcels"})
    rows = (await client.get("/api/traces")).json()["traces"]
    assert [row["kind"] for row in rows] == ["search", "ask"]
    asks = (await client.get("/api/traces", params={"kind": "ask", "limit": 5, "before": ""})).json()["traces"]
    assert [row["trace_id"] for row in asks] == [answer["trace_id"]]
    assert (await client.get("/api/traces", params={"text": "PARCELS"})).json()["traces"][0]["kind"] == "search"
    assert (await client.get("/api/traces", params={"client": "mcp"})).json()["traces"] == []
    shown = (await client.get(f"/api/traces/{answer['trace_id']}")).json()
    assert shown["stages"][0]["name"] == "resolve"
    assert "surefoot" in shown["versions"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=1e3", "limit=99999999999999999999", "outcome=odd", "odd=1"]
)
async def test_a_filter_that_is_none_is_one_sentence(client, query):
    sentence(await client.get(f"/api/traces?{query}"), 400)


async def test_a_trace_that_is_not_there_is_not_found(client):
    for path in ("/api/traces/nothing", "/api/traces/..%2f..%2fx", "/api/traces/%00"):
        sentence(await client.get(path), 404)
    sentence(await client.post("/api/traces/nothing/replay", json={}), 404)


async def test_a_replay_says_what_differs(client):
    found = (await client.post("/api/search", json={"query": "add an item to the cart"})).json()
    same = (await client.post(f"/api/traces/{found['trace_id']}/replay", json={})).json()
    assert (same["before_id"], same["first_difference"]) == (found["trace_id"], "")
    path = f"/api/traces/{found['trace_id']}/replay"
    broken = (await client.post(path, json={"set": ["rerank.off=true"]})).json()
    assert broken["first_difference"] == "rerank"
    sentence(await client.post(path, json={"set": ["no-such-stage.off=true"]}), 400)


async def test_metrics_count_what_was_asked(client):
    await client.post("/api/search", json={"query": "tax"})
    metrics = (await client.get("/api/metrics", params={"days": 7})).json()
    assert (metrics["all"]["questions"], metrics["days"]) == (1, 7)
    assert [tally["name"] for tally in metrics["by_client"]] == ["dashboard"]
    sentence(await client.get("/api/metrics", params={"days": 0}), 400)


async def test_a_wrong_answer_becomes_a_case(client, shop):
    answer = (await ask(client, "Where is the session opened?"))[-1][1]
    place = {"path": str(shop / "shop" / "session.py"), "start_line": 6, "end_line": 10}
    asked = {"trace_id": answer["trace_id"], "places": [place], "note": "the right one"}
    reply = (await client.post("/api/report", json=asked)).json()
    [case] = golden.load_cases([Path(reply["file"])])
    assert reply["file"] == str(shop / golden.TEAM_FILE)
    assert (case.id, case.question) == (reply["case_id"], "Where is the session opened?")
    assert (case.places[0].path, case.places[0].start_line) == ("shop/session.py", 6)
    assert "already has" in sentence(await client.post("/api/report", json=asked), 400)


async def test_a_report_that_cannot_be_kept_is_one_sentence(client, shop, tmp_path):
    answer = (await ask(client, "Where is the session opened?"))[-1][1]
    for change, status in (
        ({"trace_id": "nothing"}, 404),
        ({"places": [{"path": str(tmp_path / "x.py"), "start_line": 1, "end_line": 1}]}, 400),
        ({"places": [{"path": str(shop / "shop/tax.py"), "start_line": 9, "end_line": 2}]}, 400),
        ({"places": [{"path": str(shop / "shop/tax.py"), "start_line": 0, "end_line": 2}]}, 400),
    ):
        sentence(await client.post("/api/report", json={"trace_id": answer["trace_id"], **change}), status)
    assert not (shop / golden.TEAM_FILE).exists()


async def test_two_reports_of_one_answer_at_once_are_one_case(client, shop):
    answer = (await ask(client, "Where is the session opened?"))[-1][1]
    asked = {"trace_id": answer["trace_id"]}
    replies = await asyncio.gather(*(client.post("/api/report", json=asked) for _ in range(5)))
    assert sorted(reply.status_code for reply in replies) == [200, 400, 400, 400, 400]
    assert len(golden.load_cases([shop / golden.TEAM_FILE])) == 1


# --- manners ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for method, path in ENDPOINTS if method == "POST"])
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff", b'{"odd": 1}', b"{" * 5000, b'{"query": "\\ud800"}']
)
async def test_a_body_that_is_not_understood_is_one_sentence(client, path, body):
    if body == b"" and path in ("/api/reindex", "/api/traces/{id}/replay"):
        return  # nothing has to be said there
    reply = await client.post(path, content=body, headers={"Content-Type": "application/json"})
    sentence(reply, 400)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_form_is_no_request(client, kind):
    """What a form on another site can send without asking; the token would stop it too."""
    reply = await client.post("/api/search", content=b'{"query": "x"}', headers={"Content-Type": kind})
    sentence(reply, 415)


async def test_unknown_paths_and_methods_are_told_in_json(client):
    assert sentence(await client.get("/api/nothing"), 404) == "There is nothing at GET /api/nothing."
    for path in ("/api", "/api/", "/api/search/", "/nothing", "/api/status/x"):
        sentence(await client.get(path), 404)
    sentence(await client.get("/api/search"), 405)
    sentence(await client.delete("/api/status"), 405)


@pytest.mark.parametrize("path", ["/api/files", "/api/symbols", "/api/source", "/api/neighbours"])
async def test_a_missing_parameter_is_named(client, path):
    assert (sentence(await client.get(path), 400)).endswith("is missing.")


async def test_hostile_names_and_contents_arrive_as_they_are(shop, cache):
    """Nothing is made harmless here: JSON carries it, and the page sets it as text."""
    nasty = "<img src=x onerror=alert(1)>\u202egnp.js"
    write_tree(shop, {f"{nasty}.py": "def evil_thing():\n    '''</script><script>alert(1)</script>\u2028'''\n"})
    async with opened(shop) as (client, _):
        await indexed(client)
        [root] = (await client.get("/api/coverage")).json()["roots"]
        assert any("onerror" in file["path"] for file in root["files"])
        reply = await client.post("/api/search", json={"query": "evil_thing"})
        assert reply.headers["content-type"] == "application/json"
        json.loads(reply.text)


async def test_twenty_searches_at_once_while_indexing_are_all_answered(shop, cache):
    write_tree(shop, {f"many/module_{n}.py": f"def function_{n}(x):\n    return x + {n}\n" for n in range(300)})
    async with opened(shop) as (client, _):
        asked = [client.post("/api/search", json={"query": f"function_{n}", "trace": False}) for n in range(20)]
        replies = await asyncio.gather(client.post("/api/reindex", json={}), *asked)
        assert [reply.status_code for reply in replies] == [200] * 21
        await indexed(client)
        found = (await client.post("/api/search", json={"query": "function_7"})).json()
        assert found["hits"][0]["path"] == "many/module_7.py"


async def test_a_folder_that_cannot_be_opened_is_told(tmp_path, cache):
    async with opened(tmp_path / "nowhere") as (client, _):
        assert "nowhere" in sentence(await client.get("/api/status"), 400)
        assert (await client.get("/api/models")).status_code == 200
