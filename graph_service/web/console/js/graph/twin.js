// The table twin: the same parties and relations as the picture, with the same things to do.

import { h } from "../dom.js";
import { kindLabel, period, t } from "../i18n.js";
import { gradeLabel, stepLabel } from "../parts/flag.js";
import { chip, mark, partyLink, sources } from "../parts/party.js";
import { table } from "../parts/table.js";

/** The picture as two tables. */
export function twin(page) {
  const { model, shown } = page;
  const ties = new Map();
  for (const edge of shown.edges) for (const id of [edge.from, edge.to]) ties.set(id, (ties.get(id) ?? 0) + edge.steps.length);
  return [
    h("h2", null, t("twin.parties"), " ", h("span", { class: "faint" }, shown.nodes.length)),
    table([
      { title: t("col.party"), class: "wide", cell: (node) => partyLink(node), key: (node) => node.name },
      { title: t("col.kind"), cell: (node) => kindLabel(node.kind), key: (node) => node.kind },
      { title: t("col.code"), cell: (node) => mark(node) },
      { title: t("col.mark"), cell: (node) => flagged(model.marks.get(node.key)), key: (node) => rank(model.marks.get(node.key)) },
      { title: t("col.ties"), class: "number", cell: (node) => ties.get(node.id) ?? 0, key: (node) => ties.get(node.id) ?? 0 },
      { title: t("col.do"), cell: (node) => h("span", { class: "actions" },
        node.key && h("button", { type: "button", class: "small", "aria-label": t("twin.expand", { name: node.name }), onclick: () => page.expand(node.id, "") }, t("chosen.expand")),
        !node.root && h("button", { type: "button", class: "small", "aria-label": t("twin.hide", { name: node.name }), onclick: () => page.change((graph) => graph.hidden.add(node.id)) }, t("chosen.hide")),
        node.more && h("span", { class: "faint" }, node.more)) },
    ], shown.nodes, { label: t("twin.parties") }),
    h("h2", null, t("twin.relations"), " ", h("span", { class: "faint" }, shown.edges.reduce((n, edge) => n + edge.steps.length, 0))),
    table([
      { title: t("col.from"), cell: (step) => partyLink(step.from), key: (step) => step.from.name },
      { title: t("col.relation"), cell: stepLabel, key: stepLabel },
      { title: t("col.to"), cell: (step) => partyLink(step.to), key: (step) => step.to.name },
      { title: t("col.period"), cell: (step) => period(step.since, step.until), key: (step) => step.since },
      { title: t("col.source"), class: "wide", cell: (step) => sources(step.sources) },
    ], shown.edges.flatMap((edge) => edge.steps), { label: t("twin.relations") }),
  ];
}

const flagged = (mark) => (mark?.listed ? chip(t("mark.listed"), "bad") : mark?.severity ? chip(gradeLabel(mark.grade), mark.severity) : "");
const rank = (mark) => (mark?.listed ? 0 : mark?.severity ? 1 : 2);
