// Cases in small: their status, and putting parties into one from any page.

import { getJson, postJson } from "../api.js";
import { announce, h } from "../dom.js";
import { t } from "../i18n.js";
import { to } from "../route.js";
import { line, wait } from "./notice.js";
import { chip } from "./party.js";

export const STATUSES = ["open", "review", "closed"];

/** The status of a case as a chip. */
export const statusChip = (status) => chip(t(`case.${status}`), { open: "medium", review: "low", closed: "good" }[status]);

/** A time of the service, to the minute. */
export const minute = (time) => time.replace("T", " ").slice(0, 16);

const OFFERED = 12;

/** A menu that puts parties into a case; `keys()` gives them. */
export function caseMenu(keys) {
  const sheet = h("div", { class: "sheet" });
  const said = h("div", { role: "status" });
  const done = (made) => {
    said.replaceChildren(t("case.added"), " ", h("a", { href: to("cases", made.id) }, made.name));
    announce(`${t("case.added")} ${made.name}`);
  };
  const attempt = async (run) => {
    said.replaceChildren(wait());
    try {
      done(await run());
    } catch (problem) {
      said.replaceChildren(line(problem));
    }
  };
  const open = async () => {
    sheet.replaceChildren(wait());
    try {
      const { cases } = await getJson("/v1/cases");
      const name = h("input", { type: "text", maxlength: "200", required: true, "aria-label": t("case.name"), placeholder: t("case.new") });
      sheet.replaceChildren(
        ...cases.filter((one) => one.status !== "closed").slice(0, OFFERED).map((one) => h("button", { type: "button", class: "small", onclick: () =>
          attempt(() => postJson(`/v1/cases/${one.id}/parties`, { parties: keys() })) }, one.name)),
        h("form", { class: "row-of", onsubmit: (event) => {
          event.preventDefault();
          attempt(() => postJson("/v1/cases", { name: name.value.trim(), parties: keys() }));
        } }, name, h("button", { class: "small" }, t("case.open_new"))),
        said);
    } catch (problem) {
      sheet.replaceChildren(line(problem));
    }
  };
  return h("details", { class: "menu", ontoggle: (event) => event.target.open && open() }, h("summary", { class: "button" }, t("case.add_to")), sheet);
}
