// The service worker from the page's side: registered, told the language, replaced when the person says so.

import { $ } from "./dom.js";
import { locale } from "./words.js";

const CHOICES = "inspect-choices";
const WANTED = "citygrid-inspect-locale";

export function offlineApp() {
  const workers = navigator.serviceWorker;
  if (!workers) return { askForSync() {}, agree() {}, speak: (next) => location.assign(`/locale/${next}?next=/inspect`) };
  const ready = register().catch((error) => console.warn(error)); // a private window may refuse
  keepLanguage(locale);

  async function register() {
    const registration = await workers.register("/inspect/sw.js", { scope: "/inspect", type: "module" });
    const offer = () => {
      // The first worker replaces nothing; a later one waits until the person has finished what they do.
      $("bar-update").hidden = !(registration.waiting && workers.controller);
    };
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    offer();
    $("update").addEventListener("click", () => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting?.postMessage("take over");
    });
    return registration;
  }

  async function keepLanguage(code) {
    const choices = await caches.open(CHOICES);
    await choices.put("/inspect/locale", new Response(code));
  }

  const tellService = (code) => fetch(`/locale/${code}`, { redirect: "manual" }).catch(() => {});

  return {
    // Where the browser can wake us when signal is back, it is asked to; elsewhere the open app does it.
    async askForSync() {
      const registration = await ready;
      await registration?.sync?.register("send").catch(() => {});
    },
    async speak(next) {
      localStorage.setItem(WANTED, next);
      await keepLanguage(next);
      await tellService(next);
      location.reload();
    },
    // The service's words come in the language of its cookie. What was chosen here without signal it learns now;
    // what was chosen on the full site the app follows.
    async agree(spoken) {
      if (spoken === locale) return;
      if (localStorage.getItem(WANTED) === locale) return tellService(locale);
      await keepLanguage(spoken);
      location.reload();
    },
  };
}
