import { describe, expect, it } from "vitest";
import { readConfig } from "../../api/config.ts";

const problemsOf = (env: Readonly<Record<string, string>>) => {
  const read = readConfig(env);
  return read.kind === "problems" ? read.problems : [];
};

describe("the environment", () => {
  it("may be empty: then everything is on this machine", () => {
    expect(readConfig({})).toEqual({
      kind: "config",
      config: {
        host: "127.0.0.1",
        port: 8790,
        siteUrl: "http://127.0.0.1:8788",
        proxyHops: 0,
        originSecrets: [],
        store: { kind: "embedded", folder: ".slipway/api" },
        amqpUrl: undefined,
        mail: {
          sender: { name: "Naked Coders", address: "hello@nakedcoders.example" },
          kind: "folder",
          folder: ".slipway/api/mail",
        },
        logLevel: "info",
      },
    });
  });

  it("is taken as it is, empty variables as none", () => {
    const read = readConfig({
      HOST: "0.0.0.0",
      PORT: "80",
      PUBLIC_URL: "https://www.example.com/",
      PROXY_HOPS: "2",
      ORIGIN_SECRETS: "0123456789abcdef, fedcba9876543210",
      DATABASE_URL: "postgres://u:p@db.example:5432/x?sslmode=require",
      AMQP_URL: "amqps://u:p@broker.example/vhost",
      SMTP_URL: "smtps://u:p@mail.example",
      MAIL_FROM: "Zoë & Co <hello@example.com>",
      DATA_DIR: "",
      LOG_LEVEL: "",
    });
    expect(read).toMatchObject({
      config: {
        siteUrl: "https://www.example.com",
        proxyHops: 2,
        originSecrets: ["0123456789abcdef", "fedcba9876543210"],
        store: { kind: "postgres" },
        mail: { kind: "smtp", sender: { name: "Zoë & Co", address: "hello@example.com" } },
      },
    });
  });

  it("is refused with all that is wrong at once, and no secret is repeated", () => {
    const problems = problemsOf({
      PORT: "http",
      PUBLIC_URL: "www.example.com/path",
      PROXY_HOPS: "-1",
      ORIGIN_SECRETS: "short-secret",
      DATABASE_URL: "mysql://u:hunter2@db/x",
      AMQP_URL: "http://u:hunter2@broker",
      SMTP_URL: "u:hunter2@mail",
      MAIL_FROM: "hello@example.com\r\nBcc: eve@evil.example",
      LOG_LEVEL: "loud",
    });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      "PORT",
      "PUBLIC_URL",
      "PROXY_HOPS",
      "ORIGIN_SECRETS",
      "DATABASE_URL",
      "AMQP_URL",
      "MAIL_FROM",
      "SMTP_URL",
      "LOG_LEVEL",
    ]);
    expect(problems.join()).not.toMatch(/hunter2|short-secret/);
  });

  it.each([
    ["ftp://example.com"],
    ["https://user@example.com"],
    ["https://example.com/site"],
    ["https://example.com?x"],
    ["not a url"],
  ])("takes no site at %s", (PUBLIC_URL) => {
    expect(problemsOf({ PUBLIC_URL })).toHaveLength(1);
  });

  it("of a dyno must say what the defaults of a laptop would lose", () => {
    const names = problemsOf({ DYNO: "web.1" }).map((problem) => problem.split(" ")[0]);
    expect(names).toEqual([
      ...["DATABASE_URL", "SMTP_URL", "ORIGIN_SECRETS"],
      ...["HOST", "PUBLIC_URL", "MAIL_FROM", "PROXY_HOPS"],
    ]);
  });

  it("of a dyno says of a wrong variable that it is wrong, and not that it is missing too", () => {
    const wrong = { DATABASE_URL: "mysql://db", SMTP_URL: "mail", ORIGIN_SECRETS: "short" };
    const rest = { HOST: "0.0.0.0", PUBLIC_URL: "https://www.example.com", PROXY_HOPS: "2" };
    const MAIL_FROM = "Ada <ada@example.com>";
    expect(problemsOf({ DYNO: "web.1", ...wrong, ...rest, MAIL_FROM })).toHaveLength(3);
  });

  it("takes no list of secrets that holds none: it would let everybody in", () => {
    expect(problemsOf({ ORIGIN_SECRETS: " , " })).toEqual([
      expect.stringMatching(/^ORIGIN_SECRETS holds no secret/),
    ]);
  });
});
