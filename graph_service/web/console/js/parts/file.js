// Choosing files, in the page's own words: what a browser says on its own button is the browser's language.

import { h } from "../dom.js";
import { t } from "../i18n.js";

/** A box with a file input: {box, input}; `props` are the input's. */
export function fileBox(props) {
  const names = h("span", { class: "faint names" }, t("file.none"));
  const input = h("input", { type: "file", class: "unseen", ...props, onchange: () => show() });
  const show = () => names.replaceChildren(input.files.length ? [...input.files].map((file) => file.name).join(t("comma")) : t("file.none"));
  const box = h("label", { class: "filebox" }, input, h("span", { class: "button" }, t(props.multiple ? "file.choose_many" : "file.choose")), names);
  return { box, input, show };
}
