import { messageOf } from "../log.ts";
import { BrokerError } from "./broker-error.ts";

/** The broker as a person knows it. Made from an AMQP address, without its password. */
export type BrokerPlace = {
  readonly host: string;
  readonly user: string;
  readonly vhost: string;
};

/** RabbitMQ's own defaults where the address says nothing. The address must be one that can be used. */
export function placeOf(url: string): BrokerPlace {
  const { hostname, port, username, pathname, protocol } = new URL(url);
  const usual = protocol === "amqps:" ? "5671" : "5672";
  return {
    host: `${hostname}:${port === "" ? usual : port}`,
    user: username === "" ? "guest" : decoded(username),
    vhost: pathname.length <= 1 ? "/" : decoded(pathname.slice(1)),
  };
}

/**
 * What an error of the AMQP client or of the broker means. What is a BrokerError already stays as it is.
 * https://www.rabbitmq.com/docs/amqp-0-9-1-quickref: the reply codes.
 */
export function explainBroker(error: unknown, place: BrokerPlace): BrokerError {
  if (error instanceof BrokerError) return error;
  const said = messageOf(error);
  const { host, user, vhost } = place;
  const options = { cause: error };
  if (/ACCESS.REFUSED/.test(said) && /login was refused/i.test(said)) {
    const text = {
      what: `The broker at ${host} does not let ${user} in`,
      why: "it refuses the user or the password",
      next: "Correct them in AMQP_URL; odd characters must be percent-encoded.",
    };
    return new BrokerError("denied", text, options);
  }
  // 530 before the virtual host is open: the client only says what it did not get.
  if (/ConnectionOpenOk/.test(said) || /\b530\b/.test(said)) {
    const text = {
      what: `The broker at ${host} has no virtual host ${JSON.stringify(vhost)} for ${user}`,
      why: "it does not exist, or the user may not enter it",
      next: "Correct the path of AMQP_URL (%2F is the virtual host /), or give the user the right.",
    };
    return new BrokerError("missing", text, options);
  }
  if (/\b404\b|NOT.FOUND/.test(said)) {
    const text = {
      what: `The broker has no such ${/no exchange/.test(said) ? "exchange" : "queue"}`,
      why: brokerWords(said),
      next: "slipway events setup makes what is missing; check --queue if you named one.",
    };
    return new BrokerError("missing", text, options);
  }
  if (/\b403\b|ACCESS.REFUSED/.test(said)) {
    const text = {
      what: `${user} may not do that at ${host}`,
      why: brokerWords(said),
      next: "Give the user the right in that virtual host, or put another user into AMQP_URL.",
    };
    return new BrokerError("denied", text, options);
  }
  if (/\b40[56]\b|RESOURCE.LOCKED|PRECONDITION.FAILED/.test(said)) {
    const text = {
      what: "The broker has it, but made in another way",
      why: brokerWords(said),
      next: "Remove the queue or exchange that was made by hand, or keep its name out of AMQP_URL's virtual host.",
    };
    return new BrokerError("refused", text, options);
  }
  return unreachable(said, place, options);
}

function unreachable(
  said: string,
  { host }: BrokerPlace,
  options: { readonly cause: unknown },
): BrokerError {
  const text = {
    what: `The broker at ${host} cannot be reached`,
    why: said,
    next: "Check that it runs and that AMQP_URL names its host and port.",
  };
  return new BrokerError("unreachable", text, options);
}

/** What the broker itself wrote, out of the client's sentence around it. */
function brokerWords(said: string): string {
  const [, words] = /with message "([^"]*)"/.exec(said) ?? [];
  return words ?? said;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
