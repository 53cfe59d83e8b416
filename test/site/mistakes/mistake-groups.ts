import { ADDRESS_GROUPS } from "./address-rows.ts";
import { CONTENT_GROUPS } from "./content-rows.ts";
import { MARKDOWN_GROUPS } from "./markdown-rows.ts";
import { NAME_GROUPS } from "./name-rows.ts";
import { PAGE_GROUPS } from "./page-rows.ts";
import { REDIRECT_GROUPS } from "./redirect-rows.ts";
import type { Group } from "./row.ts";
import { WEIGHT_GROUPS } from "./weight-rows.ts";

/** Every kind of mistake, in the order of the page that lists them: what is tested is what is told. */
export const MISTAKE_GROUPS: readonly Group[] = [
  ...CONTENT_GROUPS,
  ...MARKDOWN_GROUPS,
  ...PAGE_GROUPS,
  ...REDIRECT_GROUPS,
  ...ADDRESS_GROUPS,
  ...NAME_GROUPS,
  ...WEIGHT_GROUPS,
];
