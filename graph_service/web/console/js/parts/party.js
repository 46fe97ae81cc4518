// A party as a link, a source as text, a record as lines.

import { h } from "../dom.js";
import { codeLabel, kindLabel, listLabel, period, t } from "../i18n.js";
import { carried, to } from "../route.js";

/** A party's shape: a square for a company, a circle for a person. */
export const shape = (kind) => h("span", { class: `shape ${kind === "Person" ? "round" : kind === "Enterprise" ? "square" : "other"}`, "aria-hidden": "true" });

/** A party's name as a link to its page. */
export function partyLink(party, page = "party") {
  const name = party.name || code(party) || t("party.unnamed");
  const known = party.key && (party.kind === "Enterprise" || party.kind === "Person");
  return h(known ? "a" : "span", { class: "party", href: known && to(page, party.key, carried()), title: kindLabel(party.kind) }, shape(party.kind), name);
}

/** The unified social credit code that an id carries, else "". */
export const code = (party) => (party.id?.startsWith("uscc:") ? party.id.slice(5) : "");

/** What tells parties of one name apart: the code, else the beginning of the key. */
export const mark = (party) => code(party) || (party.key ? t("party.key", { key: party.key.slice(0, 6) }) : "");

/** Sources as one line of text: file, row, source. */
export const sourceText = (source) => t("source.line", { source: source.source, file: source.sheet ? `${source.file} ${source.sheet}` : source.file, row: source.row });

/** Sources as small lines. */
export const sources = (list) => h("span", { class: "sources" }, (list ?? []).map((one) => h("span", { class: "source" }, sourceText(one))));

/** A record as one line of text. */
export function recordText(record) {
  const status = codeLabel("record_statuses", record.status || "in_force");
  return [listLabel(record.list), record.document_no, record.authority, period(record.listed ?? record.decided, record.valid_until ?? record.until), status]
    .filter(Boolean).join(" · ");
}

/** A chip: a short word with a tone. */
export const chip = (text, tone = "plain") => h("span", { class: `chip ${tone}` }, text);

/** A record in full. */
export function recordCard(record) {
  const rows = [
    ["record.document_no", record.document_no],
    ["record.authority", record.authority],
    ["record.decided", record.decided],
    ["record.listed", record.listed],
    ["record.valid_until", record.valid_until],
    ["record.until", record.until],
    ["record.basis", record.basis],
    ["record.reason", record.reason],
    ["record.measures", record.measures],
    ["record.penalty_kind", record.penalty_kind],
    ["record.fine_amount", record.fine_amount],
    ["record.disclosure", codeLabel("disclosures", record.disclosure)],
    ["record.personal", record.personally_responsible === true ? t("yes") : record.personally_responsible === false ? t("no") : ""],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  const ended = record.status && record.status !== "in_force" && record.status !== "under_objection";
  return h("article", { class: "card record" },
    h("h3", null, listLabel(record.list), " ", chip(codeLabel("record_statuses", record.status || "in_force"), record.honour ? "good" : ended ? "plain" : "bad"),
      record.label === false && chip(t("record.not_listed"), "plain")),
    h("dl", { class: "facts" }, rows.map(([key, value]) => [h("dt", null, t(key)), h("dd", null, value)])),
    sources(record.sources));
}
