import { expect, test } from "vitest";
import { finish, newTurn } from "../../src/features/conversation.ts";
import { asMarkdown } from "../../src/features/copied.ts";
import { alone, citation, claim, commit, reply, ticket } from "./samples.ts";

const DAY = new Date("2026-11-25T12:00:00Z");

test("an answer as Markdown: sentences with numbers, what is missing, places with their links", () => {
  const turn = newTurn("1", "");
  const second = citation({ id: 3, path: "tea.py", start_line: 1, end_line: 1, symbol: "" });
  finish(turn, reply({ citations: [citation(), second], missing: ["`Samovar`"] }));
  const link = "https://example.org/kitchen/blob/abc/kettle.py#L4-L6";
  expect(asMarkdown(turn, [link, ""], alone, DAY)).toBe(`**how is water boiled?**

\`boil_water\` heats water until it boils. [1]

Not found: \`Samovar\`

- [1] [\`kettle.py:4-6\`](${link}) \`boil_water\`
- [3] \`tea.py:1\`

_Surefoot, 2026-11-25; every place was checked against the working tree._
`);
});

test("what was struck out of a sentence is not copied", () => {
  const turn = newTurn("1", "");
  finish(turn, reply({ claims: [claim("It boils.", [1], [{ text: "and cools", reason: "not there" }])] }));
  expect(asMarkdown(turn, [], alone, DAY)).toContain("It boils. [1]\n");
  expect(asMarkdown(turn, [], alone, DAY)).not.toContain("cools");
});

test("an answer without claims says so, and line breaks of a question do not break the Markdown", () => {
  const turn = newTurn("1", "");
  finish(turn, reply({ question: "where\n\n# is it?", claims: [], citations: [] }));
  const text = asMarkdown(turn, [], alone, DAY);
  expect(text).toContain("**where \\# is it?**");
  expect(text).toContain("No answer was found in the code.");
});

test("names keep their underscores, and nothing of a sentence becomes markup outside of backticks", () => {
  const turn = newTurn("1", "");
  const said = "`a_b`: def __repr__(self, *args) -> list[str] <img src=x> ![x](https://e.example)";
  finish(turn, reply({ claims: [claim(said)] }));
  expect(asMarkdown(turn, [], alone, DAY)).toContain(
    "`a_b`: def \\_\\_repr\\_\\_(self, \\*args) -> list\\[str\\] \\<img src=x\\> \\!\\[x\\](https://e.example)".replace(
      "->",
      "-\\>",
    ),
  );
});

test("a place that is gone by now is marked", () => {
  const turn = newTurn("1", "");
  finish(turn, reply({ citations: [citation({ verdict: "missing" })] }));
  expect(asMarkdown(turn, [""], alone, DAY)).toContain("- [1] `kettle.py:4-6` `boil_water` (no longer there)");
});

test("a ticket has its title and its address, a commit its digits, and neither title ends the code it stands in", () => {
  const turn = newTurn("1", "");
  const titled = ticket({ label: "#123: `kettle` fails", url: "https://git.example/a(1)" });
  finish(turn, reply({ citations: [titled, commit()] }));
  const text = asMarkdown(turn, [titled.url, ""], alone, DAY);
  expect(text).toContain(
    "- [1] [`.surefoot/tickets/github.json:120`](https://git.example/a%281%29) `` #123: `kettle` fails ``\n",
  );
  expect(text).toContain("- [2] `commit 3f2a91c0de, 2024-03-01: Heat longer`\n");
});
