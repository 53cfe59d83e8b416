import { MISTAKE_GROUPS } from "./mistake-groups.ts";
import type { Group } from "./row.ts";
import { WARNING_GROUPS } from "./warning-rows.ts";

const INTRO = `# What the build checks

\`npm run build\` reads all content and every finished page, and names what an author has to mend: file,
line, what is wrong, what to do. It tells everything in one run, and leaves the site before it as it was.
A value that is missing in a layout hides nothing of the pages; only a layout whose blocks have no end, a part
of pages that is not there or includes itself, or a file of data that fails, stops it early, and is named.
Warnings stop nothing. In GitHub Actions the first ten also stand beside the lines of the change.

\`npm run check:external\` looks at links to other sites. It needs the network, so no build does it.

This page is made from the tests (\`UPDATE_DOCS=1 npx vitest run test/site/mistakes\`): each mistake below
is made in a scratch site, and the line under it is what the build says.

What is said of rules by a deploy is in
[edge-rules.md](edge-rules.md#what-is-checked).
`;

/** The text of docs/checks.md. */
export function checksPage(): string {
  return [INTRO, ...[...MISTAKE_GROUPS, ...WARNING_GROUPS].map(section)].join("\n");
}

function section({ title, rows }: Group): string {
  const parts = rows.map(({ what, says }) => `- ${what}\n\n${says.map(quoted).join("\n")}\n`);
  return `## ${title}\n\n${parts.join("\n")}`;
}

/** Indented, so that no sign in it means anything to Markdown. */
function quoted(line: string): string {
  return `      ${line}`;
}
