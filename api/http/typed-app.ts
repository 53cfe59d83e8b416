import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { TSchema } from "typebox";
import type { FormPages } from "./form-pages.ts";
import { PROBLEMS, type ProblemKind } from "./problems.ts";

/** Fastify whose handlers get the types that their schemas describe. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Where the sender of a form is led; without it, a route answers with documents only. */
    pages?: FormPages;
    /** Whether a request is answered that did not come through the CDN. */
    withoutCdn?: boolean;
  }
}

const problem = Type.Object({
  type: Type.String({ description: "A link to the description of this kind of problem." }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String({ description: "The id of the request, as X-Request-Id has it." }),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
});

/** What a route answers: its own answers, and the problems that it can have beside those of all. */
export function answers<Good extends Readonly<Record<number, TSchema>>>(
  good: Good,
  problems: readonly ProblemKind[],
) {
  const all: readonly ProblemKind[] = [...problems, "unavailable"];
  const statuses = new Set(all.map((kind) => PROBLEMS[kind].status));
  const bad = [...statuses].map((status) => {
    const titles = all
      .filter((kind) => PROBLEMS[kind].status === status)
      .map((kind) => PROBLEMS[kind].title);
    const content = { "application/problem+json": { schema: problem } };
    return [status, { description: `${titles.join(". Or: ")}.`, content }] as const;
  });
  return { ...good, ...Object.fromEntries(bad) } as Good;
}
