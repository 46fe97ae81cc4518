// State in the address: #/page/key?name=value. Keys, days, codes and positions only: never a name or an ID number.

const KEY = /^[0-9a-f]{16}$/;

/** The address that the page in sight was drawn for. */
export const shown = { address: null };

/** The address as {page, key, values}. */
export function read() {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [page = "", key = ""] = path.split("/");
  return { page, key: KEY.test(key) ? key : "", values: new URLSearchParams(search) };
}

/** An address for links. */
export function to(page, key, values) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value !== null && value !== undefined && value !== "" && value !== false) search.set(name, value === true ? "1" : value);
  }
  const text = search.toString();
  return `#/${page}${key ? `/${key}` : ""}${text ? `?${text}` : ""}`;
}

/** Go to an address: a new step of the browser's history. */
export function go(page, key, values) {
  location.hash = to(page, key, values).slice(1);
}

/** Keep state in the address without drawing the page anew. */
export function keep(changes) {
  const now = read();
  const values = Object.fromEntries(now.values);
  const address = to(now.page, now.key, { ...values, ...changes });
  if (address === location.hash) return;
  history.replaceState(null, "", address);
  shown.address = location.hash;
  const main = document.getElementById("main");
  if (main?.dataset.at !== undefined) main.dataset.at = shown.address;
}

/** Go to the same page with other values: a new step of the history, and the page is drawn anew. */
export function change(changes) {
  const now = read();
  go(now.page, now.key, { ...Object.fromEntries(now.values), ...changes });
}

/** The day asked about, "" for today. */
export const asOf = () => {
  const day = read().values.get("as_of") ?? "";
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : "";
};

/** Values that go from page to page: the day, if one is set. */
export const carried = () => (asOf() ? { as_of: asOf() } : {});
