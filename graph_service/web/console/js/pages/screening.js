// Tender screening: hand in the bidders, watch the progress, read who and which pairs, gravest first.

import { ask, getJson, save } from "../api.js";
import { fill, h } from "../dom.js";
import { count, lang, maybe, t } from "../i18n.js";
import { completeness, namesIn } from "../parts/complete.js";
import { screeningMenu } from "../parts/exports.js";
import { fileBox } from "../parts/file.js";
import { line } from "../parts/notice.js";
import { asOf, carried, go } from "../route.js";
import { bidders, clusters, findings, matrix, pairs } from "../parts/screened.js";

const JOB = /^[0-9a-zA-Z_-]{8,40}$/;
const TEMPLATE = "\ufeff投标人,统一社会信用代码,标段,报价,代理人,编制人,项目经理,保证金账户,地址,电话\r\n";

/** Draw the page; a job in the address shows that screening. */
export async function show(main, { values }) {
  const controller = new AbortController();
  const job = values.get("job");
  const place = h("section", { "aria-live": "polite" });
  fill(main,
    h("header", { class: "page" }, h("div", null, h("h1", null, t("screening.title")), h("p", { class: "lead" }, t("screening.lead")))),
    !job && form(), place);
  if (JOB.test(job ?? "")) await follow(job, place, controller);
  return () => controller.abort();
}

function form() {
  const said = h("div");
  const { box, input: file } = fileBox({ required: true, accept: ".xlsx,.csv,.json", "aria-label": t("screening.file") });
  const regime = h("select", null, ["", "bidding_law", "government_procurement"].map((code) => h("option", { value: code }, t(`regime.${code || "unknown"}`))));
  const back = h("select", null, ["", "1y", "3y", "5y"].map((span) => h("option", { value: span }, t(`back.${span || "none"}`))));
  const all = h("input", { type: "checkbox" });
  return h("form", { class: "card", onsubmit: async (event) => {
    event.preventDefault();
    const body = new FormData();
    body.append("file", file.files[0]);
    for (const [name, value] of [["regime", regime.value], ["look_back", back.value], ["as_of", asOf()], ["all_pairs", all.checked ? "true" : ""]]) if (value) body.append(name, value);
    await send(body, said);
  } },
  h("div", { class: "row-of" }, box,
    h("label", { class: "choice" }, h("span", null, t("screening.regime")), regime),
    h("label", { class: "choice" }, h("span", null, t("screening.back")), back),
    h("label", { class: "check" }, all, t("screening.all")),
    h("button", { class: "main" }, t("screening.go"))),
  h("p", { class: "faint" }, t("screening.columns"), " ", h("button", { type: "button", class: "quiet small", onclick: () => save("bidders.csv", TEMPLATE, "text/csv;charset=utf-8") }, t("screening.template"))),
  said);
}

async function send(body, said) {
  said.replaceChildren(h("p", { role: "status" }, t("wait")));
  try {
    const job = await (await ask("/v1/screenings", { method: "POST", body })).json();
    go("screening", "", { ...carried(), job: job.id });
  } catch (problem) {
    said.replaceChildren(line(problem));
  }
}

/** The progress until it is done, then the answer. */
async function follow(id, place, controller) {
  const bar = h("progress", { "aria-label": t("screening.progress") });
  const said = h("p", { class: "faint" });
  fill(place, h("div", { class: "card" }, said, bar));
  for (let pause = 150; !controller.signal.aborted; pause = Math.min(1500, pause * 1.3)) {
    const job = await getJson(`/v1/screenings/${id}`, {}, controller.signal);
    said.textContent = `${t(`load.${job.status}`)} ${maybe(`phase.${job.progress.phase}`, "")} ${job.progress.done ? count(job.progress.done) : ""}`;
    if (job.progress.total) Object.assign(bar, { max: job.progress.total, value: job.progress.done });
    if (job.status === "failed") return fill(place, line(job.error), again());
    if (job.status === "done") return draw(place, job);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}

const again = () => h("button", { type: "button", onclick: () => go("screening", "", carried()) }, t("screening.again"));

function draw(place, job) {
  const answer = job.result;
  const state = { chosen: null };
  const list = h("div");
  const choose = (pair) => {
    state.chosen = pair;
    fill(list, pairs(answer, pair, () => choose(null)));
    if (pair) list.scrollIntoView({ block: "nearest" });
  };
  fill(place,
    summary(answer), h("div", { class: "actions" },
      h("button", { type: "button", class: "main", onclick: (event) => workbook(job.id, event.currentTarget) }, t("screening.workbook")),
      screeningMenu(job.id), h("button", { type: "button", onclick: () => window.print() }, t("print")), again(),
      job.expires && h("span", { class: "faint" }, t("screening.expires", { day: job.expires.slice(0, 16).replace("T", " ") }))),
    h("h2", null, t("screening.bidders"), " ", h("span", { class: "faint" }, answer.bidders.length)), bidders(answer),
    h("h2", null, t("screening.matrix")), matrix(answer, choose),
    h("h2", null, t("screening.pairs"), " ", h("span", { class: "faint" }, answer.pairs.length)), list,
    h("h2", null, t("screening.clusters")), clusters(answer),
    findings(answer),
    completeness(answer, namesIn(answer)));
  choose(null);
  return undefined;
}

/** The verdict in one sentence. */
function summary(answer) {
  const number = (list, verdict) => list.filter((one) => one.verdict === verdict).length;
  const [barred, flagged] = [number(answer.bidders, "barred"), number(answer.bidders, "flagged")];
  const [voided, together, deemed, suspicious] = ["void_art34", "barred_art18", "deemed_art40", "suspicious"].map((verdict) => number(answer.pairs, verdict));
  const grave = barred + voided + together + deemed;
  const tone = grave ? "bad" : flagged || suspicious ? "medium" : answer.pairs_insufficient || number(answer.bidders, "insufficient_data") ? "open" : "good";
  const said = t("screening.summary", { bidders: answer.bidders.length, checked: answer.pairs_checked, insufficient: answer.pairs_insufficient, barred, flagged, void: voided + together, deemed, suspicious });
  return h("p", { class: `verdict ${tone}`, role: "note" }, h("span", { class: "sign", "aria-hidden": "true" }, { bad: "■", medium: "◆", open: "○", good: "✓" }[tone]),
    h("span", null, `${t("verdict.day", { day: answer.as_of })}${said}`, " ", h("span", { class: "faint" }, `${t("screening.regime")}${t("colon")}${t(`regime.${answer.regime ?? "unknown"}`)} · ${answer.notice?.[lang()] ?? ""}`)));
}

async function workbook(id, button) {
  button.disabled = true;
  try {
    save(`screening-${id.slice(0, 8)}.xlsx`, await (await ask(`/v1/screenings/${id}/result.xlsx?lang=${lang()}`)).blob());
  } catch (problem) {
    button.after(line(problem));
  }
  button.disabled = false;
}

