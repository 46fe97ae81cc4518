// What went wrong in plain words, what to do, and signs of waiting.

import { h } from "../dom.js";
import { lang, maybe, t } from "../i18n.js";

/** The service's own words for a problem or for why a job failed; ours where the page knows better what to do. */
function words(problem) {
  const code = problem.code ?? "page_failed";
  if (!problem.code) console.error(problem);
  return {
    title: maybe(`problem.${code}`, problem.body?.title ?? problem.title?.[lang()] ?? t("problem.page_failed")),
    todo: maybe(`problem.${code}.do`, problem.body?.detail ?? problem.hint?.[lang()] ?? t("problem.page_failed.do")),
  };
}

/** A problem in plain words, with a way to try again. */
export function notice(problem, again) {
  const { title, todo } = words(problem);
  return h("section", { class: "notice", role: "alert" },
    h("h1", null, title),
    h("p", null, todo),
    problem.body?.trace_id && h("p", { class: "faint" }, t("problem.trace"), " ", h("code", null, problem.body.trace_id)),
    again && h("button", { type: "button", class: "main", onclick: again }, t("again")));
}

/** A problem inside a page, in one line. */
export function line(problem) {
  const { title, todo } = words(problem);
  return h("p", { class: "notice line", role: "alert" }, title, " ", h("span", { class: "faint" }, todo));
}

/** A sign of waiting. */
export const wait = () => h("p", { class: "wait", role: "status" }, t("wait"));

/** A part that is filled when its question is answered; a problem stays inside the part. */
export function pending(promise, render) {
  const place = h("div", { class: "pending" }, wait());
  promise.then((answer) => place.replaceChildren(...[render(answer)].flat(Infinity).filter(Boolean)))
    .catch((problem) => problem.name !== "AbortError" && place.replaceChildren(line(problem)));
  return place;
}
