// A party: the verdict in one sentence, then tabs in the order of a credit report.

import { about } from "../api.js";
import { fill, h } from "../dom.js";
import { codeLabel, kindLabel, listLabel, t } from "../i18n.js";
import { completeness, namesIn } from "../parts/complete.js";
import { caseMenu } from "../parts/cases.js";
import { chip, code, mark } from "../parts/party.js";
import { exportsMenu } from "../parts/exports.js";
import { gradeLabel } from "../parts/flag.js";
import { asOf, carried, keep, read, to } from "../route.js";
import { TABS } from "./party_tabs.js";

/** Draw the page. */
export async function show(main, { key, values }) {
  const dossier = await about(key, "", { as_of: asOf() });
  const names = namesIn(dossier);
  const tabs = TABS.filter((tab) => !tab.kind || tab.kind === dossier.party.kind);
  const wanted = tabs.find((tab) => tab.name === values.get("tab")) ?? tabs[0];
  fill(main, heading(dossier), verdict(dossier), strip(dossier, tabs, wanted), completeness(dossier, names));
}

function heading({ party, attributes }) {
  const day = carried();
  return h("header", { class: "page" },
    h("div", null, h("h1", { "data-private": party.kind === "Person" ? "1" : null }, party.name || code(party)),
      h("p", { class: "faint ids" }, kindLabel(party.kind), " · ", h("code", null, code(party) || mark(party)), attributes.status && [" · ", statusChip(codeLabel("statuses", attributes.status), attributes.status)],
        !party.known && [" · ", chip(t("party.only_named"), "medium")])),
    h("nav", { class: "actions", "aria-label": t("party.actions") },
      h("a", { class: "button main", href: to("graph", party.key, day) }, t("party.graph")),
      party.kind === "Enterprise" && h("a", { class: "button", href: to("ownership", party.key, day) }, t("party.ownership")),
      h("a", { class: "button", href: to("paths", "", { ...day, p: party.key }) }, t("party.paths")),
      caseMenu(() => [party.key]),
      exportsMenu(party.key, () => ({ of: "flags", ...day })),
      h("button", { type: "button", onclick: () => window.print() }, t("print"))));
}

const statusChip = (text, status) => chip(text, /吊销|注销|撤销|revoked|cancelled|withdrawn/.test(status) ? "bad" : "plain");

/** The verdict in one sentence: listed, flagged because of whom, or neither and what was looked at. */
function verdict(dossier) {
  const { party, records, flags, as_of: day, completeness: complete } = dossier;
  const listed = flags.filter((flag) => flag.listed.id === party.id);
  const tied = flags.filter((flag) => flag.listed.id !== party.id);
  const open = complete.status !== "complete" ? t("verdict.open") : "";
  const sure = tied.filter((flag) => flag.certain);
  const lists = [...new Set(records.map((record) => listLabel(record.list)))].join(t("comma"));
  const parts = [];
  if (records.length) parts.push(t("verdict.listed", { n: records.length, lists }));
  if (sure.length) parts.push(t("verdict.flagged", { who: who(sure), n: sure.length, grade: gradeLabel(sure[0].grade) }));
  if (!sure.length && tied.length) parts.push(t("verdict.suspected", { who: who(tied), n: tied.length }));
  if (!parts.length) parts.push(t("verdict.clear"));
  const tone = records.length || listed.length ? "bad" : sure.length ? gravest(sure) : tied.length ? "low" : open ? "open" : "good";
  const sentence = `${t("verdict.day", { day })}${parts.join(t("verdict.and"))}${t("stop")}${open}`;
  return h("p", { class: `verdict ${tone}`, role: "note" }, h("span", { class: "sign", "aria-hidden": "true" }, SIGN[tone]), h("strong", null, t(`verdict.tone.${tone}`)), h("span", null, sentence));
}

const SIGN = { bad: "■", high: "▲", medium: "◆", low: "●", open: "○", good: "✓" };
const gravest = (flags) => ["high", "medium", "low"].find((level) => flags.some((flag) => flag.severity === level)) ?? "low";

function who(flags) {
  const names = [...new Map(flags.map((flag) => [flag.listed.id, flag.listed.name])).values()];
  const first = names.slice(0, 2).join(t("comma"));
  return names.length > 2 ? t("verdict.others", { first, n: names.length }) : first;
}

function strip(dossier, tabs, wanted) {
  const panel = h("div", { class: "panel", id: "panel", role: "tabpanel", tabindex: "0" });
  const abort = new AbortController();
  const buttons = tabs.map((tab) => {
    const n = tab.count?.(dossier);
    return h("button", { type: "button", role: "tab", id: `tab-${tab.name}`, "aria-controls": "panel", onclick: () => choose(tab, true), onkeydown: (event) => arrows(event) },
      t(`tab.${tab.name}`), n > 0 && h("span", { class: `count ${tab.tone ?? ""}` }, n));
  });
  const choose = (tab, store) => {
    buttons.forEach((button, n) => {
      button.setAttribute("aria-selected", String(tabs[n] === tab));
      button.tabIndex = tabs[n] === tab ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${tab.name}`);
    fill(panel, tab.draw(dossier, abort.signal));
    if (store && read().key === dossier.party.key) keep({ tab: tab.name });
  };
  const arrows = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = (buttons.indexOf(event.currentTarget) + step + buttons.length) % buttons.length;
    buttons[at].focus();
    choose(tabs[at], true);
  };
  choose(wanted, false);
  return [h("div", { class: "tabs", role: "tablist", "aria-label": t("party.tabs") }, buttons), panel];
}
