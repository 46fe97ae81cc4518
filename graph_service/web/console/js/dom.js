// Elements from text nodes only: nothing that a store says is ever read as markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "indeterminate", "tabIndex"]);

/** An element; `props`: attributes, `class`, `on*` listeners, `data` and DOM properties; children are nodes or texts. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...flat(children));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

// Control and direction marks could make a name read as another: they are shown as what they are, nothing.
const TRICKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child).replace(TRICKS, "\ufffd"))));
}

/** Put new children in the place of all old ones. */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

const CONTROLS = "a[href], button, input, select, textarea, [tabindex]";
const called = (control) => [control.tagName, control.type, control.getAttribute("aria-label") ?? control.closest("label")?.textContent ?? control.textContent].join(" ");

/** As `fill`; a control that held the focus gives it to the one of the same name, so that the next key is not lost. */
export function refill(element, ...children) {
  const held = element.contains(document.activeElement) ? document.activeElement : null;
  const controls = () => [...element.querySelectorAll(CONTROLS)];
  const name = held && called(held);
  const place = held ? controls().filter((control) => called(control) === name).indexOf(held) : -1;
  fill(element, ...children);
  if (held && place >= 0) controls().filter((control) => called(control) === name)[place]?.focus({ preventScroll: true });
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function svg(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...flat(children));
  return element;
}

/** Say something to people who do not see the page. */
export function announce(text) {
  const place = document.getElementById("live");
  if (place) place.textContent = text;
}

/** Call `run` when `wait` ms have passed without another call. */
export function later(run, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), wait);
  };
}
