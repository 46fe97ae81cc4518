// Cases: the list, and one case with its note, its parties and its comments.

import { ask, getJson, postJson, save, sendJson } from "../api.js";
import { announce, fill, h, refill } from "../dom.js";
import { kindLabel, t } from "../i18n.js";
import { minute, STATUSES, statusChip } from "../parts/cases.js";
import { fileBox } from "../parts/file.js";
import { gradeLabel } from "../parts/flag.js";
import { line } from "../parts/notice.js";
import { chip, mark, partyLink } from "../parts/party.js";
import { picker } from "../parts/picker.js";
import { table } from "../parts/table.js";
import { asOf, carried, change, go, to } from "../route.js";

/** Draw the page: of one case when the address names it, else the list. */
export const show = (main, { key, values }) => (key ? one(main, key) : list(main, values.get("status") ?? ""));

async function list(main, wanted) {
  const status = STATUSES.includes(wanted) ? wanted : "";
  const { cases } = await getJson("/v1/cases", { status });
  const said = h("div");
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("cases.title")), h("p", { class: "lead" }, t("cases.lead")))),
    h("div", { class: "card row" }, opening(said), taking(said)), said,
    h("label", { class: "choice" }, h("span", null, t("col.state")), h("select", { onchange: (event) => change({ status: event.target.value }) },
      ["", ...STATUSES].map((code) => h("option", { value: code, selected: code === status }, code ? t(`case.${code}`) : t("cases.all"))))),
    table([
      { title: t("case.name"), class: "wide", cell: (row) => h("a", { class: "party", href: to("cases", row.id, carried()) }, row.name), key: (row) => row.name },
      { title: t("col.state"), cell: (row) => statusChip(row.status), key: (row) => STATUSES.indexOf(row.status) },
      { title: t("case.parties"), class: "number", cell: (row) => row.parties, key: (row) => row.parties },
      { title: t("case.comments"), class: "number", cell: (row) => row.comments, key: (row) => row.comments },
      { title: t("case.changed"), cell: (row) => h("span", { class: "day" }, minute(row.changed)), key: (row) => row.changed },
      { title: t("col.who"), cell: (row) => row.changed_by, key: (row) => row.changed_by },
    ], cases, { label: t("cases.title"), none: t("cases.none") }));
}

function opening(said) {
  const name = h("input", { type: "text", required: true, maxlength: "200", "aria-label": t("case.name"), placeholder: t("case.new") });
  return h("form", { class: "row-of", onsubmit: async (event) => {
    event.preventDefault();
    try {
      go("cases", (await postJson("/v1/cases", { name: name.value.trim() })).id, carried());
    } catch (problem) {
      said.replaceChildren(line(problem));
    }
  } }, name, h("button", { class: "main" }, t("case.open_new")));
}

function taking(said) {
  const { box, input: file } = fileBox({ required: true, accept: ".zip,.json", "aria-label": t("cases.file") });
  return h("form", { class: "row-of", onsubmit: async (event) => {
    event.preventDefault();
    const [chosen] = file.files;
    const type = chosen.name.endsWith(".json") ? "application/json" : "application/zip";
    try {
      said.replaceChildren(taken(await (await ask("/v1/cases/imports", { method: "POST", headers: { "content-type": type }, body: chosen })).json()));
    } catch (problem) {
      said.replaceChildren(line(problem));
    }
  } }, box, h("button", null, t("cases.import")));
}

/** What became of an imported case: who of it is not here, or is called otherwise. */
function taken({ case: made, not_found: lost, renamed }) {
  announce(t("cases.imported"));
  return h("section", { class: "card", role: "status" },
    h("p", null, t("cases.imported"), " ", h("a", { href: to("cases", made.id, carried()) }, made.name)),
    lost.length > 0 && [h("h3", null, t("cases.not_found", { n: lost.length })), h("ul", null, lost.map((party) => h("li", null, party.name, " ", h("code", null, party.id))))],
    renamed.length > 0 && [h("h3", null, t("cases.renamed")), h("ul", null, renamed.map((party) => h("li", null, party.name, " → ", party.name_here, " ", h("code", null, party.id))))]);
}

async function one(main, id) {
  const page = { main, id, made: await getJson(`/v1/cases/${id}`), typed: {}, comment: "" };
  draw(page);
  marks(page);
}

function draw(page) {
  const { main, made } = page;
  refill(main,
    h("header", { class: "page" },
      h("div", null, h("h1", { "data-private": "1" }, made.name), h("p", { class: "faint ids" }, statusChip(made.status), " ",
        t("case.opened_by", { time: minute(made.created), who: made.created_by }), " · ", t("case.changed_by", { time: minute(made.changed), who: made.changed_by })),
      made.imported && h("p", { class: "faint" }, t("case.imported", { ...made.imported, time: minute(made.imported.at), exported: minute(made.imported.exported), by: made.imported.exported_by }))),
      actions(page)),
    h("div", { class: "case" },
      h("section", null, facts(page), h("div", { class: "paper written" }, made.note), comments(page)),
      h("section", null, h("h2", null, t("case.parties"), " ", h("span", { class: "faint" }, made.parties.length)), parties(page), pinning(page))));
}

function actions(page) {
  const { made, id } = page;
  const keys = made.parties.map((party) => party.key).filter(Boolean);
  const said = h("span", { class: "faint", role: "status" });
  const remove = h("button", { type: "button", onclick: () => {
    if (!remove.dataset.sure) {
      remove.dataset.sure = "1";
      remove.textContent = t("case.delete_sure");
      return;
    }
    sendJson("DELETE", `/v1/cases/${id}`, undefined, made.version).then(() => go("cases", "", carried())).catch((problem) => said.replaceChildren(line(problem)));
  } }, t("case.delete"));
  return h("nav", { class: "actions", "aria-label": t("party.actions") },
    keys.length > 1 && keys.length < 7 && h("a", { class: "button", href: to("paths", "", { ...carried(), p: keys.join("~") }) }, t("case.ties")),
    h("button", { type: "button", onclick: async () => {
      try {
        save(`case-${id}.zip`, await (await ask(`/v1/cases/${id}/export.zip`)).blob());
        said.replaceChildren(t("export.done"));
      } catch (problem) {
        said.replaceChildren(line(problem));
      }
    } }, t("case.export")),
    h("button", { type: "button", onclick: () => window.print() }, t("print")), remove, said);
}

/** Name, status and note; when somebody else was quicker, both are shown and nothing is lost. */
function facts(page) {
  const { made, typed } = page;
  const name = h("input", { type: "text", id: "case-name", required: true, maxlength: "200", value: typed.name ?? made.name });
  const status = h("select", { id: "case-status" }, STATUSES.map((code) => h("option", { value: code, selected: code === (typed.status ?? made.status) }, t(`case.${code}`))));
  const note = h("textarea", { id: "case-note", rows: "7", maxlength: "20000", value: typed.note ?? made.note });
  const said = h("div", { role: "status" });
  const note_down = () => { page.typed = { name: name.value, status: status.value, note: note.value }; };
  const form = h("form", { class: "card case-facts", oninput: note_down, onsubmit: async (event) => {
    event.preventDefault();
    note_down();
    await store(page, said);
  } },
  h("label", { for: "case-name" }, t("case.name")), name,
  h("label", { for: "case-status" }, t("col.state")), status,
  h("label", { for: "case-note" }, t("case.note")), note,
  h("div", { class: "row-of" }, h("button", { class: "main" }, t("case.save")), said));
  return form;
}

async function store(page, said) {
  try {
    page.made = await sendJson("PATCH", `/v1/cases/${page.id}`, page.typed, page.made.version);
    page.typed = {};
    again(page);
    announce(t("case.saved"));
  } catch (problem) {
    if (problem.code !== "case_changed") return said.replaceChildren(line(problem));
    const theirs = await getJson(`/v1/cases/${page.id}`).catch(() => null);
    if (!theirs) return said.replaceChildren(line(problem));
    said.replaceChildren(conflict(page, theirs, said));
  }
  return undefined;
}

function conflict(page, theirs, said) {
  return h("div", { class: "notice line", role: "alert" },
    h("p", null, t("case.conflict", { who: theirs.changed_by, time: minute(theirs.changed) })),
    h("dl", { class: "facts" }, h("dt", null, t("case.name")), h("dd", null, theirs.name), h("dt", null, t("col.state")), h("dd", null, t(`case.${theirs.status}`)),
      h("dt", null, t("case.note")), h("dd", { class: "written" }, theirs.note || t("none"))),
    h("div", { class: "row-of" },
      h("button", { type: "button", onclick: () => {
        page.made = theirs;
        page.typed = {};
        again(page);
      } }, t("case.take_theirs")),
      h("button", { type: "button", onclick: () => {
        page.made = theirs;
        store(page, said);
      } }, t("case.keep_mine"))));
}

function parties(page) {
  const { made } = page;
  return table([
    { title: t("col.party"), class: "wide", cell: (party) => [partyLink(party), !party.known && [" ", chip(t("case.gone"), "medium")], party.name_then && h("div", { class: "faint" }, t("case.then", { name: party.name_then }))], key: (party) => party.name },
    { title: t("col.kind"), cell: (party) => kindLabel(party.kind), key: (party) => party.kind },
    { title: t("col.code"), cell: (party) => mark(party) },
    { title: t("col.mark"), cell: (party) => h("span", { data: { marked: party.key ?? "" } }) },
    { title: t("case.pinned"), cell: (party) => h("span", { class: "faint" }, minute(party.at), " ", party.who), key: (party) => party.at },
    { title: t("col.do"), cell: (party) => h("span", { class: "actions" },
      party.key && h("a", { class: "button small", href: to("graph", party.key, carried()) }, t("case.graph")),
      h("button", { type: "button", class: "small", "aria-label": t("case.unpin_one", { name: party.name }), onclick: () => pin(page, party.id, false) }, t("case.unpin"))) },
  ], made.parties, { label: t("case.parties"), none: t("case.no_parties") });
}

function pinning(page) {
  page.said = h("div", { role: "status" });
  return h("div", null, picker([], ([key]) => pin(page, key, true)), page.said);
}

async function pin(page, party, pinned) {
  try {
    page.made = await postJson(`/v1/cases/${page.id}/parties`, { parties: [party], pinned });
    again(page);
  } catch (problem) {
    page.said.replaceChildren(line(problem));
  }
}

function comments(page) {
  const { made } = page;
  const text = h("textarea", { rows: "3", maxlength: "4000", required: true, value: page.comment, "aria-label": t("case.comment"), oninput: () => { page.comment = text.value; } });
  const said = h("div", { role: "status" });
  return h("section", null, h("h2", null, t("case.comments"), " ", h("span", { class: "faint" }, made.comments.length)),
    made.comments.length === 0 && h("p", { class: "none" }, t("case.no_comments")),
    h("ol", { class: "plain comments" }, made.comments.map((one) => h("li", null, h("p", { class: "faint" }, h("strong", null, one.who), " ", minute(one.at)), h("p", { class: "written" }, one.text)))),
    h("form", { onsubmit: async (event) => {
      event.preventDefault();
      try {
        page.made = await postJson(`/v1/cases/${page.id}/comments`, { text: text.value });
        page.comment = "";
        again(page);
      } catch (problem) {
        said.replaceChildren(line(problem));
      }
    } }, text, h("button", null, t("case.comment_add")), said));
}

/** Draw anew after a change; what is typed and where the page stands stays. */
function again(page) {
  const { scrollY } = window;
  draw(page);
  marks(page);
  window.scrollTo(0, scrollY);
}

/** Who of the case is listed or flagged, on the day asked about. */
async function marks(page) {
  const keys = page.made.parties.filter((party) => party.key && ["Enterprise", "Person"].includes(party.kind)).map((party) => party.key);
  if (keys.length === 0) return;
  const answer = await postJson("/v1/marks", { parties: keys, ...(asOf() ? { as_of: asOf() } : {}) }).catch(() => null);
  for (const place of page.main.querySelectorAll("[data-marked]")) {
    const found = answer?.marks[place.dataset.marked];
    if (!found) continue;
    place.replaceChildren(found.listed ? chip(t("mark.listed"), "bad") : found.severity ? chip(gradeLabel(found.grade), found.severity) : chip(t("hit.clear"), "good"));
  }
}
