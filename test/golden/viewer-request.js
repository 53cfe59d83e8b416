// Made by Slipway from the rules in _redirects and slipway.config.ts.
// Do not edit: the next deploy replaces it.
const HOSTS = ["site.example","www.site.example","site.example.net"];
const HSTS = "max-age=31536000";
const REASONS = { "400": "Bad Request", "404": "Not Found", "410": "Gone", "508": "Loop Detected" };
// From, to, status, 1 if forced, 1 for pages only, conditions.
const RULES = [
	["/old","/new",302],
	["/there","https://other.example/",301],
	["/home","/new",301],
	["/plain-home","/new",301],
	["/other-port","https://site.example:8443/new",301],
	["/show/{splat}","/page.html",200],
	["/gone","",410]
];
const KEPT = [];

function handler(event) {
	const request = event.request;
	const host = request.headers.host;
	const answer = decide(request.uri, queryOf(request.querystring), host ? host.value : "");
	if (answer.status) return respond(answer);
	request.uri = answer.uri;
	return request;
}

// Follows redirects to where none applies: a browser is sent on once.
function decide(uri, query, host) {
	const home = HOSTS.indexOf(host.split(":")[0].toLowerCase()) > 0 ? "https://" + HOSTS[0] : "";
	let page = read(uri), moved = home, status = 0, fragment = "", hops = 0;
	for (;;) {
		if (!page || page.hidden) return serve(page);
		const found = find(page, query);
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

// The first rule that applies. Without force it leaves files of the site alone.
function find(page, query) {
	const isKept = KEPT.indexOf(page.address) >= 0;
	for (let i = 0; i < RULES.length; i++) {
		const bound = (RULES[i][3] || !isKept) && applies(RULES[i], page, query);
		if (bound) return { rule: RULES[i], bound: bound };
	}
}

function applies(rule, page) {
	return (!rule[4] || page.address.endsWith("/")) && match(rule[0], page.parts);
}

function without(query) {
	return query;
}

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

// A path as it came, its one address, its segments. Nothing if it is odd.
function read(uri) {
	let path;
	try {
		path = spell(decodeURIComponent(uri));
	} catch (e) {
		return;
	}
	const plain = path.replace(/\/+/g, "/");
	if (!uri.startsWith("/") || /%[01]|%7F|%C2%[89]|%5C|\/\.\.?(\/|$)/.test(plain)) return;
	if (/^\/(\.slipway|404\.html$)/i.test(plain)) return { hidden: "/.slipway-hidden" };
	let address = plain.replace(/\/index\.html$/, "/");
	if (!/\.[^\/.]*$|\/$|^\/\.well-known\//.test(address)) address += "/";
	return { path: path, address: address, parts: segments(plain) };
}

function spell(path) {
	return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

function segments(path) {
	return path.split("/").filter((part) => part);
}

// What the names in a pattern stand for, if it matches.
function match(pattern, parts) {
	const wanted = segments(pattern);
	const bound = {};
	for (let i = 0; i < wanted.length; i++) {
		const name = wanted[i];
		if (name === "{splat}") parts = parts.slice(0, i).concat(parts.slice(i).join("/"));
		if (name.startsWith("{")) bound[name] = decodeURIComponent(parts[i]);
		else if (name !== parts[i]) return;
	}
	return wanted.length === parts.length && bound;
}
