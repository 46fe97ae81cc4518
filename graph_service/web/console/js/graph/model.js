// What is on the canvas, without a canvas: parties, relations, what is hidden, pinned and filtered, and 50 steps back.

const STEPS = 50;

/** A graph that grows by answers and forgets nothing it can undo. */
export class Model {
  constructor() {
    this.nodes = new Map(); // id → {id, key, name, kind, root, total}
    this.relations = new Map(); // id → step
    this.positions = new Map(); // id → {x, y}
    this.hidden = new Set();
    this.pinned = new Set();
    this.expanded = []; // [{key, type, n}] in the order in which it was done
    this.tidied = false;
    this.marks = new Map(); // key → {listed, severity, grade}
    this.filters = { types: new Set(), share: 0, grades: "", day: "" }; // types: those left out
    this.grouped = true;
    this.undone = [];
    this.done = [];
  }

  /** Remember the present, to come back to it. */
  step() {
    this.done.push(this.snapshot());
    if (this.done.length > STEPS) this.done.shift();
    this.undone = [];
  }

  snapshot() {
    const { nodes, relations, positions, hidden, pinned, expanded, tidied } = this;
    return { nodes: new Map(nodes), relations: new Map(relations), positions: new Map(positions), hidden: new Set(hidden), pinned: new Set(pinned), expanded: [...expanded], tidied };
  }

  /** Go back one step; false when there is none. */
  undo() {
    return this.swap(this.done, this.undone);
  }

  /** Take back the last going back. */
  redo() {
    return this.swap(this.undone, this.done);
  }

  swap(from, to) {
    const state = from.pop();
    if (!state) return false;
    to.push(this.snapshot());
    Object.assign(this, state);
    return true;
  }

  /** Take in parties and relations; gives the ids that are new. */
  add(parties, relations) {
    const fresh = [];
    const party = (one) => {
      const known = this.nodes.get(one.id);
      if (!known) fresh.push(one.id);
      if (!known || (!known.key && one.key)) this.nodes.set(one.id, { ...known, id: one.id, key: one.key ?? "", name: one.name || one.id, kind: one.kind });
    };
    for (const one of parties) party(one);
    for (const step of relations) {
      party(step.from);
      party(step.to);
      this.relations.set(step.id, step);
    }
    return fresh;
  }

  /** Set members of a node. */
  change(id, members) {
    const node = this.nodes.get(id);
    if (node) this.nodes.set(id, { ...node, ...members });
  }

  /** The id of a key, or undefined. */
  idOf(key) {
    for (const node of this.nodes.values()) if (node.key === key) return node.id;
    return undefined;
  }

  /** New parties in a fan beside the one that led to them, away from what is there already: no chance in it. */
  fan(centre, fresh) {
    const middle = this.positions.get(centre) ?? { x: 0, y: 0 };
    const taken = [...this.positions].filter(([id]) => id !== centre).map(([, place]) => place);
    const away = this.outward(middle, taken);
    const per = 9;
    fresh.forEach((id, n) => {
      const ring = Math.floor(n / per);
      const inRing = Math.min(per, fresh.length - ring * per);
      const spread = Math.min(Math.PI * 1.2, inRing * 0.42);
      const angle = away + (inRing === 1 ? 0 : spread * ((n % per) / (inRing - 1) - 0.5));
      this.positions.set(id, this.free(middle, angle, 190 + ring * 90));
    });
  }

  outward(middle, taken) {
    let [x, y] = [0, 0];
    for (const place of taken) {
      const [dx, dy] = [middle.x - place.x, middle.y - place.y];
      const far = Math.hypot(dx, dy) || 1;
      x += dx / (far * far);
      y += dy / (far * far);
    }
    return x || y ? Math.atan2(y, x) : 0;
  }

  free(middle, angle, from) {
    for (let far = from; ; far += 60) {
      const spot = { x: Math.round(middle.x + far * Math.cos(angle)), y: Math.round(middle.y + far * Math.sin(angle)) };
      const clash = [...this.positions.values()].some((place) => Math.abs(place.x - spot.x) < 140 && Math.abs(place.y - spot.y) < 56);
      if (!clash || far > from + 1800) return spot;
    }
  }

  /** Whether a relation is to be seen under the filters. */
  passes(step) {
    const { types, share, day } = this.filters;
    if (types.has(step.type)) return false;
    if (share > 0 && step.type === "SHAREHOLDER_OF" && step.share_max !== null && step.share_max < share) return false;
    if (!day) return !step.former;
    if (step.since && step.since > day) return false;
    return step.until ? step.until > day : !step.ended;
  }

  /** What is to be seen: {nodes, edges}; an edge bundles parallel relations when they are grouped. */
  visible() {
    const steps = [...this.relations.values()].filter((step) => this.passes(step) && !this.hidden.has(step.from.id) && !this.hidden.has(step.to.id));
    const tied = new Set(steps.flatMap((step) => [step.from.id, step.to.id]));
    const nodes = [...this.nodes.values()].filter((node) => !this.hidden.has(node.id) && (node.root || tied.has(node.id) || this.pinned.has(node.id)) && this.graded(node));
    const there = new Set(nodes.map((node) => node.id));
    const edges = new Map();
    for (const step of steps) {
      if (!there.has(step.from.id) || !there.has(step.to.id)) continue;
      const key = this.grouped ? `${step.from.id}\n${step.to.id}` : step.id;
      const edge = edges.get(key) ?? { id: `e:${step.id}`, from: step.from.id, to: step.to.id, steps: [] };
      edge.steps.push(step);
      edges.set(key, edge);
    }
    return { nodes, edges: [...edges.values()] };
  }

  graded(node) {
    const wanted = this.filters.grades;
    if (!wanted || node.root) return true;
    const mark = this.marks.get(node.key);
    return wanted === "listed" ? Boolean(mark?.listed) : Boolean(mark && (mark.listed || mark.severity));
  }

  /** The shortest way between two shown parties, as relation ids; [] when there is none. */
  way(start, end) {
    const { edges } = this.visible();
    const beside = new Map();
    const tie = (a, b, edge) => beside.set(a, [...(beside.get(a) ?? []), [b, edge]]);
    for (const edge of edges) {
      tie(edge.from, edge.to, edge);
      tie(edge.to, edge.from, edge);
    }
    const came = new Map([[start, null]]);
    const queue = [start];
    for (const here of queue) {
      if (here === end) break;
      for (const [next, edge] of beside.get(here) ?? []) {
        if (came.has(next)) continue;
        came.set(next, [here, edge]);
        queue.push(next);
      }
    }
    const found = [];
    for (let here = end; came.get(here); here = came.get(here)[0]) found.push(...came.get(here)[1].steps.map((step) => step.id));
    return found;
  }

  /** First and last day on which something changed. */
  span() {
    const days = [...this.relations.values()].flatMap((step) => [step.since, step.until]).filter(Boolean).sort();
    return days.length ? [days[0], days[days.length - 1]] : ["", ""];
  }
}
