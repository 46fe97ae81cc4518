// A flag that explains itself: the chain, each step with its dates and rows, the record, the article, the sentence.

import { announce, h } from "../dom.js";
import { codeLabel, isDirected, lang, percent, period, relationLabel, shareText, t, wordFor } from "../i18n.js";
import { carried, to } from "../route.js";
import { chip, mark, partyLink, recordText, sources, sourceText } from "./party.js";

const SIGNS = { high: "▲", medium: "◆", low: "●" };

/** A grade's name. */
export const gradeLabel = (grade) => wordFor("grades", grade);

/** How grave, by shape and word besides colour. */
export const severity = (level) => h("span", { class: `chip ${level}` }, h("span", { "aria-hidden": "true" }, SIGNS[level] ?? "●"), " ", t(`severity.${level}`));

/** What a step says on its arrow: the relation with its share, role or kinship. */
export function stepLabel(step) {
  const name = relationLabel(step.type);
  const space = lang() === "en" ? " " : "";
  let text = name;
  if (step.type === "SHAREHOLDER_OF") text = name + space + shareText(step.share_min, step.share, step.share_max);
  else if (step.type === "EXECUTIVE_OF" && step.role) text = codeLabel("roles", step.role);
  else if (step.type === "RELATIVE_OF" && step.attributes?.kin) text = `${name}${t("paren", { text: codeLabel("kin", step.attributes.kin) })}`;
  else if (step.title) text = `${name}${t("paren", { text: step.title })}`;
  return step.former ? t("step.former", { text }) : text;
}

/** The steps as a walk from `start`: [{step, forward, next}]. */
export function walk(start, steps) {
  let here = start.id;
  return steps.map((step) => {
    const forward = step.from.id === here || (step.nominee && step.nominee.id === here);
    const next = forward ? step.to : step.from;
    here = next.id;
    return { step, forward, next };
  });
}

const arrow = (step, forward) => {
  if (!isDirected(step.type)) return `—${stepLabel(step)}—`;
  return forward ? `—${stepLabel(step)}→` : `←${stepLabel(step)}—`;
};

/** A chain in the page: 甲 —持股80%→ 乙 —持股60%→ 丙. */
export function chain(start, steps) {
  return h("p", { class: "chain" }, partyLink(start),
    walk(start, steps).map(({ step, forward, next }) => [" ", h("span", { class: "arrow" }, arrow(step, forward)), " ", partyLink(next)]));
}

/** A chain as text. */
export const chainText = (start, steps) =>
  start.name + walk(start, steps).map(({ step, forward, next }) => ` ${arrow(step, forward)} ${next.name}`).join("");

/** One step with its dates, rows and what runs beside it. */
export function stepLine(step) {
  const dates = step.ended && !step.until ? t("step.ended") : step.since || step.until ? period(step.since, step.until) : t("period.unknown");
  return h("li", null,
    h("div", null, partyLink(step.from), " ", h("span", { class: "arrow" }, arrow(step, true)), " ", partyLink(step.to), " ",
      h("span", { class: "faint" }, dates), step.nominee && h("span", { class: "faint" }, " ", t("step.nominee", { name: step.nominee.name }))),
    sources(step.sources),
    step.parallel?.length > 0 && h("ul", { class: "parallel" }, step.parallel.map((one) => stepLine(one))));
}

/** A flag as text for a letter: the sentence, the chain, the rows, the record. */
export function flagText(flag) {
  const steps = flag.evidence?.length ? flag.evidence : flag.path;
  return [
    flag.statement[lang()],
    flag.path.length ? chainText(flag.listed, flag.path) : "",
    ...steps.map((step, n) => `${n + 1}. ${step.from.name} ${arrow(step, true)} ${step.to.name}  ${period(step.since, step.until)}  ${step.sources.map(sourceText).join(t("semicolon"))}`),
    `${t("flag.record")}${t("colon")}${recordText(flag.record)}  ${(flag.record.sources ?? []).map(sourceText).join(t("semicolon"))}`,
    `${t("flag.article")}${t("colon")}${flag.article ?? ""}`,
    `${t("flag.rule")}${t("colon")}${flag.pack}/${flag.rule}`,
  ].filter(Boolean).join("\n");
}

/** A button that copies a text. */
export function copyButton(text, label = t("copy")) {
  const button = h("button", { type: "button", class: "quiet small", onclick: async () => {
    await copy(typeof text === "function" ? text() : text);
    button.textContent = t("copied");
    announce(t("copied"));
    setTimeout(() => { button.textContent = label; }, 2000);
  } }, label);
  return button;
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch { /* no permission: the old way below needs none */ }
  }
  const area = h("textarea", { class: "unseen", value: text, "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** A flag with everything that proves it; `options.ended`: why it is none; `options.of`: name the flagged party. */
export function flagCard(flag, options = {}) {
  const steps = flag.evidence?.length ? flag.evidence : flag.path;
  return h("article", { class: `card flag ${options.ended ? "ended" : flag.severity}` },
    h("h3", null,
      options.ended ? chip(t("flag.ended")) : severity(flag.severity), " ", gradeLabel(flag.grade),
      flag.share !== null && flag.share !== undefined && ` · ${percent(flag.share)}`,
      !flag.certain && [" ", chip(t("flag.uncertain"), "medium")]),
    options.ended && h("p", { class: "why" }, t("flag.none_because"), options.ended[lang()]),
    flag.path.length ? chain(flag.listed, flag.path) : h("p", { class: "chain" }, partyLink(flag.listed), " ", t("flag.itself")),
    h("p", { class: "recordline" }, h("strong", null, t("flag.record")), " ", recordText(flag.record), " ", sources(flag.record.sources)),
    h("p", { class: "article" }, h("strong", null, t("flag.article")), " ", articleText(flag)),
    h("details", null,
      h("summary", null, steps.length ? t("flag.evidence", { n: steps.length }) : t("flag.details")),
      steps.length > 0 && h("ol", { class: "steps" }, steps.map((step) => stepLine(step))),
      h("p", { class: "sentence" }, flag.statement[lang()]),
      h("p", { class: "faint" }, t("flag.rule"), " ", h("code", null, `${flag.pack}/${flag.rule}`), " · ", t("flag.records", { n: flag.records.length }))),
    h("div", { class: "actions" }, copyButton(() => flagText(flag), t("flag.copy")),
      h("a", { class: "button quiet small", href: to("graph", (options.of ?? flag.party).key, { ...carried(), show: "flags" }) }, t("flag.graph"))));
}

/** The article in the page's language: in English the sentence's own basis. */
function articleText(flag) {
  if (lang() === "zh") return flag.article ?? "";
  return /Basis: ([^]*?)\.(?: The tie|$)/.exec(flag.statement.en)?.[1] ?? flag.article ?? "";
}

/** The listed party behind flags, with what tells it from others of its name. */
export const listedLine = (party) => [partyLink(party), " ", h("span", { class: "faint" }, mark(party))];
