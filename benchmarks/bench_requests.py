"""The service over HTTP, one worker, one client: what a person waits for."""

from sqlalchemy import text

from benchmarks.serving import served
from benchmarks.timing import p50, p95, times_ms
from gis.database import engine

ROUNDS = 60


def main() -> None:
    """Print p50 and p95 of the usual requests."""
    with engine().connect() as connection:
        lon, lat = connection.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4490) AS p"
                " FROM unit_grid ORDER BY code OFFSET 1000 LIMIT 1) AS grid"
            )
        ).one()
    with served("inspector") as client:
        last = client.get("/api/v1/cases?limit=1").json()["items"][0]["case_no"]
        number = iter(range(10**6))
        report = {"kind": "event", "class_code": "0101", "lon": lon, "lat": lat}
        many = {"points": [[lon, lat]] * 10_000}
        requests = {
            "report a case": lambda: client.post(
                "/api/v1/cases", json=report | {"description": str(next(number))}
            ),
            "one case": lambda: client.get(f"/api/v1/cases/{last}"),
            "50 cases": lambda: client.get("/api/v1/cases?limit=50&open=true"),
            "grid of a place": lambda: client.get(f"/api/v1/grids/locate?lon={lon}&lat={lat}"),
            "grids of 10,000": lambda: client.post("/api/v1/grids/locate", json=many),
            "components 100 m": lambda: client.get(
                f"/api/v1/components/near?lon={lon}&lat={lat}&radius_m=100"
            ),
        }
        print(f"{'milliseconds':<18} {'p50':>8} {'p95':>8}   ({ROUNDS} each, one after another)")
        for name, send in requests.items():
            assert send().status_code < 300, name
            found = times_ms(send, ROUNDS)
            print(f"{name:<18} {p50(found):>8.1f} {p95(found):>8.1f}")


if __name__ == "__main__":
    main()
