// The theme button, and manners for the live refresh: none while nobody looks, a word when the server is gone.
(() => {
  document.getElementById("theme").addEventListener("click", () => window.switchTheme());

  const offline = document.getElementById("offline");
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.detail.ctx.sourceElement.matches("section")) event.preventDefault();
  });
  document.addEventListener("htmx:error", () => { offline.hidden = false; });
  document.addEventListener("htmx:after:request", () => { offline.hidden = true; });
})();
