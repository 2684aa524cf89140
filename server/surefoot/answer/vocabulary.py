"""The words in which code is spoken of, and what in code bears them out.

A sentence about code has words that its lines need not have: "function", "default", "otherwise". It has verbs, for
which the lines must have something: what "raises" has a `raise`, a `throw` or a name that ends in Error. Any other word
has to stand in the lines.

Invariant: plain tables; a verb that is in none of them is a word like any other.
"""

from __future__ import annotations

import re

from surefoot.words import stem

_GENERIC = """
    function method class module file object instance variable value parameter argument attribute property constant
    field result default defaults name type kind case way line block body branch loop step caller callee user code data
    text string number integer boolean character content element item entry entries member part whole side rest end
    beginning start input output given specific certain particular current present other another different new
    first second single several multiple one two three each every whole corresponding respective simply
    directly immediately automatically internally explicitly itself respectively finally successfully otherwise instead
    else already currently without within along based according depending due because therefore thus hence either
    neither nor whether both same available necessary needed required optional called named known which whose where
    perform performs performed do does done use uses used using contain contains containing include includes including
    handle handles handled provide provides provided represent represents involve involves define defines defined
    implement implements allow allows allowed enable ensure ensures ensured make makes made let lets take takes taken
    accept accepts accepted keep keeps kept work works follow follows following occur occurs happen happens become
    becomes mean means serve serves act acts set up just also only then later early once soon long still exactly
    time times lookup process operation logic behavior behaviour condition action purpose version platform python
    java javascript ruby go rust php kotlin typescript typically usually fall falls back silently
    more less fewer greater larger smaller longer shorter than least most many few unchanged plain actual
    decide decides missing absent present empty non may plus unless sequence square true reference insensitive mode
    anything something nothing thing valid invalid length
    ticket commit section enum page cell frame shape drawing constructor cannot leave leaves left inside outside
    beside between across around above below under into onto upon off out through during per via together alone apart
    show shows shown display displays appear appears try tries tried attempt attempts early runtime title
    subtitle heading right wrong correct correctly proper properly own full partial partly remaining rest extra
    top bottom middle enough mark marks marked refer refers referred point points belong belongs
    need needs require requires get gets got obtain obtains come comes go goes proceed
    begin begins start starts end ends turn turns put puts bring brings give gives
    receive receives expect expects produce produces results determine determines depend depends apply applies
    whenever wherever however whichever somehow sure actually normally simply effectively essentially basically
    such like rather while else whom there here them they it one ones change changes changed touch touches
    concern concerns say says said state states tell tells mention mentions mentioned describe describes described
    specify specifies specified explain explains explained illustrate illustrates demonstrates document documents
    documented example examples manage manages managed consist consists exist exists associate associates associated
    detail details detailed support supports supported
""".split()
GENERIC = frozenset(map(stem, _GENERIC))

# What in the lines bears a verb or a noun out: a regular expression.
_BORNE: tuple[tuple[str, str], ...] = (
    ("return returns returned returning yield yields yielded", r"\breturn|\byield|=>|-> (?!None)|^\s*end\b"),
    (
        "raise raises raised raising throw throws thrown throwing",
        r"\braise|\bthrow|\bpanic\b|\bErr\(|\bassert|notEmpty|notNull",
    ),
    ("fail fails failed failing failure", r"\braise|throw|\berr|error|fail|== ?NULL|return -1|return 0\b|false|!\w+"),
    ("call calls called calling invoke invokes invoked delegate delegates", r"\w\("),
    (
        "check checks checked checking test tests tested verify verifies verified validate validates",
        r"\bif\b|\bunless\b|\?|===?|!=|\bwhile\b|assert|check|valid|test|verif|match|\bis\b|<=|>=",
    ),
    ("compare compares compared comparing comparison", r"==|!=|<|>|compare|cmp|equals|- \w+"),
    (
        (
            "remove removes removed removing delete deletes deleted drop drops "
            "dropped discard discards strip strips stripped cut cuts truncate truncates"
        ),
        r"\bdel\b|delete|remove|unset|\bpop\b|erase|drop|discard|strip|slice|resize|exclu|without|clear|trim|^\s*D\s",
    ),
    (
        "add adds added adding append appends appended push pushes",
        r"^\s*A\s|append|push|\badd|\+=|\+|insert|extend|concat|put\b|join|`.*\$\{|#\{|f\"",
    ),
    (
        "join joins joined concatenate concatenates concatenated combine combines",
        r"join|\+|concat|merge|extend|`|f\"|#\{",
    ),
    ("insert inserts inserted insertion", r"insert|add|append|push|put"),
    (
        "set sets setting assign assigns assigned reset resets restore restores become",
        r"[^=!<>]=[^=>]|:=|setattr|\bset|\w: \w|reset",
    ),
    ("increment increments incremented increase increases increased", r"\+\+|\+=|\+ ?1|incr|count"),
    (
        "decrement decrements decremented decrease decreases decreased subtract subtracts subtracted",
        r"--|-=|\w - 1\b|\w-1\b|decr",
    ),
    ("multiply multiplies multiplied product modulo", r"\*|%|mod\b"),
    (
        (
            "create creates created creating construct constructs "
            "constructed build builds built make instantiate instantiates"
        ),
        r"\bnew|creat|make|build|alloc|\b[A-Z]\w+[({]|Self \{|\w+er\(\)\(",
    ),
    ("allocate allocates allocated allocation", r"alloc|new\b"),
    ("copy copies copied copying", r"copy|memcpy|clone|dup|\[:\]|asdict"),
    (
        "convert converts converted converting transform transforms",
        r"convert|to_|\bint\(|\bstr\(|decode|encode|parse|cast|into_|asdict|String\(",
    ),
    ("encode encodes encoded", r"encode|quote|marshal|dump|serial"),
    ("decode decodes decoded", r"decode|unquote|unmarshal|parse"),
    ("read reads reading", r"\bread|\bRLock|get\(|load|iter"),
    (
        "write writes written writing print prints printed dump dumps emit emits output",
        r"write|(?<!S)print|dump|put|emit|echo|error\(|push|console",
    ),
    ("log logs logged", r"\blog|logger|warn|console"),
    (
        (
            "iterate iterates iterated walk walks climb climbs loop "
            "loops over traverse traverses process processes processed visit"
        ),
        r"\bfor\b|foreach|while|each|map|iter|range|walk|visit|every",
    ),
    (
        "store stores stored cache caches cached save saves saved remember remembers",
        r"cache|store|save|put|\.\#?\w+ = |\] ?= |memo|this\.#\w+ =",
    ),
    (
        "search searches searched find finds found look looks looked locate",
        r"find|search|\bget|lookup|\[\w+\]|\bin\b|has\(|==|paths|respond",
    ),
    ("wrap wraps wrapped", r"wrap|\[\{|\(|`"),
    ("replace replaces replaced", r"replace|sub\(|\[\w+\] ?="),
    ("parse parses parsed parsing", r"pars"),
    ("lower-case lowercase lower", r"lower"),
    (
        "ignore ignores ignored skip skips skipped swallow swallows swallowed",
        r"ignore|skip|continue|pass\b|return;?$|return$|catch|except|if\b",
    ),
    ("stop stops stopped halt break breaks exit exits", r"break|stop|return|exit|raise|quit|throw"),
    ("catch catches caught", r"catch|except|rescue|recover"),
    ("accept accepts accepted", r"."),
    ("continue continues continued", r"continue"),
    ("hold holds held", r":|="),
    ("run runs ran execute executes executed", r"\brun|exec|\w\("),
    ("concern pass passes passed supply supplies", r"\w\("),
    ("null nil undefined", r"\bnull\b|\bnone\b|\bnil\b|undefined|Nullable|optional|notnull"),
    ("error errors exception exceptions", r"error|exception|\berr\b|throw|raise|-1"),
    ("count counts", r"count|num|n_|len|size"),
    ("byte bytes", r"byte|char|u8|uint8|len|\\x|0x"),
    ("false", r"false|return 0\b|!|&&|==="),
    ("slash slashes", r"/"),
    ("newline newlines", r"\\n"),
    ("colon", r":"),
    ("comma commas", r","),
    ("bracket brackets", r"\[|\("),
    ("zero", r"\b0\b|'\\0'|zero"),
    ("odd even", r"% ?2|&1|odd|even"),
    ("length size longer", r"len|size|count|length"),
    ("array list", r"\[|array|list|slice|vec"),
    ("dictionary dict map mapping hash", r"\{|dict|map|hash"),
    ("instance instances", r"instanceof|isinstance|new\b|instance|self\b"),
    ("difference differs differ", r"-|diff|!="),
    ("lock locks locked", r"lock|mutex"),
    ("regular expression regex regexp", r"regex|re\.|RegExp|/.+/|match"),
    ("recursive recursively", r"self\.|this\.|Visit|\w\("),
    ("backwards backward reverse reversed", r"--|revers|backward|- 1"),
    ("decorator decorated", r"@\w"),
    (
        "subclass inherit inherits extends derive derives",
        r"extends|class \w+\(|class \w+ ?<|: public|implements|include ",
    ),
    ("async asynchronous asynchronously await awaits wait waits", r"async|await|\bwait|sleep|join\(\)|defer"),
    ("generated generate generates", r"`|generat|yield|creat|build|make|format|new\b"),
    (
        "send sends sent deliver delivers delivered publish publishes published notify notifies notified",
        r"send|deliver|mail|\bpost|emit|publish|dispatch|notif|trigger|enqueue",
    ),
    ("update updates updated updating", r"[^=!<>]=[^=>]|:=|update|\bset|put|assign|refresh"),
    (
        "retrieve retrieves retrieved fetch fetches fetched load loads loaded",
        r"\bget|fetch|load|read|find|select|query|retriev|\[\w+\]",
    ),
    (
        "compute computes computed calculate calculates calculated",
        r"\w [-+*/%] \w|[-+*/]=|\bsum|comput|calc|\blen|hash|\bmax|\bmin",
    ),
    (
        "select selects selected choose chooses chose chosen pick picks picked",
        r"select|choose|pick|\bif\b|\bor\b|\|\||\?|switch|match|case\b|find|filter|best",
    ),
    ("filter filters filtered exclude excludes excluded", r"filter|exclu|\bif\b|continue|select|reject|without|except"),
    ("sort sorts sorted order orders ordered", r"sort|order|compar|cmp|rank"),
    (
        "register registers registered subscribe subscribes",
        r"regist|add|append|push|\[[^\]]+\] ?=|\bon\(|subscri|insert|put",
    ),
    (
        "initialize initializes initialized initialise initialises initialised",
        r"[^=!<>]=[^=>]|:=|init|new\b|setup|set_up",
    ),
    ("merge merges merged", r"merg|update|extend|\.\.\.|assign|\*\*|\||\+|concat"),
    ("split splits", r"split|partition|slice|\[\w*:\w*\]|substr"),
    ("render renders rendered format formats formatted", r"render|format|`|f\"|%|printf|template|str\("),
    ("open opens opened", r"open|connect|new\b"),
    ("close closes closed", r"clos|shutdown|dispose|\bend|release|free"),
    ("respond responds reply replies answer answers", r"respon|reply|send|write|return"),
    ("flag flags option options switch", r"(?<![\w-])--?[a-z]|flag|option|bool|\|= ?|& ?\w"),
    ("command commands", r"command|cmd|argv?|cli\b|exec"),
    ("directory folder dir", r"dir"),
    ("rename renames renamed renaming", r"renam|->|=>"),
    ("message", r"message|msg|\"|'"),
    ("whitespace space spaces", r"\" \"|' '|whitespace|space"),
    ("last", r"last|- ?1\b|\bend"),
    ("fewer more than greater less", r"<|>|max|min"),
)
BORNE: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = tuple(
    (frozenset(words.split()), re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for words, pattern in _BORNE
)


def is_borne(word: str, text: str) -> bool:
    """Whether a word that does not stand in the lines says nothing of its own, or is what the lines do."""
    patterns = [pattern for words, pattern in BORNE if word in words]
    return any(pattern.search(text) for pattern in patterns) if patterns else stem(word) in GENERIC
