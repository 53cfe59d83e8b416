import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyRequest,
  type RawServerDefault,
} from "fastify";
import { takeForms } from "./http/forms.ts";
import { closeConnectionsAtTheEnd, createGuard, type Guard } from "./http/guards.ts";
import { type BrokerHealth, createHealthCheck } from "./http/health.ts";
import { addHealthRoutes } from "./http/health-routes.ts";
import { openApiDocument } from "./http/openapi.ts";
import { Problem } from "./http/problems.ts";
import { limitRate, POST_LIMITS } from "./http/rate-limits.ts";
import { describeError, refuse, refuseConnection, refuseInOneWay } from "./http/refusals.ts";
import { addRegistrationRoutes } from "./http/registration-routes.ts";
import { requestId } from "./http/request-ids.ts";
import type { Store } from "./store/store.ts";
import { createRegistrations } from "./users/registrations.ts";

export type AppDeps = {
  readonly store: Pick<Store, "users" | "outbox" | "check">;
  /** The address that visitors see. */
  readonly siteUrl: string;
  readonly proxyHops: number;
  readonly originSecrets: readonly string[];
  readonly broker: () => BrokerHealth;
  /** Called when a mail may have been asked for. */
  readonly mailAsked: () => void;
  readonly now: () => Date;
  /** Lines of JSON; to standard output unless there is a stream. */
  readonly log: { readonly level: string; readonly stream?: { write(line: string): void } };
};

const BODY_LIMIT = 16 * 1024;
const REQUEST_MS = 15_000;
/** Longer than CloudFront keeps a connection, so that it never writes into one that we are closing. */
const KEEP_ALIVE_MS = 75_000;

/**
 * The HTTP side. It listens to nothing yet, and needs neither database nor broker to be built. Once
 * `close` is called, no answer that is under way is cut off.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { store, broker, mailAsked, now } = deps;
  const guard = createGuard(deps);
  const app = createServer(deps, guard);
  refuseInOneWay(app);
  takeForms(app);
  app.addHook("onRequest", async (request, reply) => {
    const problem = guard(request, reply);
    if (problem !== undefined) throw problem;
  });
  closeConnectionsAtTheEnd(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    // The site says it, for the whole host.
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, { global: false });
  await app.register(swagger, openApiDocument);
  addHealthRoutes(app, createHealthCheck({ store, broker, now }));
  addRegistrationRoutes(app, {
    registrations: createRegistrations({ users: store.users, now, mailAsked }),
    limitAsking: limitRate(app, POST_LIMITS),
    limitRedeeming: limitRate(app, POST_LIMITS),
  });
  return app;
}

function createServer({ proxyHops, log }: AppDeps, guard: Guard) {
  const options: FastifyHttpOptions<RawServerDefault> = {
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1000 },
    return503OnClosing: false,
    // A number is not taken since 5.12.1 (GHSA-3m5p-2c4r-xxw2); `true` believes what visitors write.
    trustProxy: (_address: string, hop: number) => hop < proxyHops,
    genReqId: requestId,
    requestIdHeader: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    clientErrorHandler: refuseConnection,
    // An address that cannot be decoded, which no hook gets to see.
    frameworkErrors: (_error, request, reply) => {
      const unreadable = new Problem("bad-request", "Its address cannot be read.");
      refuse(guard(request, reply) ?? unreadable, request, reply);
    },
    logger: {
      level: log.level,
      ...(log.stream === undefined ? {} : { stream: log.stream }),
      redact: ["email", "token", "authorization", "*.email", "*.token", "*.authorization"],
      serializers: { req: describeRequest, err: describeError },
    },
  };
  return Fastify(options).withTypeProvider<TypeBoxTypeProvider>();
}

/** For the log; a query may hold what somebody pasted into it. */
function describeRequest({ method, url, ip }: FastifyRequest) {
  return { method, path: url.split("?", 1)[0], ip };
}
