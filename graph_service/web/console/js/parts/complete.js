// How complete an answer is, and what was cut: said in the page, never silent.

import { h } from "../dom.js";
import { has, lang, relationLabel, t } from "../i18n.js";

const MOST = 12;

// What a `missing` line says, as the questions write it, and the text that tells it.
const REASONS = [
  [/^(\d+) of (?:at least )?(\d+) parties, at depth (\d+)$/, "why.parties_depth"],
  [/^(\d+) of (\d+)$/, "why.some_of"],
  [/^(\d+) explored, not all$/, "why.explored"],
  [/^(\d+) of more$/, "why.of_more"],
  [/^known only by its code$/, "why.code_only"],
  [/^not finished when the question was asked$/, "why.unfinished"],
  [/^unknown$/, "why.share_unknown"],
  [/^a range$/, "why.share_range"],
  [/^.* may control it: up to (\S+)$/, "why.may_control"],
  [/^blocked holders may hold up to (\S+)$/, "why.may_block"],
  [/^stakes sum to (\S+)$/, "why.sum"],
  [/^(\d+) rows of (\w+): (\w+)$/, "why.rows"],
  [/^(\w+): (\w+)$/, "why.row"],
  [/^(\d+) stakes of unknown size count as 0$/, "why.count_zero"],
  [/^no securities code/, "why.not_listed"],
  [/^ended on an unknown day$/, "why.ended_when"],
  [/ may hold enough of it: up to (\S+)$/, "why.may_hold"],
  [/^named by the tender, not matched$/, "why.not_matched"],
  [/^not loaded: its facts are unknown$/, "why.not_loaded"],
  [/^answered for its head office /, "why.head_office"],
  [/^only direct stakes and control/, "why.no_look_through"],
  [/^stakes sum to (\S+): figures through it are withheld$/, "why.withheld"],
  [/: a major violation of an unknown day$/, "why.unknown_day"],
  [/^(?:the day of|personal responsibility for) /, "why.responsibility"],
  [/^no holder of it is known$/, "why.no_holder"],
  [/^no legal representative or manager is known$/, "why.no_manager"],
  [/^(\d+) owners inside a large component/, "why.inside"],
  [/^(\d+) verdicts not decided/, "why.undecided"],
  [/^what would settle a verdict was not sought for all$/, "why.unsought"],
  [/^the chains of (\d+) parties are not shown$/, "why.chains_left"],
  [/^more may control it, or be controlled/, "why.more_control"],
  [/^more (?:simple )?chains than are listed/, "why.chains"],
  [/^owned wholly by itself/, "why.self_owned"],
  [/^holds (.+) of itself$/, "why.treasury"],
  [/ holds (\S+): amount over registered capital$/, "why.amount"],
  [/ holds (.+) of it$/, "why.stake_between"],
  [/^(\d+) more unknown stakes$/, "why.more_stakes"],
  [/ may be linked: up to (\S+)$/, "why.linked"],
];

/** Why something is missing, in the page's language. */
export function reason(why) {
  for (const [pattern, key] of REASONS) {
    const found = pattern.exec(why);
    if (found) return t(key, named(key, found));
  }
  return lang() === "en" && why ? why : t("why.other");
}

function named(key, [, a, b, c]) {
  if (key === "why.rows") return { n: a, rule: rule(c) };
  if (key === "why.row") return { rule: rule(b) };
  return { a, b, c };
}

/** A rule by which rows are refused or doubted. */
export const rule = (code) => (has(`rule.${code}`) ? t(`rule.${code}`) : t("rule.other"));

function about(missing, names) {
  const what = has(`missing.${missing.what}`) ? t(`missing.${missing.what}`) : t("missing.other");
  const id = missing.id ?? "";
  const name = names.get(id) ?? (missing.what === "quarantined" ? id : id.startsWith("uscc:") ? id.slice(5) : "");
  return name ? `${what} ${name}` : what;
}

/** The answer's completeness, its day and the version of its data; `names`: names by party id. */
export function completeness(answer, names = new Map()) {
  const complete = answer.completeness;
  const lines = complete.missing ?? [];
  const hubs = (complete.hubs ?? []).filter((id) => !lines.some((line) => line.id === id));
  const said = [
    ...lines.map((line) => h("li", null, about(line, names), "：", reason(line.why ?? ""))),
    ...hubs.map((id) => h("li", null, t("missing.hub"), names.has(id) ? ` ${names.get(id)}` : "", "：", t("why.hub"))),
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
