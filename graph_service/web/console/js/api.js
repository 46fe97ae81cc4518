// The service's answers. Names and ID numbers travel in bodies, never in addresses.

/** What the service refused, as RFC 9457 tells it; `code` names the reason, `away` means unreachable. */
export class Problem extends Error {
  constructor(code, status, body) {
    super(code);
    this.code = code;
    this.status = status;
    this.body = body ?? {};
  }
  /** Whether asking again later may help: the store or the service is away. */
  get away() {
    return this.code === "offline" || this.status === 503;
  }
}

const listeners = { unauthorized: () => {}, state: () => {} };

/** Be told of a missing sign-in (`unauthorized`) and of the store going away and coming back (`state`). */
export function listen(found) {
  Object.assign(listeners, found);
}

/** A request; gives the response when its status is good, else throws a Problem. */
export async function ask(path, options = {}) {
  let response;
  try {
    const headers = { "accept-language": document.documentElement.lang, ...options.headers };
    response = await fetch(path, { credentials: "same-origin", ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    listeners.state(false);
    throw new Problem("offline", 0);
  }
  if (response.ok) {
    if (path.startsWith("/v1/")) listeners.state(true);
    return response;
  }
  const body = await response.json().catch(() => ({}));
  const problem = new Problem(body.code ?? "internal_error", response.status, body);
  if (problem.code === "unauthorized") listeners.unauthorized();
  else if (problem.away) listeners.state(false);
  throw problem;
}

const query = (values) => {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(values ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") found.append(name, one);
    }
  }
  const text = found.toString();
  return text ? `?${text}` : "";
};

/** The answer to GET, as JSON. */
export async function getJson(path, values, signal) {
  return (await ask(path + query(values), { signal })).json();
}

/** The answer to POST with a JSON body. */
export async function postJson(path, body, signal) {
  const headers = { "content-type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body), signal })).json();
}

/** A request with another method and a JSON body; `version` is that of what was read. */
export async function sendJson(method, path, body, version) {
  const headers = { "content-type": "application/json", ...(version ? { "if-match": `"${version}"` } : {}) };
  const answer = await ask(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return answer.status === 204 ? null : answer.json();
}

/** A question about one party by its key. */
export const about = (key, what, values, signal) =>
  getJson(`/v1/parties/${encodeURIComponent(key)}${what ? `/${what}` : ""}`, values, signal);

/** Give a file to the browser's downloads. */
export function save(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
