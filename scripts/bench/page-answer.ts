import { request } from "node:http";

/** An answer as it stood on the wire: raw header pairs in their order, nothing decoded. */
export type PageAnswer = {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
};

/** Asks once, on a connection that is kept alive. Throws for anything but a 200. */
export function askForPage(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<PageAnswer> {
  return new Promise((resolve, reject) => {
    const given = { ...headers, connection: "keep-alive" };
    const outgoing = request(url, { headers: given, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const { rawHeaders, statusCode } = incoming;
        outgoing.destroy();
        if (statusCode !== 200) return reject(new Error(`${url} answered ${statusCode}`));
        const pairs = rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ""] as const] : [],
        );
        resolve({ headers: pairs, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

export function headerOf({ headers }: PageAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}
