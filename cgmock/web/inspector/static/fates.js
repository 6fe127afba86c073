// What became of each heading, side by side: sent, field, stored or lost.

import { clear } from "./clear.js";
import { badge, h, name } from "./elements.js";

const WORDS = { stored: "stored", coerced: "stored, changed", ignored: "not stored", unmapped: "dropped", failed: "failed" };

const kind = (notice) => (notice.lost ? "lost" : notice.fate === "stored" || notice.fate === "coerced" ? notice.fate : "idle");

const word = (notice) => (notice.lost ? `lost: ${WORDS[notice.fate]}` : WORDS[notice.fate]);

const arrow = () => h("span", { class: "arrow", "aria-hidden": "true" }, "→");

function why(notice) {
  const meant = notice.nearest === null ? [] : [notice.reason ? "; did you mean " : "did you mean ", name(notice.nearest), "?"];
  return h("span", { class: "why" }, clear(notice.reason), ...meant);
}

function fate(notice, record) {
  const sent = record && notice.heading !== null && notice.heading in record ? record[notice.heading] : undefined;
  return h("li", { class: `fate ${kind(notice)}` },
    h("span", { class: "sent" }, notice.heading === null ? h("i", {}, "the whole request") : name(notice.heading),
      sent === undefined ? null : h("span", { class: "value" }, name(typeof sent === "string" ? sent : JSON.stringify(sent)))),
    arrow(),
    h("span", { class: "of-field" }, notice.field === null ? h("i", {}, "no field") : name(notice.field)),
    arrow(),
    h("span", { class: "end" }, badge(kind(notice), word(notice)), " ", why(notice)));
}

/** The fates of an entry, losses first; `most` of them. */
export function fates(entry, most, record = null) {
  const all = [...entry.notices].sort((one, other) => Number(other.lost) - Number(one.lost));
  const more = all.length - most + entry.more_notices;
  return h("ul", { class: "fates", "aria-label": "Fates of headings" },
    all.slice(0, most).map((each) => fate(each, record)),
    more > 0 && all.length ? h("li", { class: "more" }, `and ${more.toLocaleString("en")} more`) : null);
}

export const losses = (entry) => entry.notices.filter((notice) => notice.lost).length;
