// The frame: head, navigation, language, theme, the day asked about, and the page that the address names.

import { listen } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { lang, readLabels, storedLanguage, t, useLanguage } from "./i18n.js";
import { notice, wait } from "./parts/notice.js";
import { applyTheme, nextTheme, theme } from "./parts/theme.js";
import { asOf, carried, change, go, read, shown, to } from "./route.js";
import { session, signOut } from "./session.js";

const PAGES = {
  "": () => import("./pages/search.js"),
  search: () => import("./pages/search.js"),
  party: () => import("./pages/party.js"),
  graph: () => import("./pages/graph.js"),
  ownership: () => import("./pages/ownership.js"),
  paths: () => import("./pages/paths.js"),
  screening: () => import("./pages/screening.js"),
  cases: () => import("./pages/cases.js"),
  loads: () => import("./pages/loads.js"),
  about: () => import("./pages/about.js"),
  login: () => import("./pages/login.js"),
};
const RETRY = 3000; // ms
const NAVIGATION = ["search", "paths", "screening", "cases", "loads", "about"];

let leave = () => {};
let labelled = false;
let away = false;
let turns = 0;

async function draw(force = false) {
  if (!force && location.hash === shown.address) return;
  const turn = ++turns;
  shown.address = location.hash;
  const route = read();
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  delete main.dataset.at;
  head();
  fill(main, wait());
  try {
    if (route.page !== "login" && !labelled) {
      await readLabels();
      labelled = true;
    }
    const page = PAGES[route.page] ?? PAGES[""];
    const module = await page();
    if (turn !== turns) return;
    const made = await module.show(main, route);
    if (turn !== turns) return typeof made === "function" && made();
    if (typeof made === "function") leave = made;
    setTitle(main);
  } catch (problem) {
    if (problem.name === "AbortError" || turn !== turns) return;
    fill(main, notice(problem, () => draw(true)));
    setTitle(main);
  }
  main.dataset.at = shown.address; // the page of this address stands
}

function setTitle(main) {
  const heading = main.querySelector("h1");
  document.title = heading && !heading.dataset.private ? `${heading.textContent} · ${t("brand")}` : t("brand");
  announce(heading?.textContent ?? "");
}

function frame() {
  fill(
    document.getElementById("app"),
    h("a", { class: "skip", href: "#main", onclick: skip }, t("skip")),
    h("header", { class: "top", id: "top" }),
    h("div", { id: "banner", class: "banner", role: "status", hidden: true }),
    h("main", { id: "main", tabindex: "-1" }),
    h("div", { id: "live", class: "unseen", "aria-live": "polite" }),
  );
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function head() {
  const { page } = read();
  const here = page === "" ? "search" : page;
  fill(
    document.getElementById("top"),
    h("a", { class: "brand", href: to("search", "", carried()) }, mark(), t("brand")),
    h("nav", { "aria-label": t("nav.label") }, NAVIGATION.map((name) =>
      h("a", { href: to(name, "", carried()), "aria-current": here === name && "page" }, t(`nav.${name}`)))),
    h("div", { class: "tools" }, day(), themeButton(), languageButton(), session().keys && session().signed_in && outButton()),
  );
}

const mark = () => h("img", { src: "/static/icon.svg", alt: "", width: "22", height: "22" });

function day() {
  const input = h("input", { type: "date", value: asOf(), "aria-label": t("asof.label"), title: t("asof.title"), onchange: () => {
    change({ as_of: input.value });
  } });
  return h("label", { class: "day" }, h("span", null, t("asof.short")), input);
}

function themeButton() {
  return h("button", { type: "button", class: "quiet", title: t("theme.title"), "aria-label": `${t("theme.title")}：${t(`theme.${theme()}`)}`,
    onclick: (event) => { nextTheme(); head(); document.querySelector(".tools button")?.focus(); event.stopPropagation(); } }, t(`theme.${theme()}`));
}

function languageButton() {
  const other = lang() === "zh" ? "en" : "zh";
  return h("button", { type: "button", class: "quiet", lang: other === "zh" ? "zh-CN" : "en", onclick: async () => {
    await useLanguage(other);
    frame();
    warn();
    draw(true);
  } }, other === "zh" ? "中文" : "English");
}

const outButton = () => h("button", { type: "button", class: "quiet", onclick: async () => {
  await signOut();
  go("login");
} }, t("login.out"));

function warn() {
  const banner = document.getElementById("banner");
  if (!banner) return;
  banner.hidden = !away;
  fill(banner, away && h("span", null, t("away.banner")), away && h("button", { type: "button", onclick: () => draw(true) }, t("again")));
}

/** While the store is away: ask every few seconds, and go on by itself once it answers. */
async function comeBack() {
  const well = await fetch("/readyz").then((response) => response.ok, () => false);
  if (!away) return;
  if (!well) {
    setTimeout(comeBack, RETRY);
    return;
  }
  away = false;
  warn();
  if (document.querySelector("#main .notice")) draw(true);
}

function toLogin() {
  const { page } = read();
  if (page !== "login") go("login", "", { next: location.hash.replace(/^#/, "") });
}

async function start() {
  applyTheme();
  unfold();
  await useLanguage(storedLanguage());
  frame();
  listen({
    unauthorized: toLogin,
    state: (there) => {
      if (away === !there) return;
      away = !there;
      warn();
      if (away) setTimeout(comeBack, RETRY);
    },
  });
  await session(true);
  window.addEventListener("hashchange", () => draw());
  window.addEventListener("popstate", () => draw());
  await draw(true);
}

/** On paper everything is unfolded; afterwards it is as it was. */
function unfold() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not(.menu):not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

/** What most people open next is fetched once this page stands and nothing else is to be done. */
function prepare() {
  const fetchGraph = () => PAGES.graph().catch(() => {}); // it is asked for again when it is needed
  if (window.requestIdleCallback) requestIdleCallback(fetchGraph, { timeout: 5000 });
  else setTimeout(fetchGraph, 2000);
}

start().then(prepare);
