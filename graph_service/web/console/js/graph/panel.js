// Beside the canvas: what is chosen, the days, the filters, the legend.

import { h, svg } from "../dom.js";
import { kindLabel, lang, percent, relationLabel, t } from "../i18n.js";
import { caseMenu } from "../parts/cases.js";
import { chip, mark, partyLink } from "../parts/party.js";
import { gradeLabel, severity, stepLine } from "../parts/flag.js";
import { asOf, carried, change, to } from "../route.js";
import { around, cut, CAP, drawn } from "./source.js";

const LOOKED = 200; // relations of a party looked at to say how many there are of each type

/** What is chosen, and what can be done with it. */
export function selection(page) {
  const { chosen, model, steps } = page;
  const title = h("h2", null, t("chosen.title"));
  if (chosen.length === 0 && steps.length === 0) return h("section", null, title, h("p", { class: "faint" }, t("chosen.none")));
  if (chosen.length === 1) return one(page, model.nodes.get(chosen[0]), title);
  if (chosen.length === 0) return h("section", null, title, h("ul", { class: "steps plain" }, steps.map((step) => stepLine(step))));
  return h("section", null, title, h("p", null, t("chosen.many", { n: chosen.length })),
    h("div", { class: "actions" },
      chosen.length === 2 && h("button", { type: "button", onclick: () => between(page) }, t("chosen.way")),
      h("a", { class: "button", href: to("paths", "", { ...carried(), p: chosen.slice(0, 6).map((id) => model.nodes.get(id).key).join("~") }) }, t("chosen.paths")),
      h("button", { type: "button", onclick: () => page.hide() }, t("chosen.hide")),
      h("button", { type: "button", onclick: () => page.pin() }, t("chosen.pin")),
      caseMenu(() => chosen.map((id) => model.nodes.get(id).key).filter(Boolean))));
}

function between(page) {
  const found = page.model.way(page.chosen[0], page.chosen[1]);
  page.canvas.highlight(found);
  page.said.textContent = found.length ? t("chosen.way_found", { n: found.length }) : t("chosen.way_none");
}

function one(page, node, title) {
  const flag = page.model.marks.get(node.key);
  const more = h("div", { class: "expand" });
  if (node.key) count(page, node, more);
  return h("section", null, title,
    h("p", { class: "chosen" }, partyLink(node)),
    h("p", { class: "faint" }, kindLabel(node.kind), " · ", mark(node), " ", flag?.listed && chip(t("mark.listed"), "bad"), " ", flag?.severity && !flag.listed && [severity(flag.severity), " ", gradeLabel(flag.grade)]),
    node.more && h("p", { class: "faint" }, node.more),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "main", onclick: () => page.expand(node.id, "") }, t("chosen.expand")),
      !node.root && h("button", { type: "button", onclick: () => page.hide() }, t("chosen.hide")),
      h("button", { type: "button", onclick: () => page.pin() }, t(page.model.pinned.has(node.id) ? "chosen.unpin" : "chosen.pin")),
      !node.root && h("button", { type: "button", onclick: () => {
        const found = page.model.way(page.root, node.id);
        page.canvas.highlight(found);
      } }, t("chosen.from_root")),
      ["Enterprise", "Person"].includes(node.kind) && h("a", { class: "button", href: to("graph", node.key, carried()) }, t("chosen.centre")),
      ["Enterprise", "Person"].includes(node.kind) && caseMenu(() => [node.key])),
    more);
}

/** Says how many relations of each type there are, and how many of them are not here. */
async function count(page, node, place) {
  const asked = page.chosen[0];
  try {
    const answer = await around(node.key, { n: LOOKED, as_of: asOf(), past: page.view.past }, page.abort.signal);
    if (page.chosen[0] !== asked) return;
    const types = new Map();
    for (const step of answer.relations) types.set(step.type, [...(types.get(step.type) ?? []), step]);
    const left = cut(answer, node.id);
    place.replaceChildren(h("h3", null, t("chosen.by_type")), h("ul", { class: "plain" }, [...types].map(([type, steps]) => {
      const away = steps.filter((step) => !page.model.relations.has(step.id)).length;
      return h("li", null, h("button", { type: "button", class: "small", disabled: away === 0, onclick: () => page.expand(node.id, type) },
        relationLabel(type), " ", steps.length, left && "+"), " ", h("span", { class: "faint" }, away ? t("chosen.away", { n: away }) : t("chosen.all_here")));
    })), left ? h("p", { class: "faint" }, t("chosen.hub", { total: left.total, n: left.total - left.shown, cap: CAP })) : "");
  } catch { /* the canvas itself says when the service is away */ }
}

/** The days: which relations held when, with a slider that can play. */
export function time(page) {
  const { model, view } = page;
  const past = h("label", { class: "check" }, h("input", { type: "checkbox", checked: view.past, onchange: (event) => {
    change({ past: event.target.checked, day: "" });
  } }), t("time.past"));
  if (!view.past) return h("section", null, h("h2", null, t("time.title")), past);
  const [first, last] = model.span();
  if (!first) return h("section", null, h("h2", null, t("time.title")), past, h("p", { class: "faint" }, t("time.none")));
  const [low, high] = [number(first), Math.max(number(last), number(page.answer.as_of))];
  const said = h("output", null, model.filters.day || page.answer.as_of);
  const slider = h("input", { type: "range", min: low, max: high, value: model.filters.day ? number(model.filters.day) : number(page.answer.as_of), "aria-label": t("time.day"), "aria-valuetext": said.textContent });
  const put = (value) => {
    const day = text(value);
    said.textContent = day;
    slider.setAttribute("aria-valuetext", day);
    model.filters.day = day;
    page.shown = page.canvas.draw(model);
    page.said.textContent = t("graph.counts", { nodes: page.shown.nodes.length, edges: page.shown.edges.length, hidden: model.hidden.size });
  };
  slider.addEventListener("input", () => put(Number(slider.value)));
  slider.addEventListener("change", () => page.draw());
  const play = h("button", { type: "button", onclick: () => (page.stopPlaying ? page.stopPlaying() : run(page, slider, put, play, low, high)) }, t("time.play"));
  return h("section", null, h("h2", null, t("time.title")), past, h("div", { class: "slider" }, slider, said, play));
}

function run(page, slider, put, button, low, high) {
  if (Number(slider.value) >= high) slider.value = low;
  button.textContent = t("time.stop");
  const pace = Math.max(1, Math.round((high - low) / 120));
  const timer = setInterval(() => {
    slider.value = Math.min(high, Number(slider.value) + pace);
    put(Number(slider.value));
    if (Number(slider.value) >= high) page.stopPlaying();
  }, 80);
  page.stopPlaying = () => {
    clearInterval(timer);
    page.stopPlaying = null;
    button.textContent = t("time.play");
    if (page.canvas.cy.container()) page.draw();
  };
}

const DAY = 86_400_000;
const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
const text = (value) => new Date(value * DAY).toISOString().slice(0, 10);

/** The filters: by type, by share, by grade; parallel relations together or apart; what is hidden. */
export function filters(page) {
  const { model } = page;
  const there = new Set([...model.relations.values()].map((step) => step.type));
  const share = h("output", null, percent(model.filters.share));
  return h("section", null, h("h2", null, t("filter.title")),
    h("fieldset", null, h("legend", null, t("filter.types")), drawn().filter((type) => there.has(type.name)).map((type) =>
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: !model.filters.types.has(type.name), onchange: (event) => {
        if (event.target.checked) model.filters.types.delete(type.name);
        else model.filters.types.add(type.name);
        page.draw();
      } }), type[lang()]))),
    h("label", { class: "slider" }, h("span", null, t("filter.share")), h("input", { type: "range", min: 0, max: 100, step: 5, value: Math.round(model.filters.share * 100),
      oninput: (event) => { share.textContent = percent(event.target.value / 100); },
      onchange: (event) => {
        model.filters.share = event.target.value / 100;
        page.draw();
      } }), share),
    h("label", { class: "choice" }, h("span", null, t("filter.grades")), h("select", { onchange: (event) => {
      model.filters.grades = event.target.value;
      page.draw();
    } }, [["", "filter.all"], ["flagged", "filter.flagged"], ["listed", "filter.listed"]].map(([value, key]) => h("option", { value, selected: model.filters.grades === value }, t(key))))),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: model.grouped, onchange: (event) => {
      model.grouped = event.target.checked;
      page.draw();
    } }), t("filter.grouped")),
    model.hidden.size > 0 && h("button", { type: "button", onclick: () => page.change((graph) => graph.hidden.clear()) }, t("filter.unhide", { n: model.hidden.size })));
}

/** What shapes, signs and lines mean, in words. */
export function legend() {
  const item = (drawing, key) => h("li", null, svg("svg", { viewBox: "0 0 28 20", width: "28", height: "20", "aria-hidden": "true", class: "key" }, drawing), t(key));
  return h("section", null, h("h2", null, t("legend.title")), h("ul", { class: "legend" },
    item(svg("rect", { x: 6, y: 3, width: 15, height: 14, rx: 3, class: "company" }), "legend.company"),
    item(svg("circle", { cx: 14, cy: 10, r: 7.5, class: "person" }), "legend.person"),
    item(svg("path", { d: "M14 3 22 17H6Z", class: "faint" }), "legend.contact"),
    item(svg("rect", { x: 6, y: 3, width: 15, height: 14, class: "listed" }), "legend.listed"),
    item(svg("circle", { cx: 14, cy: 10, r: 7, class: "flagged" }), "legend.flagged"),
    item(svg("circle", { cx: 14, cy: 10, r: 7, class: "pinned" }), "legend.pinned"),
    item([svg("path", { d: "M2 10H22", class: "line" }), svg("path", { d: "M20 6 27 10 20 14Z", class: "arrow" })], "legend.directed"),
    item(svg("path", { d: "M2 10H26", class: "line dashed" }), "legend.former"),
    h("li", null, h("span", { class: "key", "aria-hidden": "true" }, "⊕"), t("legend.more"))));
}
