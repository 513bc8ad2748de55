// Where the phone is: one watch for the whole app, started by who first needs it.

const OPTIONS = { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 };
const listeners = new Set();
let watch = null;
export let here = null; // { lon, lat, accuracy, at }
export let trouble = ""; // "", "no_position", "position_denied"

function found({ coords, timestamp }) {
  here = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy, at: timestamp };
  trouble = "";
  for (const listener of listeners) listener();
}

function failed(error) {
  trouble = error.code === error.PERMISSION_DENIED ? "position_denied" : "no_position";
  for (const listener of listeners) listener();
}

// listener() is called at each new position and each failure; answers how to stop listening
export function onPosition(listener) {
  listeners.add(listener);
  if (watch === null && navigator.geolocation) watch = navigator.geolocation.watchPosition(found, failed, OPTIONS);
  if (!navigator.geolocation) trouble = "no_position";
  if (here || trouble) listener();
  return () => {
    listeners.delete(listener);
    if (listeners.size || watch === null) return;
    navigator.geolocation.clearWatch(watch);
    watch = null;
  };
}

// Which way the phone points, degrees clockwise from north, where it has a compass and may tell
let heading = null;
export const headingDeg = () => heading;
export const asksForCompass = () => typeof DeviceOrientationEvent?.requestPermission === "function";

export async function startCompass(listener) {
  if (asksForCompass() && (await DeviceOrientationEvent.requestPermission().catch(() => "denied")) !== "granted") return;
  const turned = (event) => {
    if (Number.isFinite(event.webkitCompassHeading)) heading = event.webkitCompassHeading;
    else if (event.absolute && Number.isFinite(event.alpha)) heading = (360 - event.alpha) % 360;
    else return;
    listener();
  };
  addEventListener("deviceorientationabsolute" in window ? "deviceorientationabsolute" : "deviceorientation", turned);
}
