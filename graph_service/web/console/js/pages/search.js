// Search: one box for a name, a former name, a code, initials or an ID number, which goes in a body.

import { about, getJson, postJson } from "../api.js";
import { announce, fill, h, later } from "../dom.js";
import { codeLabel, count, kindLabel, t } from "../i18n.js";
import { line, pending, wait } from "../parts/notice.js";
import { chip, code, mark, partyLink } from "../parts/party.js";
import { asOf, carried, go } from "../route.js";

const ID_NUMBER = /^\s*\d{17}[\dXx]\s*$/;
const AHEAD = 8;
const RESULTS = 50;
const DETAILED = 12;

let last = { text: "", answer: null }; // comes back with the browser's back, and stands in no address

/** Draw the page. */
export function show(main) {
  const results = h("section", { id: "results", "aria-live": "polite" });
  fill(main, h("section", { class: "hero" }, h("h1", { "data-private": "1" }, t("search.title")), h("p", { class: "lead" }, t("search.lead")), box(results)), results, store());
  if (last.answer) draw(results, last.answer);
  main.querySelector("input").focus();
}

function box(results) {
  const list = h("ul", { class: "ahead", id: "ahead", role: "listbox", "aria-label": t("search.ahead"), hidden: true });
  const input = h("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", maxlength: "200", value: last.text, role: "combobox",
    "aria-expanded": "false", "aria-controls": "ahead", "aria-autocomplete": "list", "aria-label": t("search.label"), placeholder: t("search.placeholder") });
  const state = { hits: [], at: -1, abort: null };
  const close = () => {
    list.hidden = true;
    state.at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const look = later(() => ahead(input, list, state, close), 120);
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => keys(event, input, list, state, close));
  input.addEventListener("blur", () => setTimeout(close, 150));
  return h("form", { class: "searchbox", role: "search", onsubmit: (event) => {
    event.preventDefault();
    state.abort?.abort();
    close();
    find(input.value, results);
  } }, h("div", { class: "combo" }, input, list), h("button", { class: "main" }, t("search.go")), h("p", { class: "faint hint" }, t("search.hint")));
}

async function ahead(input, list, state, close) {
  state.abort?.abort();
  const text = input.value.trim();
  if (!text || ID_NUMBER.test(text)) return close();
  state.abort = new AbortController();
  try {
    const answer = await postJson("/v1/search", { text, limit: AHEAD }, state.abort.signal);
    if (input.value.trim() !== text || document.activeElement !== input) return;
    state.hits = answer.parties.filter((party) => party.key);
    state.at = -1;
    list.replaceChildren(...state.hits.map((party, n) => h("li", { id: `ahead-${n}`, role: "option", "aria-selected": "false",
      onpointerdown: (event) => event.preventDefault(), onclick: () => go("party", party.key, carried()) },
      h("span", { class: "name" }, party.name), h("span", { class: "faint" }, kindLabel(party.kind), " ", mark(party), party.matched && party.matched !== party.name && ` · ${t("search.former", { name: party.matched })}`))));
    list.hidden = state.hits.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  } catch (problem) {
    if (problem.name !== "AbortError") close();
  }
}

function keys(event, input, list, state, close) {
  if (event.isComposing) return;
  if (event.key === "Escape") close();
  if (list.hidden || state.hits.length === 0) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    state.at = (state.at + step + state.hits.length + (state.at < 0 && step < 0 ? 1 : 0)) % state.hits.length;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === state.at)));
    input.setAttribute("aria-activedescendant", `ahead-${state.at}`);
  } else if (event.key === "Enter" && state.at >= 0) {
    event.preventDefault();
    go("party", state.hits[state.at].key, carried());
  }
}

async function find(text, results) {
  const wanted = text.trim();
  if (!wanted) return;
  const number = ID_NUMBER.test(wanted);
  fill(results, wait());
  try {
    const answer = await postJson("/v1/search", number ? { id_number: wanted } : { text: wanted, limit: RESULTS });
    last = number ? { text: "", answer } : { text, answer };
    draw(results, answer);
  } catch (problem) {
    fill(results, line(problem));
  }
}

function draw(results, answer) {
  const hits = answer.parties;
  announce(t("search.found", { n: hits.length }));
  if (hits.length === 0) return fill(results, h("p", { class: "none" }, t("search.none")));
  return fill(results, h("h2", null, t("search.found", { n: hits.length })), hits.length === RESULTS && h("p", { class: "faint" }, t("search.most", { n: RESULTS })),
    h("ul", { class: "hits" }, hits.map((party, n) => hit(party, n < DETAILED))));
}

function hit(party, detailed) {
  return h("li", { class: "hit" },
    h("div", null, partyLink(party), " ", h("span", { class: "faint" }, kindLabel(party.kind)), " ", h("code", null, code(party) || mark(party)),
      party.matched && party.matched !== party.name && h("span", { class: "faint" }, ` · ${t("search.former", { name: party.matched })}`)),
    detailed && party.key && pending(about(party.key, "", { as_of: asOf() }), (found) => h("div", { class: "facts-line" }, brief(found))));
}

function brief(found) {
  const { attributes, records, flags, honours } = found;
  return [
    records.length > 0 && chip(t("hit.listed", { n: records.length }), "bad"),
    flags.length > 0 && chip(t("hit.flagged", { n: flags.length }), "medium"),
    records.length + flags.length === 0 && chip(t("hit.clear"), "good"),
    honours.length > 0 && chip(t("hit.honours", { n: honours.length }), "plain"),
    ...[codeLabel("statuses", attributes.status), attributes.id_number_masked ?? attributes.id_number, attributes.established, attributes.address]
      .filter(Boolean).map((text) => h("span", { class: "faint" }, text)),
  ];
}

function store() {
  return pending(getJson("/v1/info"), (info) => h("section", { class: "store" },
    h("h2", null, t("store.title")),
    h("dl", { class: "figures" },
      Object.entries(info.parties).map(([kind, n]) => [h("div", null, h("dt", null, kindLabel(kind)), h("dd", null, count(n)))]),
      h("div", null, h("dt", null, t("store.relations")), h("dd", null, count(sum(info.relations)))),
      h("div", null, h("dt", null, t("store.records")), h("dd", null, count(sum(info.records)))),
      h("div", null, h("dt", null, t("store.sources")), h("dd", null, count(info.sources.length)))),
    h("p", { class: "faint" }, t("store.version", { version: info.data_version }))));
}

const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);
