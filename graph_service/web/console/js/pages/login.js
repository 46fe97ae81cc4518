// Signing in: a key becomes a session. The key goes in a body and is kept nowhere in the browser.

import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { line } from "../parts/notice.js";
import { session, signIn } from "../session.js";

/** Draw the page. */
export function show(main, { values }) {
  const input = h("input", { type: "password", id: "key", name: "key", autocomplete: "current-password", required: true, maxlength: "200" });
  const said = h("div", { "aria-live": "assertive" });
  const form = h("form", { class: "card login", onsubmit: async (event) => {
    event.preventDefault();
    said.replaceChildren();
    try {
      await signIn(input.value.trim());
      input.value = "";
      location.replace(`#${next(values.get("next"))}`);
    } catch (problem) {
      said.replaceChildren(problem.code === "unauthorized" ? h("p", { class: "notice line", role: "alert" }, t("login.refused")) : line(problem));
      input.select();
    }
  } },
  h("h1", null, t("login.title")), h("p", null, t("login.lead")),
  h("label", { for: "key" }, t("login.key")), input, said,
  h("button", { class: "main" }, t("login.go")),
  h("p", { class: "faint" }, t("login.idle", { n: session().idle_minutes ?? 30 })));
  fill(main, form);
  input.focus();
}

/** Only an address of this page: a link must not lead a signed-in clerk elsewhere. */
const next = (wanted) => (wanted?.startsWith("/") && !wanted.startsWith("//") && !wanted.startsWith("/login") ? wanted : "/search");
