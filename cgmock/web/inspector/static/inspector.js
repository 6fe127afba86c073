// The page: finds out what its address asks for, shows it, and asks for the control token where one is needed.

import { keepToken, read } from "./api.js";
import { clear } from "./clear.js";
import { showCommand } from "./command.js";
import { showData } from "./data.js";
import { field, form, h, input, link } from "./elements.js";
import { address, here, NOBODY } from "./places.js";
import { showRequest } from "./request.js";
import { showRequests } from "./requests.js";
import { showTenant } from "./tenant.js";

const main = document.getElementById("main");
const tenants = document.getElementById("tenant");
const live = document.getElementById("live");
const VIEWS = { requests: "Requests", tenant: "Tenant", data: "Data", command: "Command" };
let showing = new AbortController();

function tell(sentence, kind = "") {
  live.textContent = sentence;
  live.className = kind;
}

function bar(names, { tenant, view }) {
  tenants.replaceChildren(...[...names.map((each) => [each, each]), [NOBODY, "nobody's requests"]].map(([value, text]) =>
    h("option", { value, selected: value === tenant }, clear(text))));
  const views = tenant === NOBODY ? { requests: VIEWS.requests } : VIEWS;
  document.getElementById("views").replaceChildren(...Object.entries(views).map(([each, title]) =>
    h("a", { href: address(tenant, each), "aria-current": each === view ? "page" : null }, title)));
}

async function view(place, signal) {
  if (place.view === "requests" && place.rest.length) {
    return showRequest(main, { tenant: place.tenant, number: place.rest[0] }, signal);
  }
  const shown = { tenant: showTenant, data: showData, command: showCommand }[place.view] ?? showRequests;
  return shown(main, place, signal, tell);
}

function askForToken(sentence) {
  const act = async (given) => {
    keepToken(given.get("token"));
    await show();
  };
  tell("");
  main.replaceChildren(h("h1", {}, "Who may look"), h("p", {}, clear(sentence)),
    form("Who may look", act,
      field("Control token", input({ type: "password", name: "token", required: true })),
      h("button", { type: "submit" }, "Look"),
      h("p", { class: "hint" }, "It is kept for this tab alone, and sent in a header.")));
}

async function show() {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  main.setAttribute("aria-busy", "true");
  try {
    const names = (await read("/tenants")).data.map((each) => each.name);
    const asked = here();
    const place = { ...asked, tenant: asked.tenant ?? names[0] ?? NOBODY };
    if (signal.aborted) return;
    bar(names, place);
    tell("");
    await view(place, signal);
    if (signal.aborted) return;
    document.title = `${main.querySelector("h1").textContent} · ${place.tenant === NOBODY ? "nobody" : clear(place.tenant)} · cgmock`;
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === 403) askForToken(error.message);
    else main.replaceChildren(h("h1", {}, "Not to be had"), h("p", { role: "alert" }, clear(error.message)), h("p", {}, link("#/", "To the requests")));
  }
  main.setAttribute("aria-busy", "false");
}

tenants.addEventListener("change", () => {
  location.hash = address(tenants.value);
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", async () => {
  await show();
  scrollTo(0, 0);
});
show();
