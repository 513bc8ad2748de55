// Find a class by a few letters of its code or its name: the combobox pattern of WAI-ARIA.

const MOST = 60;

// classes: [{ kind, code, name, major, words }], words = all that may be typed, in lower case.
export function classPicker(input, list, classes, onPick) {
  let kind = "component";
  let fitting = [];
  let at = -1;

  function show() {
    const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    fitting = classes
      .filter((one) => one.kind === kind && wanted.every((word) => one.words.includes(word)))
      .slice(0, MOST);
    list.replaceChildren(
      ...fitting.map((one, index) => {
        const option = document.createElement("li");
        option.id = `class-${index}`;
        option.role = "option";
        option.setAttribute("aria-selected", "false");
        option.append(span("code", one.code), span("", one.name), span("major", one.major));
        // mousedown, not click: the input would lose its focus first and close the list
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          pick(index);
        });
        return option;
      }),
    );
    list.hidden = !fitting.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    go(wanted.length && fitting.length ? 0 : -1);
  }

  function go(index) {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = index;
    const option = list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function pick(index) {
    const one = fitting[index];
    input.value = `${one.code} ${one.name}`;
    close();
    onPick(one);
  }

  input.addEventListener("input", () => {
    onPick(null);
    show();
  });
  input.addEventListener("focus", () => input.value || show());
  input.addEventListener("click", () => list.hidden && show());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      go(Math.max(0, Math.min(fitting.length - 1, at + step)));
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      pick(at);
    } else if (event.key === "Escape") {
      close();
    }
  });

  return {
    setKind(next) {
      kind = next;
      input.value = "";
      onPick(null);
      close();
    },
  };
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
