// What the graph asks of the service: the first picture, a party's further relations, marks, places.

import { about, postJson } from "../api.js";
import { relationTypes } from "../i18n.js";

export const CAP = 30; // parties that one expansion adds
const FIRST = 60; // relations of one party in the first picture
const MARKED = 400; // parties asked about at once
const NOT_DRAWN = new Set(["SUBJECT_OF", "SAME_AS"]);
const ALL_TIME = "200y";

/** Relation types that can be drawn. */
export const drawn = () => relationTypes().filter((type) => !NOT_DRAWN.has(type.name));

/** The first picture of a party: a walk, or what its flags rest on. */
export function picture(key, options, signal) {
  const { of = "trace", depth, as_of, past } = options;
  return about(key, "picture", { of, depth: of === "trace" ? depth : null, per_party: of === "trace" ? FIRST : null, as_of, look_back: past ? ALL_TIME : null }, signal);
}

/** Relations of one party: all types or one; `n`: at most so many. */
export function around(key, { type, n, as_of, past }, signal) {
  const types = type || drawn().map((one) => one.name).join(",");
  return about(key, "trace", { depth: 1, types, per_party: n, as_of, look_back: past ? ALL_TIME : null }, signal);
}

/** Who of these keys is listed or flagged, by key. */
export async function marks(keys, as_of, signal) {
  const found = new Map();
  for (let at = 0; at < keys.length; at += MARKED) {
    const answer = await postJson("/v1/marks", { parties: keys.slice(at, at + MARKED), ...(as_of ? { as_of } : {}) }, signal);
    for (const [key, mark] of Object.entries(answer.marks)) found.set(key, mark);
  }
  return found;
}

/** Places for what is shown, made by the service: the same graph, the same picture. */
export async function places(model, root) {
  const { nodes, edges } = model.visible();
  const number = new Map(nodes.map((node, n) => [node.id, n]));
  const answer = await postJson("/v1/layout", {
    nodes: nodes.map((node) => node.key || node.id),
    edges: edges.map((edge) => [number.get(edge.from), number.get(edge.to)]),
    roots: [number.get(root)],
  });
  return new Map(nodes.map((node, n) => [node.id, { x: answer.positions[n][0], y: answer.positions[n][1] }]));
}

/** How many relations of a party were left out of an answer, by its `missing` lines: {shown, total} or null. */
export function cut(answer, id) {
  for (const line of answer.completeness.missing) {
    const found = line.what === "hub" && line.id === id && /^(\d+) of (\d+)$/.exec(line.why);
    if (found) return { shown: Number(found[1]), total: Number(found[2]) };
  }
  return null;
}

