// Files as a tree of folders, each with what it holds: bytes, files, and how many of them are in which state.
//
// Invariant: the sums of a folder are those of the files below it that are shown.

/** The states, the worst last: what a folder too small for its files is coloured by. */
export const STATES = {
  skipped: "skipped on purpose",
  indexed: "indexed as on disk",
  new: "not indexed yet",
  changed: "changed since indexed",
  gone: "gone from disk",
  failed: "could not be read",
};
const RANKS = Object.keys(STATES);
const LEAST = 64; // bytes; an empty file is to be seen, too

/** The tree of one root's files, of those in a state that `shows`. */
export function treeOf(files, shows) {
  const top = folder("", "");
  for (const file of files.filter(({ state }) => shows(state))) {
    insert(top, file);
  }
  return top;
}

/** The node of a path, or undefined where nothing there is shown. */
export function nodeAt(tree, path) {
  return path === "" ? tree : path.split("/").reduce((node, name) => node?.children?.get(name), tree);
}

export function worstOf(node) {
  return RANKS.findLast(state => node.states[state] > 0) ?? "indexed";
}

export function childrenOf(node) {
  return [...(node.children?.values() ?? [])].sort((one, other) => other.weight - one.weight);
}

/** `12 files, 3 changed since indexed`, for people who see no colours. */
export function inStates({ states }) {
  return RANKS.toReversed()
    .filter(state => states[state] > 0)
    .map(state => `${states[state]} ${STATES[state]}`)
    .join(", ");
}

function folder(name, path) {
  return { name, path, children: new Map(), weight: 0, bytes: 0, files: 0, states: {} };
}

function insert(top, file) {
  const names = file.path.split("/").filter(Boolean); // a folder that is left out as a whole ends with a slash
  let node = top;
  add(node, file);
  names.forEach((name, index) => {
    const path = names.slice(0, index + 1).join("/");
    const isLeaf = index === names.length - 1;
    if (!node.children) {
      node.children = new Map(); // a file where another file has a folder of that name: two moments of one tree
    }
    if (!node.children.has(name)) {
      node.children.set(name, isLeaf ? { ...folder(name, path), children: undefined, file } : folder(name, path));
    }
    node = node.children.get(name);
    add(node, file);
  });
}

function add(node, { bytes, state }) {
  node.bytes += bytes;
  node.weight += Math.max(bytes, LEAST);
  node.files += 1;
  node.states[state] = (node.states[state] ?? 0) + 1;
}
