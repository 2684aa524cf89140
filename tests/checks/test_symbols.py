"""The policy for names: members, modules and slips are told; words, literals and other people's names are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import write_tree
from surefoot.engine import Engine

FILES = {
    "net/client.py": '''
        """A client."""

        import threading
        import requests


        class BaseClient:
            """What all clients have."""

            retries: int = 3

            def __init__(self, base_url):
                self._base_url = base_url

            def build_request(self):
                return requests.get(self._base_url)


        class HTTPClient(BaseClient):
            def send_all(self, requests_to_send):
                return [self.build_request() for _ in requests_to_send]

            def close(self):
                return None


        class Noted(BaseClient):  # Some words of a comment, as Thread
            def _parse_note(self):
                return self._parse_note()


        class Pages(collections.abc.Sequence):
            def next_page_number(self):
                return 1


        class Worker(threading.Thread):
            def run_forever(self):
                return 1


        def open_client(url):
            return HTTPClient(url)


        MAX_RETRIES = 5
    ''',
    "net/pool.py": """
        class ConnectionPool:
            def acquire_connection(self):
                return 1
    """,
    "db/store.cc": """
        #define EXPORT

        class EXPORT Base { public: void OpenFile(); };

        class Store : public Base {
         public:
          void WriteBlock(int x) { }
        };
    """,
    "jobs/worker.rb": """
        module Shared
          def shared_thing; end
        end

        class JobWorker
          include Shared
          def run_job; end
        end

        class RemoteWorker
          include Elsewhere::Shared
        end
    """,
    "jobs/mine.rb": """
        module Jobs
          module Mixin
            def mixed_in; end
          end

          class Other
            def drain_everything(x); end
          end

          class Mine
            include Jobs::Mixin

            def run_mine
              1
            end
          end
        end
    """,
    "lib/queue.go": """
        package lib

        type Queue struct {
            Buffer
        }

        type Buffer struct{}

        func (b *Buffer) Drain() int { return 1 }

        func (q *Queue) PushBack(x int) {}
    """,
    "lib/more.go": """
        package lib

        func (q *Queue) MarkAsExclusive() {}
    """,
    "tests/test_client.py": """
        def test_open_clients():
            return 1


        class HTTPServerTests:
            pass
    """,
}


@pytest.fixture
def check(open_engine: Callable[..., Engine], tmp_path) -> Callable[[str], list[tuple[str, str, str]]]:
    root = tmp_path / "proj"
    write_tree(root, FILES)
    engine = open_engine(root)
    engine.refresh()
    return lambda text: [(m.text, m.verdict.value, m.correction) for m in engine.check_text(text).mentions]


@pytest.mark.parametrize(
    "name",
    [
        "HTTPClient",
        "HTTPClient.send_all",
        "HTTPClient.send_all()",
        "net.client.HTTPClient.send_all",
        "net.HTTPClient",
        "HTTPClient.build_request",
        "HTTPClient._base_url",
        "HTTPClient.retries",
        "open_client(url)",
        "def open_client(url):",
        "MAX_RETRIES",
        "Queue.PushBack",
        "Queue.Drain",
        "lib.Queue",
        "HTTPClient#close",
        "HTTPClient::close",
        "class HTTPClient",
        "self.send_all",
        "Store::WriteBlock",
        "JobWorker#run_job",
        "JobWorker#shared_thing",
        "Worker.run_forever",
    ],
)
def test_what_is_there_is_valid(check: Callable[[str], list[tuple[str, str, str]]], name: str) -> None:
    assert [verdict for _, verdict, _ in check(f"Look at `{name}`.")] == ["valid"]


@pytest.mark.parametrize(
    ("name", "correction"),
    [
        ("HTTPClient.sendall", "HTTPClient.send_all"),
        ("HTTPClient.Close", "HTTPClient.close"),
        ("HTTPClient.build_requests", "HTTPClient.build_request"),
        ("HTTPClient.acquire_connection", ""),
        ("HttpClient", "HTTPClient"),
        ("HTTPCleint.close", "HTTPClient.close"),
        ("opn_client()", "open_client"),
        ("net.client.HTTPClient.clsoe", "net.client.HTTPClient.close"),
        ("Worker.run_forver", "Worker.run_forever"),
        ("Queue.PushBak", "Queue.PushBack"),
        ("Queue.MarkAsExclusives", "Queue.MarkAsExclusive"),
        ("HTTPServer", ""),
        ("Pages.next_page", ""),
        ("Noted.drain", ""),
        ("Noted.parse_note", "Noted._parse_note"),
        ("Worker._run_quietly", ""),
        ("Store::FlushBlocksToDisk", ""),
        ("JobWorker#retry_later_on", ""),
        ("RedisCache", ""),
        ("RedisCache.invalidate", ""),
        ("invalidate_cache()", ""),
        ("MAX_RETRIEZ", "MAX_RETRIES"),
        ("net.pool.open_client", "net.client.open_client"),
    ],
)
def test_what_is_not_there_is_said_and_put_right(
    check: Callable[[str], list[tuple[str, str, str]]], name: str, correction: str
) -> None:
    ((text, verdict, corrected),) = check(f"Look at `{name}`.")
    assert (verdict, corrected) == ("moved" if name == "net.pool.open_client" else "missing", correction)
    assert text == name.removesuffix("()")


@pytest.mark.parametrize(
    "text",
    [
        "`None`, `true`, `self`, `--flag`, `-v`, `\"text\"`, `'x'`, `42`, `3.11`, `{}`, `a + b`, `x = 1`",
        "`timeout` `hello`",
        "`requests.get`, `threading.Lock`, `os.path.join()`, `asyncio.gather`",
        "`pip install thing_you_like`",
        "`GET` `HTTP`",
        "`print()`, `len(x)`, `isinstance()`, `ValueError`, `ThreadPoolExecutor`",
        "`HTTP_PROXY` and `MY_SECRET_TOKEN`",
        "`Worker.is_alive` comes from elsewhere",
        "`JobWorker#instance_variables`, `Store::size`, `Store::OpenFile`, `RemoteWorker#made_elsewhere`",
        "Celery's `shared_task`, OpenSSL\u2019s own `SSL_CTX_new`, and `django-history`'s `HTTPClients`",
        "In Angular: `HttpService.get`, `takeUntilGone()` and `AsyncPipe`",
        "`Pages.count` and `Pages.index`, and in aiohttp `ClientTimeouts`",
        "- With PostgreSQL look at `pg_stat_activity`",
        "The former `RedisCache` is gone.",
        "Add a new class `RedisCache` here.",
        "There is no `RedisCache` here.",
        "`RedisCache` was removed long ago.",
        "`old_name` was renamed to `open_client`.",
        "`foo()` `MyClass.method` `client.send_all`",
        "You could write a `helper_function` for that.",
        "[`SomeThing`](https://example.com/some)",
        "```python\nRedisCache().invalidate_all()\n```\nHere `invalidate_all` is what you want.",
        "### Removed\n\n- `old_api`",
        "The Kubernetes `readinessProbe` and the npm package `leftPad`",
        "`git commit -m x`",
        "`https://x.y/z`",
        "`client`",
        "`net.client`, `net.pool`",
        "`<div>` `&nbsp;` `$x`",
    ],
)
def test_no_alarm(check: Callable[[str], list[tuple[str, str, str]]], text: str) -> None:
    assert [found for found in check(text) if found[1] != "valid"] == []


@pytest.mark.parametrize(
    "text",
    [
        "`RedisCache` is not persistent.",
        "Proj's `RedisCache` is fast.",
        "`HTTPClient`'s `redis_cache` is fast.",
        "In Angular and elsewhere. `RedisCache` is fast.",
        "Let's look at it: `RedisCache`",
    ],
)
def test_what_a_text_says_of_others_is_no_excuse(check: Callable[[str], list[tuple[str, str, str]]], text: str) -> None:
    assert [name for name, verdict, _ in check(text) if verdict == "missing"] in (["RedisCache"], ["redis_cache"])


def test_a_call_on_a_variable_is_looked_for_in_the_file_beside_it(
    check: Callable[[str], list[tuple[str, str, str]]],
) -> None:
    lines = FILES["net/client.py"].strip("\n").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "def build_request" in text)
    assert ("net/client.py:1", "moved", f"net/client.py:{line}") in check("`c.build_request()` (net/client.py:1)")
    assert ("net/pool.py:1", "valid", "") in check("`c.build_request()` (net/pool.py:1)")


def test_beside_lines_even_a_plain_word_is_a_claim(check: Callable[[str], list[tuple[str, str, str]]]) -> None:
    found = check("`clsoe` is defined in net/client.py:24.")
    assert ("clsoe", "missing", "close") in found


def test_of_a_class_without_the_member_the_one_at_the_lines_is_meant(
    check: Callable[[str], list[tuple[str, str, str]]],
) -> None:
    lines = FILES["net/client.py"].strip("\n").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "def send_all" in text)
    assert ("HTTPClient.acquire_connection", "missing", "HTTPClient.send_all") in check(
        f"`HTTPClient.acquire_connection` (net/client.py:{line})"
    )


@pytest.mark.parametrize(
    "text",
    [
        "`open_client` calls what stands in net/pool.py:1-3.",
        "`HTTPClient` is used by the code at net/pool.py:2.",
        "Unlike `HTTPClient`, the pool (net/pool.py:1) keeps connections.",
        "`HTTPClient` inherits its constructor. The pool is in net/pool.py:1-3.",
        "- `HTTPClient` needs net/pool.py:2 to work",
    ],
)
def test_a_name_in_the_same_sentence_is_not_said_to_stand_there(
    check: Callable[[str], list[tuple[str, str, str]]], text: str
) -> None:
    assert [found for found in check(text) if found[1] != "valid"] == []


def test_a_class_does_not_inherit_from_the_module_that_its_mixin_is_in(
    check: Callable[[str], list[tuple[str, str, str]]],
) -> None:
    assert ("Mine#mixed_in", "valid", "") in check("`Mine#mixed_in` is mixed in.")
    found = check("`Mine#drain_everything` (jobs/mine.rb:14) does it.")
    assert found[0] == ("Mine#drain_everything", "missing", "Mine#run_mine")
