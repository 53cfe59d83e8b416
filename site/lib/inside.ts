import type { CopiedFile, OutputFile } from "./assets.ts";

/** Pages for ourselves, such as the style guide: made and checked by every build, published by none. */
const FOLDER = "site/content/inside/";

/** Whether a file of the finished site is there for such pages alone: an image that no other page shows. */
export function isForInside(file: OutputFile | CopiedFile): boolean {
  if (!("shownIn" in file) || file.shownIn === undefined) return false;
  return file.shownIn.every((source) => isInside({ source }));
}

/** Whether a rendered file is one of them, by the content file that it comes from. */
export function isInside({ source }: { readonly source: string }): boolean {
  return source.startsWith(FOLDER);
}
