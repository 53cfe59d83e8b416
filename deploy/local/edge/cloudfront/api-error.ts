/** An answer other than success, in the words of the API. Its name is what the SDKs match on. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

export function invalidArgument(message: string): ApiError {
  return new ApiError(400, "InvalidArgument", message);
}

/** What CloudFront itself would do and the local edge does not: told, never passed over. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, "NotImplemented", `The local edge does not serve this: ${what}.`);
}
