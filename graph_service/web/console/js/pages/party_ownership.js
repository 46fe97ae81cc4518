// The tab of shares and control: direct and look-through holdings, controllers, beneficial owners.

import { about } from "../api.js";
import { h } from "../dom.js";
import { lang, percent, shareText, t } from "../i18n.js";
import { completeness, namesIn, reason } from "../parts/complete.js";
import { chain, stepLine } from "../parts/flag.js";
import { pending } from "../parts/notice.js";
import { chip, partyLink } from "../parts/party.js";
import { table } from "../parts/table.js";
import { asOf, carried, to } from "../route.js";

const day = () => ({ as_of: asOf() });

/** Draw the tab. */
export function ownershipTab({ party }, signal) {
  const ask = (what) => about(party.key, what, day(), signal);
  const company = party.kind === "Enterprise";
  return [
    company && h("p", null, h("a", { class: "button", href: to("ownership", party.key, carried()) }, t("party.ownership"))),
    company && section("owners", pending(ask("owners"), (answer) => holdings(answer, answer.owners))),
    section("holdings", pending(ask("holdings"), (answer) => holdings(answer, answer.holdings))),
    company && section("controllers", pending(ask("controllers"), (answer) => control(answer, answer.controllers, party, true))),
    company && section("beneficial", pending(ask("beneficial-owners"), beneficial)),
    section("controlled", pending(ask("controlled"), (answer) => control(answer, answer.controlled, party, false))),
    company && section("close_links", pending(ask("close-links"), (answer) => closeLinks(answer, party))),
  ];
}

const section = (name, content) => h("section", null, h("h2", null, t(`ownership.${name}`)), content);

const VERDICTS = { certain: "bad", possible: "medium", no: "plain" };

function holdings(answer, rows) {
  return [
    table([
      { title: t("col.party"), class: "wide", cell: (row) => partyLink(row.party), key: (row) => row.party.name },
      { title: t("col.direct"), class: "number", cell: (row) => (row.direct === 0 ? t("share.none") : shareText(row.direct_min, row.direct, row.direct_max)), key: (row) => row.direct ?? row.direct_max },
      { title: t("col.integrated"), class: "number", cell: (row) => (row.integrated_max === null ? t("share.not_computed") : shareText(row.integrated_min, row.integrated, row.integrated_max)), key: (row) => row.integrated ?? row.integrated_max },
      { title: t("col.control"), cell: (row) => [chip(t(`control.${row.verdict}`), VERDICTS[row.verdict]), row.control_share === null ? "" : ` ${percent(row.control_share)}`], key: (row) => row.control_share },
      { title: t("col.paths"), cell: (row) => paths(row.paths) },
    ], rows),
    warnings(answer),
    completeness(answer, namesIn(answer)),
  ];
}

function paths(list) {
  if (!list.length) return "";
  return h("details", null, h("summary", null, t("paths.n", { n: list.length })), list.slice(0, 20).map((path) =>
    h("ol", { class: "steps" }, path.steps.map((step) => stepLine(step)))));
}

/** What an answer warns of. */
export function warnings(answer) {
  const lines = answer.warnings ?? [];
  const names = namesIn(answer);
  return lines.length > 0 && h("ul", { class: "warnings" }, lines.map((line) => h("li", null, names.get(line.id) ?? "", " ", reason(line, names))));
}

function control(answer, rows, party, up) {
  return [
    rows.length === 0 ? h("p", { class: "none" }, t("none")) : rows.map((row) => h("details", { class: "exposed" },
      h("summary", null, row.party.name, " ", h("span", { class: "faint" }, row.share === null ? t("control.declared") : percent(row.share))),
      row.path.length > 0 && chain(up ? row.party : party, row.path),
      h("ol", { class: "steps" }, (row.evidence.length ? row.evidence : row.path).map((step) => stepLine(step))),
      h("p", null, partyLink(row.party)))),
    warnings(answer),
    completeness(answer, namesIn(answer)),
  ];
}

function beneficial(answer) {
  const rule = (row) => t(`beneficial.${row.rule}`);
  return [
    answer.exempt && h("p", { class: "none" }, t("ownership.exempt"), t("colon"), answer.exempt_why[lang()]),
    answer.owners.length === 0 && h("p", { class: "none" }, t("ownership.no_beneficial")),
    answer.owners.length > 0 && table([
      { title: t("col.party"), cell: (row) => partyLink(row.party), key: (row) => row.party.name },
      { title: t("col.share"), class: "number", cell: (row) => percent(row.share), key: (row) => row.share },
      { title: t("col.rule"), cell: rule, key: rule },
      { title: t("col.why"), class: "wide", cell: (row) => row.statement[lang()] },
      { title: t("col.paths"), cell: (row) => paths(row.paths) },
    ], answer.owners),
    answer.not.length > 0 && h("details", null, h("summary", null, t("ownership.near")), h("ul", null, answer.not.slice(0, 50).map((miss) => h("li", null, partyLink(miss.party), " ", miss.statement[lang()])))),
    answer.stops.length > 0 && h("ul", { class: "warnings" }, answer.stops.map((stop) => h("li", null, partyLink(stop.party), " ", stop.statement[lang()]))),
    warnings(answer),
    completeness(answer, namesIn(answer)),
  ];
}

function closeLinks(answer, party) {
  const way = (row) => (row.via === "owns" ? t("ownership.owns") : row.via === "owned" ? t("ownership.owned") : t("ownership.through", { name: row.via.name }));
  return [
    table([
      { title: t("col.party"), class: "wide", cell: (row) => partyLink(row.party), key: (row) => row.party.name },
      { title: t("col.via"), cell: way, key: way },
      { title: t("col.share"), class: "number", cell: (row) => percent(row.share), key: (row) => row.share },
      { title: t("col.paths"), cell: (row) => paths(row.paths) },
    ], answer.links, { label: party.name }),
    warnings(answer),
    completeness(answer, namesIn(answer)),
  ];
}
