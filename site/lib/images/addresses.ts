import { posix } from "node:path";
import { FORMATS, type Refusal, refused } from "./facts.ts";

/** Where the file of an image may be, best first; seen from the project's root. */
export type Address = { readonly kind: "candidates"; readonly paths: readonly string[] } | Refusal;

const SHARED = "/assets/images/";

/**
 * What an author means by an image's address. `./desk.jpg` is beside the Markdown file, or in a folder of
 * its name; `/assets/images/desk.jpg` is in `site/assets/images`. Others cannot be shown: Markdown has no place
 * for their width and height, and the site's policy lets no page ask another host.
 */
export function readAddress(file: string, address: string): Address {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return outside(address);
  if (address.startsWith("/") && !address.startsWith(SHARED)) {
    return refused(
      "is not among the site's images",
      `${COPY} A file of site/assets/static is for <img>, with its width and height.`,
    );
  }
  const path = decoded(address.replace(/[?#].*$/, ""));
  if (path === "") return refused("is empty", "Name an image: ![What it shows](./desk.jpg).");
  const extension = posix.extname(path).toLowerCase();
  if (!(extension in FORMATS)) {
    return refused(
      "is in no format that browsers show",
      "Save it as JPEG, PNG, WebP, AVIF, GIF or SVG.",
    );
  }
  if (path.startsWith("/")) {
    return { kind: "candidates", paths: [posix.join("site", path)] };
  }
  const folder = posix.dirname(file);
  const own = posix.join(folder, posix.basename(file, posix.extname(file)));
  return { kind: "candidates", paths: [posix.join(folder, path), posix.join(own, path)] };
}

const COPY = "Put the image beside the article, or into site/assets/images.";

function outside(address: string): Refusal {
  if (/^(?:https?:)?\/\//i.test(address)) return refused("is on another host", COPY);
  return /^(?:[a-z]:|file:)/i.test(address)
    ? refused("is a file of your own computer", COPY)
    : refused("is no image that the build can make smaller", COPY);
}

/** Among the known files, the one that was probably meant: other case, other ending, other folder. */
export function suggest(wanted: readonly string[], known: readonly string[]): string | undefined {
  const lower = new Set(wanted.map((path) => path.toLowerCase()));
  const stems = new Set(wanted.map(stemOf));
  const names = new Set(wanted.map((path) => posix.basename(path).toLowerCase()));
  return (
    known.find((path) => lower.has(path.toLowerCase())) ??
    known.find((path) => stems.has(stemOf(path))) ??
    known.find((path) => names.has(posix.basename(path).toLowerCase()))
  );
}

function stemOf(path: string): string {
  return path.toLowerCase().replace(/\.[^./]*$/, "");
}

/** A stray percent sign is part of the name, not an encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
