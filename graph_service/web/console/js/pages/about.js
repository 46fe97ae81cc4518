// About: the version of the data, the sources and how fresh they are, and whether everything answers.

import { getJson } from "../api.js";
import { fill, h } from "../dom.js";
import { count, kindLabel, listLabel, relationLabel, t } from "../i18n.js";
import { pending } from "../parts/notice.js";
import { chip } from "../parts/party.js";
import { table } from "../parts/table.js";
import { daysAgo } from "./loads.js";

/** Draw the page. */
export function show(main) {
  const info = getJson("/v1/info");
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("about.title")), h("p", { class: "lead" }, t("about.lead")))),
    h("h2", null, t("about.health")), h("dl", { class: "facts" }, health("/healthz", "about.service"), health("/readyz", "about.store")),
    h("h2", null, t("about.data")), pending(info, data),
    h("h2", null, t("about.fresh")), pending(getJson("/v1/loads", { limit: 1 }), fresh),
    h("h2", null, t("about.counts")), pending(info, counts),
    h("h2", null, t("about.interfaces")), h("ul", null, h("li", null, h("a", { href: "/docs" }, t("about.docs"))), h("li", null, h("a", { href: "/openapi.json" }, "OpenAPI 3.1")), h("li", null, h("a", { href: "/static/console/vendor/manifest.json" }, t("about.libraries")))));
}

function health(path, key) {
  return [h("dt", null, t(key)), h("dd", null, pending(getJson(path).then(() => true, () => false), (well) => chip(well ? t("about.well") : t("about.away"), well ? "good" : "bad")))];
}

const data = (info) => h("dl", { class: "facts" },
  h("dt", null, t("about.version")), h("dd", null, h("code", null, info.data_version)),
  h("dt", null, t("about.digest")), h("dd", null, h("code", { class: "long-code" }, info.digest)),
  h("dt", null, t("store.sources")), h("dd", null, info.sources.join(t("comma"))));

const fresh = (ledger) => table([
  { title: t("col.source"), class: "wide", cell: (one) => one.source, key: (one) => one.source },
  { title: t("col.latest"), cell: (one) => one.latest ?? "", key: (one) => one.latest },
  { title: t("col.age"), cell: (one) => (one.days_ago === null ? "" : daysAgo(one.days_ago)), key: (one) => one.days_ago },
  { title: t("col.rhythm"), cell: (one) => (one.days_between === null ? t("about.once") : t("about.every", { n: one.days_between })), key: (one) => one.days_between },
], ledger.sources);

function counts(info) {
  const group = (name, values, label) => h("section", null, h("h3", null, t(name)), table([
    { title: t("col.kind"), class: "wide", cell: ([code]) => label(code), key: ([code]) => label(code) },
    { title: t("col.count"), class: "number", cell: ([, n]) => count(n), key: ([, n]) => n },
  ], Object.entries(values)));
  return h("div", { class: "thirds" }, group("about.parties", info.parties, kindLabel), group("store.relations", info.relations, relationLabel), group("store.records", info.records, listLabel));
}
