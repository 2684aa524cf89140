// Chooses light or dark before anything is painted, which a module would be too late for.
(() => {
  let chosen = "";
  try {
    chosen = localStorage.getItem("surefoot.theme") ?? "";
  } catch {
    // A browser that keeps nothing shows the theme of the system.
  }
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
})();
