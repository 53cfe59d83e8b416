import { readdirSync } from "node:fs";
import { posix } from "node:path";
import { FORMATS } from "../images/facts.ts";
import { isLeftBehind } from "../left-behind.ts";
import type { Problem } from "../problem.ts";

/** Files that are published under their own names. */
export const STATIC = "site/assets/static";

/** Where files are whose names become part of an address, or are written in texts. */
const CONTENT = "site/content";
const FOLDERS = [STATIC, "site/assets/images", CONTENT] as const;

/** Every file of those folders, by its path from the project's root, in the order of the paths. */
export function listNamedFiles(): readonly string[] {
  return FOLDERS.flatMap(filesBelow).sort();
}

/**
 * Names that mean something else in an address, that a file system or a bucket mixes up or refuses, or that
 * would take the place of what the build makes. `made` are the places of files that the build makes of
 * others: pages, feeds, modules.
 */
export function checkFileNames(
  files: readonly string[],
  made: Iterable<string>,
): readonly Problem[] {
  const taken = new Map([...made].map((path) => [path.toLowerCase(), path]));
  return [
    ...files.flatMap((file) => checkName(file)),
    ...twins(files),
    ...files.flatMap((file) => checkPlace(file, taken)),
    ...files.flatMap(checkUse),
  ];
}

type Wrong = Pick<Problem, "message" | "fix">;

function checkName(file: string): readonly Problem[] {
  const folder = FOLDERS.find((name) => file.startsWith(`${name}/`)) ?? "";
  const isText = /\.(?:md|njk)$/i.test(file);
  // The names of a text and of its folders have rules of their own, which allow less.
  if (isText && folder === CONTENT) return [];
  const segments = file.slice(folder.length + 1).split("/");
  const wrong =
    segments.map(whatIsWrong).find((one) => one !== undefined) ??
    (folder === STATIC ? unreachable(segments) : undefined);
  return wrong ? [{ file, field: "file name", ...wrong }] : [];
}

/** What an address, a shell or a file system reads as something else than a name. */
const MEANINGFUL = /[\s\p{Cc}\p{Cf}"#$%&'*+,:;<=>?[\\\]^`{|}]/u;
/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

function whatIsWrong(segment: string): Wrong | undefined {
  const [sign] = MEANINGFUL.exec(segment) ?? [];
  if (sign !== undefined) {
    const message = `has ${nameOf(sign)} in it, which addresses cannot have as it is`;
    return { message, fix: "Rename it: letters, digits, dashes and dots." };
  }
  if (segment !== segment.normalize("NFC")) {
    const message = "has letters and their accents apart (NFD), which is another address";
    return { message, fix: "Rename it: type it anew, or leave the accents out." };
  }
  if (RESERVED.test(segment)) {
    const message = `has the name ${segment}, which Windows keeps for itself`;
    return { message, fix: "Rename it." };
  }
  if (segment.endsWith(".")) {
    return { message: "ends with a dot, which Windows leaves away", fix: "Rename it." };
  }
  return segment.toLowerCase().startsWith(".slipway")
    ? { message: "has a name that Slipway keeps for itself", fix: "Rename it." }
    : undefined;
}

function nameOf(sign: string): string {
  if (sign === " ") return "a space";
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return /[\s\p{Cc}\p{Cf}]/u.test(sign) ? `an invisible sign (U+${code})` : `the sign ${sign}`;
}

/** The edge takes an address without a dot for that of a page. */
function unreachable(segments: readonly string[]): Wrong | undefined {
  if (segments[0] === ".well-known" || segments.at(-1)?.includes(".")) return undefined;
  const message = "has no ending, so its address is taken for that of a page";
  return { message, fix: "Give it one, as in LICENSE.txt." };
}

/** Files and folders that are one on some file systems, and two addresses. */
function twins(files: readonly string[]): readonly Problem[] {
  const spellings = new Map<string, string>();
  return files.flatMap((file): readonly Problem[] => {
    const segments = file.split("/");
    for (const at of segments.keys()) {
      const path = segments.slice(0, at + 1).join("/");
      const known = spellings.get(path.toLowerCase()) ?? path;
      spellings.set(path.toLowerCase(), known);
      if (known === path) continue;
      const message = `differs from ${known} in capital letters alone`;
      return [{ file, field: "file name", message, fix: "Rename one of the two." }];
    }
    return [];
  });
}

function checkPlace(file: string, taken: ReadonlyMap<string, string>): readonly Problem[] {
  if (!file.startsWith(`${STATIC}/`)) return [];
  const place = taken.get(file.slice(STATIC.length + 1).toLowerCase());
  if (place === undefined) return [];
  const message = `would take the place of /${place}, which the build makes`;
  return [{ file, field: "file name", message, fix: "Rename or remove it." }];
}

/** Texts in another format than Markdown, and with another name for it. */
const TEXTS = /\.(?:markdown|mdown|mkdn?|mdx|html?|txt|rst|adoc|docx?|odt|rtf)$/i;

/** The content folder is for texts, what they have in common, and the images that they show. */
function checkUse(file: string): readonly Problem[] {
  if (!file.startsWith(`${CONTENT}/`)) return [];
  const ending = posix.extname(file).toLowerCase();
  if ([".md", ".njk"].includes(ending) || ending in FORMATS) return [];
  if (/\.11tydata\.[a-z]+$/.test(file)) return [];
  const message = "is neither a text nor an image, so nothing is made of it";
  const fix = TEXTS.test(file)
    ? "Write it in Markdown, and let its name end in .md."
    : `Put it into ${STATIC}, where people can load it.`;
  return [{ file, field: "file name", message, fix }];
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !isLeftBehind(entry.name))
      .filter((entry) => folder === STATIC || !entry.name.startsWith("."))
      .map((entry) => posix.join(entry.parentPath.replaceAll("\\", "/"), entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
