// Elements of the page: all text is text, and no HTML is ever made of it.

import { clear } from "./clear.js";

/** An element; attributes that begin with "on" are listeners, those that are false or null are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((each) => each != null && each !== false));
  return element;
}

/** Text of strangers. */
export const name = (text) => h("code", { class: "name" }, clear(String(text)));

export const badge = (kind, text) => h("span", { class: `badge ${kind}` }, text);

export const counted = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

export const link = (href, ...children) => h("a", { href }, ...children);

/** A table; `numbers` are the columns that are aligned to the right. */
export function table(caption, headings, rows, numbers = []) {
  const kind = (at) => (numbers.includes(at) ? "number" : null);
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("thead", {}, h("tr", {}, headings.map((each, at) => h("th", { scope: "col", class: kind(at) }, each)))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, at) => h("td", { class: kind(at) }, cell)))))));
}

/** Terms and what they are. */
export const facts = (pairs) =>
  h("dl", {}, pairs.filter(Boolean).map(([term, ...what]) => h("div", {}, h("dt", {}, term), h("dd", {}, ...what))));

/** A section with its heading; the identifier has to be unique in the page. */
export function section(id, title, ...children) {
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** A field of a form with its label. */
export const field = (label, control) => h("label", { class: "field" }, label, control);

export const input = (attributes) => h("input", { autocomplete: "off", spellcheck: "false", ...attributes });

export const select = (attributes, options, chosen) =>
  h("select", attributes, options.map(([value, text]) => h("option", { value, selected: value === chosen }, clear(text))));

export const button = (text, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, text);

/** A form that tells below it what became of it; `act` gives the sentence, or throws one. */
export function form(label, act, ...children) {
  const said = h("p", { class: "said", role: "status" });
  const submit = async (event) => {
    event.preventDefault();
    said.className = "said";
    try {
      said.textContent = (await act(new FormData(event.target), event.submitter?.value)) ?? "";
    } catch (error) {
      said.classList.add("bad");
      said.textContent = clear(error.message);
    }
  };
  return h("form", { "aria-label": label, onsubmit: submit }, ...children, said);
}
