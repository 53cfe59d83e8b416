/**
 * One published CloudFront function, ready to run on the local edge.
 *
 * The event is that of CF-DG "CloudFront Functions event structure": lower-case header names, each
 * with `value` and perhaps `multiValue`, cookies apart from headers, `uri` without the query.
 */
export interface ViewerFunction {
  readonly name: string;
  /** Neither throws nor rejects: whatever the code does is an outcome. */
  run(event: FunctionEvent): FunctionRun | Promise<FunctionRun>;
}

export type FunctionRun = {
  readonly outcome: FunctionOutcome;
  /** What the code logged, a line each. */
  readonly logs: readonly string[];
};

export type FunctionOutcome =
  /** Go on with this request (viewer-request). */
  | { readonly kind: "request"; readonly request: FunctionRequest }
  /** Answer with this (viewer-request), or with this instead (viewer-response). */
  | { readonly kind: "response"; readonly response: FunctionResponse }
  /** 503: the code threw, took too long, or is no handler. */
  | { readonly kind: "execution-error"; readonly message: string }
  /** 502: what it returned is not allowed, as a read-only or forbidden header. */
  | { readonly kind: "validation-error"; readonly message: string };

export type FunctionEvent = {
  readonly version: "1.0";
  readonly context: {
    readonly distributionDomainName: string;
    readonly distributionId: string;
    readonly eventType: "viewer-request" | "viewer-response";
    readonly requestId: string;
  };
  readonly viewer: { readonly ip: string };
  readonly request: FunctionRequest;
  readonly response?: FunctionResponse;
};

export type FunctionValue = {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
};

export type FunctionCookie = {
  readonly value: string;
  readonly attributes?: string;
  readonly multiValue?: readonly { readonly value: string; readonly attributes?: string }[];
};

export type FunctionRequest = {
  readonly method: string;
  readonly uri: string;
  readonly querystring: Readonly<Record<string, FunctionValue>>;
  readonly headers: Readonly<Record<string, FunctionValue>>;
  readonly cookies: Readonly<Record<string, FunctionCookie>>;
};

export type FunctionResponse = {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, FunctionValue>>;
  readonly cookies?: Readonly<Record<string, FunctionCookie>>;
  readonly body?: { readonly encoding: "text" | "base64"; readonly data: string };
};
