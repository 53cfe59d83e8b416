/** Pages for ourselves, such as the style guide: made and checked by every build, published by none. */
const FOLDER = "site/content/inside/";

/** Whether a rendered file is one of them, by the content file that it comes from. */
export function isInside({ source }: { readonly source: string }): boolean {
  return source.startsWith(FOLDER);
}
