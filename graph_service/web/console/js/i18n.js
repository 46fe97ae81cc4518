// Texts: catalogues in Chinese and English, and the labels of the store's own codes.

import { getJson } from "./api.js";

const LANGS = ["zh", "en"];
let texts = {};
let labels = { kinds: new Map(), relations: new Map(), lists: new Map(), tables: new Map(), codes: new Map(), words: new Map() };
let current = "zh";

/** The language of the page: zh or en. */
export const lang = () => current;

/** Read the catalogue of a language, and (once) the labels of codes when the service gives them. */
export async function useLanguage(name) {
  current = LANGS.includes(name) ? name : "zh";
  const answer = await fetch(`/static/console/text/${current}.json`);
  texts = await answer.json();
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  localStorage.setItem("lang", current);
}

/** The language of last time, else Chinese. */
export const storedLanguage = () => localStorage.getItem("lang") ?? "zh";

/** The text of a key; `{name}` stands for a value. */
export function t(key, values) {
  const text = texts[key];
  if (text === undefined) throw new Error(`no text for ${key}`);
  if (!values) return text;
  const all = { s: values.n === 1 || values.n === "1" ? "" : "s", ...values }; // {s}: the plural's s
  return text.replace(/\{(\w+)\}/g, (_, name) => all[name] ?? "");
}

/** Whether a text is there. */
export const has = (key) => key in texts;

/** The text of a key, or another when there is none. */
export const maybe = (key, other) => (has(key) ? t(key) : other);

/** Read the labels of kinds, relation types, lists, codes and words of answers from the service. */
export async function readLabels() {
  const catalogue = await getJson("/v1/catalogue");
  const byCode = (named) => new Map(Object.entries(named).map(([name, list]) => [name, new Map(list.map((one) => [one.code, one]))]));
  labels = {
    kinds: new Map(catalogue.kinds.map((one) => [one.name, one])),
    relations: new Map(catalogue.relations.map((one) => [one.name, one])),
    tables: new Map(catalogue.tables.map((one) => [one.name, one])),
    lists: new Map(catalogue.lists.map((one) => [one.code, one])),
    codes: byCode(catalogue.codes),
    words: byCode(catalogue.words),
  };
}

/** Relation types as the catalogue gives them. */
export const relationTypes = () => [...labels.relations.values()];

/** The label of a relation type. */
export const relationLabel = (type) => labels.relations.get(type)?.[current] ?? t("relation.other");

/** Whether a relation type has a direction. */
export const isDirected = (type) => labels.relations.get(type)?.directed ?? true;

/** A list's name: its official one in Chinese, with a translation in English. */
export function listLabel(code) {
  const found = labels.lists.get(code);
  return current === "en" && found ? `${found.en} (${code})` : code;
}

/** A list's class: blacklist, bar, restriction, penalty, warning, honour, or other. */
export const listClass = (code) => labels.lists.get(code)?.class ?? "other";

/** The label of a code of one of the catalogue's code lists; the code itself when it is free text. */
export function codeLabel(list, code) {
  if (!code) return "";
  const found = labels.codes.get(list);
  const known = found?.get(code) ?? [...(found?.values() ?? [])].find((one) => one.zh === code || one.also.includes(code));
  return known ? known[current] : code;
}

/** The label of a table of the catalogue. */
export const tableLabel = (name) => labels.tables.get(name)?.[current] ?? t("table");

/** The label of a party's kind. */
export const kindLabel = (kind) => labels.kinds.get(kind)?.[current] ?? t("other");

/** The service's word for a code of answers: `grades`, `missing` (what an answer lacks), `rules` (of loading). */
export function wordFor(list, code) {
  const word = labels.words.get(list)?.get(code)?.[current] ?? t("other");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The page's half of a text that names an article in both languages, as "条文 · article" does. */
export function half(text) {
  const found = /^(.*?) · (?=[A-Za-z])(.*)$/.exec(text);
  return found ? found[current === "zh" ? 1 : 2] : text;
}

/** A share in [0, 1] as per cent. */
export function percent(share) {
  if (share === null || share === undefined) return "";
  return `${Number((share * 100).toFixed(4))}%`;
}

/** A share that may be known only by its bounds. */
export function shareText(low, exact, high) {
  if (exact !== null && exact !== undefined) return percent(exact);
  if (low === null || low === undefined || high === null || high === undefined) return t("share.unknown");
  return low === high ? percent(low) : `${percent(low)}–${percent(high)}`;
}

/** A number with separators. */
export const count = (value) => new Intl.NumberFormat(current === "zh" ? "zh-CN" : "en").format(value);

/** A period; an unknown end is an ellipsis. */
export const period = (since, until) => (since || until ? `${since ?? "…"} ${t("period.to")} ${until ?? "…"}` : t("period.unknown"));
