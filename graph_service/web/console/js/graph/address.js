// The graph's state in the address: keys, codes, days and places, so that a link shows the same picture.

const KEY = /^[0-9a-f]{16}$/;

/** State as values for the address. */
export function write(model, view) {
  const key = (id) => model.nodes.get(id)?.key;
  return {
    depth: view.depth === 2 ? "" : view.depth,
    show: view.of === "trace" ? "" : view.of,
    past: view.past ? "1" : "",
    open: model.expanded.map(({ key: party, type, n }) => [party, type || "-", n].join(".")).join("~"),
    hide: [...model.hidden].map(key).filter(Boolean).join("~"),
    pin: [...model.pinned].filter(key).map((id) => [key(id), Math.round(model.positions.get(id).x), Math.round(model.positions.get(id).y)].join("_")).join("~"),
    tidy: model.tidied ? "1" : "",
    not: [...model.filters.types].join("~"),
    share: model.filters.share || "",
    grades: model.filters.grades,
    day: model.filters.day,
    apart: model.grouped ? "" : "1",
    view: view.table ? "table" : "",
  };
}

/** State from the address's values; what does not fit is left out. */
export function parse(values) {
  const list = (name) => (values.get(name) ?? "").split("~").filter(Boolean).slice(0, 500);
  const depth = Number(values.get("depth") || 2);
  return {
    depth: [1, 2, 3].includes(depth) ? depth : 2,
    of: ["flags", "exposure"].includes(values.get("show")) ? values.get("show") : "trace",
    past: values.get("past") === "1",
    table: values.get("view") === "table",
    open: list("open").map((one) => one.split(".")).filter(([key, type, n]) => KEY.test(key) && /^[A-Z_-]+$/.test(type) && Number(n) > 0 && Number(n) <= 2000)
      .map(([key, type, n]) => ({ key, type: type === "-" ? "" : type, n: Number(n) })),
    hide: list("hide").filter((key) => KEY.test(key)),
    pin: list("pin").map((one) => one.split("_")).filter(([key, x, y]) => KEY.test(key) && Number.isFinite(Number(x)) && Number.isFinite(Number(y)))
      .map(([key, x, y]) => ({ key, x: Number(x), y: Number(y) })),
    tidy: values.get("tidy") === "1",
    not: list("not").filter((type) => /^[A-Z_]+$/.test(type)),
    share: Math.min(1, Math.max(0, Number(values.get("share")) || 0)),
    grades: ["listed", "flagged"].includes(values.get("grades")) ? values.get("grades") : "",
    day: /^\d{4}-\d{2}-\d{2}$/.test(values.get("day") ?? "") ? values.get("day") : "",
    apart: values.get("apart") === "1",
  };
}
