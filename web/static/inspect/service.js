// Calls of the service, from pages and from the service worker alike. Nothing here touches a page.

const PATIENCE_MS = 30_000;
let csrf = "";

// The service answered, and it was no: problem is RFC 9457 as it came
export class Refusal extends Error {
  constructor(status, problem, waitS = 0) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.problem = problem;
    this.waitS = waitS;
  }
  // What the service says of single fields, beside its sentence
  get fields() {
    return (this.problem.errors ?? []).map((one) => one.detail).filter(Boolean);
  }
}

// Nothing came back: no signal, a proxy's page, or patience ended. What was sent may or may not have arrived.
export class NoAnswer extends Error {}

// { person: { login, name, role } | null, csrf_token, locale, now }
export async function askSession() {
  const { data } = await once("GET", "/inspect/session", {});
  csrf = data.csrf_token;
  return data;
}

// body: sent as JSON; bytes: a Blob, sent as it is; as: the login in whose name alone it may be taken, else 401.
// Answers { status, data, version }.
export async function call(method, path, options = {}) {
  const changes = method !== "GET";
  if (changes && !csrf) await askSession();
  try {
    return await once(method, path, options);
  } catch (error) {
    // The mark of an app that slept for hours is old; a fresh one is asked for, once.
    if (!(changes && error instanceof Refusal && error.status === 403)) throw error;
    const before = csrf;
    await askSession();
    if (csrf === before) throw error;
    return once(method, path, options);
  }
}

async function once(method, path, { body, bytes, as, headers = {}, patience = PATIENCE_MS }) {
  let answer, text;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(bytes === undefined ? {} : { "Content-Type": "application/octet-stream" }),
        ...(method === "GET" ? {} : { "X-CSRF-Token": csrf }),
        ...(as ? { "X-Person": encodeURIComponent(as) } : {}),
        ...headers,
      },
      body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(patience),
      cache: "no-store",
    });
    text = await answer.text();
  } catch (error) {
    throw new NoAnswer(error.message);
  }
  let data;
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    // A page where JSON belongs: a portal of a hotel, a proxy's error. It is not our service that spoke.
    throw new NoAnswer(`${answer.status}`);
  }
  if (!answer.ok) throw new Refusal(answer.status, data, Number(answer.headers.get("Retry-After")) || 0);
  const seen = Number(answer.headers.get("ETag")?.replace(/^W\/|"/g, ""));
  return { status: answer.status, data, version: data.version ?? (seen || undefined) };
}

// Sign in as the entrance does: its form, then who one is.
export async function signIn(login, password) {
  await askSession();
  const form = new URLSearchParams({ login, password, csrf_token: csrf, next: "/inspect/session" });
  let answer;
  try {
    answer = await fetch("/login", { method: "POST", body: form, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw new NoAnswer(error.message);
  }
  if (!answer.ok || !answer.redirected) throw new Refusal(answer.status, {});
  return askSession();
}

export async function signOut() {
  const session = await askSession();
  await fetch("/logout", { method: "POST", body: new URLSearchParams({ csrf_token: session.csrf_token }), redirect: "manual" });
  return askSession();
}
