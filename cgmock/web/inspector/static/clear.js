// Strangers' text so that each character is seen: what cgmock/verifier/reports/wording.py does for reports.

const LONGEST = 200;
const SEEN = /^[^\p{C}\p{Zl}\p{Zp}\p{Zs}\\\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]$|^ $/u;
const NAMED = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

const escaped = (character) =>
  NAMED[character] ??
  [...Array(character.length).keys()]
    .map((at) => "\\u" + character.charCodeAt(at).toString(16).padStart(4, "0"))
    .join("");

const visible = (text, kept = "") =>
  Array.from(text, (each) => (SEEN.test(each) || kept.includes(each) ? each : escaped(each))).join("");

/** The text on one line, cut after 200 characters. */
export function clear(text) {
  const characters = Array.from(text.slice(0, 2 * LONGEST)).slice(0, LONGEST).join("");
  const shown = visible(characters).replace(/^ +| +$/g, (blanks) => "\\u0020".repeat(blanks.length));
  return text.length > characters.length ? `${shown}… (${text.length.toLocaleString("en")} characters)` : shown;
}

/** The first characters of a long text, its lines and backslashes as they are. */
export function clearLines(text, most) {
  const shown = visible(text.slice(0, most), "\n\\");
  return text.length > most ? `${shown}… (${text.length.toLocaleString("en")} characters)` : shown;
}
