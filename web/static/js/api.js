// Calls of the service from its own pages: the session's cookie goes along, the CSRF mark in a header.

export class Problem extends Error {
  // problem: RFC 9457 as the service answers it
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.problem = problem;
  }
}

// body: sent as JSON; form: a FormData, sent as a form with files; bytes: a Blob, sent as it is
// keepalive: it arrives though the page is left meanwhile
export async function call(method, path, { body, form, bytes, headers = {}, keepalive = false } = {}) {
  const answer = await fetch(path, {
    method,
    keepalive,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      "X-CSRF-Token": document.body.dataset.csrf,
      ...headers,
    },
    body: form ?? bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  const text = await answer.text();
  let said = {};
  try {
    said = text ? JSON.parse(text) : {};
  } catch {
    said = { title: text.slice(0, 200) };
  }
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}
