// Requests as they arrive, newest first, a page of them at a time.

import { read } from "./api.js";
import { clear } from "./clear.js";
import { badge, button, counted, field, h, input, name, select } from "./elements.js";
import { fates, losses } from "./fates.js";
import { address, journalOf, searched } from "./places.js";

const PAGE = 100;
const PAUSE = 400; // milliseconds: a request is seen within half a second, and no thread of the fake ever waits
const SHOWN = 4;
const FATES = ["stored", "coerced", "unmapped", "ignored", "failed"];

export const time = (entry) => h("time", { datetime: entry.time }, entry.time.slice(11, 23));

export function status(entry) {
  const kind = entry.status === 200 ? "good" : entry.status === 0 || entry.status >= 400 ? "bad" : "known";
  return badge(kind, entry.status === 0 ? "no answer" : String(entry.status));
}

/** What an entry led to, in badges. */
export function outcome(entry) {
  const lost = losses(entry);
  return h("span", { class: "outcome" }, status(entry), " ",
    lost ? badge("lost", `${counted(lost, "heading")} lost`) : null, " ",
    entry.fault ? badge("planned", `planned fault: ${entry.fault}`) : null);
}

function refusal(entry) {
  if (entry.status < 400) return null;
  try {
    const said = JSON.parse(entry.response.body);
    return h("p", { class: "refusal" }, clear(String(said.message ?? said.error ?? entry.response.body)));
  } catch {
    return null;
  }
}

function line(tenant, entry) {
  const lost = losses(entry);
  return h("li", { class: `entry card${lost ? " lost" : entry.status >= 400 || entry.status === 0 ? " refused" : ""}`, "data-number": entry.number },
    h("a", { class: "line", href: address(tenant, "requests", entry.number) },
      h("span", { class: "count" }, String(entry.number)), " ", time(entry), " ",
      h("b", {}, clear(entry.method)), " ", h("span", { class: "path" }, name(entry.path)), " ", outcome(entry)),
    refusal(entry),
    entry.notices.length ? fates(entry, SHOWN) : null);
}

function filters(tenant, query, paused, onpause) {
  const place = address(tenant, "requests");
  const search = (event) => {
    event.preventDefault();
    location.hash = searched(place, Object.fromEntries(new FormData(event.currentTarget)));
  };
  return h("form", { class: "filters", role: "search", "aria-label": "Requests", onsubmit: search },
    field("Text", input({ type: "search", name: "text", value: query.text, placeholder: "in a body, header or reason" })),
    field("Path", input({ name: "path", value: query.path, placeholder: "/hooks/*" })),
    field("Status", input({ name: "status", value: query.status, inputmode: "numeric", size: 4, placeholder: "422" })),
    field("Heading", input({ name: "heading", value: query.heading })),
    field("Fate", select({ name: "notice" }, [["", "any"], ...FATES.map((each) => [each, each])], query.notice)),
    h("button", { type: "submit" }, "Search"),
    Object.keys(query).length ? h("a", { href: place }, "Show all") : null,
    button(paused ? "Go on" : "Pause", onpause, { class: "pause", "aria-pressed": String(paused) }));
}

/** Show them into an element until the signal ends it; `tell` says a sentence to all readers. */
export async function showRequests(main, { tenant, query }, signal, tell) {
  let paused = false;
  const onpause = (event) => {
    paused = !paused;
    event.currentTarget.textContent = paused ? "Go on" : "Pause";
    event.currentTarget.setAttribute("aria-pressed", String(paused));
    tell(paused ? "Paused" : "Live");
  };
  const list = h("ol", { class: "entries", "aria-label": "Requests, newest first" });
  const empty = h("p", { class: "empty" });
  const older = button("Older", () => page(next));
  const newest = button("Newest", () => page(0));
  const dropped = h("p", { class: "dropped" });
  main.replaceChildren(h("h1", {}, "Requests"), filters(tenant, query, paused, onpause), empty, list,
    h("p", { class: "paging" }, newest, " ", older), dropped);

  let last = 0; // the number of the newest entry that was looked at
  let next = null;
  let isFirst = true;

  async function page(cursor) {
    const found = await read(journalOf(tenant), { ...query, order: "newest", limit: PAGE, cursor });
    if (signal.aborted) return;
    isFirst = cursor === 0;
    list.replaceChildren(...found.data.map((entry) => line(tenant, entry)));
    next = found.next_cursor;
    last = isFirst ? found.newest : last;
    settle(found);
  }

  function settle(found) {
    older.hidden = next === null;
    newest.hidden = isFirst;
    empty.textContent = list.childElementCount ? "" : "There is no request yet, or none is found.";
    const lost = found.dropped_losses ? `, which lost ${counted(found.dropped_losses, "heading")}` : "";
    dropped.textContent = found.dropped ? `The journal has dropped ${counted(found.dropped, "older request")}${lost}.` : "";
  }

  async function arrive() {
    const found = await read(journalOf(tenant), { ...query, order: "newest", limit: PAGE, after: last });
    if (signal.aborted || !isFirst) return;
    if (found.newest < last || found.next_cursor !== null) return page(0);
    last = found.newest;
    if (!found.data.length) return;
    list.prepend(...found.data.map((entry) => line(tenant, entry)));
    while (list.childElementCount > PAGE) {
      next = Number(list.lastElementChild.previousElementSibling.dataset.number);
      list.lastElementChild.remove();
    }
    settle(found);
    const lost = found.data.reduce((sum, entry) => sum + losses(entry), 0);
    tell(`${counted(found.data.length, "new request")}${lost ? `, ${counted(lost, "heading")} lost` : ""}`);
  }

  await page(0);
  tell("Live");
  follow(arrive, () => paused || !isFirst, signal, tell);
}

/** Look again and again, while the page is looked at, until the signal ends it. */
export function follow(look, isPaused, signal, tell) {
  let isAway = false;
  const turn = async () => {
    if (signal.aborted) return;
    try {
      if (!isPaused() && !document.hidden) await look();
      if (isAway) tell("Live");
      isAway = false;
    } catch (error) {
      if (!signal.aborted) tell(error.message, "bad");
      isAway = true;
    }
    setTimeout(turn, isAway ? 4 * PAUSE : PAUSE);
  };
  setTimeout(turn, PAUSE);
}
