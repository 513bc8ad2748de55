// One line that says what is wrong; empty words take it away.

export function notice(words) {
  const box = document.getElementById("notice");
  box.querySelector("span").textContent = words;
  box.hidden = !words;
}
