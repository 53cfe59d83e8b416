import { Type } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { Answer, Registrations } from "../users/registrations.ts";
import type { Redeemed } from "../users/users.ts";
import type { FormPages } from "./form-pages.ts";
import { isForm } from "./forms.ts";
import { Problem } from "./problems.ts";
import { answers, type TypedApp } from "./typed-app.ts";

const closed = { additionalProperties: false } as const;

/** Longer than an address may be, so that the domain can say in words what is wrong with it. */
const email = Type.String({ maxLength: 320, description: "The address, as it is typed." });
const locale = Type.String({
  // RFC 5646, as far as browsers and mail programs use it.
  pattern: "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$",
  maxLength: 16,
  description: "The language to write in, as BCP 47 has it.",
});
const website = Type.String({
  maxLength: 2000,
  description:
    "Leave it empty. It is hidden from people, and what fills it in is thanked and forgotten.",
});

const registrationBody = Type.Object(
  { email, locale: Type.Optional(locale), website: Type.Optional(website) },
  closed,
);
const addressBody = Type.Object({ email, website: Type.Optional(website) }, closed);
const tokenBody = Type.Object(
  { token: Type.String({ maxLength: 500, description: "The code from the mail." }) },
  closed,
);

const accepted = Type.Object(
  { status: Type.Literal("accepted") },
  { description: "Taken. Whether the address was known before, the answer does not tell." },
);
const done = Type.Object(
  { status: Type.Literal("done") },
  { description: "Done, once and for all." },
);

export const PAGES = {
  register: { done: "/register/thanks/", again: "/register/" },
  confirm: { done: "/register/confirmed/", again: "/register/confirm/" },
  leave: { done: "/register/leave/asked/", again: "/register/leave/" },
  erase: { done: "/register/left/", again: "/register/leave/confirm/" },
} as const satisfies Readonly<Record<string, FormPages>>;

export type RegistrationRouteDeps = {
  readonly registrations: Registrations;
  /** For what makes us write a mail. */
  readonly limitAsking: onRequestAsyncHookHandler;
  /** For what redeems a code. */
  readonly limitRedeeming: onRequestAsyncHookHandler;
};

/** Everything that can be asked for about a registration. */
export function addRegistrationRoutes(app: TypedApp, deps: RegistrationRouteDeps): void {
  const { registrations, limitAsking, limitRedeeming } = deps;
  const asking = [...["invalid-body", "cross-site"], "address-refused", "rate-limited"] as const;
  const redeeming = ["invalid-body", "cross-site", "token-refused", "rate-limited"] as const;

  app.post(
    "/api/v1/registrations",
    {
      onRequest: limitAsking,
      config: { pages: PAGES.register },
      schema: {
        summary: "Register an address",
        description: "The address gets a mail with a code; it counts once that is confirmed.",
        body: registrationBody,
        response: answers({ 202: accepted }, asking),
      },
    },
    async (request, reply) => {
      const answer = await registrations.register(request.body, request.id);
      return sayAccepted(answer, request, reply);
    },
  );

  app.post(
    "/api/v1/registrations/resend",
    {
      onRequest: limitAsking,
      config: { pages: { ...PAGES.confirm, done: PAGES.register.done } },
      schema: {
        summary: "Send the confirmation mail once more",
        description: "At most one in ten minutes, and only to an address that waits for it.",
        body: addressBody,
        response: answers({ 202: accepted }, asking),
      },
    },
    async (request, reply) => {
      const answer = await registrations.resend(request.body);
      return sayAccepted(answer, request, reply);
    },
  );

  app.post(
    "/api/v1/registrations/confirm",
    {
      onRequest: limitRedeeming,
      config: { pages: PAGES.confirm },
      schema: {
        summary: "Confirm a registration",
        body: tokenBody,
        response: answers({ 200: done }, redeeming),
      },
    },
    async (request, reply) => {
      const redeemed = await registrations.confirm(request.body.token, request.id);
      return sayDone(redeemed, request, reply);
    },
  );

  app.post(
    "/api/v1/erasures",
    {
      onRequest: limitAsking,
      config: { pages: PAGES.leave },
      schema: {
        summary: "Ask for the erasure of a registration",
        description: "The address, if it is known, gets a mail with a code.",
        body: addressBody,
        response: answers({ 202: accepted }, asking),
      },
    },
    async (request, reply) => {
      const answer = await registrations.askErasure(request.body);
      return sayAccepted(answer, request, reply);
    },
  );

  app.post(
    "/api/v1/erasures/confirm",
    {
      onRequest: limitRedeeming,
      config: { pages: PAGES.erase },
      schema: {
        summary: "Erase a registration",
        description: "Nothing stays but the user's id and the time.",
        body: tokenBody,
        response: answers({ 200: done }, redeeming),
      },
    },
    async (request, reply) => {
      const redeemed = await registrations.erase(request.body.token, request.id);
      return sayDone(redeemed, request, reply);
    },
  );
}

function sayAccepted(answer: Answer, request: FastifyRequest, reply: FastifyReply) {
  if (answer.kind === "refused") {
    const fields = [{ field: "email", message: answer.why }];
    throw new Problem("address-refused", answer.why, { fields });
  }
  return say(202, "accepted", request, reply);
}

function sayDone(redeemed: Redeemed, request: FastifyRequest, reply: FastifyReply) {
  if (redeemed === "refused") {
    throw new Problem("token-refused", "Ask for a new one; the last mail says how.");
  }
  return say(200, "done", request, reply);
}

function say(
  code: 200 | 202,
  status: "accepted" | "done",
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { pages } = request.routeOptions.config;
  if (pages !== undefined && isForm(request)) return reply.redirect(pages.done, 303);
  return reply.code(code).send({ status });
}
