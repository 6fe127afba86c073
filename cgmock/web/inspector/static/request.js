// One request: its fates, the behaviours that decided, what was sent and answered, and how to send it again.

import { read } from "./api.js";
import { clear, clearLines } from "./clear.js";
import { badge, button, facts, h, link, name, section, table } from "./elements.js";
import { fates } from "./fates.js";
import { address, journalOf } from "./places.js";
import { outcome } from "./requests.js";

const MOST = 20000;
const COPIES = { curl: "curl", python: "a Python test", interaction: "an interaction file" };
let claims = null;

async function behaviours() {
  claims ??= read("/behaviours").then((told) => new Map(told.behaviours.map((each) => [each.id, each])));
  return claims;
}

/** A text that may be long: its beginning, and all of it on demand. */
function block(label, text) {
  const pre = h("pre", { tabindex: 0, "aria-label": label }, clearLines(text, MOST));
  const all = button("Show all", () => {
    pre.textContent = clearLines(text, text.length);
    all.remove();
  });
  return text.length > MOST ? [pre, all] : [pre];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function message(label, first, headers, body) {
  return h("article", { class: "card message" }, h("h3", {}, label), h("p", {}, first),
    h("details", {}, h("summary", {}, "Headers"),
      facts(Object.entries(headers).map(([key, value]) => [clear(key), clear(value)]))),
    body ? block(`Body of the ${label.toLowerCase()}`, pretty(body)) : h("p", { class: "empty" }, "No body."));
}

function copying(copies) {
  const pre = h("pre", { tabindex: 0, "aria-label": "How to send it again" }, clearLines(copies.curl, MOST));
  const said = h("span", { role: "status" });
  const copy = async (kind) => {
    pre.textContent = clearLines(copies[kind], MOST);
    try {
      await navigator.clipboard.writeText(copies[kind]);
      said.textContent = `Copied as ${COPIES[kind]}.`;
    } catch {
      said.textContent = "The browser does not let the page copy: select the text below.";
    }
  };
  return [
    h("p", { class: "actions" }, Object.entries(COPIES).map(([kind, text]) => [button(`Copy as ${text}`, () => copy(kind)), " "]), said),
    pre,
  ];
}

async function decided(entry) {
  const known = await behaviours();
  return table("Behaviours", ["Behaviour", "Evidence", "What the fake claims", "Source"],
    entry.behaviours.map((id) => known.get(id)).map((each) => [h("code", {}, each.id), badge(`known ${each.evidence}`, each.evidence), each.sentence, each.source]));
}

/** Show it into an element. */
export async function showRequest(main, { tenant, number }, signal) {
  const entry = await read(`${journalOf(tenant)}/${number}`);
  const table = await decided(entry);
  if (signal.aborted) return;
  const query = entry.request.query ? `?${entry.request.query}` : "";
  main.replaceChildren(
    h("p", { class: "back" }, link(address(tenant, "requests"), "All requests")),
    h("h1", {}, `Request ${entry.number}`),
    h("p", { class: "over" }, h("b", {}, clear(entry.method)), " ", name(entry.path), " ", outcome(entry), " ", h("time", { datetime: entry.time }, entry.time),
      entry.configuration === null ? null : [" by the configuration ", name(entry.configuration)]),
    section("fates", "What became of it",
      entry.notices.length ? fates(entry, Infinity, entry.record) : h("p", { class: "empty" }, "It has no headings.")),
    section("decided", "What decided", entry.behaviours.length ? table : h("p", {}, "The planned fault alone.")),
    section("messages", "Request and answer", h("div", { class: "pair" },
      message("Request", [clear(entry.method), " ", name(entry.path + query), ` · ${entry.request.length.toLocaleString("en")} bytes`], entry.request.headers, entry.request.body),
      message("Answer", [outcome(entry)], entry.response.headers, entry.response.body))),
    section("again", "Send it again", copying(entry.copies)));
}
