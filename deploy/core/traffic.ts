/** What one operation of one service cost: every HTTP attempt counts, repeated ones too. */
export type OperationTraffic = {
  /** "S3", "CloudFront" */
  readonly service: string;
  /** As AWS calls it: "PutObject". */
  readonly operation: string;
  readonly requests: number;
  /** Bytes of the bodies that were sent. */
  readonly bytesSent: number;
};

/** What a command asked of the cloud, by service and operation, sorted by both. */
export type Traffic = readonly OperationTraffic[];

export type TrafficTotals = { readonly requests: number; readonly bytesSent: number };

export function totalTraffic(traffic: Traffic): TrafficTotals {
  return {
    requests: traffic.reduce((sum, one) => sum + one.requests, 0),
    bytesSent: traffic.reduce((sum, one) => sum + one.bytesSent, 0),
  };
}
