// The canvas: Cytoscape draws what the model says is visible, at the model's places.

import cytoscape from "../../vendor/cytoscape.esm.min.js";
import { isDirected, t } from "../i18n.js";
import { stepLabel } from "../parts/flag.js";
import { colour } from "../parts/theme.js";

const SIGNS = { high: "▲ ", medium: "◆ ", low: "● " };

const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Droid Sans Fallback", sans-serif';

function style() {
  const ink = colour("ink");
  return [
    { selector: "node", style: { width: 28, height: 28, shape: "ellipse", "background-color": colour("node-person"), "border-width": 2, "border-color": colour("surface"),
      label: "data(label)", color: ink, "font-size": 14, "font-family": FONT,
      "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 200, "min-zoomed-font-size": 5,
      "text-background-color": colour("canvas"), "text-background-opacity": 0.85, "text-background-padding": 1 } },
    { selector: "node[kind='Enterprise']", style: { shape: "round-rectangle", "background-color": colour("node-company") } },
    { selector: "node[kind='Contact']", style: { shape: "triangle", "background-color": colour("faint") } },
    { selector: "node[kind='Tender']", style: { shape: "diamond", "background-color": colour("faint") } },
    { selector: "node.flagged", style: { "border-width": 4, "border-color": colour("medium") } },
    { selector: "node.listed", style: { "background-color": colour("bad"), "border-width": 4, "border-color": colour("bad"), "border-style": "double" } },
    { selector: "node.root", style: { width: 38, height: 38, "font-size": 16, "font-weight": "bold" } },
    { selector: "node.pinned", style: { "border-style": "dashed", "border-color": ink, "border-width": 2 } },
    { selector: "edge", style: { width: 1.4, "line-color": colour("edge"), "target-arrow-color": colour("edge"), "curve-style": "bezier", "arrow-scale": 0.9,
      "source-endpoint": "outside-to-node-or-label", "target-endpoint": "outside-to-node-or-label", // no arrow hides under a name
      label: "data(label)", "font-size": 12, color: colour("soft-ink"), "text-rotation": "autorotate", "text-background-color": colour("canvas"), "text-background-opacity": 0.9,
      "text-background-padding": 1, "min-zoomed-font-size": 8, "font-family": FONT } },
    { selector: "edge.directed", style: { "target-arrow-shape": "triangle" } },
    { selector: "edge.former", style: { "line-style": "dashed" } },
    { selector: "edge.bare", style: { label: "", "curve-style": "haystack", "haystack-radius": 0 } },
    { selector: "edge.way", style: { width: 3.5, "line-color": colour("bad"), "target-arrow-color": colour("bad"), color: colour("bad"), "z-index": 9 } },
    { selector: "node.way", style: { "border-width": 4, "border-color": colour("bad") } },
    { selector: ":selected", style: { "border-width": 4, "border-color": colour("accent"), "border-style": "solid", "line-color": colour("accent"), "target-arrow-color": colour("accent") } },
  ];
}

const PER_LINE = 20; // half-widths: ten Han characters

/** A name in at most three lines, broken between characters, never inside one. */
function lines(name) {
  const found = [""];
  let width = 0;
  for (const char of name.replace(/[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")) {
    const wide = char.codePointAt(0) > 0x2e7f ? 2 : 1;
    if (width + wide > PER_LINE) {
      if (found.length === 3) return `${found.join("\n")}…`;
      found.push("");
      width = 0;
    }
    found[found.length - 1] += char;
    width += wide;
  }
  return found.join("\n");
}

/** A canvas in `place`; `on`: select(ids, edge), open(id), moved(id, position). */
export class Canvas {
  constructor(place, on) {
    this.cy = cytoscape({ container: place, style: style(), layout: { name: "preset" }, minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: true,
      textureOnViewport: false, hideEdgesOnViewport: false, pixelRatio: "auto" });
    const chosen = () => on.select(this.cy.nodes(":selected").map((node) => node.id()), this.cy.edges(":selected").map((edge) => edge.data("steps")).flat());
    let timer = 0;
    this.cy.on("select unselect", () => {
      clearTimeout(timer);
      timer = setTimeout(chosen, 0);
    });
    this.cy.on("dbltap", "node", (event) => on.open(event.target.id()));
    this.cy.on("dragfree", "node", (event) => on.moved(event.target.id(), { ...event.target.position() }));
    this.retheme = () => this.cy.style(style());
    document.addEventListener("theme", this.retheme);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", this.retheme);
  }

  /** Draw what the model says is visible. */
  draw(model) {
    const { nodes, edges } = model.visible();
    const wanted = new Set([...nodes.map((node) => node.id), ...edges.map((edge) => edge.id)]);
    const busy = nodes.length > 400;
    this.cy.batch(() => {
      this.cy.elements().filter((element) => !wanted.has(element.id())).remove();
      for (const node of nodes) this.put(model, node);
      for (const edge of edges) this.tie(edge);
      this.cy.edges().toggleClass("bare", busy);
    });
    return { nodes, edges };
  }

  put(model, node) {
    const mark = model.marks.get(node.key);
    const sign = mark?.listed ? "■ " : SIGNS[mark?.severity] ?? "";
    const data = { id: node.id, kind: node.kind, label: `${lines(sign + node.name)}${node.more ? `\n⊕ ${node.more}` : ""}` };
    const position = model.positions.get(node.id) ?? { x: 0, y: 0 };
    const classes = [node.root && "root", model.pinned.has(node.id) && "pinned", mark?.listed ? "listed" : mark?.severity && "flagged"].filter(Boolean).join(" ");
    const known = this.cy.getElementById(node.id);
    if (known.empty()) this.cy.add({ group: "nodes", data, position: { ...position }, classes });
    else known.data(data).classes(classes).position(position);
  }

  tie(edge) {
    const label = [...new Set(edge.steps.map(stepLabel))].join(t("comma"));
    const data = { id: edge.id, source: edge.from, target: edge.to, label, steps: edge.steps };
    const classes = [edge.steps.some((step) => isDirected(step.type)) && "directed", edge.steps.every((step) => step.former) && "former"].filter(Boolean).join(" ");
    const known = this.cy.getElementById(edge.id);
    if (known.empty()) this.cy.add({ group: "edges", data, classes });
    else known.data(data).classes(classes);
  }

  /** Make relations stand out. */
  highlight(relations) {
    const wanted = new Set(relations);
    this.cy.batch(() => {
      this.cy.elements().removeClass("way");
      const edges = this.cy.edges().filter((edge) => edge.data("steps").some((step) => wanted.has(step.id)));
      edges.addClass("way");
      edges.connectedNodes().addClass("way");
    });
  }

  /** Choose parties. */
  choose(ids) {
    this.cy.batch(() => {
      this.cy.elements().unselect();
      for (const id of ids) this.cy.getElementById(id).select();
    });
  }

  /** All of it in sight, but never larger than life; at first `legible`: names can be read, around the root. */
  fit(legible = false) {
    this.cy.fit(undefined, 30);
    const whole = Math.min(1.3, this.cy.zoom());
    const zoom = legible && whole < 0.42 ? 0.55 : whole;
    if (zoom === this.cy.zoom()) return;
    this.cy.zoom(zoom);
    this.cy.center(zoom < 1.3 ? this.cy.nodes(".root") : undefined);
  }

  /** Nearer or farther. */
  zoom(factor) {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  /** The party nearest to another in a direction, for the arrow keys. */
  towards(id, dx, dy) {
    const from = this.cy.getElementById(id).position();
    let best = null;
    for (const node of this.cy.nodes()) {
      const [x, y] = [node.position("x") - from.x, node.position("y") - from.y];
      const along = x * dx + y * dy;
      const across = Math.abs(x * dy) + Math.abs(y * dx);
      if (node.id() === id || along <= 0 || across > along * 1.5) continue;
      if (!best || along + across < best.far) best = { id: node.id(), far: along + across };
    }
    return best?.id ?? null;
  }

  /** Bring a party into sight. */
  reveal(id) {
    const box = this.cy.getElementById(id).renderedBoundingBox();
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > this.cy.width() || box.y2 > this.cy.height()) this.cy.animate({ center: { eles: this.cy.getElementById(id) }, duration: 120 });
  }

  /** Let go of everything. */
  close() {
    document.removeEventListener("theme", this.retheme);
    this.dark.removeEventListener("change", this.retheme);
    this.cy.destroy();
  }
}
