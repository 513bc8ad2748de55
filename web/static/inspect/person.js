// Who is signed in on this phone: known without signal too, asked again when there is some.

import { $, h } from "./dom.js";
import { forget } from "./known.js";
import { askSession, NoAnswer, Refusal, signIn, signOut } from "./service.js";
import { closeSheet } from "./sheet.js";
import { keepSetting, setting } from "./store.js";
import { say } from "./words.js";

// onSignedIn() after a sign-in on this page
export function personBar(db, onSignedIn) {
  // found: { login, name, role }, or null when nobody is signed in. The last one stays known: the queue is theirs.
  async function know(found) {
    if (found) await keepSetting(db, "person", found);
    await show(found);
  }

  async function show(found) {
    const last = await setting(db, "person");
    const person = found === undefined ? last : found;
    $("bar-sign-in").hidden = Boolean(person);
    $("settings-sign-in").hidden = Boolean(person);
    $("sign-out").hidden = !person;
    const role = person ? say(`role_${person.role}`) : "";
    $("who").textContent = person ? say("signed_in_as", { name: person.name, role }) : "";
    $("bar-role").hidden = !person || person.role === "inspector";
    $("bar-role").querySelector("span").textContent = person ? say("not_inspector", { name: person.name, role }) : "";
    if (last) $("login").value ||= last.login;
  }

  async function ask() {
    const session = await askSession();
    await know(session.person);
    return session;
  }

  $("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    $("sign-in-wrong").textContent = "";
    try {
      await know((await signIn($("login").value.trim(), $("password").value)).person);
      $("password").value = "";
      closeSheet("sign-in");
      await onSignedIn();
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      $("sign-in-wrong").textContent = say(error instanceof Refusal ? "wrong_password" : "no_answer");
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  $("sign-out").addEventListener("click", async () => {
    try {
      await signOut();
      await forget(db);
      await globalThis.caches?.delete("inspect-photos");
      await db.settings.delete("person");
      await know(null);
      closeSheet("settings");
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal || error instanceof TypeError)) throw error;
      $("who").append(h("p", { class: "wrong" }, say("no_answer")));
    }
  });

  return { ask, know, show };
}
