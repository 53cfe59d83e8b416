import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a DNS server knows of one name. `silent`: it never answers; `refused`: it will not (SERVFAIL). */
export type DnsAnswer =
  | { readonly kind: "silent" | "broken" }
  | {
      readonly kind: "records";
      readonly a?: readonly string[];
      readonly ns?: readonly string[];
      readonly cname?: string;
      readonly caa?: readonly { readonly tag: string; readonly value: string }[];
    };

export type DnsServer = {
  /** `127.0.0.1:5353`, as a resolver's address. */
  readonly address: string;
  readonly names: Map<string, DnsAnswer>;
  /** "NS example.com", in order. */
  readonly questions: readonly string[];
  close(): Promise<void>;
};

const TYPES = { A: 1, NS: 2, CNAME: 5, AAAA: 28, CAA: 257 } as const;
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** A resolver on loopback that knows these names and no others (RFC 1035 over UDP). */
export async function startDnsServer(
  known: Readonly<Record<string, DnsAnswer>> = {},
): Promise<DnsServer> {
  const names = new Map(Object.entries(known));
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, end } = questionOf(query);
    questions.push(`${typeName(type)} ${name}`);
    const answer = names.get(name);
    if (answer?.kind === "silent") return;
    const response = responseTo(query.subarray(0, end), { answer, type });
    socket.send(response, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names,
    questions,
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function responseTo(
  head: Buffer,
  { answer, type }: { readonly answer: DnsAnswer | undefined; readonly type: number },
): Buffer {
  const records = answer?.kind === "records" ? recordsFor(answer, type) : [];
  const code = answer === undefined ? NXDOMAIN : answer.kind === "broken" ? SERVFAIL : 0;
  const copy = Buffer.from(head);
  copy.writeUInt16BE(0x8180 | code, 2);
  copy.writeUInt16BE(records.length, 6);
  copy.writeUInt16BE(0, 10);
  return Buffer.concat([copy, ...records]);
}

function recordsFor(
  answer: Extract<DnsAnswer, { readonly kind: "records" }>,
  type: number,
): readonly Buffer[] {
  const { a = [], ns = [], cname, caa = [] } = answer;
  if (type === TYPES.A)
    return a.map((address) => record(type, Buffer.from(address.split(".").map(Number))));
  if (type === TYPES.NS) return ns.map((name) => record(type, encodeName(name)));
  if (type === TYPES.CNAME && cname !== undefined) return [record(type, encodeName(cname))];
  if (type === TYPES.CAA) {
    return caa.map(({ tag, value }) =>
      record(type, Buffer.from(`\0${String.fromCharCode(tag.length)}${tag}${value}`, "latin1")),
    );
  }
  return [];
}

/** One record whose name is that of the question. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => String.fromCharCode(label.length) + label);
  return Buffer.from(`${labels.join("")}\0`, "latin1");
}

function typeName(type: number): string {
  return Object.entries(TYPES).find(([, code]) => code === type)?.[0] ?? String(type);
}
