// The component library, set up once: our language, our icons. Parts are loaded when first needed.

import "webawesome/translations/zh-cn.js";
import { registerIconLibrary } from "webawesome/webawesome.js";

// By default icons come from a server of their makers; here they come from the package beside us.
const icons = document.querySelector("meta[name='citygrid-icons']").content;
registerIconLibrary("default", { resolver: (name) => `${icons}${name}.svg` });

// The library's own few icons are data: addresses that it fetches, which our content security policy forbids.
const SYSTEM = {
  "angles-left": "chevrons-left", "angles-right": "chevrons-right", bars: "menu", backward: "rewind", "backward-step": "skip-back",
  "circle-question": "circle-question-mark", "circle-xmark": "circle-x", compress: "shrink", "ellipsis-vertical": "ellipsis-vertical",
  expand: "expand", "eye-slash": "eye-off", eyedropper: "pipette", filter: "list-filter", forward: "fast-forward",
  "forward-step": "skip-forward", gear: "settings", indeterminate: "minus", "magnifying-glass": "search", "play-circle": "circle-play",
  "table-columns": "columns-2", thumbtack: "pin", "up-down": "chevrons-up-down", volume: "volume-2", "volume-low": "volume-1",
  "volume-xmark": "volume-x", xmark: "x",
};
registerIconLibrary("system", { resolver: (name) => `${icons}${SYSTEM[name] ?? name}.svg` });

export async function open(id) {
  await import("webawesome/components/dialog/dialog.js");
  const dialog = document.getElementById(id);
  dialog.open = true;
  return dialog;
}
