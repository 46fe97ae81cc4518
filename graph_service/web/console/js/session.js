// Signing in and out: a key becomes a session that only the browser's cookie knows.

import { ask, getJson, postJson } from "./api.js";

let known = { keys: false, signed_in: true };

/** What is known of the session; `again`: ask the service. Resolves at once when not asked. */
export function session(again = false) {
  if (!again) return known;
  return getJson("/session").then((found) => (known = found)).catch(() => known);
}

/** Hand in a key; throws a Problem when it is refused. */
export async function signIn(key) {
  known = await postJson("/session", { key });
}

/** End the session here and in the service. */
export async function signOut() {
  await ask("/session", { method: "DELETE" });
  known = { keys: true, signed_in: false };
}
