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
// keepalive: it arrives though the page is left meanwhile; signal: of an AbortController
// Answers the response itself, whatever its type; throws a Problem where it is not a good one.
export async function answerTo(method, path, { body, form, bytes, headers = {}, keepalive = false, signal } = {}) {
  const answer = await fetch(path, {
    method,
    keepalive,
    signal,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      "X-CSRF-Token": document.body.dataset.csrf,
      ...headers,
    },
    body: form ?? bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (!answer.ok) throw new Problem(answer.status, read(await answer.text()));
  return answer;
}

export async function call(method, path, options) {
  const answer = await answerTo(method, path, options);
  return read(await answer.text());
}

function read(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return { title: text.slice(0, 200) };
  }
}
