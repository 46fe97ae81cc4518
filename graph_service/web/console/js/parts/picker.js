// Choosing parties: type, pick from what is found, see what is chosen.

import { about, postJson } from "../api.js";
import { h, later } from "../dom.js";
import { kindLabel, t } from "../i18n.js";
import { mark } from "./party.js";

const FOUND = 8;

/** A picker of parties by keys; `changed(keys)` when the choice changes. */
export function picker(keys, changed) {
  const chosen = h("ol", { class: "chosen-list" });
  const list = h("ul", { class: "ahead", role: "listbox", id: "picked", "aria-label": t("search.ahead"), hidden: true });
  const input = h("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "picked", autocomplete: "off", maxlength: "200", "aria-label": t("pick.label"), placeholder: t("pick.placeholder") });
  const state = { hits: [], at: -1 };
  const close = () => {
    list.hidden = true;
    state.at = -1;
    input.setAttribute("aria-expanded", "false");
  };
  const pick = (party) => {
    input.value = "";
    close();
    if (!keys.includes(party.key)) changed([...keys, party.key]);
  };
  const look = later(async () => {
    const text = input.value.trim();
    if (!text) return close();
    const answer = await postJson("/v1/search", { text, limit: FOUND }).catch(() => ({ parties: [] }));
    if (input.value.trim() !== text) return undefined;
    state.hits = answer.parties.filter((party) => party.key);
    state.at = -1;
    list.replaceChildren(...state.hits.map((party, n) => h("li", { id: `picked-${n}`, role: "option", "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: () => pick(party) },
      h("span", { class: "name" }, party.name), h("span", { class: "faint" }, kindLabel(party.kind), " ", mark(party)))));
    list.hidden = state.hits.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    return undefined;
  }, 120);
  input.addEventListener("input", look);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const n = state.hits.length;
      state.at = event.key === "ArrowDown" ? (state.at + 1) % n : (state.at + n - (state.at < 0 ? 0 : 1)) % n;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === state.at)));
      input.setAttribute("aria-activedescendant", `picked-${state.at}`);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(state.hits[Math.max(0, state.at)]);
    }
  });
  keys.forEach((key) => chosen.append(line(key, () => changed(keys.filter((other) => other !== key)))));
  return h("div", { class: "picker" }, chosen, h("div", { class: "combo" }, input, list));
}

function line(key, remove) {
  const name = h("span", null, t("wait"));
  about(key, "").then(({ party }) => name.replaceChildren(party.name, " ", h("span", { class: "faint" }, kindLabel(party.kind), " ", mark(party)))).catch(() => name.replaceChildren(t("pick.unknown")));
  return h("li", null, name, " ", h("button", { type: "button", class: "quiet small", onclick: remove }, t("pick.remove")));
}
