import { createHash } from "node:crypto";
import type { Group } from "./row.ts";

/** Text that hardly compresses, the same each time. */
function noise(seed: string, length: number): string {
  let text = "";
  for (let n = 0; text.length < length; n += 1) {
    text += createHash("sha256").update(`${seed}${n}`).digest("base64url");
  }
  return text.slice(0, length);
}

/** A page that is all its own: the weight of layouts and styles is not in it. */
function bare(name: string, { head = "", body }: { head?: string; body: string }): string {
  return `---
title: The page ${name}
permalink: /${name}/
layout: false
---
<!doctype html>
<html lang="en">
<head>
<title>The page ${name}</title>
<meta name="description" content="What happens with the page ${name}.">
<link rel="canonical" href="{{ page.url | absoluteUrl }}">
${head}
</head>
<body><h1>The page ${name}</h1><p>${body}</p></body>
</html>
`;
}

/** What is too heavy, and what is loaded in vain. */
export const WEIGHT_GROUPS: readonly Group[] = [
  {
    title: "Weight",
    rows: [
      {
        what: "a page of more than 14 kB with its style; forms, lists and the page about us may have 6 kB, the home page 7.5, the services 7",
        files: { "site/content/heavy.njk": bare("heavy", { body: noise("page", 19_960) }) },
        says: [
          "site/content/heavy.njk:2: HTML of /heavy/: has 15.2 kB compressed, and 14.0 kB is the most. Divide the page in two, or shorten its code.",
        ],
      },
      {
        what: "modules of more than 4 kB on a page, and a module that no page may load",
        files: {
          "site/assets/heavy.client.ts": `console.log("${noise("script", 6_000)}");\n`,
          "site/content/scripted.njk": bare("scripted", {
            head: `<script type="module" src="{{ 'heavy.js' | asset }}"></script>`,
            body: "Text.",
          }),
        },
        says: [
          "site/content/scripted.njk:2: JavaScript of /scripted/: has 4.6 kB compressed, and 4.0 kB is the most. Load less, or only when somebody asks for it.",
          "site/content/scripted.njk:12: the script heavy.js: is none that pages of this site may load. Do it without a script, or say in site/lib/checks/page-scripts.ts what it works on.",
        ],
      },
      {
        what: "a module on a page that does not need it",
        files: {
          "site/content/unmoved.njk": bare("unmoved", {
            head: `<script type="module" src="{{ 'register.js' | asset }}"></script>`,
            body: "Text.",
          }),
        },
        says: [
          "site/content/unmoved.njk:12: the script register.js: has nothing to work on, as the page has no data-send. Take it off the page.",
        ],
      },
      {
        what: "a stylesheet of more than 4 kB",
        files: {
          "site/assets/heavy.css": `.x { content: "${noise("style", 6_000)}"; }\n`,
        },
        says: [
          "site/assets/heavy.css: has 4.6 kB compressed, and 4.0 kB is the most for a stylesheet. Import less of site/assets/css into it.",
        ],
      },
    ],
  },
];
