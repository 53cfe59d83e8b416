import type { SwaggerOptions } from "@fastify/swagger";
import { PROBLEMS } from "./problems.ts";

/** What the document at /api/openapi.json says beside the routes, which describe themselves. */
export const openApiDocument: SwaggerOptions = {
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "Registrations",
      version: "1.0.0",
      description: [
        "Every refusal is a problem document (RFC 9457). None has the status 403 or 404, because a CDN",
        "may replace those by a page: an endpoint that does not exist is 400.",
        "Every endpoint that takes JSON takes a form too, and answers it with 303 to a page.",
      ].join(" "),
    },
    components: {
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([kind, { status, title }]) => [
          kind,
          {
            description: `${status}: ${title}.`,
            content: { "application/problem+json": { schema: { type: "object" } } },
          },
        ]),
      ),
    },
  },
};
