// The panel of layers: what is ticked is drawn. A class that is off is taken out of every layer that has it.

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
    this.usual = new Map(layers.map((layer) => [layer.name, layer.visible]));
    this.classFields = new Map(layers.map((layer) => [layer.name, layer.class_field]));
    this.boxes = [...this.panel.querySelectorAll("[data-layer]")];
    this.classes = [...this.panel.querySelectorAll("[data-class]")];
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

  apply() {
    const off = this.classes.filter((box) => !box.checked).map((box) => box.dataset.class);
    for (const layer of this.gl.getStyle().layers) {
      const name = layer.metadata?.["citygrid:layer"];
      if (!name) continue;
      this.gl.setLayoutProperty(layer.id, "visibility", this.isOn(name) ? "visible" : "none");
      const field = this.classFields.get(name);
      const usual = this.filters.get(layer.id);
      const kept = field && off.length ? ["!", ["in", ["to-string", ["get", field]], ["literal", off]]] : null;
      this.gl.setFilter(layer.id, kept ? ["all", ...(usual ? [usual] : []), kept] : usual);
    }
    for (const block of this.panel.querySelectorAll("[data-layer-block]")) block.toggleAttribute("data-off", !this.isOn(block.dataset.layerBlock));
    this.onchange();
  }

  // What differs from the usual: only that goes into the address.
  changed() {
    const differs = this.boxes.filter((box) => box.checked !== this.usual.get(box.dataset.layer));
    return {
      show: differs.filter((box) => box.checked).map((box) => box.dataset.layer),
      hide: differs.filter((box) => !box.checked).map((box) => box.dataset.layer),
      off: this.classes.filter((box) => !box.checked).map((box) => box.dataset.class),
    };
  }
}
