// The component library, set up once: our language, our icons. Parts are loaded when first needed.

import "webawesome/translations/zh-cn.js";
import { registerIconLibrary } from "webawesome/webawesome.js";

// By default icons come from a server of their makers; here they come from the package beside us.
const icons = document.querySelector("meta[name='citygrid-icons']").content;
registerIconLibrary("default", { resolver: (name) => `${icons}${name}.svg` });

export async function open(id) {
  await import("webawesome/components/dialog/dialog.js");
  const dialog = document.getElementById(id);
  dialog.open = true;
  return dialog;
}
