// Addresses: what stands behind the # says what is shown, and each thing has an address of its own.

const part = encodeURIComponent;

export const NOBODY = "";

/** The address of a view of a tenant, or of the requests of nobody. */
export function address(tenant, ...rest) {
  const path = tenant === NOBODY ? ["unclaimed", ...rest] : ["tenants", tenant, ...rest];
  return `#/${path.map((each) => part(each)).join("/")}`;
}

/** The address with what is searched for. */
export const searched = (place, query) => {
  const asked = Object.entries(query).filter(([, value]) => value !== "");
  return asked.length ? `${place}?${new URLSearchParams(asked)}` : place;
};

/** What the address asks for: tenant (undefined when it names none), view, the rest of its path, and its query. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [first, ...rest] = path.split("/").map(decoded);
  const asked = Object.fromEntries(new URLSearchParams(query));
  if (first === "unclaimed") return { tenant: NOBODY, view: rest[0] ?? "requests", rest: rest.slice(1), query: asked };
  if (first === "tenants" && rest[0]) return { tenant: rest[0], view: rest[1] ?? "requests", rest: rest.slice(2), query: asked };
  return { view: "requests", rest: [], query: {} };
}

/** Where the control API has a tenant. */
export const of = (tenant, rest = "") => `/tenants/${part(tenant)}${rest}`;

export const journalOf = (tenant) => (tenant === NOBODY ? "/unclaimed" : of(tenant, "/journal"));

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
