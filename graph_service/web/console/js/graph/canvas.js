// The canvas: Cytoscape draws what the model says is visible, at the model's places.

import cytoscape from "../../vendor/cytoscape.esm.min.js";
import { isDirected, t } from "../i18n.js";
import { stepLabel } from "../parts/flag.js";
import { colour } from "../parts/theme.js";
import { inside } from "./lasso.js";

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
      label: "data(label)", "font-size": 12, color: colour("soft-ink"), "text-rotation": "autorotate", "text-wrap": "wrap", "text-max-width": 100, "text-background-color": colour("canvas"), "text-background-opacity": 0.9,
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
const LINES = 3;

const halves = (char) => (char.codePointAt(0) > 0x2e7f ? 2 : 1);

/** A name in at most three lines of like length, broken between characters, never inside one. */
function lines(name) {
  const chars = [...name.replace(/[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")];
  const whole = chars.reduce((sum, char) => sum + halves(char), 0);
  const most = Math.min(PER_LINE, Math.ceil(whole / Math.ceil(whole / PER_LINE) / 2) * 2);
  const found = [""];
  let width = 0;
  for (const char of chars) {
    const wide = halves(char);
    if (width + wide > most) {
      if (found.length === LINES) return `${found.join("\n")}…`;
      found.push("");
      width = 0;
    }
    found[found.length - 1] += char;
    width += wide;
  }
  return found.join("\n");
}

/** A canvas in `place`; `on`: select(ids, edge), open(id), moved(id, position), paper(image). */
export class Canvas {
  constructor(place, on) {
    this.cy = cytoscape({ container: place, style: style(), layout: { name: "preset" }, minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: true,
      textureOnViewport: false, hideEdgesOnViewport: false, pixelRatio: "auto" });
    this.drawn = new Map(); // id → how it was drawn
    this.place = place;
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
    this.paper = matchMedia("print");
    this.onto = (event) => (event.matches ? on.paper(this.image()) : this.retheme());
    this.paper.addEventListener("change", this.onto);
  }

  /** Draw what the model says is visible. */
  draw(model) {
    const { nodes, edges } = model.visible();
    const wanted = new Set([...nodes.map((node) => node.id), ...edges.map((edge) => edge.id)]);
    const busy = nodes.length > 400;
    this.cy.batch(() => {
      for (const id of this.drawn.keys()) {
        if (wanted.has(id)) continue;
        this.cy.getElementById(id).remove();
        this.drawn.delete(id);
      }
      this.cy.add([...nodes.map((node) => this.put(model, node)), ...edges.map((edge) => this.tie(edge, busy))].filter(Boolean));
    });
    if (!this.place.dataset.drawn) this.cy.one("render", () => { this.place.dataset.drawn = "1"; }); // the first picture stands
    return { nodes, edges };
  }

  /** Whether an element is drawn otherwise than before: what stays as it is costs nothing. */
  differs(id, ...looks) {
    const look = looks.join("\u0001");
    if (this.drawn.get(id) === look) return false;
    this.drawn.set(id, look);
    return true;
  }

  put(model, node) {
    const mark = model.marks.get(node.key);
    const sign = mark?.listed ? "■ " : SIGNS[mark?.severity] ?? "";
    const data = { id: node.id, kind: node.kind, label: `${sign}${lines(node.name)}${node.more ? `\n⊕ ${node.more}` : ""}` };
    const position = model.positions.get(node.id) ?? { x: 0, y: 0 };
    const classes = [node.root && "root", model.pinned.has(node.id) && "pinned", mark?.listed ? "listed" : mark?.severity && "flagged"].filter(Boolean).join(" ");
    if (!this.differs(node.id, node.kind, data.label, classes, position.x, position.y)) return null;
    const known = this.cy.getElementById(node.id);
    if (known.empty()) return { group: "nodes", data, position: { ...position }, classes };
    known.data(data).classes(classes).position(position);
    return null;
  }

  tie(edge, busy) {
    const labels = [...new Set(edge.steps.map(stepLabel))];
    const label = labels.length > LINES ? [...labels.slice(0, LINES - 1), t("edge.more", { n: labels.length - LINES + 1 })].join("\n") : labels.join("\n");
    const data = { id: edge.id, source: edge.from, target: edge.to, label, steps: edge.steps };
    const classes = [edge.steps.some((step) => isDirected(step.type)) && "directed", edge.steps.every((step) => step.former) && "former", busy && "bare"].filter(Boolean).join(" ");
    if (!this.differs(edge.id, label, classes, ...edge.steps.map((step) => step.id))) return null;
    const known = this.cy.getElementById(edge.id);
    if (known.empty()) return { group: "edges", data, classes };
    known.data(data).classes(classes);
    return null;
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

  /** The parties inside a loop of the canvas's own pixels. */
  within(polygon) {
    return this.cy.nodes().filter((node) => inside(polygon, node.renderedPosition("x"), node.renderedPosition("y"))).map((node) => node.id());
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
    const box = this.box();
    const [wide, high] = [this.cy.width(), this.cy.height()];
    const whole = Math.min(1.3, wide / (box.x2 - box.x1), high / (box.y2 - box.y1));
    const near = legible && whole < 0.42;
    const zoom = Math.max(this.cy.minZoom(), near ? 0.55 : whole);
    const root = this.cy.nodes(".root");
    const middle = near && root.nonempty() ? root.position() : { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 };
    this.cy.viewport({ zoom, pan: { x: wide / 2 - middle.x * zoom, y: high / 2 - middle.y * zoom } });
  }

  /** Where the parties are, with room for their names: measuring every name would cost more than drawing. */
  box() {
    const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
    this.cy.nodes().forEach((node) => {
      const { x, y } = node.position();
      Object.assign(box, { x1: Math.min(box.x1, x - 115), y1: Math.min(box.y1, y - 30), x2: Math.max(box.x2, x + 115), y2: Math.max(box.y2, y + 80) });
    });
    return Number.isFinite(box.x1) ? box : { x1: 0, y1: 0, x2: 1, y2: 1 };
  }

  /** Nearer or farther. */
  zoom(factor) {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  /** The party nearest to the place of another in a direction, for the arrow keys; that one may be hidden by now. */
  towards(id, from, dx, dy) {
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
    if (this.cy.getElementById(id).empty()) return;
    const box = this.cy.getElementById(id).renderedBoundingBox();
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > this.cy.width() || box.y2 > this.cy.height()) this.cy.animate({ center: { eles: this.cy.getElementById(id) }, duration: 120 });
  }

  /** All of it as an image for paper, in the colours of the present medium. */
  image() {
    this.cy.style(style());
    return this.cy.png({ full: true, scale: 2, maxWidth: 4000, maxHeight: 4000, bg: "#ffffff" });
  }

  /** Let go of everything. */
  close() {
    document.removeEventListener("theme", this.retheme);
    this.dark.removeEventListener("change", this.retheme);
    this.paper.removeEventListener("change", this.onto);
    this.cy.destroy();
  }
}
