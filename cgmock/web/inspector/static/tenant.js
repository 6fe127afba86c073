// What a tenant is: its configurations and their use, its touchpoints, webhooks, policies and connected apps.

import { read } from "./api.js";
import { clear } from "./clear.js";
import { badge, counted, h, link, name, section, table } from "./elements.js";
import { address, of, searched } from "./places.js";

const none = () => h("p", { class: "empty" }, "None.");

const isNone = (list, shown) => (list.length ? shown() : none());

function configuration(tenant, each, used) {
  const place = (heading) => searched(address(tenant, "requests"), { heading });
  const sent = (heading, number) => (number ? link(place(heading), counted(number, "time")) : badge("coerced", "never sent"));
  const rows = Object.entries(each.headings).map(([heading, field]) => [name(heading), name(field), sent(heading, used.headings[heading] ?? 0)]);
  const unknown = used.unknown.map(({ heading, nearest, sent: number }) => [
    name(heading), nearest === null ? badge("lost", "unknown") : [badge("lost", "unknown"), " did you mean ", name(nearest), "?"], sent(heading, number)]);
  const title = `Headings of ${clear(each.reference)}`;
  return h("details", { class: "configuration", open: used.requests > 0 },
    h("summary", {}, name(each.reference), " ", h("small", {}, clear(each.name), ` · ${each.data_type} · ${counted(used.requests, "request")}`)),
    table(title, ["Heading", "Field", "Sent"], [...rows, ...unknown], [2]));
}

/** Show it into an element. */
export async function showTenant(main, { tenant }, signal) {
  const [told, usage] = await Promise.all([read(of(tenant)), read(of(tenant, "/usage"))]);
  if (signal.aborted) return;
  const used = new Map(usage.data.map((each) => [each.reference, each]));
  const unused = { requests: 0, headings: {}, unknown: [] };
  main.replaceChildren(
    h("h1", {}, clear(told.name)),
    h("p", { class: "over" }, `Region ${told.region}. Use is what the journal tells`, usage.dropped ? `, which has dropped ${counted(usage.dropped, "older request")}.` : "."),
    section("configurations", "Configurations", isNone(told.configurations, () =>
      told.configurations.map((each) => configuration(tenant, each, used.get(each.reference) ?? unused)))),
    section("touchpoints", "Touchpoints", isNone(told.touchpoints, () => h("ul", {}, told.touchpoints.map((each) => h("li", {}, name(each)))))),
    section("webhooks", "Webhooks", isNone(told.webhooks, () => table("Webhooks", ["Address", "User", "Configuration", "State"],
      told.webhooks.map((each) => [name(`/hooks/${each.id}`), name(each.username), name(each.configuration), badge(each.state === "active" ? "good" : "bad", each.state)])))),
    section("apps", "Connected apps", isNone(told.connected_apps, () => table("Connected apps", ["Client id", "Scopes"],
      told.connected_apps.map((each) => [name(each.client_id), each.scopes.map((scope) => [name(scope), " "])])))),
    section("policies", "Policies", table("Policies", ["Policy", "Value"],
      Object.entries(told.policies).map(([policy, value]) => [h("code", {}, policy), name(value)]))));
}
