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
  const drawn = new Map();
  // Only what is really shown is drawn. The map waits for it: one that came after its tile might never be seen.
  gl.setMissingStyleImageResolver(async (name) => {
    if (!(name in images)) return;
    if (!drawn.has(name)) drawn.set(name, picture(images[name]));
    const image = await drawn.get(name);
    if (!gl.hasImage(name)) gl.addImage(name, image, { pixelRatio: SHARPNESS });
  });
}
