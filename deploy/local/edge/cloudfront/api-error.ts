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
