import { createConnection } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCK_KEY } from "../../deploy/core/lock.ts";
import { releaseKey } from "../../deploy/core/release.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { manifestOf, sourceFile } from "../support/builders.ts";
import { startView, storeRelease, type ViewFixture } from "./operator-view-fixture.ts";

let view: ViewFixture;
beforeEach(async () => {
  view = await startView();
});
afterEach(async () => {
  await view.close();
  expect(view.faults).toEqual([]);
});

const port = () => new URL(view.url).port;
const HOSTILE = `"><script>alert('x')</script>&lt;`;

describe("the operator's view", () => {
  it.each([
    ["/__slipway", "text/html; charset=utf-8"],
    ["/__slipway/view.css", "text/css; charset=utf-8"],
    ["/__slipway/view.js", "text/javascript; charset=utf-8"],
    ["/__slipway/icon.svg", "image/svg+xml"],
    ["/__slipway/live.json", "application/json; charset=utf-8"],
    ["/__slipway/try?url=/", "text/html; charset=utf-8"],
  ])("serves %s as %s, to be kept by nobody", async (path, type) => {
    const { status, headers, text } = await view.get(path);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe(type);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    const head = await view.get(path, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
  });

  it("has no script, style or handler within the page, and nothing from elsewhere", async () => {
    const { text } = await view.get("/__slipway?url=/");
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src="\/__slipway\/view\.js")/i);
    expect(text.match(/(?:src|href)="[^"]*"/g)?.filter((it) => !/="(?:\/|#)/.test(it))).toEqual([]);
    expect(text).not.toContain("{{");
  });

  it.each([
    ["/", "viewer"],
    ["/__slipwayx", "viewer"],
    ["/a/__slipway", "viewer"],
    ["/__Slipway", "viewer"],
  ])("leaves %s to the viewer", async (path, text) => {
    expect((await view.get(path)).text).toBe(text);
  });

  it("says where it begins to whoever asks for something else below it", async () => {
    expect((await view.get("/__slipway/")).headers.location).toBe("/__slipway");
    const { status, text } = await view.get("/__slipway/../etc/passwd");
    expect(status).toBe(404);
    expect(text).toContain("/__slipway");
  });

  it.each(["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])("answers as %s", async (name) => {
    for (const host of [name, `${name}:${port()}`]) {
      expect((await view.get("/__slipway", { headers: { host } })).status).toBe(200);
    }
  });

  it.each([
    "rebound.example",
    "localhost.rebound.example",
    "127.0.0.1.nip.io",
    "localhost:8788@rebound.example",
    "rebound.example#localhost",
    "2130706433",
  ])("refuses the host '%s', whose pages could read it", async (host) => {
    for (const path of ["/__slipway", "/__slipway/live.json", "/__slipway/view.js"]) {
      const { status, text } = await view.get(path, { headers: { host } });
      expect(status).toBe(403);
      expect(text).toMatch(/^The operator's view answers this machine only/);
    }
  });

  it.each(["x-forwarded-for", "x-forwarded-host", "forwarded", "via"])(
    "refuses what a proxy passes on for others: %s",
    async (name) => {
      expect((await view.get("/__slipway", { headers: { [name]: "x" } })).status).toBe(403);
    },
  );

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])(
    "refuses %s: it is read only",
    async (method) => {
      const { status, headers } = await view.get("/__slipway", { method });
      expect(status).toBe(405);
      expect(headers.allow).toBe("GET, HEAD");
    },
  );

  it("escapes names from everywhere: paths, keys, authors, invalidations, questions", async () => {
    const files = manifestOf([sourceFile(`a/${HOSTILE}`)]).files;
    storeRelease(view, "20260301T110000000Z-00000001", {
      files,
      provenance: { author: HOSTILE, commit: "<b>" },
      rollbackTo: HOSTILE,
    });
    view.traffic.record({ method: "<b>", url: `/${HOSTILE}`, status: 200, cache: "Hit from x" });
    view.invalidations.push({
      id: HOSTILE,
      createdAt: 0,
      status: "InProgress",
      paths: [`/${HOSTILE}`],
      callerReference: "20260301T110000000Z-00000001-written",
    });
    const query = new URLSearchParams({
      url: `/${HOSTILE}`,
      host: HOSTILE,
      "accept-encoding": HOSTILE,
    });
    for (const path of [`/__slipway?${query}`, "/__slipway/live.json", `/__slipway/try?${query}`]) {
      const { text } = await view.get(path);
      expect(text).not.toMatch(/<script>|<b>/);
    }
    expect((await view.get("/__slipway")).text).toContain("&lt;script&gt;alert(&#39;x&#39;)");
  });

  it("shows characters that would make one path look like another", async () => {
    view.traffic.record({ method: "GET", url: "/\u202egnp.exe", status: 200, cache: "Hit from x" });
    const { text } = await view.get("/__slipway");
    expect(text).toContain("/\\u{202e}gnp.exe");
    expect(text).not.toContain("\u202e");
  });

  it("never leaves a slot of the page to what fills another", async () => {
    view.traffic.record({ method: "GET", url: "/{{form}}", status: 200, cache: "Hit from x" });
    const { text } = await view.get("/__slipway");
    expect(text).toContain("/{{form}}");
    expect(text.match(/<form/g)).toHaveLength(1);
  });

  it("ends with its edge, whoever keeps asking for the latest", async () => {
    const socket = createConnection({ port: Number(port()), host: "127.0.0.1" });
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    await new Promise<void>((resolve) => {
      socket.once("data", () => resolve());
      socket.write(`GET /__slipway/live.json HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    });
    await view.close(60_000);
    await ended;
  });

  it("shows the rest where the records cannot be read, and the next time all of it", async () => {
    storeRelease(view, "20260301T110000000Z-00000001", {});
    view.traffic.record({ method: "GET", url: "/seen", status: 200, cache: "Hit from x" });
    view.recordFailure = new Error("/secret/path");
    const { status, text } = await view.get("/__slipway");
    expect(status).toBe(200);
    expect(text).toContain("The records in the bucket cannot be read.");
    expect(text).toContain("/seen");
    expect(text).not.toContain("secret");
    expect(view.faults.splice(0)).toEqual([view.recordFailure]);
    view.recordFailure = undefined;
    expect((await view.get("/__slipway")).text).toContain("is-live");
  });

  it("says no more than that it failed where even the distribution is unknown", async () => {
    const { live } = view;
    Object.defineProperty(view, "live", {
      get: () => {
        throw new Error("/secret/path");
      },
    });
    const { status, text } = await view.get("/__slipway");
    expect(status).toBe(500);
    expect(text).not.toContain("secret");
    expect(view.faults.splice(0)).toHaveLength(1);
    Object.defineProperty(view, "live", { value: live });
    expect((await view.get("/__slipway")).status).toBe(200);
  });

  it("says that nothing was released where nothing was", async () => {
    const { text } = await view.get("/__slipway");
    expect(text).toContain("Nothing was released yet.");
    expect(text).toContain("No request yet.");
    expect(text).toContain("None was asked for yet.");
  });
});

describe("the releases in the operator's view", () => {
  const OLD = "20260301T100000000Z-00000001";
  const NEW = "20260301T110000000Z-00000002";

  it("stand newest first, with author, commit, the live one and rollbacks marked", async () => {
    storeRelease(view, OLD, { provenance: { commit: "1111111aaaaaaaa", author: "Ada" } });
    storeRelease(view, NEW, { provenance: { commit: "2222222bbbbbbbb" }, rollbackTo: OLD });
    const { text } = await view.get("/__slipway");
    const rows = text.match(/<li class="release.*?<\/li>/gs) ?? [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/is-live is-rollback.*2222222bbb.*rollback.*back to.*0Z-00000001/s);
    expect(rows[1]).toMatch(/1111111aaa.*Ada/s);
    expect(rows[1]).not.toContain("is-live");
  });

  it("are compared key by key: created, replaced, headers, removed", async () => {
    const same = sourceFile("same.html");
    storeRelease(view, OLD, {
      files: manifestOf([
        same,
        sourceFile("gone.html"),
        sourceFile("page.html", "old"),
        sourceFile("typed.txt"),
      ]).files,
    });
    storeRelease(view, NEW, {
      files: manifestOf([
        same,
        sourceFile("new.html"),
        sourceFile("page.html", "new"),
        sourceFile("typed.txt", undefined, { contentType: "text/markdown" }),
      ]).files,
    });
    const { text } = await view.get("/__slipway");
    const keysOf = (name: string) =>
      [
        ...(new RegExp(`keys-${name}.*?</details>`, "s").exec(text)?.[0] ?? "").matchAll(
          /<li>(.*?)<\/li>/g,
        ),
      ].map(([, key]) => key);
    expect(keysOf("created")).toEqual(["new.html"]);
    expect(keysOf("replaced")).toEqual(["page.html"]);
    expect(keysOf("headers")).toEqual(["typed.txt"]);
    expect(keysOf("removed")).toEqual(["gone.html"]);
  });

  it("show what the live one had the edge forget, and nobody else's", async () => {
    storeRelease(view, NEW, {});
    const invalidation = {
      id: "I1",
      createdAt: 0,
      status: "Completed",
      paths: ["/mine/"],
    } as const;
    view.invalidations.push(
      { ...invalidation, callerReference: `${NEW}-written` },
      { ...invalidation, id: "I2", paths: ["/theirs/"], callerReference: "somebody" },
    );
    const { text } = await view.get("/__slipway");
    const forgotten = /keys-forgotten.*?<\/details>/s.exec(text)?.[0];
    expect(forgotten).toContain("/mine/");
    expect(forgotten).not.toContain("/theirs/");
  });

  it("are read once, until one changes", async () => {
    storeRelease(view, OLD, {});
    storeRelease(view, NEW, {});
    await view.get("/__slipway");
    view.read.length = 0;
    await view.get("/__slipway/live.json");
    expect(view.read.filter((key) => key !== LOCK_KEY)).toEqual([]);
    storeRelease(view, NEW, { pages: 7 });
    await view.get("/__slipway/live.json");
    expect(view.read).toContain(releaseKey(NEW));
  });

  it("are told by their id where the record is damaged, and the others are still shown", async () => {
    storeRelease(view, OLD, {});
    view.records.set(releaseKey(NEW), Buffer.from("not gzip"));
    const { status, text } = await view.get("/__slipway");
    expect(status).toBe(200);
    expect(text).toContain("Its record cannot be read.");
    expect(text).toContain(NEW);
    expect(text).toContain(OLD);
  });

  it.each([
    ["2026-03-01T12:01:00.000Z", "A deploy is at work"],
    ["2026-03-01T11:00:00.000Z", "A deploy broke off"],
  ])("tell of a lock whose lease ends at %s: %s", async (until, said) => {
    const intent = { release: NEW, keys: ["a"], invalidation: { kind: "none" } };
    const lock = {
      version: 1,
      holder: "h",
      owner: "mira@laptop",
      since: "2026-03-01T11:59:00.000Z",
      until,
      intent,
    };
    view.records.set(LOCK_KEY, gzipCodec.encode(JSON.stringify(lock)));
    const { text } = await view.get("/__slipway");
    expect(text).toContain(said);
    expect(text).toContain("mira@laptop");
  });
});
