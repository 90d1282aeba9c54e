// Runs before the first paint, so that a remembered theme never flashes the other one.
(() => {
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { /* storage is off: the system decides */ }
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const mark = () => root.classList.toggle("dark-mode", (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark");
  dark.addEventListener("change", () => { mark(); dispatchEvent(new Event("themechange")); });
  mark();
  window.switchTheme = () => {
    root.dataset.theme = root.classList.contains("dark-mode") ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not remembered, still switched */ }
    mark();
    dispatchEvent(new Event("themechange"));
  };
})();
