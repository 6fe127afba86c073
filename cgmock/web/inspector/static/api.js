// The control API, which is all that the page knows of the fake.

const ROOT = "/_cgmock/v1";
const TOKEN = "cgmock control token";

/** What the control API refused, with its sentence; status 0 where there was no answer. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Keep the control token for this tab. It is sent in a header, so it stands in no address and no log. */
export const keepToken = (token) => sessionStorage.setItem(TOKEN, token.trim());

/** The JSON that is answered, null without a body. */
export async function ask(method, path, body) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let response;
  try {
    response = await fetch(ROOT + path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Refused("The fake does not answer.", 0);
  }
  const text = await response.text();
  if (!response.ok) throw new Refused(sentence(text, response.status), response.status);
  return text ? JSON.parse(text) : null;
}

export const read = (path, query = {}) => {
  const asked = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  return ask("GET", asked.length ? `${path}?${new URLSearchParams(asked)}` : path);
};

/** The OpenAPI document of the control API, which stands above its versions. */
export const description = () => ask("GET", "/../openapi.json");

function sentence(text, status) {
  try {
    return String(JSON.parse(text).error);
  } catch {
    return `The fake answered ${status}.`;
  }
}
