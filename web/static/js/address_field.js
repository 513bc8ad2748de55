// An address beside a place on a map: typing it finds the place, a place that is set suggests its address.

import { call } from "./api.js";
import { Combobox } from "./combobox.js";

const WAIT_MS = 250;
const MOST = 6;

export class AddressField extends Combobox {
  // onPlace(lon, lat): an address was chosen
  constructor(input, list, onPlace) {
    super(input, list, WAIT_MS);
    this.onPlace = onPlace;
    this.byHand = false;
    input.addEventListener("input", () => {
      this.byHand = Boolean(input.value.trim());
    });
  }

  // The form's own button sends the form: only Enter in the field takes what is listed.
  enter() {}

  key(event) {
    if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      return this.take(Math.max(this.at, 0));
    }
    super.key(event);
  }

  async ask() {
    const words = this.input.value.trim();
    if (words.length < 2) return this.close();
    const answer = await call("GET", `/api/v1/geocode?${new URLSearchParams({ q: words, limit: MOST })}`).catch(() => ({ items: [] }));
    if (words !== this.input.value.trim() || document.activeElement !== this.input) return;
    this.items = answer.items;
    if (this.items.length) this.tell(this.items.map(row));
    else this.close();
  }

  chosen(item) {
    this.input.value = item.title;
    this.byHand = true;
    this.onPlace(item.lon, item.lat);
  }

  // What the place is called, unless the person has said it already.
  async suggest(lon, lat) {
    if (this.byHand) return;
    const found = await call("GET", `/api/v1/geocode/reverse?${new URLSearchParams({ lon, lat })}`).catch(() => null);
    if (found && !this.byHand) this.input.value = found.address;
  }
}

function row(item, number) {
  const option = document.createElement("li");
  option.id = `address-${number}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const where = document.createElement("span");
  where.className = "quiet small";
  where.textContent = [item.kind_title, item.where].filter(Boolean).join(" · ");
  option.append(item.title, " ", where);
  return option;
}
