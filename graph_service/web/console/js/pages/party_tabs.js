// The tabs of a party's page, in the order of a credit report.

import { about } from "../api.js";
import { h } from "../dom.js";
import { codeLabel, count, has, lang, listClass, listLabel, percent, period, relationLabel, shareText, t } from "../i18n.js";
import { byType, completeness, namesIn } from "../parts/complete.js";
import { flagCard, gradeLabel, stepLabel, stepLine } from "../parts/flag.js";
import { pending } from "../parts/notice.js";
import { chip, code, partyLink, recordCard, recordText, sourceText, sources } from "../parts/party.js";
import { table } from "../parts/table.js";
import { asOf } from "../route.js";
import { ownershipTab } from "./party_ownership.js";

const JUDICIAL = new Set(["失信被执行人", "限制高消费", "行贿犯罪"]);
const CODED = { status: "statuses", type: "types", nature: "natures" };
const ALL_TIME = "200y";

const ofClass = (classes, judicial = false) => (record) =>
  JUDICIAL.has(record.list) === judicial && (judicial || classes.includes(listClass(record.list)));
const KINDS_OF_RECORD = {
  penalties: ofClass(["penalty"]),
  serious: ofClass(["blacklist", "bar", "restriction", "other"]),
  abnormal: ofClass(["warning"]),
  judicial: ofClass([], true),
};

/** From what a party is barred by statute, with the ground and until when. */
function barred(bars) {
  return h("section", null, h("h2", null, t("barred.title")), bars.length === 0 ? h("p", { class: "none" }, t("barred.none")) : bars.map((bar) => h("article", { class: "card flag high" },
    h("h3", null, bar.why[lang()], !bar.certain && [" ", chip(t("flag.uncertain"), "medium")]),
    h("p", null, h("strong", null, t("flag.article")), " ", lang() === "zh" ? bar.article : bar.article_en, " · ", bar.until ? t("barred.until", { day: bar.until }) : t("barred.open")),
    bar.record && h("p", { class: "recordline" }, h("strong", null, t("flag.record")), " ", recordText(bar.record)),
    bar.path.length > 0 && h("ol", { class: "steps" }, bar.path.map((step) => stepLine(step))))));
}

const records = (name) => ({
  name,
  tone: "bad",
  count: (dossier) => dossier.records.filter(KINDS_OF_RECORD[name]).length,
  draw: (dossier) => recordList(...["records", "upcoming_records", "ended_records"].map((field) => dossier[field].filter(KINDS_OF_RECORD[name]))),
});

/** Name, count and drawing of each tab. */
export const TABS = [
  { name: "basic", draw: basic },
  records("penalties"),
  { name: "honours", tone: "good", count: (dossier) => dossier.honours.length, draw: (dossier) => recordList(dossier.honours, [], []) },
  {
    ...records("serious"),
    count: (dossier) => dossier.records.filter(KINDS_OF_RECORD.serious).length + (dossier.barred ?? []).length,
    draw: (dossier) => [records("serious").draw(dossier), barred(dossier.barred ?? [])],
  },
  records("abnormal"),
  records("judicial"),
  { name: "relations", count: (dossier) => dossier.relations.length, draw: relations },
  { name: "risk", tone: "bad", count: (dossier) => dossier.flags.length, draw: risk },
  { name: "ownership", draw: ownershipTab },
  { name: "history", draw: history },
  { name: "sources", count: (dossier) => dossier.conflicts.length, tone: "medium", draw: origin },
];

// As a registry's extract has them; what it does not have comes after.
const FIRST = ["type", "nature", "status", "status_date", "established", "dissolved", "capital", "securities_code", "region", "industry", "address", "phone", "email", "former_names"];
const place = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
const written = (name, value) => (name === "capital" && /^\d+(\.\d+)?$/.test(value) ? count(Number(value)) : codeLabel(CODED[name], value) || value);

function basic(dossier) {
  const { party, attributes } = dossier;
  const rows = Object.entries(attributes).filter(([name, value]) => name !== "uscc" && value).sort(([a], [b]) => place(a) - place(b));
  const leaders = dossier.relations.filter((step) => ["LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "CONTROLS"].includes(step.type) && step.to.id === party.id && !step.former);
  return [
    h("dl", { class: "facts wide" }, code(party) && [h("dt", null, attribute("uscc")), h("dd", null, code(party))],
      leaders.map((step) => [h("dt", null, stepLabel(step)), h("dd", null, partyLink(step.from))]),
      rows.map(([name, value]) => [h("dt", null, attribute(name)), h("dd", null, written(name, value))]),
      party.aliases?.length > 0 && [h("dt", null, t("attr.aliases")), h("dd", null, t("attr.aliases_n", { n: party.aliases.length }))]),
    rows.length + leaders.length === 0 && !code(party) && h("p", { class: "none" }, t("none")),
  ];
}

const attribute = (name) => (has(`attr.${name}`) ? t(`attr.${name}`) : t("attr.other"));

function recordList(inForce, upcoming, ended) {
  if (inForce.length + upcoming.length + ended.length === 0) return h("p", { class: "none" }, t("records.none"));
  return [inForce.map(recordCard), upcoming.length > 0 && [h("h2", null, t("records.upcoming")), upcoming.map(recordCard)],
    ended.length > 0 && [h("h2", null, t("records.ended")), ended.map(recordCard)]];
}

function relations(dossier, signal) {
  const { party } = dossier;
  const groups = new Map();
  for (const step of dossier.relations) {
    const key = `${step.type} ${step.to.id === party.id ? "in" : "out"}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [
    groups.size === 0 && h("p", { class: "none" }, t("none")),
    [...groups].map(([key, steps]) => {
      const [type, way] = key.split(" ");
      return h("section", null, h("h2", null, t(`relations.${way}`, { type: relationLabel(type) }), " ", h("span", { class: "faint" }, steps.length)), relationTable(steps, party));
    }),
    statutory(party, signal),
  ];
}

/** Related parties by statute, asked for when somebody wants them: the question may be wide. */
function statutory(party, signal) {
  const place = h("div", null, h("button", { type: "button", onclick: () => place.replaceChildren(pending(about(party.key, "related", { as_of: asOf() }, signal), related)) }, t("related.show")));
  return h("section", null, h("h2", null, t("related.title")), place);
}

function related(answer) {
  return [
    table([
      { title: t("col.party"), class: "wide", cell: (row) => partyLink(row.party), key: (row) => row.party.name },
      { title: t("col.rule"), cell: (row) => [row.title[lang()], !row.certain && [" ", chip(t("flag.uncertain"), "medium")]], key: (row) => row.title[lang()] },
      { title: t("flag.article"), cell: (row) => [lang() === "zh" ? row.article : row.article_en, !row.verified && h("span", { class: "faint" }, t("paren", { text: t("related.unverified") }))] },
      { title: t("col.paths"), cell: (row) => row.path.length > 0 && h("details", null, h("summary", null, t("paths.length", { n: row.path.length })), h("ol", { class: "steps" }, row.path.map((step) => stepLine(step)))) },
    ], answer.related, { label: t("related.title") }),
    completeness(answer, namesIn(answer)),
  ];
}

const other = (step, party) => (step.to.id === party.id ? step.from : step.to);

function relationTable(steps, party) {
  return table([
    { title: t("col.party"), class: "wide", cell: (step) => partyLink(other(step, party)), key: (step) => other(step, party).name },
    { title: t("col.relation"), cell: stepLabel, key: stepLabel },
    steps.some((step) => step.type === "SHAREHOLDER_OF") && { title: t("col.share"), class: "number", cell: (step) => (step.type === "SHAREHOLDER_OF" ? shareText(step.share_min, step.share, step.share_max) : ""), key: (step) => step.share },
    { title: t("col.period"), cell: (step) => (step.ended && !step.until ? t("step.ended") : period(step.since, step.until)), key: (step) => step.since },
    { title: t("col.source"), cell: (step) => sources(step.sources) },
  ].filter(Boolean), steps);
}

function risk(dossier, signal) {
  const { party, flags } = dossier;
  return [
    flags.length > 0 ? flags.map((flag) => flagCard(flag, { of: party })) : h("p", { class: "none good" }, t("risk.none")),
    pending(about(party.key, "flags", { as_of: asOf() }, signal), (answer) => [
      answer.ended.length > 0 && h("section", null, h("h2", null, t("risk.ended")), answer.ended.map((item) => flagCard(item, { ended: item.reason, of: party }))),
      looked(answer),
      completeness(answer, namesIn(answer)),
    ]),
    dossier.records.length > 0 && h("section", null, h("h2", null, t("risk.exposed")),
      pending(about(party.key, "exposure", { as_of: asOf() }, signal), exposed)),
  ];
}

const ruleName = (id) => (has(`ruleid.${id}`) ? t(`ruleid.${id}`) : t("ruleid.own"));

/** What was looked at, so that "no flag" says what was searched. */
function looked(answer) {
  const { looked_at: seen } = answer;
  return h("section", { class: "looked" }, h("h2", null, answer.flags.length ? t("risk.looked") : t("risk.why_not")),
    h("dl", { class: "facts" },
      h("dt", null, t("looked.records")), h("dd", null, seen.records),
      h("dt", null, t("looked.relations")), h("dd", null, byType(seen.relations) || t("none")),
      h("dt", null, t("looked.rules")), h("dd", null, seen.rules.map(ruleName).join(t("comma"))),
      h("dt", null, t("looked.quarantined")), h("dd", null, seen.quarantined),
      h("dt", null, t("looked.pack")), h("dd", null, h("code", null, `${answer.pack} ${answer.pack_hash.slice(0, 12)}`))));
}

function exposed(answer) {
  const tied = answer.flags.filter((flag) => flag.party.id !== answer.subject.id);
  const groups = new Map();
  for (const flag of tied) groups.set(flag.party.id, [...(groups.get(flag.party.id) ?? []), flag]);
  return [
    h("p", null, t("risk.exposed_n", { n: groups.size, flags: tied.length })),
    [...groups.values()].slice(0, 200).map((flags) => h("details", { class: "exposed" },
      h("summary", null, flags[0].party.name, " ", h("span", { class: "faint" }, flags.map((flag) => `${gradeLabel(flag.grade)}${flag.share === null ? "" : ` ${percent(flag.share)}`}`).join(t("comma")))),
      h("p", null, partyLink(flags[0].party)), flags.map((flag) => flagCard(flag)))),
    groups.size > 200 && h("p", { class: "faint" }, t("more", { n: groups.size - 200 })),
    completeness(answer, namesIn(answer)),
  ];
}

function history(dossier, signal) {
  const { party } = dossier;
  return pending(about(party.key, "", { as_of: asOf(), look_back: ALL_TIME }, signal), (past) => {
    const events = timeline(past);
    return [
      party.kind === "Enterprise" && past.attributes.former_names && h("p", null, h("strong", null, t("attr.former_names")), " ", past.attributes.former_names),
      h("h2", null, t("history.title")),
      events.length === 0 ? h("p", { class: "none" }, t("history.none")) : table([
        { title: t("col.day"), cell: (event) => event.day, key: (event) => event.day },
        { title: t("col.event"), class: "wide", cell: (event) => event.what },
        { title: t("col.source"), cell: (event) => sources(event.sources) },
      ], events),
      past.relations.some((step) => step.former) && [h("h2", null, t("history.former")), relationTable(past.relations.filter((step) => step.former), party)],
    ];
  });
}

function timeline(past) {
  const { party, attributes } = past;
  const events = [];
  const add = (day, what, from = []) => day && events.push({ day, what, sources: from });
  add(attributes.established, t("history.established"));
  add(attributes.dissolved, t("history.dissolved"));
  add(attributes.status_date, t("history.status", { status: codeLabel("statuses", attributes.status) }));
  for (const step of past.relations) {
    const about = [stepLabel({ ...step, former: false }), " ", partyLink(other(step, party))];
    add(step.since, [t("history.began"), " ", ...about], step.sources);
    add(step.until, [t("history.ended"), " ", stepLabel({ ...step, former: false }), " ", partyLink(other(step, party))], step.sources);
  }
  for (const record of [...past.records, ...past.upcoming_records, ...past.ended_records, ...past.honours]) {
    add(record.listed ?? record.decided, recordText(record), record.sources);
    add(record.until ?? record.valid_until, [t("history.record_ended"), " ", recordText(record)], record.sources);
  }
  return events.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
}

function origin(dossier) {
  const names = namesIn(dossier);
  const files = [...dossier.sources, ...dossier.relations.flatMap((step) => step.sources), ...[...dossier.records, ...dossier.upcoming_records, ...dossier.ended_records, ...dossier.honours].flatMap((record) => record.sources)];
  const unique = [...new Map(files.map((one) => [sourceText(one), one])).values()];
  return [
    h("h2", null, t("conflicts.title")),
    dossier.conflicts.length === 0 ? h("p", { class: "none" }, t("conflicts.none")) : dossier.conflicts.map((one) => h("article", { class: "card" },
      h("h3", null, conflictAbout(one, names)),
      h("p", { class: "faint" }, t("conflicts.first")),
      h("ol", null, one.values.map(({ value, source }, n) => h("li", null, n === 0 ? h("strong", null, conflictValue(one, value)) : conflictValue(one, value), " ", sources([source])))))),
    h("h2", null, t("sources.title"), " ", h("span", { class: "faint" }, unique.length)),
    table([
      { title: t("col.source"), cell: (one) => one.source, key: (one) => one.source },
      { title: t("col.file"), class: "wide", cell: (one) => one.file, key: (one) => one.file },
      { title: t("col.row"), class: "number", cell: (one) => one.row, key: (one) => one.row },
    ], unique),
  ];
}

/** What a conflict is about, in words: an attribute, a list, or a relation between two parties. */
function conflictAbout({ about: said }, names) {
  if (has(`attr.${said}`)) return t(`attr.${said}`);
  if (said.startsWith("label:")) return `${t("attr.label")}${t("colon")}${listLabel(said.slice(6))}`;
  const [type, from, until, ...more] = said.split(" ");
  if (!until) return t("attr.other");
  const name = (id) => names.get(id) ?? (id.startsWith("uscc:") ? id.slice(5) : t("conflicts.other"));
  const role = more.filter((word) => !/^\d/.test(word)).map((word) => codeLabel("roles", word));
  return [`${name(from)} —${[relationLabel(type), ...role].join(" ")}→ ${name(until)}`, ...more.filter((word) => /^\d/.test(word))].join(" ");
}

/** One source's value: a share with the day it ended, a yes or no, or the text as it stands. */
function conflictValue({ about: said }, value) {
  if (said.startsWith("label:")) return value === "no" ? t("no") : t("yes");
  if (!said.includes(" ")) return codeLabel(CODED[said], value) || value || t("conflicts.empty");
  const [first, end] = value.includes(":") ? value.split(":") : said.startsWith("SHAREHOLDER_OF") ? [value, ""] : ["", value];
  const share = first && Number.isFinite(Number(first)) ? percent(Number(first)) : first;
  const until = end === "ended" ? t("step.ended") : end && `${t("period.to")} ${end}`;
  return [share, until].filter(Boolean).join(" ") || t(said.startsWith("SHAREHOLDER_OF") ? "share.unknown" : "conflicts.holds");
}

