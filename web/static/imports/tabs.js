// Tabs of a page: one shown, the arrow keys lead from one to the next.

export class Tabs {
  // bar: the element with role=tablist; onShow(name) is told which one is shown now
  constructor(bar, { onShow }) {
    this.buttons = [...bar.querySelectorAll("[role=tab]")];
    this.onShow = onShow;
    this.current = this.buttons[0].dataset.tab;
    for (const [at, button] of this.buttons.entries()) {
      button.addEventListener("click", () => this.show(button.dataset.tab));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) this.show(this.buttons.at((at + step) % this.buttons.length).dataset.tab, { focus: true });
      });
    }
  }

  has(name) {
    return this.buttons.some((button) => button.dataset.tab === name);
  }

  show(name, { focus = false } = {}) {
    this.current = name;
    for (const button of this.buttons) {
      const isIt = button.dataset.tab === name;
      button.setAttribute("aria-selected", String(isIt));
      button.tabIndex = isIt ? 0 : -1;
      document.getElementById(button.getAttribute("aria-controls")).hidden = !isIt;
      if (isIt && focus) button.focus();
    }
    this.onShow(name);
  }
}
