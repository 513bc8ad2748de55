// A field with a list of answers below it: keys, pointer and what a screen reader is told are the same everywhere.
// Who extends it asks for the answers (ask, then tell) and says what becomes of the one that is taken (chosen).

export class Combobox {
  constructor(input, list, waitMs) {
    this.input = input;
    this.list = list;
    this.items = [];
    this.at = -1;
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), waitMs);
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter();
    });
    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("[role=option]");
      if (!row) return;
      event.preventDefault(); // the field keeps the focus until something is taken
      this.take([...list.children].indexOf(row));
    });
    input.addEventListener("blur", () => this.close());
  }

  enter() {
    this.take(Math.max(this.at, 0));
  }

  tell(rows) {
    this.at = -1;
    this.list.replaceChildren(...rows);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  key(event) {
    if (event.key === "Escape") {
      this.close();
      this.input.blur();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.items.length) return;
    event.preventDefault();
    this.at = (this.at + step + this.items.length) % this.items.length;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.input.setAttribute("aria-activedescendant", this.list.children[this.at].id);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  take(i) {
    const item = this.items[i];
    if (!item) return;
    this.close();
    this.chosen(item);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
