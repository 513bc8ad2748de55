// The design's tokens as colours, for what is drawn by scripts.

// light-dark() is only resolved where something is painted with it.
export function token(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
