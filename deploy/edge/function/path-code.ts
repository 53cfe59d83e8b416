import { HIDDEN_URI } from "../decide.ts";

/**
 * Code that both viewer functions have. Only what CF-DG "JavaScript runtime 2.0 features" lists is
 * used: ES 5.1 with `const` and `let`, `startsWith` and `endsWith`, and async and await where a store
 * is read.
 */

/** The counterpart of address.ts, over encoded paths. */
export const READ_CODE: string = String.raw`
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
  if (/^\/(\.slipway|404\.html$)/i.test(plain)) return { hidden: "${HIDDEN_URI}" };
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
`;

/** The counterpart of `matchPattern` in pattern.ts. */
export const MATCH_CODE = `
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
`;
