import type { IncomingMessage, ServerResponse } from "node:http";
import { describeProblem, type Problem } from "./problem.ts";

/** What the dev server shows in place of every page, while the last rendering of the site has failed. */
export type BrokenPage = {
  /** Shows these from now on; none for the pages themselves. Whether it has shown any before. */
  show(problems: readonly Problem[]): boolean;
  /** Asked before each file is served. */
  readonly middleware: (
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ) => void;
};

export function createBrokenPage(): BrokenPage {
  let shown: readonly Problem[] = [];
  return {
    show(problems) {
      const wasBroken = shown.length > 0;
      shown = problems;
      return wasBroken;
    },
    middleware(request, response, next) {
      const isPage = request.headers.accept?.includes("text/html") ?? false;
      if (shown.length === 0 || !isPage) return next();
      response.statusCode = 500;
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(pageOf(shown));
    },
  };
}

const STYLE = `:root{color-scheme:light dark}
body{max-width:60rem;margin:3rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}
li{margin:1rem 0;padding:.75rem 1rem;border-left:6px solid #d33;list-style:none;overflow-wrap:anywhere}
ul{padding:0}`;

function pageOf(problems: readonly Problem[]): string {
  const items = problems.map((problem) => `<li>${escaped(describeProblem(problem))}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Broken</title>
<style>${STYLE}</style>
</head>
<body>
<h1>The site cannot be shown</h1>
<ul>
${items.join("\n")}
</ul>
<p>It comes back with the next save.</p>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
