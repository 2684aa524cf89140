// What the browser keeps between visits: the theme, the editor's link, the token of this tab.
//
// Invariant: never throws; a browser that keeps nothing only forgets.

export function kept(name, store = localStorage) {
  try {
    return store.getItem(`surefoot.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value, store = localStorage) {
  try {
    value ? store.setItem(`surefoot.${name}`, value) : store.removeItem(`surefoot.${name}`);
  } catch {
    // A private window: it holds until the page is left.
  }
}
