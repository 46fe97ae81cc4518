// Tables: sortable, and of any length, because only the rows in sight are in the page.

import { h } from "../dom.js";
import { count, t } from "../i18n.js";

const ROW = 38; // px; the style gives rows of long tables this height
const SOME = 200; // rows drawn without a window

/** A column: title, `cell(row)` (text or nodes), `key(row)` to sort by; `wide` takes what is left. */
export function table(columns, rows, options = {}) {
  if (rows.length === 0) return h("p", { class: "none" }, options.none ?? t("none"));
  return rows.length > SOME ? long(columns, rows, options) : short(columns, rows, options);
}

function short(columns, rows, options) {
  const body = h("tbody");
  const draw = (sorted) => body.replaceChildren(...sorted.map((row) => line(columns, row)));
  const found = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": options.label ?? t("table") },
    h("table", null, head(columns, rows, draw), body));
  draw(rows);
  return found;
}

function line(columns, row) {
  return h("tr", null, columns.map((column) => h("td", { class: column.class }, column.cell(row))));
}

function head(columns, rows, draw) {
  const cells = columns.map((column) => h("th", { scope: "col", class: column.class, "aria-sort": column.key && "none" },
    column.key ? h("button", { type: "button", class: "sort", onclick: () => sort(column) }, column.title) : column.title));
  const sort = (column) => {
    const cell = cells[columns.indexOf(column)];
    const up = cell.getAttribute("aria-sort") !== "ascending";
    for (const other of cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    cell.setAttribute("aria-sort", up ? "ascending" : "descending");
    draw(sorted(rows, column.key, up));
  };
  return h("thead", null, h("tr", null, cells));
}

function sorted(rows, key, up) {
  const compare = (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || x === undefined || x === "") return 1;
    if (y === null || y === undefined || y === "") return -1;
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "zh-CN");
    return up ? order : -order;
  };
  return rows.map((row, place) => [row, place]).sort(([a, i], [b, j]) => compare(a, b) || i - j).map(([row]) => row);
}

function long(columns, rows, options) {
  let shown = rows;
  const body = h("tbody");
  const above = h("tbody", { "aria-hidden": "true" }, h("tr", null, h("td", { colspan: columns.length })));
  const below = h("tbody", { "aria-hidden": "true" }, h("tr", null, h("td", { colspan: columns.length })));
  const grid = h("table", { class: "long", "aria-rowcount": rows.length + 1 }, head(columns, rows, (next) => {
    shown = next;
    place.scrollTop = 0;
    draw();
  }), above, body, below);
  const place = h("div", { class: "scroll window", tabindex: "0", role: "region", "aria-label": options.label ?? t("table"), onscroll: () => draw() }, grid);
  const draw = () => {
    const first = Math.max(0, Math.floor(place.scrollTop / ROW) - 10);
    const last = Math.min(shown.length, first + Math.ceil((place.clientHeight || 600) / ROW) + 20);
    above.firstChild.firstChild.style.height = `${first * ROW}px`;
    below.firstChild.firstChild.style.height = `${(shown.length - last) * ROW}px`;
    body.replaceChildren(...shown.slice(first, last).map((row, i) => {
      const found = line(columns, row);
      found.setAttribute("aria-rowindex", first + i + 2);
      return found;
    }));
  };
  draw();
  return h("div", null, h("p", { class: "faint" }, t("rows", { n: count(rows.length) })), place);
}
