// The page's state in the fragment of its address: `#/view/part?name=value`, so that a question can be shared.
//
// Invariant: what is shown follows from the fragment alone; a fragment that cannot be read is the search view.

/** @returns {{view: string, parts: string[], params: URLSearchParams}} */
export function routeOf(hash) {
  const [path, query = ""] = split(hash.replace(/^#\/?/, ""));
  const [view, ...parts] = path.split("/").map(decoded);
  return { view: view || "search", parts, params: new URLSearchParams(query) };
}

/** `#/trace/abc?x=1`. Empty values are left out; a list is the name several times. */
export function hashFor(view, parts = [], params = {}) {
  const path = [view, ...parts].map(encodeURIComponent).join("/");
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== "" && one !== false) {
        query.append(name, one === true ? "1" : one);
      }
    }
  }
  return `#/${path}${query.size > 0 ? `?${query}` : ""}`;
}

export function hashForSource(root, path, start, end, at = "") {
  const line = start ? (end && end !== start ? `${start}-${end}` : `${start}`) : "";
  return hashFor("source", [], { root, path, line, at });
}

const SHOWN = { shown: true }; // the state of an entry of the history that the page has shown
let follow = () => {};

/** `changed({ isBack })` is called at each change; an entry that was shown before is come back to. */
export function onRoute(changed) {
  follow = changed;
  history.replaceState(SHOWN, "");
  addEventListener("popstate", event => {
    if (event.state === null) {
      history.replaceState(SHOWN, "");
    }
    changed({ isBack: event.state !== null });
  });
}

/** Go there, or only write it into the address bar where the view is there already. */
export function go(hash, { replace = false, quiet = false } = {}) {
  if (hash !== location.hash) {
    history[replace ? "replaceState" : "pushState"](SHOWN, "", hash);
  }
  if (!quiet) {
    follow({ isBack: false });
  }
}

function split(text) {
  const mark = text.indexOf("?");
  return mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)];
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
