// The ownership tree: up to the owners and down to the holdings, level by level, each party drawn once.

import { about } from "../api.js";
import { fill, h, svg } from "../dom.js";
import { kindLabel, percent, shareText, t } from "../i18n.js";
import { completeness, namesIn } from "../parts/complete.js";
import { pending } from "../parts/notice.js";
import { partyLink } from "../parts/party.js";
import { asOf, carried, change, to } from "../route.js";
import { table } from "../parts/table.js";
import { warnings } from "./party_ownership.js";

const [WIDE, HIGH, GAP, LEVEL] = [188, 58, 16, 116];
const MOST = 14; // parties on one level of the drawing; the table has them all

/** Draw the page. */
export async function show(main, { key, values }) {
  const depth = Math.min(6, Math.max(1, Number(values.get("depth")) || 3));
  const ask = (what, more) => about(key, what, { as_of: asOf(), ...more });
  const [stakes, owners, holdings] = await Promise.all([
    ask("trace", { depth, types: "SHAREHOLDER_OF", per_party: 200 }), ask("owners"), ask("holdings")]);
  const through = new Map([...owners.owners, ...holdings.holdings].map((row) => [row.party.id, row]));
  const tree = spread(stakes);
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("tree.title"), " ", h("a", { href: to("party", key, carried()) }, stakes.root.name)), h("p", { class: "faint" }, t("tree.lead"))),
      h("div", { class: "actions" }, h("label", { class: "choice" }, h("span", null, t("tree.depth")), h("select", { onchange: (event) => change({ depth: event.target.value }) },
        [1, 2, 3, 4, 5, 6].map((n) => h("option", { value: n, selected: n === depth }, n)))), h("button", { type: "button", onclick: () => window.print() }, t("print")))),
    h("div", { class: "scroll tree", tabindex: "0", role: "region", "aria-label": t("tree.title") }, drawing(stakes.root, tree, through)),
    tree.left > 0 && h("p", { class: "faint" }, t("tree.left", { n: tree.left, most: MOST })),
    tree.back.length > 0 && h("p", { class: "faint" }, t("tree.cycles", { n: tree.back.length })),
    h("h2", null, t("tree.table")), stakesTable(tree.stakes),
    pending(Promise.resolve(owners), (answer) => warnings(answer)),
    completeness(stakes, namesIn(stakes)));
}

/** Levels above and below the root; a stake that leads back to a drawn party is drawn once, as a return. */
function spread(answer) {
  const up = climb(answer, (step) => [step.to.id, step.from]);
  const down = climb(answer, (step) => [step.from.id, step.to]);
  const level = new Map([[answer.root.id, 0]]);
  const rows = new Map([[0, [answer.root]]]);
  let left = 0;
  for (const [sign, found] of [[-1, up], [1, down]]) {
    for (const [party, depth] of found) {
      if (level.has(party.id)) continue;
      const row = rows.get(sign * depth) ?? [];
      if (row.length >= MOST) {
        left += 1;
        continue;
      }
      level.set(party.id, sign * depth);
      rows.set(sign * depth, [...row, party]);
    }
  }
  const [above, below] = [up, down].map((found) => new Set([answer.root.id, ...found.map(([party]) => party.id)]));
  const stakes = answer.relations.filter((step) => [above, below].some((ids) => ids.has(step.from.id) && ids.has(step.to.id)));
  const edges = stakes.filter((step) => level.has(step.from.id) && level.has(step.to.id));
  return { level, rows, left, stakes, edges, back: edges.filter((step) => level.get(step.from.id) >= level.get(step.to.id)) };
}

function climb(answer, ends) {
  const found = [];
  const seen = new Set([answer.root.id]);
  let frontier = [answer.root.id];
  for (let depth = 1; frontier.length; depth += 1) {
    const next = [];
    for (const step of answer.relations) {
      const [here, other] = ends(step);
      if (!frontier.includes(here) || seen.has(other.id)) continue;
      seen.add(other.id);
      found.push([other, depth]);
      next.push(other.id);
    }
    frontier = next;
  }
  return found;
}

function drawing(root, tree, through) {
  const levels = [...tree.rows.keys()].sort((a, b) => a - b);
  const widest = Math.max(...[...tree.rows.values()].map((row) => row.length));
  const width = widest * (WIDE + GAP) + GAP;
  const height = (levels.length - 1) * LEVEL + HIGH + 20;
  const place = new Map();
  levels.forEach((level, n) => {
    const row = tree.rows.get(level);
    row.forEach((party, i) => place.set(party.id, { x: (width - row.length * (WIDE + GAP)) / 2 + i * (WIDE + GAP) + GAP / 2, y: n * LEVEL + 10 }));
  });
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": t("tree.drawing", { name: root.name }) },
    svg("defs", null, svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8Z", class: "arrow" }))),
    tree.edges.map((step) => stake(step, place, tree)),
    [...place].map(([id, spot]) => box(parties(tree).get(id), spot, through.get(id), id === root.id)));
}

const parties = (tree) => new Map([...tree.rows.values()].flat().map((party) => [party.id, party]));

function stake(step, place, tree) {
  const [a, b] = [place.get(step.from.id), place.get(step.to.id)];
  const back = tree.back.includes(step);
  const [x1, y1, x2, y2] = [a.x + WIDE / 2, a.y + (back ? 0 : HIGH), b.x + WIDE / 2, b.y + (back ? HIGH : 0)];
  const middle = (y1 + y2) / 2;
  const d = back ? `M${a.x + WIDE} ${a.y + HIGH / 2}C${Math.max(a.x, b.x) + WIDE + 70} ${a.y + HIGH / 2} ${Math.max(a.x, b.x) + WIDE + 70} ${b.y + HIGH / 2} ${b.x + WIDE} ${b.y + HIGH / 2}` : `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2 - 2}`;
  const spot = back ? { x: Math.max(a.x, b.x) + WIDE + 30, y: (a.y + b.y + HIGH) / 2 } : { x: x2 + (x1 - x2) * 0.2, y: y2 - 16 };
  return svg("g", { class: back ? "stake back" : "stake" }, svg("path", { d, class: "line", "marker-end": "url(#tip)" }),
    svg("text", { x: spot.x, y: spot.y, "text-anchor": "middle" }, shareText(step.share_min, step.share, step.share_max)));
}

function box(party, spot, row, root) {
  const name = party.name || party.id;
  const lines = name.length > 13 ? [name.slice(0, 13), name.length > 26 ? `${name.slice(13, 25)}…` : name.slice(13)] : [name];
  const through = row && row.integrated_max !== null && row.integrated_max !== undefined ? t("tree.through", { share: shareText(row.integrated_min, row.integrated, row.integrated_max) })
    : row?.control_share ? t("tree.control", { share: percent(row.control_share) }) : kindLabel(party.kind);
  const drawn = svg("g", { class: `box ${party.kind} ${root ? "root" : ""}` },
    svg("title", null, name),
    svg("rect", { x: spot.x, y: spot.y, width: WIDE, height: HIGH, rx: party.kind === "Person" ? 28 : 5 }),
    lines.map((text, n) => svg("text", { x: spot.x + WIDE / 2, y: spot.y + (lines.length === 1 ? 24 : 17) + n * 15, "text-anchor": "middle" }, text)),
    svg("text", { x: spot.x + WIDE / 2, y: spot.y + HIGH - 8, "text-anchor": "middle", class: "small" }, through));
  return party.key && !root ? svg("a", { href: to("ownership", party.key, carried()), "aria-label": name }, drawn) : drawn;
}

function stakesTable(stakes) {
  return table([
    { title: t("col.holder"), class: "wide", cell: (step) => partyLink(step.from, "ownership"), key: (step) => step.from.name },
    { title: t("col.share"), class: "number", cell: (step) => shareText(step.share_min, step.share, step.share_max), key: (step) => step.share },
    { title: t("col.issuer"), class: "wide", cell: (step) => partyLink(step.to, "ownership"), key: (step) => step.to.name },
  ], stakes);
}
