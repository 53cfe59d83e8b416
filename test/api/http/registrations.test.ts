import { describe, expect, it } from "vitest";
import { NOON, openApi } from "../../support/api-fixture.ts";

const REGISTER = "/api/v1/registrations";
const CONFIRM = "/api/v1/registrations/confirm";
const RESEND = "/api/v1/registrations/resend";
const ERASE = "/api/v1/erasures";
const ERASE_CONFIRM = "/api/v1/erasures/confirm";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("a registration", () => {
  it("lives from the form over the confirmation to the erasure, and each step is told once", async () => {
    const api = await openApi();
    const registered = await api.post(REGISTER, { email: " Ada@Example.com ", locale: "de-AT" });
    expect(registered.statusCode).toBe(202);
    expect(registered.json()).toEqual({ status: "accepted" });

    const mail = await api.mail();
    expect(mail).toMatchObject({ kind: "confirm", to: "Ada@example.com" });
    const token = /#([\w-]{43})$/m.exec(mail.text)?.[1] ?? "";
    const confirmed = await api.post(CONFIRM, { token });
    expect([confirmed.statusCode, confirmed.json()]).toEqual([200, { status: "done" }]);

    expect((await api.post(ERASE, { email: "ada@example.com" })).statusCode).toBe(202);
    const erased = await api.post(ERASE_CONFIRM, { token: await api.token() });
    expect([erased.statusCode, erased.json()]).toEqual([200, { status: "done" }]);

    const events = await api.store.outbox.pending(10, new Date(NOON));
    expect(events.map(({ routingKey }) => routingKey)).toEqual([
      "user.registered.v1",
      "user.confirmed.v1",
      "user.erased.v1",
    ]);
    const envelopes = events.map(({ envelope }) => JSON.parse(envelope));
    expect(new Set(envelopes.map(({ subject }) => subject)).size).toBe(1);
    expect(envelopes[0].data).toEqual({ userId: envelopes[0].subject, locale: "de-AT" });
    expect(envelopes[0].correlationid).toBe(registered.headers["x-request-id"]);
    expect(JSON.stringify(events)).not.toContain("example.com");
  });

  it("is answered in the same way for a new, a known, a confirmed and a machine's address", async () => {
    const api = await openApi();
    const first = await api.post(REGISTER, { email: "ada@example.com" });
    await api.post(CONFIRM, { token: await api.token() });
    const answers = [
      first,
      await api.post(REGISTER, { email: "ada@example.com" }),
      await api.post(REGISTER, { email: "bob@example.com", website: "http://spam.example" }),
      await api.post(RESEND, { email: "nobody@example.com" }),
      await api.post(ERASE, { email: "nobody@example.com" }),
    ];
    const visible = answers.map(({ statusCode, body, headers }) => {
      const { "x-request-id": id, date, ...rest } = headers;
      return { statusCode, body, rest, hasId: id !== undefined };
    });
    expect(new Set(visible.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it("of a machine that fills in the hidden field is not stored, told or written to", async () => {
    const api = await openApi();
    await api.post(REGISTER, { email: "bob@example.com", website: "x" });
    expect(await api.store.outbox.pending(10, new Date(NOON))).toEqual([]);
    expect(api.mails).toEqual([]);

    await api.post(REGISTER, { email: "ada@example.com" });
    await api.token();
    api.move(11 * MINUTE);
    for (const path of [RESEND, ERASE]) {
      const answer = await api.post(path, { email: "ada@example.com", website: "x" });
      expect(answer.statusCode).toBe(202);
    }
    const due = { limit: 9, now: new Date(NOON + 12 * MINUTE), leaseUntil: new Date(NOON) };
    expect(await api.store.mails.claim(due)).toEqual([]);
  });

  it("gets one mail more when it asks, ten minutes after the last at the earliest", async () => {
    const api = await openApi();
    await api.post(REGISTER, { email: "ada@example.com" });
    const first = await api.token();
    api.move(9 * MINUTE);
    await api.post(RESEND, { email: "ada@example.com" });
    api.move(MINUTE);
    await api.post(RESEND, { email: "ada@example.com" });
    const second = await api.token();
    expect(api.mails).toHaveLength(2);
    expect(second).not.toBe(first);
    expect((await api.post(CONFIRM, { token: second })).statusCode).toBe(200);
  });
});

describe("a code", () => {
  it.each([
    ["used", async (api, token) => void (await api.post(CONFIRM, { token }))],
    ["older than 24 hours", async (api) => api.move(24 * HOUR)],
  ] as const satisfies readonly (readonly [
    string,
    (api: Awaited<ReturnType<typeof openApi>>, token: string) => Promise<void>,
  ])[])("that was %s is refused with 410, and nothing is told", async (_name, spoil) => {
    const api = await openApi();
    await api.post(REGISTER, { email: "ada@example.com" });
    const token = await api.token();
    await spoil(api, token);
    const before = await api.store.outbox.pending(10, new Date(NOON + 48 * HOUR));
    const answer = await api.post(CONFIRM, { token });
    expect(answer.statusCode).toBe(410);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(await api.store.outbox.pending(10, new Date(NOON + 48 * HOUR))).toEqual(before);
  });

  it.each([
    ["empty", ""],
    ["too short", "abc"],
    ["never issued", "A".repeat(43)],
    ["another alphabet", "ä".repeat(43)],
  ])("that is %s is refused with 410", async (_name, token) => {
    const api = await openApi();
    expect((await api.post(CONFIRM, { token })).statusCode).toBe(410);
    expect((await api.post(ERASE_CONFIRM, { token })).statusCode).toBe(410);
  });

  it("works a moment before its 24 hours are over, with the spaces of a copied line", async () => {
    const api = await openApi();
    await api.post(REGISTER, { email: "ada@example.com" });
    const token = await api.token();
    api.move(24 * HOUR - 1);
    expect((await api.post(CONFIRM, { token: ` ${token}\r\n` })).statusCode).toBe(200);
  });

  it("for one thing does not do for another", async () => {
    const api = await openApi();
    await api.post(REGISTER, { email: "ada@example.com" });
    const token = await api.token();
    expect((await api.post(ERASE_CONFIRM, { token })).statusCode).toBe(410);
    expect((await api.post(CONFIRM, { token })).statusCode).toBe(200);
  });

  it("is never redeemed by GET or HEAD, as mail scanners ask", async () => {
    const api = await openApi();
    await api.post(REGISTER, { email: "ada@example.com" });
    const token = await api.token();
    for (const method of ["GET", "HEAD"] as const) {
      const answer = await api.app.inject({ method, url: `${CONFIRM}?token=${token}` });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, "POST"]);
    }
    expect((await api.post(CONFIRM, { token })).statusCode).toBe(200);
  });
});

describe("a form without JavaScript", () => {
  const send = async (path: string, body: string, headers = {}) => {
    const api = await openApi();
    const { statusCode, headers: got } = await api.post(path, body, { ...FORM, ...headers });
    return [statusCode, got.location];
  };

  it.each([
    ["a good address", REGISTER, "email=ada%40example.com&website=", "/register/thanks/"],
    ["a bad address", REGISTER, "email=ada", "/register/#not-an-address"],
    ["no address", REGISTER, "", "/register/#not-understood"],
    [
      "a field twice",
      REGISTER,
      "email=a%40b.example&email=c%40d.example",
      "/register/#not-understood",
    ],
    ["an unknown field", REGISTER, "email=a%40b.example&__proto__=x", "/register/#not-understood"],
    ["a request for another mail", RESEND, "email=ada%40example.com", "/register/thanks/"],
    ["a bad code", CONFIRM, "token=abc", "/register/confirm/#code-refused"],
    ["a wish to leave", ERASE, "email=ada%40example.com", "/register/leave/asked/"],
    ["a bad code of erasure", ERASE_CONFIRM, "token=abc", "/register/leave/confirm/#code-refused"],
  ])("with %s leads to a page", async (_name, path, body, location) => {
    expect(await send(path, body)).toEqual([303, location]);
  });

  it("with a good code leads to the page that says so", async () => {
    const api = await openApi();
    await api.post(REGISTER, "email=ada%40example.com", FORM);
    const confirmed = await api.post(CONFIRM, `token=${await api.token()}`, FORM);
    expect([confirmed.statusCode, confirmed.headers.location]).toEqual([
      303,
      "/register/confirmed/",
    ]);
    await api.post(ERASE, "email=ada%40example.com", FORM);
    const erased = await api.post(ERASE_CONFIRM, `token=${await api.token()}`, FORM);
    expect([erased.statusCode, erased.headers.location]).toEqual([303, "/register/left/"]);
  });

  it.each([
    ["of another site", { "sec-fetch-site": "cross-site" }],
    ["of a sibling domain", { "sec-fetch-site": "same-site" }],
    ["of another origin, in a browser without fetch metadata", { origin: "https://evil.example" }],
    ["of nowhere", { origin: "null" }],
  ])("%s is refused, and stores nothing", async (_name, headers) => {
    const api = await openApi();
    const form = await api.post(REGISTER, "email=ada%40example.com", { ...FORM, ...headers });
    expect([form.statusCode, form.headers.location]).toEqual([303, "/register/#not-understood"]);
    const json = await api.post(REGISTER, { email: "ada@example.com" }, headers);
    expect([json.statusCode, json.json().title]).toEqual([
      400,
      "This form was sent from another site",
    ]);
    expect(await api.store.outbox.pending(10, new Date(NOON))).toEqual([]);
  });

  it.each([
    ["with fetch metadata", { "sec-fetch-site": "same-origin", origin: "http://localhost:8788" }],
    ["with an origin only", { origin: "https://www.nakedcoders.example" }],
    ["of a text browser", {}],
  ])("of our own, %s, is taken", async (_name, headers) => {
    expect(await send(REGISTER, "email=ada%40example.com", headers)).toEqual([
      303,
      "/register/thanks/",
    ]);
  });
});
