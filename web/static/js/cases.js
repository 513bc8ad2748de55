// The filter works by itself when something is chosen; the number opens its case.

const form = document.querySelector("form.filters");

form.addEventListener("change", (event) => {
  if (event.target.name !== "q") form.requestSubmit();
});

form.addEventListener("submit", () => {
  // What is empty need not stand in the address bar.
  for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
});
