import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pageOf } from "../../../api/http/form-pages.ts";
import { PROBLEMS, type ProblemKind } from "../../../api/http/problems.ts";
import { PAGES } from "../../../api/http/registration-routes.ts";

/** Site and API share no code, only these names: addresses of pages and ids of messages on them. */
const SITE = join(import.meta.dirname, "..", "..", "..", "site");

describe("the pages that a form leads to", () => {
  const addresses = readdirSync(join(SITE, "content", "register"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".njk"))
    .map((name) => readFileSync(join(SITE, "content", "register", name), "utf8"))
    .map((text) => /^permalink: (.*)$/m.exec(text)?.[1]);

  it.each(Object.values(PAGES).flatMap(({ done, again }) => [done, again]))(
    "include %s on the site",
    (page) => {
      expect(addresses).toContain(page);
    },
  );

  it("have a message for every problem", () => {
    const messages = readFileSync(
      join(SITE, "_includes", "registration", "messages.njk"),
      "utf8",
    ).matchAll(/ id="([a-z-]+)"/g);
    const ids = [...messages].map(([, id]) => id);
    const wanted = (Object.keys(PROBLEMS) as ProblemKind[]).map((kind) =>
      pageOf(kind, PAGES.register).replace("/register/#", ""),
    );
    expect(new Set(wanted)).toEqual(new Set(ids));
  });
});
