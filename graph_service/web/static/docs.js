"use strict";

// Draws the page from /openapi.json with text nodes only: nothing from the description is ever HTML.

function make(tag, text, attributes) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  return element;
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(typeOf).filter((name) => name !== "null").join(" | ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return typeOf(schema.items) + "[]";
  return schema.format || schema.type || "";
}

function parameterRow(parameter) {
  const row = make("tr");
  const name = parameter.name + (parameter.required ? " *" : "");
  const first = make("td");
  first.append(make("code", name));
  row.append(first, make("td", parameter.in), make("td", typeOf(parameter.schema)));
  row.append(make("td", parameter.description || ""));
  const cell = make("td");
  const input = make("input", null, { "aria-label": parameter.name, "data-in": parameter.in, "data-name": parameter.name });
  cell.append(input);
  row.append(cell);
  return row;
}

function parameterTable(operation) {
  const table = make("table");
  const head = make("tr");
  for (const title of ["参数 · Parameter", "位置 · In", "类型 · Type", "说明 · About", "试用 · Try"]) head.append(make("th", title));
  table.append(head);
  for (const parameter of operation.parameters) table.append(parameterRow(parameter));
  return table;
}

function addressOf(path, form) {
  let address = path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("input[data-in]")) {
    const value = input.value.trim();
    if (input.dataset.in === "path") address = address.replace(`{${input.dataset.name}}`, encodeURIComponent(value));
    else if (value !== "") query.append(input.dataset.name, value);
  }
  const text = query.toString();
  return text ? `${address}?${text}` : address;
}

async function send(path, form, output) {
  const key = document.getElementById("key").value;
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  output.textContent = "…";
  try {
    const response = await fetch(addressOf(path, form), { headers });
    const text = await response.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { shown = text; }
    output.textContent = `${response.status}\n${shown}`;
  } catch (error) {
    output.textContent = String(error);
  }
}

function tryForm(path, operation) {
  const form = make("form");
  if ((operation.parameters || []).length) form.append(parameterTable(operation));
  const output = make("pre", null, { hidden: "", "aria-live": "polite" });
  form.append(make("button", "发送 · Send", { type: "submit" }), output);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    output.hidden = false;
    send(path, form, output);
  });
  return form;
}

function bodyPart(operation) {
  const part = make("div");
  for (const [media, content] of Object.entries(operation.requestBody?.content || {})) {
    part.append(make("p", `${media}: ${typeOf(content.schema)}`));
  }
  return part;
}

function responsePart(operation) {
  const part = make("div");
  for (const [status, response] of Object.entries(operation.responses || {})) {
    part.append(make("p", `${status} ${response.description || ""}`));
    const example = response.content?.["application/json"]?.example;
    if (example) part.append(make("pre", JSON.stringify(example, null, 2)));
  }
  return part;
}

function route(path, method, operation) {
  const box = make("details", null, { id: operation.operationId });
  const summary = make("summary");
  summary.append(make("span", method.toUpperCase(), { class: "method" }), make("code", path));
  summary.append(make("span", "  " + (operation.summary || "")));
  box.append(summary, make("p", operation.description || ""));
  if (method === "get") box.append(tryForm(path, operation));
  else if ((operation.parameters || []).length) box.append(parameterTable(operation));
  box.append(bodyPart(operation), responsePart(operation));
  return box;
}

function draw(description) {
  document.getElementById("about").textContent = `${description.info.description}  (${description.info.version})`;
  const list = make("ul");
  const routes = document.getElementById("routes");
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const item = make("li");
      item.append(make("a", `${method.toUpperCase()} ${path}`, { href: `#${operation.operationId}` }));
      list.append(item);
      routes.append(route(path, method, operation));
    }
  }
  document.getElementById("contents").append(list);
}

fetch("/openapi.json")
  .then((response) => response.json())
  .then(draw)
  .catch((error) => { document.getElementById("about").textContent = String(error); });
