// Symbols come with the page as SVG and become images of the drawn map, sharp on fine screens.

export const SHARPNESS = 2;

// An SVG of 32 by 32 px as an image of a map, to be added with SHARPNESS as its pixel ratio.
export async function picture(svg) {
  const drawn = new Image(32 * SHARPNESS, 32 * SHARPNESS);
  drawn.src = `data:image/svg+xml,${encodeURIComponent(svg.replace('width="32" height="32"', `width="${32 * SHARPNESS}" height="${32 * SHARPNESS}"`))}`;
  await drawn.decode();
  return drawn;
}

// images: { name: SVG of 32 by 32 px }
export function addImages(gl, images) {
  const asked = new Set();
  const add = async (name) => {
    if (asked.has(name) || !(name in images)) return;
    asked.add(name);
    const drawn = await picture(images[name]);
    if (!gl.hasImage(name)) gl.addImage(name, drawn, { pixelRatio: SHARPNESS });
  };
  // Only what is really shown is drawn; the map asks for it by name.
  gl.on("styleimagemissing", (event) => add(event.id));
}
