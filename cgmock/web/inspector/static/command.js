// In command: a record to try, faults, clock and tokens, checkpoints, policies, reset; each is a call of the control API.

import { ask, description, read } from "./api.js";
import { clear } from "./clear.js";
import { badge, button, counted, field, form, h, input, name, select } from "./elements.js";
import { fates } from "./fates.js";
import { address, of } from "./places.js";
import { follow, outcome } from "./requests.js";

const ENDPOINTS = ["token", "keys", "records", "responses", "webhook"];
const EFFECTS = ["answer", "late", "reset", "close", "truncated", "malformed_chunk", "dribble", "token_expired", "token_revoked"];
const pairs = (words) => words.map((each) => [each, each]);
const panel = (id, title, ...children) => h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
const fields = (...children) => h("div", { class: "fields" }, ...children);
const submit = (text, value) => h("button", { type: "submit", value }, text);

function number(given, key) {
  const text = given.get(key).trim();
  if (text === "") return undefined;
  if (Number.isNaN(Number(text))) throw new Error(`${key} must be a number.`);
  return Number(text);
}

function trying(tenant, references) {
  const shown = h("div", {});
  const act = async (given) => {
    let record;
    try {
      record = JSON.parse(given.get("record"));
    } catch (error) {
      throw new Error(`The record must be a JSON object: ${error.message}`);
    }
    const entry = await ask("POST", of(tenant, "/try"), { configuration: given.get("configuration"), record });
    shown.replaceChildren(
      h("p", {}, h("a", { href: address(tenant, "requests", entry.number) }, `Request ${entry.number}`), " ", outcome(entry)),
      entry.notices.length ? fates(entry, Infinity, record) : null);
  };
  return panel("try", "Try a record",
    form("Try a record", act,
      fields(field("Configuration", select({ name: "configuration" }, pairs(references)))),
      field("Record", h("textarea", { name: "record", spellcheck: "false" }, '{\n  "Email": "joe@example.com"\n}')),
      h("p", { class: "actions" }, submit("Send"))), shown);
}

function faults(tenant) {
  const list = h("ul", { class: "plan" });
  const told = (fault, what) => h("li", {}, badge("planned", fault.effect), " ",
    fault.effect === "answer" ? `${fault.status} ` : "", `for ${fault.endpoint ?? "any request"}: `, what);
  const look = async () => {
    const { unmet, met } = await read(of(tenant, "/faults"));
    list.replaceChildren(...met.map((each) => told(each, `met ${counted(each.met, "time")}`)),
      ...unmet.map((each) => told(each, `${each.left.toLocaleString("en")} left`)),
      ...(met.length + unmet.length ? [] : [h("li", { class: "empty" }, "Nothing is planned.")]));
  };
  const act = async (given, way) => {
    if (way === "clear") {
      await ask("DELETE", of(tenant, "/faults"));
    } else {
      const fault = { endpoint: given.get("endpoint") || null, effect: given.get("effect"), status: number(given, "status"),
        times: number(given, "times"), delay: number(given, "delay"), applied: given.get("applied") === "on" };
      await ask("POST", of(tenant, "/faults"), fault);
    }
    await look();
    return way === "clear" ? "Nothing is planned any more." : "Planned.";
  };
  const shown = panel("faults", "Faults", list,
    form("Plan a fault", act,
      fields(field("Endpoint", select({ name: "endpoint" }, [["", "any"], ...pairs(ENDPOINTS)], "records")),
        field("Effect", select({ name: "effect" }, pairs(EFFECTS))),
        field("Status", input({ name: "status", value: "503", inputmode: "numeric", size: 4 })),
        field("Times", input({ name: "times", value: "1", inputmode: "numeric", size: 4 })),
        field("Delay in seconds", input({ name: "delay", value: "0", inputmode: "decimal", size: 4 })),
        h("label", {}, h("input", { type: "checkbox", name: "applied" }), " done all the same")),
      h("p", { class: "actions" }, submit("Plan", "plan"), " ", submit("Plan nothing", "clear"))));
  return [shown, look];
}

function clock(tenant) {
  const now = h("p", {});
  const tokens = h("p", { class: "hint" });
  const tell = (told) => now.replaceChildren(h("b", {}, told.now.slice(0, 19).replace("T", " ")), " UTC ", told.frozen ? badge("coerced", "frozen") : badge("good", "running"));
  const look = async () => {
    const [told, asked] = await Promise.all([read(of(tenant, "/clock")),
      read(of(tenant, "/journal"), { path: "/oauth2/token", status: 200, order: "newest", limit: 1000 })]);
    tell(told);
    const alive = asked.data.map((each) => Date.parse(each.time) / 1000 + 3600 - told.seconds).filter((left) => left > 0);
    tokens.textContent = asked.data.length
      ? `${counted(asked.data.length, "token")} in the journal; ${alive.length} not expired${alive.length ? `, the newest for ${Math.floor(alive[0]).toLocaleString("en")} s` : ""}.`
      : "The journal has no token that was given.";
  };
  const act = async (given, way) => {
    const bodies = { freeze: {}, advance: { seconds: number(given, "seconds") }, reset: {} };
    await ask("POST", of(tenant, `/clock/${way}`), bodies[way]);
    await look();
    return { freeze: "It stands still.", advance: "It moved.", reset: "It goes as the machine's." }[way];
  };
  const shown = panel("clock", "Clock and tokens", now, tokens,
    form("Clock", act,
      fields(field("Seconds", input({ name: "seconds", value: "3600", inputmode: "numeric", size: 8 })),
        submit("Advance", "advance"), submit("Freeze", "freeze"), submit("Run", "reset"))));
  return [shown, look];
}

function checkpoints(tenant) {
  const list = h("ul", { class: "plan" });
  const said = h("p", { class: "said", role: "status" });
  const doing = (sentence, method, label, rest = "") => async () => {
    try {
      await ask(method, of(tenant, `/checkpoints/${encodeURIComponent(label)}${rest}`));
      await look();
      said.textContent = sentence;
    } catch (error) {
      said.textContent = clear(error.message);
    }
  };
  const look = async () => {
    const { data } = await read(of(tenant, "/checkpoints"));
    list.replaceChildren(...data.map((each) => h("li", {}, name(each.name), " ", h("small", {}, each.saved_at.slice(0, 19).replace("T", " ")), " ",
      button("Restore", doing("Restored.", "POST", each.name, "/restore"), { "aria-label": `Restore ${clear(each.name)}` }), " ",
      button("Delete", doing("Deleted.", "DELETE", each.name), { "aria-label": `Delete ${clear(each.name)}` }))));
  };
  const act = async (given) => {
    await ask("PUT", of(tenant, `/checkpoints/${encodeURIComponent(given.get("label"))}`));
    await look();
    return "Kept.";
  };
  const shown = panel("checkpoints", "Checkpoints", list, said,
    form("Keep a checkpoint", act, fields(field("Name", input({ name: "label", required: true })), submit("Keep"))));
  return [shown, look];
}

function policies(tenant, values, kinds) {
  const one = (policy) => {
    const kind = kinds[policy];
    const control = kind.enum
      ? select({ name: policy }, pairs(kind.enum), values[policy])
      : input({ name: policy, value: values[policy], size: 6 });
    return field(policy.replaceAll("_", " "), control);
  };
  const act = async (given) => {
    const changed = Object.keys(values).filter((policy) => given.get(policy) !== String(values[policy]));
    for (const policy of changed) {
      const text = given.get(policy);
      const value = kinds[policy].enum || text === "off" ? text : number(given, policy);
      await ask("PUT", of(tenant, `/policies/${policy}`), { value });
      values[policy] = text;
    }
    return changed.length ? `Changed: ${changed.join(", ")}.` : "Nothing is changed.";
  };
  return panel("policies", "Policies", form("Policies", act, fields(Object.keys(values).map(one)), h("p", { class: "actions" }, submit("Change"))));
}

function reset(tenant) {
  const act = async (given) => {
    if (given.get("sure") !== "on") throw new Error("Say first that you are sure.");
    await ask("POST", of(tenant, "/reset"));
    return "It is what its seed says.";
  };
  return panel("reset", "Reset",
    form("Reset", act,
      h("p", {}, "Forgets data, journal, faults and checkpoints, and undoes all changes of the tenant."),
      h("p", { class: "actions" }, h("label", {}, h("input", { type: "checkbox", name: "sure" }), " I am sure "), " ",
        h("button", { type: "submit", class: "danger" }, "Reset"))));
}

/** Show it into an element until the signal ends it. */
export async function showCommand(main, { tenant }, signal, tell) {
  const told = await read(of(tenant));
  const schema = await description();
  if (signal.aborted) return;
  const kinds = schema.components.schemas.Tenant.properties.policies.properties;
  const parts = [faults(tenant), clock(tenant), checkpoints(tenant)];
  const references = told.configurations.map((each) => each.reference);
  main.replaceChildren(h("h1", {}, "Command"), h("div", { class: "panels" },
    trying(tenant, references), parts.map(([shown]) => shown), policies(tenant, told.policies, kinds), reset(tenant)));
  const look = () => Promise.all(parts.map(([, each]) => each()));
  await look();
  follow(parts[0][1], () => false, signal, tell);
}
