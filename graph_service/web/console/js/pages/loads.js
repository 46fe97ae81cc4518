// Loads: what came from whom, what was refused and why, and handing in files.

import { ask, getJson, save } from "../api.js";
import { fill, h } from "../dom.js";
import { count, lang, maybe, percent, t, tableLabel, wordFor } from "../i18n.js";
import { fileBox } from "../parts/file.js";
import { line } from "../parts/notice.js";
import { chip } from "../parts/party.js";
import { table } from "../parts/table.js";

/** How long ago, in days. */
export const daysAgo = (n) => (n === 0 ? t("loads.today") : t("loads.days_ago", { n }));

/** Draw the page. */
export async function show(main) {
  const ledger = await getJson("/v1/loads", { limit: 500 });
  const places = { jobs: h("div") };
  const controller = new AbortController();
  ledger.jobs.forEach((job) => follow(job.id, places.jobs, controller));
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("loads.title")), h("p", { class: "lead" }, t("loads.lead")))),
    h("h2", null, t("loads.sources")), sources(ledger.sources),
    h("h2", null, t("loads.hand_in")), form(places.jobs, controller), places.jobs,
    h("h2", null, t("loads.ledger")), entries(ledger.loads));
  return () => controller.abort();
}

function sources(list) {
  return table([
    { title: t("col.source"), class: "wide", cell: (one) => one.source, key: (one) => one.source },
    { title: t("col.loads"), class: "number", cell: (one) => one.loads, key: (one) => one.loads },
    { title: t("col.latest"), cell: (one) => (one.latest ? [h("span", { class: "day" }, one.latest), " ", h("span", { class: "faint" }, daysAgo(one.days_ago))] : ""), key: (one) => one.latest },
    { title: t("col.read"), class: "number", cell: (one) => count(one.read), key: (one) => one.read },
    { title: t("col.rejected"), class: "number", cell: (one) => [count(one.rejected), " ", h("span", { class: "faint" }, percent(Number(one.reject_rate.toFixed(3))))], key: (one) => one.rejected },
    { title: t("col.reasons"), cell: (one) => h("span", { class: "faint" }, Object.entries(one.rejected_by_rule).map(([code, n]) => `${wordFor("rules", code)} ${n}`).join(t("comma"))) },
    { title: t("col.do"), cell: (one) => one.rejected > 0 && h("button", { type: "button", class: "small", onclick: (event) => rejects(one.source, event.currentTarget) }, t("loads.rejects")) },
  ], list);
}

async function rejects(source, button) {
  button.disabled = true;
  try {
    const answer = await getJson("/v1/rejects", { source, limit: 10_000 });
    const place = h("section", { class: "card" }, h("h3", null, t("loads.rejects_of", { source }), " ", h("span", { class: "faint" }, count(answer.rejects.length))),
      h("button", { type: "button", onclick: () => save("rejects.csv", csv(answer.rejects), "text/csv;charset=utf-8") }, t("loads.download")),
      table([
        { title: t("col.file"), class: "wide", cell: (row) => row.file, key: (row) => row.file },
        { title: t("col.row"), class: "number", cell: (row) => row.row, key: (row) => row.row },
        { title: t("col.column"), cell: (row) => row.column, key: (row) => row.column },
        { title: t("col.reason"), cell: (row) => wordFor("rules", row.rule), key: (row) => row.rule },
        { title: t("col.value"), cell: (row) => row.value },
        { title: t("col.hint"), class: "wide", cell: (row) => (lang() === "zh" ? row.hint_zh : row.hint_en) },
      ], answer.rejects));
    button.closest(".scroll").after(place);
    place.scrollIntoView({ block: "nearest" });
  } catch (problem) {
    button.after(line(problem));
    button.disabled = false;
  }
}

/** CSV that a spreadsheet opens without running anything from it. */
function csv(rows) {
  const columns = ["file", "sheet", "row", "table", "column", "rule", "value", "hint_zh", "hint_en"];
  const safe = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  return `\ufeff${[columns.join(","), ...rows.map((row) => columns.map((name) => safe(row[name])).join(","))].join("\r\n")}\r\n`;
}

function entries(list) {
  return table([
    { title: t("col.number"), class: "number", cell: (one) => one.id, key: (one) => one.id },
    { title: t("col.source"), class: "wide", cell: (one) => one.source, key: (one) => one.source },
    { title: t("col.started"), cell: (one) => one.started.replace("T", " ").slice(0, 16), key: (one) => one.started },
    { title: t("col.state"), cell: (one) => chip(t(`load.${one.status}`), { done: "good", failed: "bad" }[one.status] ?? "medium") },
    { title: t("col.read"), class: "number", cell: (one) => count(one.totals.read), key: (one) => one.totals.read },
    { title: t("col.accepted"), class: "number", cell: (one) => count(one.totals.accepted), key: (one) => one.totals.accepted },
    { title: t("col.rejected"), class: "number", cell: (one) => count(one.totals.rejected), key: (one) => one.totals.rejected },
    { title: t("col.warnings"), cell: (one) => h("span", { class: "faint" }, Object.entries(one.report.warnings_by_rule ?? {}).map(([code, n]) => `${wordFor("rules", code)} ${n}`).join(t("comma"))) },
    { title: t("col.files"), cell: (one) => h("details", null, h("summary", null, t("loads.files", { n: one.files.length })), h("ul", { class: "plain" }, one.files.map((file) => h("li", null, file.path)))) },
    { title: t("col.who"), cell: (one) => one.who },
  ], list);
}

function form(place, controller) {
  const { box, input: files, show } = fileBox({ name: "files", multiple: true, required: true, "aria-label": t("loads.choose"), accept: ".csv,.tsv,.xlsx,.jsonl,.gz" });
  const source = h("input", { type: "text", name: "source", required: true, maxlength: "200", "aria-label": t("col.source"), placeholder: t("loads.source") });
  const full = h("input", { type: "checkbox", name: "full" });
  const said = h("div");
  return h("form", { class: "card row", onsubmit: async (event) => {
    event.preventDefault();
    const body = new FormData();
    for (const file of files.files) body.append("files", file);
    body.append("source", source.value.trim());
    if (full.checked) body.append("full", "true");
    said.replaceChildren();
    try {
      const job = await (await ask("/v1/loads", { method: "POST", body })).json();
      event.target.reset();
      show();
      follow(job.id, place, controller);
    } catch (problem) {
      said.replaceChildren(line(problem));
    }
  } }, box, source, h("label", { class: "check" }, full, t("loads.full")), h("button", { class: "main" }, t("loads.go")), said);
}

/** A load's progress, asked for until it is done. */
async function follow(id, place, controller) {
  const bar = h("progress", { "aria-label": t("loads.progress") });
  const said = h("p");
  const card = h("article", { class: "card" }, said, bar);
  place.prepend(card);
  while (!controller.signal.aborted) {
    try {
      const job = await getJson(`/v1/loads/${id}`, {}, controller.signal);
      said.textContent = `${t("loads.job")} ${t(`load.${job.status}`)} ${maybe(`phase.${job.progress.phase}`, "")} ${job.progress.done ? count(job.progress.done) : ""}`;
      if (job.progress.total) Object.assign(bar, { max: job.progress.total, value: job.progress.done });
      if (job.status === "done" || job.status === "failed") {
        bar.remove();
        card.append(job.status === "done" ? report(job.result) : line(job.error ?? {}));
        return;
      }
    } catch (problem) {
      if (problem.name === "AbortError") return;
      said.replaceChildren(line(problem));
      if (!problem.away) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

const report = (result) => table([
  { title: t("col.table"), cell: ([name]) => tableLabel(name) },
  ...["read", "accepted", "rejected", "unchanged"].map((name) => ({ title: t(`col.${name}`), class: "number", cell: ([, row]) => count(row[name]) })),
], Object.entries(result.rows));

