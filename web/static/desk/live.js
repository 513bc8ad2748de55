// What has just happened to cases, as the service tells it; after a gap the list is asked for anew.

const RETRY_MS = 10_000;
const LOOK_MS = 60_000; // the list is read again even when nothing is told: a stream may lag behind
const REST_MS = 120_000; // a page nobody looks at lets its connection go

// onCases: called with the events of a moment, none after a gap; onState: "live" or "broken"
export function listen(onCases, onState) {
  let source = null;
  let retry = null;
  let rest = null;
  let waiting = [];
  let pause = null;
  let wasOpen = false;

  function connect() {
    clearTimeout(retry);
    source = new EventSource("/api/v1/stream");
    source.addEventListener("open", () => {
      onState("live");
      if (wasOpen) soon();
      wasOpen = true;
    });
    source.addEventListener("case", (event) => {
      waiting.push(JSON.parse(event.data));
      soon();
    });
    source.addEventListener("reset", soon); // too much was missed
    source.addEventListener("notice", (event) => document.dispatchEvent(new CustomEvent("citygrid:notice", { detail: JSON.parse(event.data) })));
    source.addEventListener("error", () => {
      onState("broken");
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    });
  }

  // At once for the first event, then at most every two seconds however many there are.
  function soon() {
    if (pause) return;
    pause = setTimeout(flush, 150);
  }

  async function flush() {
    const told = waiting;
    waiting = [];
    try {
      await onCases(told);
    } finally {
      pause = setTimeout(() => {
        pause = null;
        if (waiting.length) soon();
      }, 2000);
    }
  }

  function close() {
    source?.close();
    source = null;
    clearTimeout(retry);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(close, REST_MS);
    else if (!source) connect();
  });
  setInterval(() => document.hidden || soon(), LOOK_MS);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
}
