// The panel of layers: what is ticked is drawn. A class, a sub-class or a kind of mark that is off is taken out
// of every layer that has it; where a layer can be told apart in several ways, the reader chooses one.

import { part, setPart } from "./address.js";

const NARROW = matchMedia("(max-width: 60rem)");

// Whether a layer is drawn when the map opens: as usual, unless the address says otherwise.
export function isOn(name, layers, asked) {
  const usual = layers.find((layer) => layer.name === name)?.visible ?? false;
  return asked.show.includes(name) || (usual && !asked.hide.includes(name));
}

export class LayerSwitch {
  onchange = () => {};

  // layers: as layers/folium_map.py tells them; asked: as ./address.js reads it
  constructor(gl, layers, asked) {
    this.gl = gl;
    this.panel = document.getElementById("layers");
    this.button = document.getElementById("open-layers");
    this.told = new Map(layers.map((layer) => [layer.name, layer]));
    this.boxes = [...this.panel.querySelectorAll("[data-layer]")];
    this.classes = [...this.panel.querySelectorAll("[data-class]")];
    this.choices = [...this.panel.querySelectorAll("[data-by]")];
    this.filters = new Map(gl.getStyle().layers.map((layer) => [layer.id, layer.filter]));
    for (const box of this.boxes) {
      const name = box.dataset.layer;
      // The browser may bring back ticks of an earlier visit: the address decides, not they.
      box.checked = isOn(name, layers, asked);
      box.addEventListener("change", () => this.apply());
    }
    for (const box of this.classes) {
      box.checked = !asked.off.includes(box.dataset.class);
      box.addEventListener("change", () => this.apply());
    }
    for (const choice of this.choices) {
      choice.value = [...choice.options].some((one) => one.value === part("by")) ? part("by") : choice.options[0].value;
      choice.addEventListener("change", () => {
        setPart("by", choice.selectedIndex ? choice.value : null);
        this.tell(choice);
      });
      this.tell(choice);
    }
    this.button.addEventListener("click", () => this.open(this.panel.hidden));
    this.panel.querySelector("[data-close]").addEventListener("click", () => {
      this.open(false);
      this.button.focus();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, wa-dialog[open]");
      if (event.key === "l" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) this.open(this.panel.hidden);
    });
    this.open(!NARROW.matches);
    this.apply();
  }

  open(wanted) {
    this.panel.hidden = !wanted;
    this.button.setAttribute("aria-expanded", String(wanted));
  }

  isOn(name) {
    return this.boxes.find((box) => box.dataset.layer === name)?.checked ?? false;
  }

  set(name, wanted) {
    const box = this.boxes.find((one) => one.dataset.layer === name);
    if (!box || box.checked === wanted) return;
    box.checked = wanted;
    this.apply();
  }

  title(name) {
    return this.boxes.find((box) => box.dataset.layer === name)?.parentElement.textContent.trim() ?? name;
  }

  apply() {
    const off = this.classes.filter((box) => !box.checked).map((box) => box.dataset.class);
    for (const layer of this.gl.getStyle().layers) {
      const name = layer.metadata?.["citygrid:layer"];
      if (!name) continue;
      this.gl.setLayoutProperty(layer.id, "visibility", this.isOn(name) ? "visible" : "none");
      const usual = this.filters.get(layer.id);
      const kept = off.length ? without(this.told.get(name), off) : [];
      this.gl.setFilter(layer.id, kept.length ? ["all", ...(usual ? [usual] : []), ...kept] : usual);
    }
    for (const block of this.panel.querySelectorAll("[data-layer-block]")) block.toggleAttribute("data-off", !this.isOn(block.dataset.layerBlock));
    // Of a class that is off, its sub-classes are off, too.
    for (const box of this.classes) {
      for (const below of box.closest("li").querySelectorAll("ul [data-class]")) below.disabled = !box.checked;
    }
    this.onchange();
    document.dispatchEvent(new CustomEvent("citygrid:layers"));
  }

  // The chosen way to tell rows apart: its images on the map, its lines in the legend.
  tell(choice) {
    for (const layer of this.gl.getStyle().layers) {
      const images = layer.metadata?.["citygrid:layer"] === choice.dataset.by && layer.metadata["citygrid:by"];
      if (images) this.gl.setLayoutProperty(layer.id, "icon-image", images[choice.value]);
    }
    const block = choice.closest("[data-layer-block]");
    for (const list of block.querySelectorAll("[data-choice]")) list.hidden = list.dataset.choice !== choice.value;
  }

  // What differs from the usual: only that goes into the address.
  changed() {
    const differs = this.boxes.filter((box) => box.checked !== this.told.get(box.dataset.layer).visible);
    return {
      show: differs.filter((box) => box.checked).map((box) => box.dataset.layer),
      hide: differs.filter((box) => !box.checked).map((box) => box.dataset.layer),
      off: this.classes.filter((box) => !box.checked).map((box) => box.dataset.class),
    };
  }
}

// Conditions that keep a layer's rows but those of the classes that are off.
export function without({ class_field: by, sub_field: sub, mark_field: mark }, off) {
  const text = (field) => ["to-string", ["get", field]];
  const keys = [by && text(by), by && sub && ["concat", text(by), "/", text(sub)], mark && text(mark)];
  return keys.filter(Boolean).map((key) => ["!", ["in", key, ["literal", off]]]);
}
