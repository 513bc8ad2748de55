// A pin for what was found and stands on no layer: coordinates, a crossing, a door, a place by name.

import * as L from "leaflet";
import { icon, make } from "../js/page_words.js";

const CLOSE_ENOUGH = 17;

export class Pin {
  constructor(map) {
    this.map = map;
    this.marker = null;
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.remove());
  }

  show(item) {
    this.remove();
    const html = make("span", { class: "map-pin-drawn" }, icon("map-pin"));
    this.marker = L.marker([item.lat, item.lon], {
      icon: L.divIcon({ html, className: "map-pin", iconSize: [36, 36], iconAnchor: [18, 34], popupAnchor: [0, -30] }),
      title: item.title, alt: item.title, keyboard: true,
    }).addTo(this.map);
    const told = make(
      "div", {},
      make("strong", { text: item.title }),
      make("p", { class: "quiet small", text: [item.kind, item.where].filter(Boolean).join(" · ") }),
      make("p", { class: "code small", text: `${item.lon.toFixed(6)}, ${item.lat.toFixed(6)}` }),
    );
    this.marker.bindPopup(told).openPopup();
    const [west, south, east, north] = item.box;
    if (east > west) this.map.fitBounds([[south, west], [north, east]], { maxZoom: 18, padding: [60, 60] });
    else this.map.setView([item.lat, item.lon], Math.max(this.map.getZoom(), CLOSE_ENOUGH));
  }

  remove() {
    this.marker?.remove();
    this.marker = null;
  }
}
