// What the files hold, sheet by sheet: what each was taken for, what its columns mean, what was recognised.

import { call } from "../js/api.js";
import { open } from "../js/components.js";
import { data, fill, icon, make, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { className, number, swatch, told } from "./parts.js";

const SURE = 0.8;
const WARNING = new Set(["outside_city", "unread_cells", "no_class", "other_shapes", "left_out", "layers_left_out", "crs_assumed", "axes_swapped", "needs_more", "parts_split"]);

const kindsOf = (table) => ({ both: ["point", "line"] })[table] ?? (table ? [table] : []);

export class Sheets {
  constructor(box) {
    this.box = box;
    this.items = [];
    this.said = { point: new Map(), line: new Map() }; // column: field that a person chose, "" for none
    box.addEventListener("change", (event) => {
      if (!event.target.matches("select[data-column]")) return;
      this.choose(event.target);
      this.saved.value = "";
    });
    this.saved = document.getElementById("saved");
    this.saved.addEventListener("change", () => this.useSaved());
    document.getElementById("keep-mapping").addEventListener("click", () => open("mapping-dialog"));
    document.getElementById("save-mapping").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(event.target);
    });
  }

  show(items) {
    this.items = items;
    this.box.replaceChildren(...items.map((sheet, at) => this.sheet(sheet, at)));
  }

  sheet(sheet, at) {
    const taken = sheet.table
      ? fill(words[`taken_${sheet.table}`] ?? words.taken_both, { class: sheet.class_code ? className(sheet.class_code.slice(0, 2)) : words.severalClasses })
      : words.notRead;
    const rows = sheet.rows === null ? "" : fill(words.rowsCount, { n: number(sheet.rows) });
    const troubled = sheet.needed_missing.length > 0;
    return make("details", { class: "panel sheet", "data-table": sheet.table ?? "", open: Boolean(sheet.table) && (at === 0 || troubled) },
      make("summary", {}, icon("chevron-right"), swatch(sheet.class_code?.slice(0, 2)),
        make("span", { class: "grow" }, make("strong", { text: sheet.sheet || sheet.file }), sheet.sheet && make("span", { class: "quiet small", text: ` ${sheet.file}` })),
        make("span", { text: taken }), rows && make("span", { class: "quiet small", text: rows })),
      make("div", { class: "inside" },
        troubled && make("p", { class: "notice", "data-kind": "wrong" }, icon("circle-alert"), make("span", { text: fill(words.neededMissing, { fields: sheet.needed_missing.map((one) => this.title(sheet.table, one)).join("、") }) })),
        sheet.recognised.length > 0 && make("ul", { class: "told-list" }, ...sheet.recognised.map((one) => make("li", { "data-kind": WARNING.has(one.code) ? "warning" : "" }, icon(WARNING.has(one.code) ? "triangle-alert" : "check"), one.text))),
        sheet.table && this.columns(sheet),
        sheet.first_rows.length > 0 && this.firstRows(sheet)));
  }

  fields(table) {
    return table === "both" ? [...data.fields.point, ...data.fields.line] : data.fields[table];
  }

  title(table, name) {
    return this.fields(table ?? "both").find((one) => one.name === name)?.title ?? name;
  }

  columns(sheet) {
    const choices = (column) => [
      make("option", { value: "", text: words.keptAside }),
      ...this.fields(sheet.table).map((one) => make("option", { value: one.name, selected: one.name === column.field, text: one.title })),
    ];
    const row = (column) => {
      const isSure = !column.field || column.confidence >= SURE;
      const select = make("select", { "data-column": column.name, "aria-label": fill(words.meaningOf, { column: column.name }) }, ...choices(column));
      return make("tr", { "data-sure": isSure ? "high" : "low" },
        make("td", { class: "code", text: column.name }),
        make("td", { class: "samples", title: column.samples.join(" · "), text: column.samples.join(" · ") }),
        make("td", { class: "meaning" }, select),
        make("td", {}, column.field && make("span", { class: "sure", "data-sure": isSure ? "high" : "low" }, icon(isSure ? "check" : "triangle-alert"), `${words[`how_${column.how}`] ?? ""} ${Math.round(column.confidence * 100)} %`)));
    };
    const table = (columns) => make("table", { class: "list columns" },
      make("caption", { class: "visually-hidden", text: words.columnsMean }),
      make("thead", {}, make("tr", {}, ...[words.column, words.samples, words.meaning, words.howSure].map((text) => make("th", { scope: "col", text })))),
      make("tbody", {}, ...columns.map(row)));
    const filled = sheet.columns.filter((column) => column.samples.length);
    const empty = sheet.columns.filter((column) => !column.samples.length);
    if (!filled.length || !empty.length) return table(sheet.columns);
    // Tables of the standard have many columns that nobody fills.
    return make("div", {}, table(filled), make("details", {}, make("summary", { text: fill(words.emptyColumns, { n: empty.length }) }), table(empty)));
  }

  firstRows(sheet) {
    const table = make("table", { class: "sample" },
      make("thead", {}, make("tr", {}, ...sheet.columns.map((one) => make("th", { scope: "col", text: one.name })))),
      make("tbody", {}, ...sheet.first_rows.map((cells) => make("tr", {}, ...cells.map((text) => make("td", { text }))))));
    return make("details", {}, make("summary", { text: words.firstRows }), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.firstRows }, table));
  }

  // One meaning for a column of that name in every sheet of the kind; a field is meant by one column only.
  choose(select) {
    const sheet = select.closest("[data-table]");
    const { table } = sheet.dataset;
    const say = (column, field) => {
      for (const kind of kindsOf(table)) this.said[kind].set(column, field);
    };
    say(select.dataset.column, select.value);
    for (const other of this.box.querySelectorAll(`[data-table="${table}"] select`)) {
      if (other.dataset.column === select.dataset.column) other.value = select.value;
      else if (select.value && other.value === select.value && sheet.contains(other)) {
        other.value = "";
        say(other.dataset.column, "");
      }
    }
  }

  // {point: {field: column}, line: {…}}: what a person changed; a field that they took from its column has "".
  mapping() {
    const found = { point: {}, line: {} };
    for (const sheet of this.items) {
      for (const kind of kindsOf(sheet.table)) {
        for (const column of sheet.columns) {
          if (!this.said[kind].has(column.name)) continue;
          const field = this.said[kind].get(column.name);
          if (column.field && column.field !== field) found[kind][column.field] ??= "";
          if (field && data.fields[kind].some((one) => one.name === field)) found[kind][field] = column.name;
        }
      }
    }
    return found;
  }

  // ---- Mappings that people saved ----

  async offer(read) {
    try {
      const { items } = await read();
      this.known = items;
      const names = [...new Set(items.map((one) => one.name))];
      this.saved.append(...names.map((name) => make("option", { value: name, text: name })));
      this.saved.closest(".field").hidden = !names.length;
    } catch {
      this.saved.closest(".field").hidden = true; // a convenience: files are mapped without it
    }
  }

  // As if the person had chosen each meaning by hand: what is shown is what is sent.
  useSaved() {
    for (const { table, mapping } of this.known.filter((one) => one.name === this.saved.value)) {
      for (const [field, column] of Object.entries(mapping)) {
        const select = [...this.box.querySelectorAll(`[data-table="${table}"] select`)].find((one) => one.dataset.column === column);
        if (!select || select.value === field) continue;
        select.value = field;
        this.choose(select);
      }
    }
  }

  async save(form) {
    const name = form.elements.name.value.trim();
    const wrong = form.querySelector(".wrong");
    wrong.textContent = "";
    try {
      for (const kind of ["point", "line"]) {
        const sheet = this.items.find((one) => one.table === kind);
        if (!sheet) continue;
        const mapping = {};
        for (const select of this.box.querySelectorAll(`[data-table="${kind}"] select`)) if (select.value) mapping[select.value] = select.dataset.column;
        await call("POST", "/api/v1/imports/mappings", { body: { name, table: kind, columns: sheet.columns.map((one) => one.name), mapping } });
      }
      toast(fill(words.mappingSaved, { name }));
      form.closest("wa-dialog").open = false;
    } catch (problem) {
      wrong.textContent = told(problem);
    }
  }
}
