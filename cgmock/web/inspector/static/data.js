// What is stored, a page at a time, and the request that wrote each row.

import { read } from "./api.js";
import { clear } from "./clear.js";
import { button, counted, h, link, name, table } from "./elements.js";
import { address, of, searched } from "./places.js";

const KINDS = ["accounts", "contacts", "responses", "invitations", "activities"];
const PAGE = 50;
const LAST = ["created_at", "updated_at", "request"];

const cell = (value) => (value === null || value === undefined ? "" : Array.isArray(value) ? value.map((each) => [name(each), " "]) : name(value));

const title = (column) => clear(column.replaceAll("_", " "));

function rows(tenant, kind, found) {
  const columns = [...new Set(found.flatMap((row) => Object.keys(row)))].filter((each) => each !== "id" && !LAST.includes(each));
  const written = (row) => link(searched(address(tenant, "requests"), { request: row.request }), "request");
  return table(`Rows of ${kind}`, ["id", ...columns.map(title), "updated", "written by"],
    found.map((row) => [String(row.id), ...columns.map((each) => cell(row[each])), row.updated_at.slice(0, 19).replace("T", " "), written(row)]), [0]);
}

/** Show it into an element. */
export async function showData(main, { tenant, rest }, signal) {
  const kind = KINDS.includes(rest[0]) ? rest[0] : "contacts";
  const shown = h("div", { class: "rows" });
  const more = h("p", { class: "paging" });
  const tabs = h("nav", { class: "tabs", "aria-label": "Data" }, KINDS.map((each) =>
    h("a", { href: address(tenant, "data", each), "aria-current": each === kind ? "page" : null }, each)));
  main.replaceChildren(h("h1", {}, "Data"), tabs, shown, more);

  async function page(cursor) {
    const found = await read(of(tenant, `/${kind}`), { limit: PAGE, cursor });
    if (signal.aborted) return;
    shown.replaceChildren(found.data.length ? rows(tenant, kind, found.data) : h("p", { class: "empty" }, `There are no ${kind}.`));
    const next = found.next_cursor;
    more.replaceChildren(...[
      cursor > 0 && button("First", () => page(0)), " ",
      next !== null && button("Next", () => page(next)), " ",
      found.dropped ? h("span", { class: "dropped" }, `${counted(found.dropped, "older row")} dropped.`) : "",
    ].filter(Boolean));
  }
  await page(0);
}
