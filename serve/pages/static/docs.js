// Swagger UI over the interface's own description.
window.addEventListener("DOMContentLoaded", () => {
  const home = document.getElementById("api");
  window.SwaggerUIBundle({
    url: home.dataset.url,
    domNode: home,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    docExpansion: "list",
    presets: [window.SwaggerUIBundle.presets.apis],
  });
});
