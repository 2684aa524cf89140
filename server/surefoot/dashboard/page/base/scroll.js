// How far down each address was read, so that Back leads to where the reader was.
//
// Invariant: whoever scrolls, clicks or types in the meantime is not moved any more.

const depths = new Map(); // by the fragment of the address
let wanted; // a depth that the page is not long enough for yet

/** Remember from now on. */
export function startScroll() {
  history.scrollRestoration = "manual"; // the browser would do it before the view is drawn
  addEventListener("scroll", () => depths.set(location.hash, scrollY), { passive: true });
  for (const act of ["wheel", "keydown", "pointerdown"]) {
    addEventListener(act, () => (wanted = undefined), { passive: true, capture: true });
  }
}

/** The page is about to show another address: from its top, or from where it was left. */
export function scrollTowards(isBack) {
  wanted = isBack ? (depths.get(location.hash) ?? 0) : 0;
}

/** Go there as soon as what was drawn is long enough. */
export function scrollOn() {
  if (wanted !== undefined && document.documentElement.scrollHeight - innerHeight >= wanted) {
    scrollTo(0, wanted);
    wanted = undefined;
  }
}
