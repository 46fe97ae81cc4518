// What can be taken away: files made by the service, with user, time and data version in them.

import { ask, save } from "../api.js";
import { announce, h } from "../dom.js";
import { lang, t } from "../i18n.js";
import { line } from "./notice.js";

const FORMATS = ["html", "png", "svg", "pdf", "docx", "xlsx", "csv", "graphml", "json"];

const NEEDS_MORE = new Set(["png", "pdf", "docx"]); // written by the extra "report"

/** A menu of file formats for a party's picture; `shown()` gives {of, ...parameters of what is shown}. */
export function exportsMenu(key, shown) {
  return menu((format) => {
    const { of, ...values } = shown();
    return { path: `/v1/parties/${key}/exports/${of}.${format}`, values, name: `${of}-${key}.${format}` };
  });
}

/** A menu of file formats for a screening. */
export const screeningMenu = (job) => menu((format) => ({ path: `/v1/screenings/${job}/result.${format}`, values: {}, name: `screening-${job.slice(0, 8)}.${format}` }));

function menu(file) {
  const said = h("span", { class: "faint" });
  async function take(format) {
    said.replaceChildren(t("wait"));
    const { path, values, name } = file(format);
    try {
      const query = new URLSearchParams(Object.entries({ ...values, lang: lang() }).filter(([, value]) => value));
      save(name, await (await ask(`${path}?${query}`)).blob());
      said.replaceChildren(t("export.done"));
      announce(t("export.done"));
    } catch (problem) {
      said.replaceChildren(problem.status === 422 && NEEDS_MORE.has(format) ? h("p", { class: "notice line", role: "alert" }, t("export.more")) : line(problem));
    }
  }
  return h("details", { class: "menu" }, h("summary", { class: "button" }, t("export.title")),
    h("div", { class: "sheet" }, FORMATS.map((format) => h("button", { type: "button", class: "small", onclick: () => take(format) }, t(`export.${format}`))), said));
}
