"""The names that a text writes as code: what stands in backticks and can be the name of a definition.

Invariant: everything that is found stands in the text at its offsets; commands, literals and expressions are left out.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from dataclasses import dataclass

from surefoot.checks.units import Units
from surefoot.checks.written import Extent
from surefoot.retrieve.named import parts_of_name

_BACKTICKED = re.compile(r"(?<![`\\])(`{1,2})(?!`)([^`\n]{1,300}+)\1(?!`)")
_IDENTIFIER = r"[^\W\d][\w$]*+"
_NAME = re.compile(
    r"(?:(?:async|export|public|private|static|final|abstract|await|pub)\s+)*+"
    r"(?:(?:def|class|func|fn|function|struct|interface|trait|enum|type|impl|new|module|mod)\s+)?+"
    rf"(?P<name>[@$&]{{0,2}}{_IDENTIFIER}(?:(?:\.|::|->|\#|\\){_IDENTIFIER}[!?]?)*+[!?]?)"
    r"(?:<[^<>`]{1,80}>)?(?P<call>\((?P<inside>.{0,200})\)|!\(\))?[:;,]?$"
)
_COMPOUND = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]{2,}|[^\W_]_+[^\W_]")
_SHOUTED = re.compile(r"[A-Z][A-Z0-9_]*$")


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name in backticks; `text` is without the brackets of a call, and `extent` its offsets in the text."""

    extent: Extent
    text: str
    quoted_at: Extent  # with the backticks
    is_call: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a dotted name."""
        return parts_of_name(self.text.lstrip("@$&"))

    @property
    def last(self) -> str:
        """What the name ends in: the definition that is meant."""
        parts = self.parts
        return parts[-1] if parts else ""

    @property
    def is_compound(self) -> bool:
        """Whether its last part is written as only code is: inner capitals or underscores, and no environment's."""
        return is_compound(self.last)

    @property
    def is_shouted(self) -> bool:
        """Whether it may be a constant, or a variable of an environment."""
        return "_" in self.last.strip("_") and bool(_SHOUTED.match(self.last))


# What languages and their standard libraries call so: it is in no project's tree, and nobody misses it there.
_OTHERS = """
    ArrayBuffer ArrayList AtomicInteger AtomicLong AsyncGenerator AsyncIterator AbortController AbortSignal
    BigInt BufferedReader CompletableFuture ConcurrentHashMap CountDownLatch DataView DateTime DefaultDict
    ExecutorService FileNotFoundException FinalizationRegistry FormData HashMap HashSet IllegalArgumentException
    IllegalStateException InputStream Int32Array IOException IndexOutOfBoundsException LinkedHashMap LinkedList
    NullPointerException NumberFormatException OutputStream PhantomData PromiseLike RangeError ReadableStream
    ReentrantLock ReferenceError RegExp RuntimeException RwLock SharedArrayBuffer StringBuilder SyntaxError
    TextDecoder TextEncoder ThreadLocal ThreadPoolExecutor ProcessPoolExecutor TimeUnit TreeMap TypeError Uint8Array
    UnsupportedOperationException URLSearchParams VecDeque BTreeMap WeakMap WeakRef WeakSet WritableStream
    XMLHttpRequest
    asyncio NamedTuple TypedDict OrderedDict ContextVar TypeVar ParamSpec TYPE_CHECKING setTimeout setInterval
    clearTimeout setImmediate queueMicrotask nextTick parseInt parseFloat isNaN toString valueOf hasOwnProperty
    size_t uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t unique_ptr shared_ptr string_view
    instance_variables instance_variable_get instance_variable_set instance_eval instance_exec instance_of kind_of
    is_a respond_to public_send method_missing define_method class_eval object_id to_json to_s
    unordered_map static_cast dynamic_cast reinterpret_cast const_cast nullptr_t printf malloc
    """.split()
OF_LANGUAGES = frozenset([*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *_OTHERS])
# What a class has that is made from a collection of its language.
OF_COLLECTIONS = frozenset(name for kind in (list, dict, set, tuple) for name in dir(kind))
MODULES_OF_LANGUAGES = frozenset(sys.stdlib_module_names) | frozenset(
    """
    std core alloc java javax kotlin node fmt strings strconv errors context ioutil sync console window document
    """.split()
)


def is_test_name(word: str) -> bool:
    """Whether a word is written as tests are called."""
    return word.lower().startswith("test") or word.endswith(("Test", "Tests", "_test"))


def is_compound(word: str) -> bool:
    """Whether a word is written as only code is, and not as a constant is."""
    return bool(_COMPOUND.search(word)) and not _SHOUTED.match(word)


def written_names(text: str, units: Units) -> list[WrittenName]:
    """The names in backticks, outside of fenced code, in the order of the text."""
    found = []
    for match in _BACKTICKED.finditer(text):
        if units.is_code(match.start()):
            continue
        inside = match.group(2)
        name = _NAME.match(inside.strip())
        if name is None or _is_expression(name):
            continue
        begin = match.start(2) + len(inside) - len(inside.lstrip()) + name.start("name")
        found.append(WrittenName((begin, begin + len(name["name"])), name["name"], match.span(), bool(name["call"])))
    return found


def _is_expression(name: re.Match[str]) -> bool:
    """A call of a call is some code, and no name."""
    return ")" in (name["inside"] or "") and "(" not in (name["inside"] or "")
