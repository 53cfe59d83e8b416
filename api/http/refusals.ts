import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { StoreUnavailable } from "../store/store.ts";
import { pageOf } from "./form-pages.ts";
import { isForm } from "./forms.ts";
import { PROBLEMS, Problem, problemDocument } from "./problems.ts";

const RETRY_SECONDS = 10;

/** Makes every failure an answer: a problem document, or for a form the page that tells of it. */
export function refuseInOneWay(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    refuse(problemOf(error, request), request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const path = url.split("?", 1)[0] ?? "";
    const methods = ["GET", "POST"].filter((one) =>
      app.hasRoute({ method: one as "GET", url: path }),
    );
    if (methods.length === 0) {
      refuse(new Problem("unknown-endpoint", "/api/openapi.json lists them."), request, reply);
      return;
    }
    reply.header("allow", methods.join(", "));
    refuse(
      new Problem("wrong-method", `It takes ${methods.join(" and ")}, not ${method}.`),
      request,
      reply,
    );
  });
}

/** Sends one refusal. */
export function refuse(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const pages = request.routeOptions.config?.pages;
  if (problem.retryAfter !== undefined) reply.header("retry-after", String(problem.retryAfter));
  if (pages !== undefined && isForm(request)) {
    reply.redirect(pageOf(problem.kind, pages), 303);
    return;
  }
  reply
    .code(PROBLEMS[problem.kind].status)
    .type("application/problem+json")
    .send(JSON.stringify(problemDocument(problem, request.id)));
}

/** What a thrown value is to the client. What is our own fault is logged, and not shown. */
function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) {
    request.log.error({ reason: error.message }, "the store is unavailable");
    const detail = "Nothing was stored. Please try again in a moment.";
    return new Problem("unavailable", detail, { retryAfter: RETRY_SECONDS });
  }
  if (error.validation !== undefined) {
    const fields = error.validation.map(({ instancePath, message = "", params }) => ({
      field: fieldOf(instancePath, params),
      message,
    }));
    return new Problem("invalid-body", "Mend the fields that are named here.", { fields });
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) {
    request.log.error({ err: error }, "a request failed through our own fault");
    return new Problem("internal-error", "We have written it down, with the id of this request.");
  }
  return clientProblem(error);
}

function clientProblem({ code, statusCode, message }: FastifyError): Problem {
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("body-too-large", "A body has at most 16 KB here.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE_HEADER":
      return new Problem(
        "wrong-media-type",
        "Send application/json or application/x-www-form-urlencoded.",
      );
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new Problem("invalid-body", "The body is no JSON.");
  }
  // A parser's own errors carry no code of ours; they are about the body.
  const kind = statusCode === 408 ? "request-timeout" : "bad-request";
  return new Problem(kind, code === undefined ? "Its body cannot be read." : message);
}

/** `email` of `/email`; for a field that is missing or unknown, its name from the rule that it broke. */
function fieldOf(path: string, params: Readonly<Record<string, unknown>>): string {
  const named = params.missingProperty ?? params.additionalProperty;
  const field = path.slice(1) || (typeof named === "string" ? named : "");
  return field.slice(0, 100);
}

/** What cannot even be read as HTTP never becomes a request; its connection is answered and closed. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = unreadable(error.code);
  const { status } = PROBLEMS[problem.kind];
  const body = JSON.stringify(problemDocument(problem, "none"));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/problem+json",
      "cache-control: no-store",
      "connection: close",
      `content-length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
}

function unreadable(code: string | undefined): Problem {
  if (code === "HPE_HEADER_OVERFLOW") {
    return new Problem("headers-too-large", "All headers together have at most 16 KB.");
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new Problem("request-timeout", "Send it again, on a better line.");
  }
  return new Problem("bad-request", "This is not HTTP.");
}

/** For the log: what happened and where, and nothing that a database quotes of its rows. */
export function describeError(error: Error & { readonly code?: unknown }) {
  const { name: type, code, message, stack = "" } = error;
  return { type, code, message: withoutAddresses(message), stack: withoutAddresses(stack) };
}

function withoutAddresses(text: string): string {
  return text.replace(/[^\s"'(<]+@[^\s"')>]+/g, "[address]");
}
