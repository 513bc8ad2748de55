// A drawing of the service in the page: hover, click and measure are its own; here pipes are told to the bench.

export function bindDrawing(svg, { onHover, onOpen }) {
  return { light() {}, reveal() {} };
}
