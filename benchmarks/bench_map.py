"""The map's page in a browser: bytes, time to the first complete picture, time of a step of zoom.

``python -m benchmarks.bench_map`` against the database of ``CITYGRID_DATABASE_URL`` (else the private one).
Headless Chromium draws WebGL in software: on a desk with a graphics card the drawing is faster, the service
is not. Complete: no tile is missing and nothing is left to draw.
"""

import time

from playwright.sync_api import Browser, sync_playwright

from benchmarks.serving import served
from benchmarks.timing import p50, p95
from tests.browser import DESK, launch, visit

ROUNDS = 5
STEPS = (1, 1, 1, -1, 1)
COMPLETE = "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded() && !city.gl.isMoving()"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
# From the change of zoom until the map is idle again; milliseconds by the browser's own clock.
STEP = """(step) => new Promise((resolve) => {
  const begin = performance.now();
  city.map.once('zoomend', () => city.gl.once('idle', () => resolve(performance.now() - begin)));
  city.map.setZoom(city.map.getZoom() + step, { animate: false });
})"""
SENT = """() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .reduce((sum, one) => [sum[0] + 1, sum[1] + one.transferSize], [0, 0])"""


def opened(browser: Browser, base: str, again: bool) -> dict[str, list[float]]:
    """One visit of the whole city; ``again``: the same browser has been there before."""
    with visit(browser, base, "dispatcher", size=DESK) as seen:
        if again:
            seen.page.goto(f"{base}/map")
            seen.page.wait_for_function(COMPLETE, timeout=120_000)
        begin = time.perf_counter()
        seen.page.goto(f"{base}/map", wait_until="commit")
        seen.page.wait_for_function(COMPLETE, timeout=120_000)
        complete = (time.perf_counter() - begin) * 1000
        painted = float(seen.page.evaluate(PAINTED))
        requests, sent = seen.page.evaluate(SENT)
        steps = [float(seen.page.evaluate(STEP, step)) for step in STEPS]
    return {
        "complete": [complete],
        "painted": [painted],
        "requests": [requests],
        "sent": [sent],
        "zoom": steps,
    }


def main() -> None:
    """Print the page's size, then p50 and p95 of opening and zooming, first visits and later ones."""
    with served("dispatcher") as client, sync_playwright() as playwright:
        base = str(client.base_url).rstrip("/")
        page = client.get("/map", headers={"accept-encoding": "identity"}).content
        drawing = client.get("/map/drawing.json", headers={"accept-encoding": "gzip"})
        packed = int(drawing.headers["content-length"])
        print(f"page {len(page) / 1000:.1f} kB; its drawing {packed / 1000:.1f} kB packed")
        browser = launch(playwright)
        opened(browser, base, again=False)  # the service fills its own memory
        for again in (False, True):
            runs = [opened(browser, base, again) for _ in range(ROUNDS)]
            told = {name: [value for run in runs for value in run[name]] for name in runs[0]}
            print(
                f"{'later visit' if again else 'first visit':<12}"
                f" painted {p50(told['painted']):>6.0f} ms"
                f"  complete p50 {p50(told['complete']):>6.0f} p95 {p95(told['complete']):>6.0f} ms"
                f"  zoom p50 {p50(told['zoom']):>5.0f} p95 {p95(told['zoom']):>5.0f} ms"
                f"  {p50(told['requests']):.0f} requests, {p50(told['sent']) / 1000:.0f} kB"
            )
        browser.close()


if __name__ == "__main__":
    main()
