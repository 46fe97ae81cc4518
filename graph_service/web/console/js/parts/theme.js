// Light, dark, or what the system says.

const THEMES = ["auto", "light", "dark"];

/** The chosen theme. */
export const theme = () => {
  const stored = localStorage.getItem("theme");
  return THEMES.includes(stored) ? stored : "auto";
};

/** Put the chosen theme on the page. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
  document.dispatchEvent(new Event("theme"));
}

/** Go on to the next theme. */
export function nextTheme() {
  localStorage.setItem("theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  applyTheme();
}

/** The value of one of the style's variables, for what is drawn on a canvas. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
