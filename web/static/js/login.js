// One click signs in as a demo account. The password is no secret: it works on this machine only.

const form = document.getElementById("sign-in");

for (const button of document.querySelectorAll("[data-login]")) {
  button.addEventListener("click", () => {
    form.elements.login.value = button.dataset.login;
    form.elements.password.value = "citygrid-demo";
    form.requestSubmit();
  });
}

form.addEventListener("submit", () => form.querySelector("[type=submit]").setAttribute("aria-busy", "true"));
