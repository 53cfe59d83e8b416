import type { Problem } from "./problem.ts";

/** What stands in `_headers`, and why it cannot stay so. */
export type HeadersFile = { readonly text: string; readonly problems: readonly Problem[] };

/**
 * The headers of the site: the policy that the build has made, for every page, and then the blocks
 * kept by hand, as they stand. `file` is where those are.
 */
export function makeHeaders(policy: string, written: string, file: string): HeadersFile {
  const problems = written.split(/\r?\n/).flatMap((line, i): readonly Problem[] =>
    /^\s+!?\s*content-security-policy\b(?!-)/i.test(line)
      ? [
          {
            file,
            line: i + 1,
            field: "Content-Security-Policy",
            message: "is made by the build, from what the pages use",
            fix: "Remove the line.",
          },
        ]
      : [],
  );
  const made = ["# From what the pages use.", "/*", `  Content-Security-Policy: ${policy}`, ""];
  const kept = written.trim() === "" ? [] : [`# From ${file}.`, written.trimEnd(), ""];
  return { text: [...made, ...kept].join("\n"), problems };
}
