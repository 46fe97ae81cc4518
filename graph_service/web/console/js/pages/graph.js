// The graph of a party: canvas or table, with the same things to do by mouse and by keyboard.

import { announce, fill, h, refill } from "../dom.js";
import { t } from "../i18n.js";
import { write, parse } from "../graph/address.js";
import { Canvas } from "../graph/canvas.js";
import { lasso } from "../graph/lasso.js";
import { Model } from "../graph/model.js";
import { filters, legend, selection, time } from "../graph/panel.js";
import * as source from "../graph/source.js";
import { twin } from "../graph/twin.js";
import { completeness } from "../parts/complete.js";
import { line } from "../parts/notice.js";
import { asOf, carried, change, keep, to } from "../route.js";
import { exportsMenu } from "../parts/exports.js";

/** Draw the page; gives the function that leaves it. */
export async function show(main, { key, values }) {
  const state = parse(values);
  const answer = await source.picture(key, { ...state, as_of: asOf() });
  const page = new GraphPage(main, key, state, answer);
  await page.restore(state);
  page.draw({ fit: true });
  page.mark();
  return () => page.close();
}

class GraphPage {
  constructor(main, key, state, answer) {
    this.key = key;
    this.view = { depth: state.depth, of: state.of, past: state.past, table: state.table };
    this.answer = answer;
    this.model = new Model();
    this.chosen = [];
    this.left = null; // where the last one hidden stood
    this.steps = [];
    this.abort = new AbortController();
    this.take(answer);
    this.build(main);
    this.canvas = new Canvas(this.place, {
      select: (ids, steps) => this.choose(ids, steps),
      open: (id) => this.expand(id, ""),
      moved: (id, position) => this.moved(id, position),
      paper: (image) => { this.sheet.src = image; },
    });
  }

  take(answer) {
    const keys = new Map(answer.relations.flatMap((step) => [[step.from.id, step.from.key], [step.to.id, step.to.key]]));
    this.root = answer.roots[0];
    keys.set(this.root, this.key);
    this.model.add(answer.nodes.map((node) => ({ ...node, key: node.key ?? keys.get(node.id) })), answer.relations);
    this.model.change(this.root, { root: true });
    for (const [id, [x, y]] of Object.entries(answer.positions)) this.model.positions.set(id, { x, y });
    for (const node of answer.nodes) {
      const cut = source.cut(answer, node.id);
      if (cut) this.model.change(node.id, { more: t("graph.more", { n: cut.total - cut.shown }) });
    }
  }

  async restore(state) {
    const { model } = this;
    Object.assign(model.filters, { types: new Set(state.not), share: state.share, grades: state.grades, day: state.day });
    model.grouped = !state.apart;
    for (const { key, type, n } of state.open) {
      const id = model.idOf(key);
      if (id) await this.grow(id, type, n).catch(() => {});
    }
    if (state.tidy) await this.tidyUp().catch(() => {});
    for (const id of state.hide.map((key) => model.idOf(key))) if (id) model.hidden.add(id);
    for (const { key, x, y } of state.pin) {
      const id = model.idOf(key);
      if (!id) continue;
      model.pinned.add(id);
      model.positions.set(id, { x, y });
    }
    model.done = [];
  }

  build(main) {
    const name = this.model.nodes.get(this.root).name;
    this.place = h("div", { class: "canvas", tabindex: "0", role: "application", "aria-label": t("graph.canvas", { name }), "aria-describedby": "graph-help", onkeydown: (event) => this.keys(event) });
    this.sheet = h("img", { class: "paper sheet-of-graph", alt: "" });
    this.tableplace = h("div", { class: "twin", hidden: true });
    this.side = h("aside", { class: "side", "aria-label": t("graph.side") });
    this.foot = h("div");
    this.said = h("p", { class: "faint status", role: "status" });
    fill(main,
      h("header", { class: "page compact" },
        h("h1", { "data-private": "1" }, t("graph.title"), " ", h("a", { href: to("party", this.key, carried()) }, name)),
        this.toolbar()),
      h("div", { class: "graph" }, h("div", { class: "stage" }, this.place, this.sheet, this.tableplace, this.said), this.side),
      h("p", { id: "graph-help", class: "faint help" }, t("graph.help")),
      this.foot);
  }

  toolbar() {
    const button = (key, run, more) => h("button", { type: "button", onclick: run, title: t(`graph.${key}.title`), ...more }, t(`graph.${key}`));
    this.toggle = button("table", () => this.swap());
    const choice = (name, options, value, change) => h("label", { class: "choice" }, h("span", null, t(`graph.${name}`)),
      h("select", { onchange: (event) => change(event.target.value) }, options.map(([code, text]) => h("option", { value: code, selected: String(code) === String(value) }, text))));
    const again = (changes) => change({ open: "", hide: "", pin: "", tidy: "", ...changes });
    return h("div", { class: "toolbar", role: "toolbar", "aria-label": t("graph.tools") },
      choice("show", [["trace", t("graph.show.trace")], ["flags", t("graph.show.flags")], ["exposure", t("graph.show.exposure")]], this.view.of, (of) => again({ show: of === "trace" ? "" : of })),
      this.view.of === "trace" && choice("depth", [1, 2, 3].map((n) => [n, n]), this.view.depth, (depth) => again({ depth })),
      button("undo", () => this.back(true)), button("redo", () => this.back(false)),
      button("lasso", (event) => this.loop(event.currentTarget)), button("tidy", () => this.tidy()), button("fit", () => this.canvas.fit()),
      button("in", () => this.canvas.zoom(1.25)), button("out", () => this.canvas.zoom(0.8)),
      this.toggle, exportsMenu(this.key, () => ({ of: this.view.of, depth: this.view.of === "trace" ? this.view.depth : null, as_of: asOf() })));
  }

  draw({ fit = false, address = true, controls = true } = {}) {
    const { nodes, edges } = this.canvas.draw(this.model);
    this.shown = { nodes, edges };
    if (this.view.table) refill(this.tableplace, twin(this));
    this.place.hidden = this.view.table;
    this.tableplace.hidden = !this.view.table;
    this.toggle.textContent = t(this.view.table ? "graph.picture" : "graph.table");
    if (controls) refill(this.side, selection(this), time(this), filters(this), legend());
    else refill(this.side.firstElementChild, ...selection(this).childNodes);
    fill(this.foot, completeness(this.answer, new Map([...this.model.nodes].map(([id, node]) => [id, node.name]))));
    this.said.textContent = t("graph.counts", { nodes: nodes.length, edges: edges.length, hidden: this.model.hidden.size });
    if (fit) this.canvas.fit(true);
    if (address) keep(write(this.model, this.view));
  }

  /** Do something that can be undone, and draw. */
  change(run) {
    this.model.step();
    run(this.model);
    this.draw();
  }

  choose(ids, steps) {
    this.chosen = ids.filter((id) => this.model.nodes.has(id));
    this.steps = steps;
    if (this.chosen.length) this.left = null;
    refill(this.side, selection(this), time(this), filters(this), legend());
    if (this.chosen.length === 1) announce(this.model.nodes.get(this.chosen[0]).name);
  }

  async expand(id, type) {
    const node = this.model.nodes.get(id);
    if (!node?.key) return;
    const had = this.model.expanded.filter((one) => one.key === node.key && one.type === type).length;
    const n = source.CAP * (had + 1);
    this.busy(true);
    try {
      this.model.step();
      const fresh = await this.grow(id, type, n);
      announce(t("graph.added", { n: fresh }));
      this.draw();
      this.mark();
    } catch (problem) {
      this.fail(problem);
    } finally {
      this.busy(false);
    }
  }

  async grow(id, type, n) {
    const { model } = this;
    const node = model.nodes.get(id);
    const answer = await source.around(node.key, { type, n, as_of: asOf(), past: this.view.past }, this.abort.signal);
    const fresh = model.add(answer.parties, answer.relations);
    model.fan(id, fresh);
    model.expanded.push({ key: node.key, type, n });
    const cut = source.cut(answer, id);
    model.change(id, { more: cut ? t("graph.more", { n: cut.total - cut.shown }) : "" });
    return fresh.length;
  }

  async mark() {
    const keys = [...this.model.nodes.values()].filter((node) => node.key && !this.model.marks.has(node.key) && ["Enterprise", "Person"].includes(node.kind)).map((node) => node.key);
    if (keys.length === 0) return;
    delete this.place.dataset.marked;
    try {
      const found = await source.marks(keys, asOf(), this.abort.signal);
      for (const key of keys) this.model.marks.set(key, found.get(key) ?? null);
      this.draw({ address: false, controls: false }); // somebody may hold a slider by now
      this.place.dataset.marked = "1"; // who is listed is in the picture now
    } catch (problem) {
      if (problem.name !== "AbortError") this.said.textContent = t("graph.no_marks");
    }
  }

  moved(id, position) {
    this.model.step();
    this.model.positions.set(id, position);
    this.model.pinned.add(id);
    this.draw();
  }

  async tidy() {
    this.model.step();
    try {
      await this.tidyUp();
      this.draw({ fit: true });
    } catch (problem) {
      this.fail(problem);
    }
  }

  async tidyUp() {
    const found = await source.places(this.model, this.root);
    for (const [id, place] of found) if (!this.model.pinned.has(id)) this.model.positions.set(id, place);
    this.model.tidied = true;
  }

  back(undo) {
    if (!(undo ? this.model.undo() : this.model.redo())) return announce(t("graph.no_step"));
    this.draw();
    return announce(t(undo ? "graph.undone" : "graph.redone"));
  }

  swap() {
    this.view.table = !this.view.table;
    this.draw();
    (this.view.table ? this.tableplace.querySelector("a, button") : this.place)?.focus();
  }

  /** Choose by a loop drawn around parties. */
  loop(button) {
    if (button.getAttribute("aria-pressed") === "true" || this.view.table) return;
    button.setAttribute("aria-pressed", "true");
    lasso(this.place, (polygon) => {
      button.setAttribute("aria-pressed", "false");
      if (!polygon) return;
      const found = this.canvas.within(polygon);
      this.canvas.choose(found);
      this.choose(found, []);
      announce(t("chosen.many", { n: found.length }));
    });
  }

  busy(on) {
    this.place.setAttribute("aria-busy", String(on));
  }

  fail(problem) {
    if (problem.name === "AbortError") return;
    this.said.replaceChildren(line(problem));
  }

  keys(event) {
    const arrows = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const [id] = this.chosen;
    const does = {
      Enter: () => id && this.expand(id, ""),
      Delete: () => this.hide(), h: () => this.hide(), p: () => this.pin(),
      "+": () => this.canvas.zoom(1.25), "=": () => this.canvas.zoom(1.25), "-": () => this.canvas.zoom(0.8), 0: () => this.canvas.fit(),
      Escape: () => {
        this.canvas.choose([]);
        this.choose([], []);
      },
    };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.back(!event.shiftKey);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") this.back(false);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (arrows[event.key]) this.move(arrows[event.key]);
    else if (does[event.key]) does[event.key]();
    else return;
    event.preventDefault();
  }

  move([dx, dy]) {
    const from = this.chosen.length ? this.model.positions.get(this.chosen[0]) : this.left;
    const beside = from && this.canvas.towards(this.chosen[0], from, dx, dy);
    const next = beside ?? (this.chosen.length ? null : this.root);
    if (!next) return;
    this.canvas.choose([next]);
    this.choose([next], []); // at once: the next key may come before the canvas tells of it
    this.canvas.reveal(next);
  }

  hide() {
    const chosen = this.chosen.filter((id) => id !== this.root);
    if (chosen.length === 0) return;
    this.change((model) => chosen.forEach((id) => model.hidden.add(id)));
    const left = this.model.positions.get(chosen[0]);
    this.canvas.choose([]);
    this.choose([], []); // at once, as in move: what is hidden is chosen no more
    this.left = left; // an arrow goes on from here
  }

  pin() {
    if (this.chosen.length) this.change((model) => this.chosen.forEach((id) => (model.pinned.has(id) ? model.pinned.delete(id) : model.pinned.add(id))));
  }

  close() {
    this.abort.abort();
    this.stopPlaying?.();
    this.canvas.close();
  }
}
