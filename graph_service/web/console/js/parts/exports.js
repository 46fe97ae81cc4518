// What can be taken away: files made by the service, with user, time and data version in them.

import { ask, save } from "../api.js";
import { announce, h } from "../dom.js";
import { t } from "../i18n.js";
import { line } from "./notice.js";

const FORMATS = ["html", "png", "svg", "pdf", "xlsx", "csv", "graphml", "json"];

/** A menu of file formats for a party's picture; `values`: the parameters of what is shown. */
export function exportsMenu(key, values) {
  const said = h("span", { class: "faint" });
  const menu = h("details", { class: "menu" }, h("summary", { class: "button" }, t("export.title")),
    h("div", { class: "sheet" }, FORMATS.map((format) => h("button", { type: "button", class: "small", onclick: () => take(format) }, t(`export.${format}`))), said));
  async function take(format) {
    said.replaceChildren(t("wait"));
    try {
      const query = new URLSearchParams(Object.entries(values()).filter(([, value]) => value));
      const response = await ask(`/v1/parties/${key}/picture.${format}?${query}`);
      const name = /filename="?([\w.-]+)"?/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `${key}.${format}`;
      save(name, await response.blob());
      said.replaceChildren(t("export.done"));
      announce(t("export.done"));
    } catch (problem) {
      said.replaceChildren(line(problem));
    }
  }
  return menu;
}
