/** Which parts of the code the rules need. */
export type RequestParts = {
  /** Some rules are in a KeyValueStore. */
  readonly store: boolean;
  /** Some rules ask something of the query. */
  readonly conditions: boolean;
};

/**
 * The viewer-request function's own code, the counterpart of decide.ts, follow.ts and query.ts. With a
 * store its steps are async; CloudFront takes no closures in async functions, so they have none.
 */
export function requestCode({ store, conditions }: RequestParts): string {
  const steps = store
    ? DECIDE.replaceAll("AWAIT", "await")
    : DECIDE.replaceAll(/AWAIT |async /g, "");
  const applies = conditions ? APPLIES_IF : APPLIES;
  return steps + (store ? FIND_STORED : FIND) + applies + ANSWERS;
}

const DECIDE = String.raw`
async function handler(event) {
  const request = event.request;
  const host = request.headers.host;
  const answer = AWAIT decide(request.uri, queryOf(request.querystring), host ? host.value : "");
  if (answer.status) return respond(answer);
  request.uri = answer.uri;
  return request;
}

// Follows redirects to where none applies: a browser is sent on once.
async function decide(uri, query, host) {
  const home = HOSTS.indexOf(host.split(":")[0].toLowerCase()) > 0 ? "https://" + HOSTS[0] : "";
  let page = read(uri), moved = home, status = 0, fragment = "", hops = 0;
  for (;;) {
    if (!page || page.hidden) return serve(page);
    const found = AWAIT find(page, query);
    const rule = found && found.rule;
    if (rule && rule[2] > 300 && rule[2] < 400) {
      if (hops++ === 5) return { status: 508 };
      const to = /^(https?:\/\/[^\/]*)?([^?#]*)(\?[^#]*)?(#.*)?$/.exec(rule[1]);
      const path = fillPath(to[2], found.bound, page);
      query = to[3] ? fill(to[3], found.bound, encodeURIComponent) : without(query, rule[5]);
      if (query === "?") query = "";
      fragment = to[4] || fragment;
      if (!/302|303|307/.test(status)) status = rule[2];
      if (to[1]) return { status: status, to: to[1] + path + query + fragment };
      page = read(path);
      moved = true;
    } else if (rule && !moved) {
      return rule[1] ? serve(read(fillPath(rule[1], found.bound, page))) : { status: rule[2] };
    } else if (page.path !== page.address) {
      page = read(page.address);
      moved = true;
    } else {
      return moved ? { status: status || 301, to: home + page.path + query + fragment } : serve(page);
    }
  }
}
`;

const FIND = `
// The first rule that applies. Without force it leaves files of the site alone.
function find(page, query) {
  const isKept = KEPT.indexOf(page.address) >= 0;
  for (let i = 0; i < RULES.length; i++) {
    const bound = (RULES[i][3] || !isKept) && applies(RULES[i], page, query);
    if (bound) return { rule: RULES[i], bound: bound };
  }
}
`;

const FIND_STORED = `
// The first rule that applies. Without force it leaves files of the site alone.
// One in the store begins with how many of RULES come before it; of another release's RULES, if the
// table has changed and the function has not yet.
async function find(page, query) {
  const stored = await look("r/" + page.parts.join("/"));
  const end = stored ? stored[0] : RULES.length;
  let isKept;
  for (let i = 0; i < end && RULES[i]; i++) {
    const rule = RULES[i];
    const bound = applies(rule, page, query);
    if (bound && !rule[3] && isKept === undefined) isKept = await look("k" + page.address);
    if (bound && (rule[3] || !isKept)) return { rule: rule, bound: bound };
  }
  return stored && { rule: stored };
}

async function look(key) {
  try {
    return await STORE.get(key, { format: "json" });
  } catch (e) {
    return null;
  }
}
`;

const APPLIES = `
function applies(rule, page) {
  return (!rule[4] || page.address.endsWith("/")) && match(rule[0], page.parts);
}

function without(query) {
  return query;
}
`;

const APPLIES_IF = `
function applies(rule, page, query) {
  const bound = (!rule[4] || page.address.endsWith("/")) && match(rule[0], page.parts);
  return bound && (rule[5] || []).every((one) => holds(one, query, bound)) && bound;
}

function holds(condition, query, bound) {
  const pair = pairsOf(query).filter((one) => nameOf(one) === condition[0])[0];
  const value = pair && respell(pair.slice(pair.split("=")[0].length + 1));
  if (!condition[1].startsWith("{")) return value === condition[1];
  if (value) bound[condition[1]] = decodeURIComponent(value);
  return value;
}

function without(query, conditions) {
  if (!conditions) return query;
  const names = conditions.filter((one) => one[1].startsWith("{")).map((one) => one[0]);
  return "?" + pairsOf(query).filter((one) => names.indexOf(nameOf(one)) < 0).join("&");
}

function pairsOf(query) {
  return query.slice(1).split("&").filter((pair) => pair);
}

function nameOf(pair) {
  return respell(pair.split("=")[0]);
}

function respell(text) {
  try {
    return encodeURIComponent(decodeURIComponent(text));
  } catch (e) {
    return;
  }
}
`;

const ANSWERS: string = String.raw`
function fill(template, bound, encode) {
  return template.replace(/\{\w+\}/g, (name) => encode(bound[name]));
}

function fillPath(template, bound, page) {
  const path = fill(template, bound, spell);
  return template.endsWith("}") && page.path.endsWith("/") && !path.endsWith("/") ? path + "/" : path;
}

function queryOf(parameters) {
  const pairs = [];
  Object.keys(parameters).forEach((name) => {
    const all = parameters[name].multiValue || [parameters[name]];
    all.forEach((one) => pairs.push(name + "=" + one.value));
  });
  try {
    return pairs[0] ? "?" + encodeURI(pairs.join("&")).replace(/%25/g, "%").replace(/#/g, "%23") : "";
  } catch (e) {
    return "";
  }
}

function serve(page) {
  if (!page) return { status: 400 };
  const uri = page.hidden || page.address.replace(/\/$/, "/index.html");
  return uri.replace(/%../g, "x").length > 1025 ? { status: 400 } : { uri: uri };
}

function respond(answer) {
  const headers = HSTS ? { "strict-transport-security": { value: HSTS } } : {};
  const response = { statusCode: answer.status, headers: headers };
  if (answer.to) {
    headers.location = { value: answer.to };
    return response;
  }
  const title = answer.status + " " + REASONS[answer.status];
  headers["content-type"] = { value: "text/html; charset=utf-8" };
  headers["cache-control"] = { value: "no-store" };
  response.body = { encoding: "text", data: "<!doctype html><title>" + title + "</title><h1>" + title + "</h1>" };
  return response;
}
`;
