import { createServer } from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

export type IdentityServer = { readonly url: string; close(): Promise<void> };

/** An STS that knows one account, whoever asks: the local edge has none. */
export async function startIdentityServer(account: string): Promise<IdentityServer> {
  const answer = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/tester</Arn><UserId>AIDATEST</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/xml" }).end(answer);
  });
  const url = await listenOnLoopback(server, 0);
  return { url, close: () => closeServer(server) };
}
