/** The viewer-response function's own code, the counterpart of headers-for.ts. */
export const RESPONSE_CODE = `
function handler(event) {
  const response = event.response;
  const host = event.request.headers.host ? event.request.headers.host.value : "";
  tellStatus(response);
  addHeaders(response.headers, read(event.request.uri));
  if (HOST && host.split(":")[0].toLowerCase() !== HOST) {
    response.headers["x-robots-tag"] = { value: "noindex" };
  }
  return response;
}

// A page that stands for a missing one says so in its metadata.
function tellStatus(response) {
  const told = response.headers["x-amz-meta-slipway-status"];
  delete response.headers["x-amz-meta-slipway-status"];
  const reason = told && { "404": "Not Found", "410": "Gone" }[told.value];
  if (!reason || (response.statusCode !== 200 && response.statusCode !== 206)) return;
  delete response.headers["content-range"];
  response.statusCode = Number(told.value);
  response.statusDescription = reason;
}

// Rows in order: what a row takes away, then what it sets, joined to what rows before it have set.
function addHeaders(headers, page) {
  const values = Object.create(null);
  for (let i = 0; page && page.address && i < HEADERS.length; i++) {
    if (match(HEADERS[i][0], segments(page.address))) apply(HEADERS[i], values);
  }
  Object.keys(values).forEach(function (name) {
    if (values[name] === "") delete headers[name];
    else headers[name] = { value: values[name] };
  });
}

function apply(row, values) {
  (row[2] || []).forEach(function (name) {
    values[name] = "";
  });
  Object.keys(row[1]).forEach(function (name) {
    values[name] = (values[name] ? values[name] + ", " : "") + row[1][name];
  });
}
`;
