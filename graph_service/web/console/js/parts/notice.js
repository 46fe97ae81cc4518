// What went wrong in plain words, what to do, and signs of waiting.

import { h } from "../dom.js";
import { maybe, t } from "../i18n.js";

/** A problem in plain words, with a way to try again. */
export function notice(problem, again) {
  const code = problem.code ?? "page_failed";
  if (!problem.code) console.error(problem);
  return h("section", { class: "notice", role: "alert" },
    h("h1", null, maybe(`problem.${code}`, t("problem.internal_error"))),
    h("p", null, maybe(`problem.${code}.do`, t("problem.internal_error.do"))),
    problem.body?.trace_id && h("p", { class: "faint" }, t("problem.trace"), " ", h("code", null, problem.body.trace_id)),
    again && h("button", { type: "button", class: "main", onclick: again }, t("again")));
}

/** A problem inside a page, in one line. */
export function line(problem) {
  const code = problem.code ?? "page_failed";
  if (!problem.code) console.error(problem);
  return h("p", { class: "notice line", role: "alert" }, maybe(`problem.${code}`, t("problem.internal_error")), " ",
    h("span", { class: "faint" }, maybe(`problem.${code}.do`, "")));
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
