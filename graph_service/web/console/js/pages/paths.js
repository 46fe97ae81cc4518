// Ties between two or more parties: every pair's shortest paths, as chains with their proof.

import { getJson } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { completeness, namesIn } from "../parts/complete.js";
import { chain, chainText, copyButton, stepLine } from "../parts/flag.js";
import { pending } from "../parts/notice.js";
import { partyLink } from "../parts/party.js";
import { picker } from "../parts/picker.js";
import { asOf, carried, change, to } from "../route.js";

const KEY = /^[0-9a-f]{16}$/;
const MOST = 6; // parties: fifteen pairs

/** Draw the page. */
export function show(main, { values }) {
  const keys = (values.get("p") ?? "").split("~").filter((key) => KEY.test(key)).slice(0, MOST);
  const k = Math.min(12, Math.max(1, Number(values.get("k")) || 6));
  const all = values.get("all") === "1";
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("paths.title")), h("p", { class: "lead" }, t("paths.lead")))),
    h("section", { class: "card" },
      picker(keys, (next) => change({ p: next.slice(0, MOST).join("~") })),
      h("div", { class: "toolbar" },
        h("label", { class: "choice" }, h("span", null, t("paths.k")), h("select", { onchange: (event) => change({ k: event.target.value }) }, [1, 2, 3, 4, 5, 6, 8, 10, 12].map((n) => h("option", { value: n, selected: n === k }, n)))),
        h("label", { class: "check" }, h("input", { type: "checkbox", checked: all, onchange: (event) => change({ all: event.target.checked }) }), t("paths.all")))),
    keys.length < 2 ? h("p", { class: "none" }, t("paths.need")) : pairs(keys).map(([a, b]) => pair(a, b, k, all)));
  if (keys.length < 2) main.querySelector("input[type=search]").focus();
}

const pairs = (keys) => keys.flatMap((a, i) => keys.slice(i + 1).map((b) => [a, b]));

function pair(from, until, k, all) {
  return pending(getJson("/v1/paths", { from, to: until, k, all: all || null, as_of: asOf() }), (answer) => h("section", { class: "pair" },
    h("h2", null, partyLink(answer.from), " ↔ ", partyLink(answer.to), " ", h("span", { class: "faint" }, answer.paths.length ? t("paths.found", { n: answer.paths.length }) : "")),
    answer.paths.length === 0 && h("p", { class: "none" }, t("paths.none", { k: answer.within ?? k })),
    answer.paths.slice(0, 30).map((path) => h("article", { class: "card" },
      h("h3", null, t("paths.length", { n: path.length })), chain(answer.from, path.steps),
      h("details", null, h("summary", null, t("flag.evidence", { n: path.steps.length })), h("ol", { class: "steps" }, path.steps.map((step) => stepLine(step)))),
      h("div", { class: "actions" }, copyButton(() => chainText(answer.from, path.steps)), answer.from.key && h("a", { class: "button quiet small", href: to("graph", answer.from.key, carried()) }, t("party.graph"))))),
    answer.paths.length > 30 && h("p", { class: "faint" }, t("more", { n: answer.paths.length - 30 })),
    answer.within !== undefined && h("p", { class: "faint" }, t("paths.within", { k: answer.within })),
    completeness(answer, namesIn(answer))));
}
