import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "./problems.ts";

export const FORM = "application/x-www-form-urlencoded";

/** Whether a browser sent this as a form, to be answered with a page. */
export function isForm({ headers }: Pick<FastifyRequest, "headers">): boolean {
  return headers["content-type"]?.split(";")[0]?.trim().toLowerCase() === FORM;
}

/** Lets the endpoints take forms beside JSON, and nothing else; to them it makes no difference. */
export function takeForms(app: FastifyInstance): void {
  // Fastify takes it by itself, and any page of any site can send it.
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(FORM, { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, readForm(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** The fields of a form. Throws a Problem when one comes twice: which of them counts? */
export function readForm(body: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (fields.has(name)) {
      throw new Problem("invalid-body", "A field of the form comes more than once.");
    }
    fields.set(name, value);
  }
  // `__proto__` becomes a field like any other, which the schema refuses.
  return Object.fromEntries(fields);
}
