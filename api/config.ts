import type { Sender } from "./mail/postman.ts";
import type { StoreAddress } from "./store/open-store.ts";
import { readEmailAddress } from "./users/email-address.ts";

export type Config = {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The address that visitors see, without a slash at its end: links in mails begin with it. */
  readonly siteUrl: string;
  /** How many proxies in front of us write X-Forwarded-For and can be believed. */
  readonly proxyHops: number;
  /** What the CDN proves itself with; none lets everybody in. More than one while it is being changed. */
  readonly originSecrets: readonly string[];
  readonly store: StoreAddress;
  readonly amqpUrl: string | undefined;
  readonly mail: MailConfig;
  readonly logLevel: LogLevel;
};

export type MailConfig = { readonly sender: Sender } & (
  | { readonly kind: "smtp"; readonly url: string }
  | { readonly kind: "folder"; readonly folder: string }
);

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type ReadConfig =
  | { readonly kind: "config"; readonly config: Config }
  /** All that is wrong; each names the variable and what to do, and repeats no secret. */
  | { readonly kind: "problems"; readonly problems: readonly string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 8790;
const DEFAULT_SITE = "http://127.0.0.1:8788";
const DEFAULT_FOLDER = ".slipway/api";
const DEFAULT_SENDER = "Naked Coders <hello@nakedcoders.example>";
const LONGEST_CHAIN = 5;
const SHORTEST_SECRET = 16;

/** The environment, read and checked once; an empty variable counts as none. */
export function readConfig(env: Environment): ReadConfig {
  const problems: string[] = [];
  const value = (name: string) => (env[name] === "" ? undefined : env[name]);
  /** What `read` makes of the variable; a string is a problem. */
  function take<T>(name: string, fallback: string, read: (text: string) => Reading<T>): T {
    const reading = read(value(name) ?? fallback);
    if (reading.kind === "problem") problems.push(`${name} ${reading.problem}`);
    return reading.value;
  }

  const config: Config = {
    host: value("HOST") ?? "127.0.0.1",
    port: take("PORT", String(DEFAULT_PORT), wholeNumber(0, 65_535)),
    siteUrl: take("PUBLIC_URL", DEFAULT_SITE, siteUrl),
    proxyHops: take("PROXY_HOPS", "0", wholeNumber(0, LONGEST_CHAIN)),
    originSecrets: take("ORIGIN_SECRETS", "", secrets),
    store: take("DATABASE_URL", "", storeAddress(value("DATA_DIR") ?? DEFAULT_FOLDER)),
    amqpUrl: take("AMQP_URL", "", optionalUrl(["amqp:", "amqps:"])),
    mail: {
      sender: take("MAIL_FROM", DEFAULT_SENDER, sender),
      ...take(
        "SMTP_URL",
        "",
        mailWay(value("MAIL_FOLDER") ?? `${value("DATA_DIR") ?? DEFAULT_FOLDER}/mail`),
      ),
    },
    logLevel: take("LOG_LEVEL", "info", logLevel),
  };
  problems.push(...hostingProblems(value));
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "config", config };
}

/** What works on a laptop, and on a server loses data, lets in everybody or is heard by nobody. */
const LAPTOP_ONLY: Readonly<Record<string, string>> = {
  DATABASE_URL:
    "the disk of a dyno is wiped at each restart, and all registrations with it. Add a PostgreSQL database.",
  SMTP_URL: "on a dyno nobody reads mails out of a folder. Name a mail server.",
  ORIGIN_SECRETS:
    "whoever knows the dyno's address could go round the CDN. Give the CDN a secret, and name it here.",
  HOST: "its default is for a laptop. 0.0.0.0 is where the router asks.",
  PUBLIC_URL: "its default is for a laptop.",
  MAIL_FROM: "its default is for a laptop.",
  PROXY_HOPS: "its default is for a laptop.",
};

function hostingProblems(value: (name: string) => string | undefined): readonly string[] {
  // Heroku sets DYNO; https://devcenter.heroku.com/articles/dynos#local-environment-variables
  if (value("DYNO") === undefined) return [];
  return Object.entries(LAPTOP_ONLY)
    .filter(([name]) => value(name) === undefined)
    .map(([name, why]) => `${name} is missing: ${why}`);
}

type Reading<T> =
  | { readonly kind: "value"; readonly value: T }
  /** With a value to go on with, so that the next problem is found too. */
  | { readonly kind: "problem"; readonly problem: string; readonly value: T };

const good = <T>(value: T): Reading<T> => ({ kind: "value", value });
const bad = <T>(problem: string, value: T): Reading<T> => ({ kind: "problem", problem, value });

function wholeNumber(least: number, most: number) {
  return (text: string): Reading<number> => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most
      ? good(number)
      : bad(`is "${text.slice(0, 20)}": write a whole number from ${least} to ${most}.`, least);
  };
}

function siteUrl(text: string): Reading<string> {
  const advice = "write the address that visitors see, as https://www.example.com";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return bad(`is no web address: ${advice}.`, "");
  if (url.username !== "" || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return bad(`has more than scheme, host and port: ${advice}.`, "");
  }
  return good(url.origin);
}

function secrets(text: string): Reading<readonly string[]> {
  if (text === "") return good([]);
  const all = text.split(",").map((secret) => secret.trim());
  const given = all.filter((secret) => secret !== "");
  if (given.length === 0) return bad("holds no secret, and would let everybody in.", []);
  if (given.some((secret) => secret.length < SHORTEST_SECRET || /[^\x21-\x7e]/.test(secret))) {
    return bad(
      `holds a secret that is short or has odd characters: use ${SHORTEST_SECRET} or more letters and digits, as openssl rand -hex 32 prints them. Two of them, with a comma between, are both good while one replaces the other.`,
      [],
    );
  }
  return good(given);
}

function storeAddress(folder: string) {
  return (text: string): Reading<StoreAddress> => {
    if (text === "") return good({ kind: "embedded", folder });
    const url = urlOf(text, ["postgres:", "postgresql:"]);
    return url === undefined
      ? bad("is no address of a PostgreSQL server: postgres://user:password@host:5432/name.", {
          kind: "embedded",
          folder,
        })
      : good({ kind: "postgres", url: text });
  };
}

function optionalUrl(protocols: readonly string[]) {
  return (text: string): Reading<string | undefined> => {
    if (text === "") return good(undefined);
    const url = urlOf(text, protocols);
    return url === undefined
      ? bad(
          `is no address: it begins with ${protocols.join(" or ")}// and names a host.`,
          undefined,
        )
      : good(text);
  };
}

type MailWay =
  | { readonly kind: "smtp"; readonly url: string }
  | { readonly kind: "folder"; readonly folder: string };

function mailWay(folder: string) {
  const toFolder: MailWay = { kind: "folder", folder };
  return (text: string): Reading<MailWay> => {
    if (text === "") return good(toFolder);
    return urlOf(text, ["smtp:", "smtps:"]) === undefined
      ? bad("is no mail server's address: smtp://user:password@host:587, or smtps://…", toFolder)
      : good({ kind: "smtp", url: text });
  };
}

function sender(text: string): Reading<Sender> {
  const [, name = "", quoted = ""] = /^([^<>"@,;:\\]{1,100}?)\s*<([^<>]+)>$/.exec(text) ?? [];
  const read = readEmailAddress(quoted);
  if (name.trim() === "" || /\p{Cc}/u.test(text) || read.kind === "refused") {
    return bad('is no sender: write it as "Naked Coders <hello@example.com>".', {
      name: "",
      address: "",
    });
  }
  return good({ name: name.trim(), address: read.address.text });
}

function logLevel(text: string): Reading<LogLevel> {
  const level = LOG_LEVELS.find((one) => one === text);
  return level === undefined
    ? bad(`must be one of ${LOG_LEVELS.join(", ")}.`, "info")
    : good(level);
}

function urlOf(text: string, protocols: readonly string[]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && protocols.includes(url.protocol) && url.hostname !== ""
    ? url
    : undefined;
}
