import { mkdir, readdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import authors from "./_data/authors.ts";
import { dayOf } from "./lib/dates.ts";
import { BLOG, makePost, type PostRequest } from "./lib/new-post.ts";
import { describeProblem, SiteError } from "./lib/problem.ts";
import { readNow } from "./lib/settings.ts";

const USAGE = `Usage: npm run new -- "Title" [--tags a,b] [--date YYYY-MM-DD] [--author KEY] [--slug WORDS]

Writes site/content/blog/<date>-<slug>.md with its front matter, as a draft, and prints where it is.
It never overwrites a file and opens nothing.

  --tags a,b           one to four tags; a draft may wait for them
  --date YYYY-MM-DD    the day it appears (default: today, UTC)
  --author KEY         ${Object.keys(authors).join(", ")} (default: SITE_AUTHOR, else the first)
  --slug WORDS         the end of its address (default: made of the title)

A title that begins with a dash comes last, after "--".
Exit codes: 0 written, 1 nothing written (the message says why).`;

/** Where npm run dev shows the site unless it is told another port. */
const DEV_SERVER = "http://127.0.0.1:8080";

try {
  await main();
} catch (error) {
  if (!(error instanceof SiteError)) throw error;
  for (const problem of error.problems) console.error(describeProblem(problem));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2));
  if (request === "help") {
    console.log(USAGE);
    return;
  }
  const answer = makePost(request, await namesIn(BLOG));
  if (answer.kind === "problems") throw new SiteError(answer.problems);
  const { file, text, url } = answer.post;
  await writeNew(file, text);
  const { name } = authors[request.author as keyof typeof authors];
  console.log(`Wrote ${file} (a draft by ${name})`);
  console.log(`npm run dev shows it at ${DEV_SERVER}${url}`);
}

/** Never replaces a file, also when two people ask at once. */
async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(BLOG, { recursive: true });
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "is there already, and was left as it is" : message;
    throw new SiteError([
      { file, message: why, fix: "Choose another title or --slug, or mend the folder." },
    ]);
  }
}

function readRequest(args: readonly string[]): PostRequest | "help" {
  const { values, positionals } = parsed(args);
  if (values.help) return "help";
  const [title, ...more] = positionals;
  if (title === undefined) throw refusal("title", "is missing", 'Write npm run new -- "Title".');
  if (more.length > 0) {
    const fix = `Put quotes around it: "${positionals.join(" ")}".`;
    throw refusal("title", `is more than one argument: ${positionals.join(" | ")}`, fix);
  }
  return {
    title,
    date: values.date ?? dayOf(readNow(process.env.SITE_NOW)),
    author: values.author ?? (process.env.SITE_AUTHOR || Object.keys(authors)[0] || ""),
    tags: (values.tags ?? "").split(",").flatMap((tag) => (tag.trim() === "" ? [] : [tag.trim()])),
    slug: values.slug,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        tags: { type: "string" },
        date: { type: "string" },
        author: { type: "string" },
        slug: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/\.?\s*To specify.*$/, "") : "";
    const fix = 'See --help. A title that begins with a dash comes last, after "--".';
    throw refusal("options", message.replace(/\.$/, ""), fix);
  }
}

function refusal(field: string, message: string, fix: string): SiteError {
  return new SiteError([{ file: "arguments", field, message, fix }]);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
