// The list of a queue: only the rows in sight are in the page, the rest is asked for as one scrolls.

import { lamp } from "./clock.js";
import { badge, fill, flags, icon, make, place, words } from "./words.js";

const AHEAD = 12; // rows kept above and below what is in sight
const MORE_WHEN = 20; // rows left below before the next page is asked for

// Tells its surroundings by events on the box: "list:open" { case_no }, "list:current", "list:marks", "list:more".
export class CaseList {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector("ul");
    this.items = [];
    this.places = new Map(); // case number: where it stands
    this.rows = new Map(); // case number: its element
    this.gone = new Set(); // no longer of this list, but left where they are until the list is asked for anew
    this.marked = new Map(); // case number: the case
    this.current = null;
    this.opened = null;
    this.isWhole = false;
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("focusin", (event) => {
      const row = event.target.closest("li");
      if (row) this.setCurrent(row.dataset.no, { focus: false });
    });
  }

  tell(name, detail) {
    this.box.dispatchEvent(new CustomEvent(`list:${name}`, { bubbles: true, detail }));
  }

  replace(items, isWhole) {
    this.items = [];
    this.places.clear();
    this.gone.clear();
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.box.scrollTop = 0;
    this.add(items, isWhole);
    if (this.current && !this.places.has(this.current)) this.current = null;
  }

  add(items, isWhole) {
    for (const one of items) {
      if (this.places.has(one.case_no)) continue;
      this.places.set(one.case_no, this.items.length);
      this.items.push(one);
      if (this.marked.has(one.case_no)) this.marked.set(one.case_no, one);
    }
    this.isWhole = isWhole;
    this.draw();
  }

  get(caseNo) {
    return this.items[this.places.get(caseNo)] ?? null;
  }

  // A case as it is now takes the place of what stood there; nothing moves under the pointer.
  update(one, { gone = false } = {}) {
    const at = this.places.get(one.case_no);
    if (at === undefined) return;
    const before = this.items[at];
    if (before.version === one.version && this.gone.has(one.case_no) === gone) return;
    this.items[at] = one;
    if (gone) this.gone.add(one.case_no);
    else this.gone.delete(one.case_no);
    if (gone) this.mark(one.case_no, false);
    else if (this.marked.has(one.case_no)) this.marked.set(one.case_no, one);
    const row = this.rows.get(one.case_no);
    if (!row) return;
    this.fillRow(row, one);
    if (before.version !== one.version) {
      row.classList.add("changed");
      setTimeout(() => row.classList.remove("changed"), 4000);
    }
  }

  rowHeight() {
    return Number.parseFloat(getComputedStyle(this.box).getPropertyValue("--row-px"));
  }

  draw() {
    const height = this.rowHeight();
    if (!height) return;
    this.list.style.height = `${this.items.length * height}px`;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - AHEAD);
    const last = Math.min(this.items.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + AHEAD);
    const wanted = new Map();
    for (let at = first; at < last; at += 1) wanted.set(this.items[at].case_no, at);
    // The row with the focus stays, wherever it is: the keyboard must not lose its place.
    const held = document.activeElement?.closest?.("li[data-no]")?.dataset.no;
    if (held && this.places.has(held)) wanted.set(held, this.places.get(held));
    for (const [caseNo, row] of this.rows) {
      if (wanted.has(caseNo)) continue;
      row.remove();
      this.rows.delete(caseNo);
    }
    let next = this.list.firstElementChild;
    for (const [caseNo, at] of [...wanted].sort((one, other) => one[1] - other[1])) {
      const row = this.rows.get(caseNo);
      if (row) {
        next = row.nextElementSibling;
        continue;
      }
      const made = this.makeRow(this.items[at], at * height);
      this.rows.set(caseNo, made);
      this.list.insertBefore(made, next);
    }
    for (const [caseNo, row] of this.rows) row.style.top = `${this.places.get(caseNo) * height}px`;
    if (!this.isWhole && this.items.length && last > this.items.length - MORE_WHEN) this.tell("more");
  }

  makeRow(one, top) {
    const row = make("li", { "data-no": one.case_no, style: `top: ${top}px` });
    this.fillRow(row, one);
    return row;
  }

  fillRow(row, one) {
    const isNew = !row.firstChild;
    if (isNew) {
      const box = make("input", { type: "checkbox", tabindex: "-1" });
      row.append(make("label", { class: "mark" }, box), make("a", { class: "open", href: `/cases/${encodeURIComponent(one.case_no)}` }), make("div", { class: "clock" }), make("div", { class: "about" }));
    }
    const [label, link, clock, about] = row.children;
    label.firstChild.setAttribute("aria-label", fill(words.markOne, { case_no: one.case_no }));
    label.firstChild.checked = this.marked.has(one.case_no);
    link.textContent = one.class_name;
    clock.replaceChildren(lamp(one));
    about.replaceChildren(
      make("span", { class: "where quiet", text: place(one) || one.description }),
      make("span", { class: "tags" }, badge(one), ...flags(one), this.gone.has(one.case_no) && make("span", { class: "flag", "data-flag": "gone" }, icon("arrow-right"), make("span", { text: words.gone }))),
      make("span", { class: "code quiet no", text: one.case_no }),
    );
    row.classList.toggle("gone", this.gone.has(one.case_no));
    row.classList.toggle("marked", this.marked.has(one.case_no));
    if (this.opened === one.case_no) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  clicked(event) {
    const row = event.target.closest("li");
    if (!row) return;
    if (event.target.closest(".mark")) {
      if (event.target.matches("input")) this.mark(row.dataset.no, event.target.checked, event.shiftKey);
      return;
    }
    // With a key held the browser opens the case's own page, in a tab or a window.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !event.target.closest("a.open")) return;
    event.preventDefault();
    this.tell("open", { case_no: row.dataset.no });
  }

  mark(caseNo, isMarked = !this.marked.has(caseNo), isRange = false) {
    const one = this.get(caseNo);
    const from = isRange && this.lastMark !== undefined ? this.places.get(this.lastMark) : undefined;
    const here = this.places.get(caseNo);
    const chosen = from === undefined ? [one] : this.items.slice(Math.min(from, here), Math.max(from, here) + 1);
    for (const each of chosen) {
      if (!each) continue;
      if (isMarked && !this.gone.has(each.case_no)) this.marked.set(each.case_no, each);
      else this.marked.delete(each.case_no);
      const row = this.rows.get(each.case_no);
      if (row) this.fillRow(row, each);
    }
    this.lastMark = caseNo;
    this.tell("marks");
  }

  markAll(isMarked) {
    for (const one of this.items) {
      if (isMarked && !this.gone.has(one.case_no)) this.marked.set(one.case_no, one);
      else this.marked.delete(one.case_no);
    }
    for (const [caseNo, row] of this.rows) this.fillRow(row, this.get(caseNo));
    this.tell("marks");
  }

  setOpened(caseNo) {
    const before = this.opened;
    this.opened = caseNo;
    for (const one of [before, caseNo]) {
      const row = this.rows.get(one);
      if (row) this.fillRow(row, this.get(one));
    }
  }

  setCurrent(caseNo, { focus = true, scroll = focus } = {}) {
    if (this.current !== caseNo) {
      this.current = caseNo;
      this.tell("current", { case_no: caseNo });
    }
    const at = this.places.get(caseNo);
    if (at === undefined) return;
    if (scroll) this.scrollTo(at);
    if (focus) this.rows.get(caseNo)?.querySelector("a.open").focus({ preventScroll: true });
  }

  scrollTo(at) {
    const height = this.rowHeight();
    const top = at * height;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + height > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + height - this.box.clientHeight;
    this.draw();
  }

  // After a step the next case that still waits takes the focus.
  nextOf(caseNo) {
    const after = this.items.slice((this.places.get(caseNo) ?? -1) + 1).find((one) => !this.gone.has(one.case_no));
    this.setCurrent((this.gone.has(caseNo) && after?.case_no) || caseNo);
  }

  // by: 1 for the next row, -1 for the one before
  move(by) {
    if (!this.items.length) return null;
    const at = this.places.get(this.current);
    const next = at === undefined ? 0 : Math.max(0, Math.min(this.items.length - 1, at + by));
    this.setCurrent(this.items[next].case_no);
    return this.items[next].case_no;
  }
}
