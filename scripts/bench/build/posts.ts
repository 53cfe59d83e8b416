import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A generated article as a file: the same for every generator of sites. */
export type Post = { readonly name: string; readonly text: string };

const WORDS =
  "the a of in on with from by one two page site build time reader author server file name line test code change day week answer question request message queue cache release plan error reason number list table word image link small large fast slow plain quiet first last new old open closed early late again never often still writes reads sends keeps finds shows makes takes needs gives holds measures explains follows returns repeats".split(
    " ",
  );

/** What the articles are about: one to three of these each. */
export const TAGS =
  "accessibility amqp api architecture automation aws backups browsers caching cdn ci css databases deployment design documentation editors events forms git hosting html http javascript linux messaging monitoring networking open-source performance privacy queues releases security sql static-sites testing tls typescript".split(
    " ",
  );

const AUTHORS = ["mira", "jonas", "adaeze", "teo"];

const CODE = {
  ts: `export async function publish(queue: Queue, message: Message): Promise<Receipt> {
  const { id, body } = message;
  if (body.length === 0) throw new Error("A message without a body: " + id);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const receipt = await queue.send({ id, body, attempt });
    if (receipt.confirmed) return receipt;
  }
  return { id, confirmed: false };
}`,
  bash: `#!/usr/bin/env bash
set -euo pipefail
for name in $(ls releases | sort -r | tail -n +4); do
  echo "removing $name"
  rm -rf "releases/$name"
done`,
  css: `.card { display: grid; gap: 1rem; padding: var(--space-3); border: 1px solid currentcolor; }
.card:hover > .card-title { text-decoration: underline; }
@media (min-width: 48rem) { .card { grid-template-columns: 2fr 1fr; } }`,
  sql: `SELECT id, body, created_at FROM outbox
WHERE sent_at IS NULL AND created_at < now() - interval '1 minute'
ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED;`,
} as const;

/**
 * The n-th article, from 0: about 700 words below four headings, with one to three of 39 tags, a list,
 * links and two code blocks. The same number gives the same text.
 */
export function makePost(index: number): Post {
  const random = randomFrom(index);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const sentence = () => {
    const words = Array.from({ length: 8 + Math.floor(random() * 10) }, () => pick(WORDS));
    return capital(`${words.join(" ")}.`);
  };
  const paragraph = () => Array.from({ length: 5 }, sentence).join(" ");
  const languages = Object.keys(CODE) as (keyof typeof CODE)[];
  const fence = () => {
    const language = pick(languages);
    return `\`\`\`${language}\n${CODE[language]}\n\`\`\``;
  };
  const day = new Date(Date.UTC(2010, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
  const tags = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(TAGS)));
  const slug = `note-${index}-${pick(WORDS)}-${pick(WORDS)}`;
  const parts = [
    paragraph(),
    `## ${capital(pick(WORDS))} the ${pick(WORDS)} ${index}`,
    `${paragraph()} See [the articles](/blog/) and *${pick(WORDS)} ${pick(WORDS)}*.`,
    fence(),
    paragraph(),
    `## What ${pick(WORDS)} and ${pick(WORDS)} cost`,
    Array.from({ length: 4 }, () => `- **${pick(WORDS)}**: ${sentence()}`).join("\n"),
    `${paragraph()} There is \`${pick(WORDS)}()\` for that.`,
    `### ${capital(pick(WORDS))} again`,
    paragraph(),
    fence(),
    `## ${capital(pick(WORDS))} at the end`,
    paragraph(),
    `${paragraph()} More on [tags](/tags/).`,
  ];
  const frontMatter = [
    "---",
    `title: "Note ${index} on ${pick(WORDS)} and ${pick(WORDS)}"`,
    `description: "Generated article ${index}: ${sentence().slice(0, 80)}"`,
    `date: ${day}`,
    `tags: [${[...tags].join(", ")}]`,
    `author: ${AUTHORS[index % AUTHORS.length]}`,
    "---",
  ];
  return {
    name: `${day}-${slug}.md`,
    text: `${frontMatter.join("\n")}\n\n${parts.join("\n\n")}\n`,
  };
}

/** Writes the first `count` articles into a folder. */
export async function writePosts(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const { name, text } = makePost(index);
    await writeFile(join(folder, name), text);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Numbers from 0 up to 1 that look random (mulberry32), the same ones for the same seed. */
function randomFrom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
