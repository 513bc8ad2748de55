// The stream of changes for a page that runs for days: whatever ends it, it is opened again, later each time it fails.

const FIRST_MS = 2000;
const LONGEST_MS = 60_000;
const GATHER_MS = 2000; // however many changes there are, the page is told once in so long

// address: of the stream; onChange: something happened, or may have been missed; onState("live" | "broken")
export function follow(address, onChange, onState) {
  let source = null;
  let again = null;
  let wait = FIRST_MS;
  let soon = null;

  const changed = () => {
    soon ??= setTimeout(() => {
      soon = null;
      onChange();
    }, GATHER_MS);
  };

  function open() {
    clearTimeout(again);
    again = null;
    source = new EventSource(address);
    source.addEventListener("open", () => {
      wait = FIRST_MS;
      onState("live");
      changed(); // what happened meanwhile
    });
    source.addEventListener("case", changed);
    source.addEventListener("reset", changed);
    source.addEventListener("error", lost);
  }

  // Not left to the browser: it would come back every three seconds for as long as the service is away.
  function lost() {
    if (again) return;
    source.close(); // with it all of its listeners go
    onState("broken");
    again = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_MS);
  }

  addEventListener("offline", lost);
  addEventListener("online", () => again && open());
  addEventListener("pagehide", () => {
    clearTimeout(again);
    source.close();
  });
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
