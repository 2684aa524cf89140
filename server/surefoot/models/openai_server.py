"""A model behind an OpenAI-compatible server on this machine: Ollama, llama-server, LM Studio.

Invariant: nothing is ever sent to another machine: other hosts are refused, proxies and redirects are not used.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from surefoot.errors import Cancelled, ContextFullError, ModelError, ModelNotFoundError, UsageError, WorkerDiedError
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
CONTEXT_TOKENS = 4096  # what Ollama gives a model unless told otherwise; most others give more
CHARACTERS_PER_TOKEN = 3.5  # of source code in the common vocabularies; used where the server cannot count
MOST_COUNTED = 16  # texts, one request each; more are counted together
POLL_SECONDS = 0.02
# A prompt of 4,000 tokens takes minutes on a CPU before the first piece comes, so reading has no limit of its own.
TIMEOUT = httpx.Timeout(10.0, connect=3.0, read=None)
QUICK = httpx.Timeout(10.0, connect=3.0)


@dataclass(frozen=True, slots=True)
class _Finished:
    error: Exception | None


class ServerGenerator:
    """A `Generator` over `http://localhost:PORT`. `#NAME` at the end of the URL chooses one of its models."""

    def __init__(self, url: str) -> None:
        self._base, self._model = _checked(url)
        self.context_tokens = CONTEXT_TOKENS
        self._counts = True  # until the server says that it has no /tokenize

    @property
    def name(self) -> str:
        """The model and the server."""
        return f"{self._model} at {self._base}" if self._model else self._base

    def models(self) -> tuple[str, ...]:
        """The names of the models that the server offers."""
        data = self._quick("GET", "/v1/models")
        try:
            return tuple(str(model["id"]) for model in data["data"])
        except (KeyError, TypeError) as error:
            raise ModelError(f"The server at {self._base} does not speak the OpenAI protocol.") from error

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Exact where the server has llama-server's `/tokenize`, else estimated from the number of characters."""
        if self._counts and texts:
            try:
                return (
                    _shared_out(texts, self._counted) if len(texts) > MOST_COUNTED else list(map(self._counted, texts))
                )
            except (ModelError, KeyError, TypeError):
                self._counts = False
        return [math.ceil(len(text) / CHARACTERS_PER_TOKEN) for text in texts]

    def _counted(self, text: str) -> int:
        return len(self._quick("POST", "/tokenize", {"content": text})["tokens"])

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        """Pieces of the answer. The grammar is passed on; a server that ignores it is caught by the checks after."""
        cancel.raise_if_cancelled()
        if not self._model:
            self._model = self._first_model()
        stream = _Stream(f"{self._base}/v1/chat/completions", _body(request, self._model))
        try:
            yield from stream.pieces(cancel)
        except httpx.HTTPError as error:
            raise self._broken(error, began=stream.began) from error
        except _StatusError as error:
            raise self._refused(error) from error
        finally:
            stream.stop()

    def close(self) -> None:
        """Nothing is held between requests."""

    def _first_model(self) -> str:
        names = self.models()
        if not names:
            raise ModelNotFoundError(f"The server at {self._base} has no model; load one there first.")
        return names[0]

    def _quick(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            with httpx.Client(trust_env=False, timeout=QUICK) as client:
                response = client.request(method, self._base + path, json=body)
            if response.status_code >= 300:
                raise self._refused(_StatusError(response.status_code, response.text))
            return response.json()
        except httpx.HTTPError as error:
            raise self._broken(error, began=False) from error
        except ValueError as error:
            raise ModelError(f"The server at {self._base} does not speak the OpenAI protocol.") from error

    def _broken(self, error: httpx.HTTPError, *, began: bool) -> ModelError:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return ModelNotFoundError(f"No server answers at {self._base}; start it, or choose another --model.")
        when = "in mid-answer" if began else "without an answer"
        return WorkerDiedError(f"The server at {self._base} hung up {when}; ask again, or look at its log.")

    def _refused(self, error: _StatusError) -> ModelError:
        text = error.said
        if error.status in {400, 413} and "context" in text.lower():
            return ContextFullError(f"The prompt does not fit the context of {self.name} ({text}).")
        if error.status == 404 and "model" in text.lower():
            return ModelNotFoundError(f"The server at {self._base} has no model '{self._model}' ({text}).")
        return ModelError(
            f"The server at {self._base} answered with status {error.status} ({text or 'no reason given'})."
        )


def _shared_out(texts: Sequence[str], counted: Callable[[str], int]) -> list[int]:
    """The tokens of all texts together, shared out by their lengths: a request for each line would take seconds."""
    whole = "".join(texts)
    each = counted(whole) / max(len(whole), 1)
    return [math.ceil(each * len(text)) for text in texts]


class _StatusError(Exception):
    def __init__(self, status: int, body: str) -> None:
        super().__init__(status)
        self.status = status
        self.said = _reason(body)


class _Stream:
    """One streamed answer, read by an event loop on a thread of its own: that is what can be cancelled at once."""

    def __init__(self, url: str, body: dict[str, Any]) -> None:
        self.began = False
        self._url, self._body = url, body
        self._received: queue.SimpleQueue[str | _Finished] = queue.SimpleQueue()
        self._stop: Callable[[], None] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="model-server", daemon=True)

    def pieces(self, cancel: CancelToken) -> Iterator[str]:
        """The pieces as they come; raises what the reading thread met."""
        self._thread.start()
        while True:
            cancel.raise_if_cancelled()
            try:
                item = self._received.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(item, str):
                self.began = True
                yield item
            elif item.error is not None:
                raise item.error
            else:
                return

    def stop(self) -> None:
        """Close the connection, which makes the server stop too."""
        if self._thread.ident is None:
            return
        self._ready.wait()
        if self._stop:
            with contextlib.suppress(RuntimeError):  # the loop is over already
                self._stop()
        self._thread.join()

    async def _run(self) -> None:
        loop, reading = asyncio.get_running_loop(), asyncio.create_task(self._read())

        def stop() -> None:
            loop.call_soon_threadsafe(reading.cancel)

        self._stop = stop
        self._ready.set()
        error: Exception | None = None
        try:
            await reading
        except asyncio.CancelledError:
            error = Cancelled()
        except Exception as met:  # noqa: BLE001 - raised again on the asking thread
            error = met
        self._received.put(_Finished(error))

    async def _read(self) -> None:
        async with (
            httpx.AsyncClient(trust_env=False, timeout=TIMEOUT) as client,
            client.stream("POST", self._url, json=self._body) as response,
        ):
            if response.status_code >= 300:
                raise _StatusError(response.status_code, (await response.aread()).decode("utf-8", "replace"))
            async for line in response.aiter_lines():
                if line.startswith("data:") and not self._take(line.removeprefix("data:").strip()):
                    return

    def _take(self, data: str) -> bool:
        if data == "[DONE]":
            return False
        event = json.loads(data)
        if "error" in event:
            raise _StatusError(500, data)
        for choice in event.get("choices", ()):
            if text := (choice.get("delta") or {}).get("content"):
                self._received.put(text)
        return True


def _checked(url: str) -> tuple[str, str]:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError(f"'{url}' is not the address of a server ({error}).") from error
    if parsed.host not in LOOPBACK:
        raise UsageError(
            f"The server {parsed.host or url} is not on this machine, and Surefoot sends nothing to other machines; "
            "use http://localhost:PORT."
        )
    port = f":{parsed.port}" if parsed.port else ""
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    path = parsed.path.rstrip("/").removesuffix("/v1")
    return f"{parsed.scheme}://{host}{port}{path}", parsed.fragment


def _body(request: GenerationRequest, model: str) -> dict[str, Any]:
    turns = [{"role": "system", "content": request.system}] if request.system else []
    for asked, answered in request.examples:
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    body: dict[str, Any] = {
        "model": model,
        "messages": [*turns, {"role": "user", "content": request.user}],
        "max_tokens": request.max_tokens,
        "temperature": 0,
        "stream": True,
        "cache_prompt": True,  # llama-server: keep the evaluated prefix
    }
    return body | ({"grammar": request.grammar} if request.grammar else {})


def _reason(body: str) -> str:
    """The server's own words, shortened to fit a sentence."""
    try:
        error = json.loads(body)["error"]
        body = str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        pass
    return " ".join(body.split())[:200]
