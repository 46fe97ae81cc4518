// How complete an answer is, and what was cut: said in the page, never silent.

import { h } from "../dom.js";
import { lang, relationLabel, t, wordFor } from "../i18n.js";

const MOST = 12;

/** Why something is missing, as the service says it in the page's language; ids that have a name read as the name. */
export function reason(line, names) {
  const why = (lang() === "zh" ? line.why_zh : line.why) ?? "";
  return why.split(" ").map((word) => names.get(word) ?? word).join(" ");
}

function about(missing, names) {
  const id = missing.id ?? "";
  const name = names.get(id) ?? (missing.what === "quarantined" ? id : id.startsWith("uscc:") ? id.slice(5) : "");
  return [wordFor("missing", missing.what), name].filter(Boolean).join(" ");
}

/** The answer's completeness, its day and the version of its data; `names`: names by party id. */
export function completeness(answer, names = new Map()) {
  const complete = answer.completeness;
  const lines = complete.missing ?? [];
  const hubs = (complete.hubs ?? []).filter((id) => !lines.some((line) => line.id === id));
  const said = [
    ...lines.map((line) => h("li", null, about(line, names), t("colon"), reason(line, names))),
    ...hubs.map((id) => h("li", null, about({ what: "hub", id }, names), t("colon"), t("why.hub"))),
  ];
  return h("footer", { class: `complete ${complete.status}` },
    h("p", null,
      h("strong", null, t(`complete.${complete.status}`)), " ",
      h("span", { class: "faint" }, t("complete.line", { day: answer.as_of, version: answer.data_version }))),
    said.length > 0 && h("details", { open: said.length <= 3 }, h("summary", null, t("complete.missing", { n: said.length })),
      h("ul", null, said.slice(0, MOST), said.length > MOST && h("li", null, t("more", { n: said.length - MOST })))));
}

/** Names by id of every party that an answer mentions. */
export function namesIn(answer) {
  const names = new Map();
  const visit = (value) => {
    if (!value || typeof value !== "object") return;
    if (typeof value.id === "string" && typeof value.name === "string" && value.kind) names.set(value.id, value.name);
    for (const inner of Array.isArray(value) ? value : Object.values(value)) visit(inner);
  };
  visit(answer);
  return names;
}

/** Relations by type, as text. */
export const byType = (counts) => Object.entries(counts).map(([type, n]) => `${relationLabel(type)} ${n}`).join(t("comma"));
