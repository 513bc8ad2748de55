// The description of the service, to read and to try, as the person who is signed in.

const box = document.getElementById("swagger");

window.SwaggerUIBundle({
  url: box.dataset.description,
  domNode: box,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: false,
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (new URL(request.url, location.href).origin === location.origin) request.headers["X-CSRF-Token"] = document.body.dataset.csrf;
    return request;
  },
});
