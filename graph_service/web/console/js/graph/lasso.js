// A loop drawn by hand around parties: those inside are chosen.

import { svg } from "../dom.js";

/** Whether a point lies inside a polygon, by counting the sides to its left. */
export function inside(polygon, x, y) {
  let found = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [polygon[i], polygon[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) found = !found;
  }
  return found;
}

/** Lets one loop be drawn over `place`; `done(polygon)` in the place's own pixels, or null when given up. */
export function lasso(place, done) {
  const path = svg("polygon", { class: "loop" });
  const sheet = svg("svg", { class: "lasso", "aria-hidden": "true" }, path);
  const points = [];
  const box = () => place.getBoundingClientRect();
  const end = (polygon) => {
    sheet.remove();
    document.removeEventListener("keydown", escape, true);
    done(polygon);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(null);
  };
  const note = (event) => {
    points.push([event.clientX - box().left, event.clientY - box().top]);
    path.setAttribute("points", points.map((point) => point.map(Math.round).join(",")).join(" "));
  };
  sheet.addEventListener("pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    note(event);
  });
  sheet.addEventListener("pointermove", (event) => event.buttons && points.length > 0 && note(event));
  sheet.addEventListener("pointerup", () => end(points.length > 2 ? points : null));
  // the canvas below must not take the loop for a tap on its ground, which chooses nothing
  for (const kind of ["mousedown", "touchstart", "wheel"]) sheet.addEventListener(kind, (event) => event.stopPropagation());
  document.addEventListener("keydown", escape, true);
  place.append(sheet);
}
