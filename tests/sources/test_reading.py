"""`READING` numbers what is made of a file; without a new number, older indexes would stay as they are."""

from pathlib import Path

from surefoot.config import Settings
from surefoot.domain import Root, content_hash
from surefoot.links import links_in
from surefoot.sources import READING, parse_file
from surefoot.words import index_words

SAMPLES = Path(__file__).parents[1] / "syntax" / "samples"
# What is made of the samples under each number. Where this fails, raise READING and note the new digest.
DIGESTS = {8: "a58ef79cb7e413044a2d31bf45a7f3f6"}


def test_what_is_made_of_the_samples_has_a_number_of_its_own(tmp_path: Path) -> None:
    made = []
    for sample in sorted(SAMPLES.glob("*.*.txt")):
        if not sample.name.endswith(".symbols.txt"):
            name = sample.name.removesuffix(".txt")
            (tmp_path / name).write_bytes(sample.read_bytes())
            parsed = parse_file(Root(tmp_path, "samples"), name, Settings())
            made.append(repr((parsed.file.language, parsed.file.source, parsed.symbols, parsed.chunks)))
            made += [index_words(chunk.text) for chunk in parsed.chunks]
            made += [repr(links_in(chunk)) for chunk in parsed.chunks]
    assert DIGESTS.get(READING) == content_hash("\n".join(made))
