// The parts of a screening: bidders, the matrix of pairs, pairs with their proof, clusters, further findings.

import { h } from "../dom.js";
import { half, lang, t } from "../i18n.js";
import { carried, to } from "../route.js";
import { chain, chainText, copyButton, flagCard, stepLine, walk } from "./flag.js";
import { chip, mark, partyLink } from "./party.js";
import { table } from "./table.js";

const TONES = { barred: "bad", flagged: "bad", review: "medium", clear: "good", insufficient_data: "medium",
  void_art34: "bad", barred_art18: "bad", deemed_art40: "bad", suspicious: "medium", none_within_k: "good" };
const SIGNS = { void_art34: "■", barred_art18: "▲", deemed_art40: "◆", suspicious: "●", insufficient_data: "○", none_within_k: "·" };
const MOST = 40; // bidders in the matrix
const SHOWN = 200; // pairs in the page

const verdict = (code) => chip(t(`bidder.${code}`), TONES[code]);
const pairVerdict = (code) => h("span", { class: `chip ${TONES[code]}` }, h("span", { "aria-hidden": "true" }, SIGNS[code]), " ", t(`pair.${code}`));
const name = (row) => row.party?.name || row.given?.name || row.given?.bidder || row.given?.uscc || "";

/** Every bidder in the rows' order, with reasons and candidates. */
export function bidders(answer) {
  return table([
    { title: t("col.row"), class: "number", cell: (row) => row.row, key: (row) => row.row },
    { title: t("col.lot"), cell: (row) => row.lot, key: (row) => row.lot },
    { title: t("col.bidder"), class: "wide", cell: (row) => (row.party ? [partyLink(row.party), " ", h("span", { class: "faint" }, mark(row.party))] : name(row)), key: name },
    { title: t("col.verdict"), cell: (row) => verdict(row.verdict), key: (row) => ["barred", "flagged", "review", "insufficient_data", "clear"].indexOf(row.verdict) },
    { title: t("col.grounds"), class: "wide", cell: reasons },
  ], answer.bidders, { label: t("screening.bidders") });
}

function reasons(row) {
  return [
    row.reasons?.length > 0 && h("ul", { class: "plain" }, row.reasons.map((one) => h("li", null, one.statement[lang()], one.article && !one.statement[lang()].includes(half(one.article)) && h("span", { class: "faint" }, ` ${half(one.article)}`)))),
    row.candidates.length > 0 && h("p", null, t("screening.candidates"), " ", row.candidates.map((one) => [partyLink(one), " ", h("span", { class: "faint" }, mark(one)), " "])),
    row.flags.length > 0 && h("details", null, h("summary", null, t("hit.flagged", { n: row.flags.length })), row.flags.map((flag) => flagCard(flag))),
  ];
}

/** Who with whom: one cell per pair, its sign and word; a pair opens below. */
export function matrix(answer, choose) {
  const rows = answer.bidders.slice(0, MOST);
  const found = new Map(answer.pairs.map((pair) => [`${pair.a.row} ${pair.b.row}`, pair]));
  const pairOf = (a, b) => found.get(`${a.row} ${b.row}`) ?? found.get(`${b.row} ${a.row}`);
  const cell = (a, b) => {
    if (a === b) return h("td", { class: "self" });
    const pair = pairOf(a, b);
    if (!pair) return silent(a, b);
    return h("td", { class: TONES[pair.verdict] }, h("button", { type: "button", class: "cell", title: t(`pair.${pair.verdict}`), "aria-label": `${name(a)} — ${name(b)}：${t(`pair.${pair.verdict}`)}`, onclick: () => choose(pair) }, SIGNS[pair.verdict]));
  };
  return [
    h("ul", { class: "key-line" }, [...Object.entries(SIGNS), ["apart", "—"]].map(([code, sign]) => h("li", null, h("span", { "aria-hidden": "true" }, sign), " ", t(`pair.${code}`)))),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("screening.matrix") }, h("table", { class: "matrix" },
      h("thead", null, h("tr", null, h("th", null, ""), rows.map((row) => h("th", { scope: "col", title: name(row) }, row.row)))),
      h("tbody", null, rows.map((a) => h("tr", null, h("th", { scope: "row" }, a.row, " ", h("span", { class: "who" }, name(a))), rows.map((b) => cell(a, b))))))),
    answer.bidders.length > MOST && h("p", { class: "faint" }, t("screening.matrix_most", { n: MOST })),
  ];
}

/** A pair that the answer does not list: not compared, not known enough, or looked at without a tie. */
function silent(a, b) {
  const joint = a.given?.consortium && a.given.consortium === b.given?.consortium;
  if (a.lot !== b.lot || joint || a.duplicate_of || b.duplicate_of || (a.party && a.party.id === b.party?.id)) return quiet("—", "pair.apart");
  if (!a.party || !b.party) return quiet(SIGNS.insufficient_data, "pair.insufficient_data");
  return quiet(SIGNS.none_within_k, "pair.none_within_k");
}

const quiet = (sign, key) => h("td", null, h("span", { class: "faint", title: t(key), role: "img", "aria-label": t(key) }, sign));

/** Pairs gravest first, or the one chosen in the matrix. */
export function pairs(answer, chosen, all) {
  const list = chosen ? [chosen] : answer.pairs;
  if (list.length === 0) return h("p", { class: "none good" }, t("screening.no_pairs"));
  return [
    chosen && h("button", { type: "button", class: "small", onclick: all }, t("screening.all_pairs")),
    list.slice(0, SHOWN).map(pairCard),
    list.length > SHOWN && h("p", { class: "faint" }, t("more", { n: list.length - SHOWN })),
  ];
}

function pairCard(pair) {
  const side = (one) => (one.id ? partyLink(one) : h("span", { class: "party" }, one.name));
  const steps = pair.evidence.length ? pair.evidence : pair.path;
  const start = pair.path.length ? first(pair) : null;
  return h("article", { class: `card flag ${{ bad: "high", medium: "medium" }[TONES[pair.verdict]] ?? "low"}` },
    h("h3", null, pairVerdict(pair.verdict), " ", side(pair.a), " ", h("span", { class: "faint" }, t("screening.row", { n: pair.a.row })), " ↔ ", side(pair.b), " ", h("span", { class: "faint" }, t("screening.row", { n: pair.b.row })),
      pair.lot && h("span", { class: "faint" }, t("screening.lot", { lot: pair.lot })), !pair.certain && pair.verdict !== "none_within_k" && chip(t("flag.uncertain"), "medium")),
    h("p", { class: "sentence" }, pair.statement[lang()]),
    start && chain(start, pair.path),
    pair.articles.length > 0 && h("p", null, h("strong", null, t("flag.article")), " ", pair.articles.map(half).join(t("semicolon"))),
    pair.indicator_details.length > 0 && h("ul", null, pair.indicator_details.map((one) => h("li", null, one.label[lang()], one.value && `${t("colon")}${one.value}`, one.about && [" ", partyLink(one.about)]))),
    steps.length > 0 && h("details", null, h("summary", null, t("flag.evidence", { n: steps.length })), h("ol", { class: "steps" }, steps.map((step) => stepLine(step)))),
    h("div", { class: "actions" }, copyButton(() => [pair.statement[lang()], start ? chainText(start, pair.path) : "", pair.articles.map(half).join(t("semicolon"))].filter(Boolean).join("\n"), t("flag.copy")),
      pair.a.key && pair.b.key && h("a", { class: "button quiet small", href: to("paths", "", { ...carried(), p: `${pair.a.key}~${pair.b.key}` }) }, t("party.paths"))));
}

/** The party at which a path of two bidders begins: the first side that its first step touches. */
function first(pair) {
  const [step] = pair.path;
  const ends = [step.from, step.to];
  const begin = ends.find((party) => party.id === pair.a.id) ?? ends.find((party) => party.id === pair.b.id) ?? step.from;
  return walk(begin, pair.path).length ? begin : step.from;
}

/** Groups of bidders that hang together. */
export function clusters(answer) {
  const list = answer.cluster_details ?? [];
  if (list.length === 0) return h("p", { class: "none good" }, t("screening.no_clusters"));
  return list.map((one, n) => h("article", { class: "card" },
    h("h3", null, t("screening.cluster", { n: n + 1, size: one.parties.length })),
    h("p", null, one.parties.map((party) => [partyLink(party), "　"])),
    one.hub && h("p", null, t("screening.hub"), " ", partyLink(one.hub))));
}

/** Ties to the buyer and reviewers, and what prices tell. */
export function findings(answer) {
  const list = [...(answer.interests ?? []), ...(answer.prices ?? [])];
  return list.length > 0 && h("section", null, h("h2", null, t("screening.findings")), list.map((one) => h("article", { class: "card" },
    h("p", null, one.statement[lang()]),
    one.bidder && h("p", null, partyLink(one.bidder), " ↔ ", partyLink(one.other)),
    one.article && h("p", null, h("strong", null, t("flag.article")), " ", half(one.article)),
    one.path?.length > 0 && h("ol", { class: "steps" }, one.path.map((step) => stepLine(step))))));
}
