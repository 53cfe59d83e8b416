import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dryRun } from "./dry-run/dry-run.ts";
import { readQuestion, type TypedQuestion, typedQuestion } from "./dry-run/question.ts";
import { type Html, html } from "./html.ts";
import { isLocalRequest } from "./local-request.ts";
import { createReleaseHistory, type ReleaseHistory } from "./release-history.ts";
import { renderBus } from "./render-bus.ts";
import { renderChanges } from "./render-changes.ts";
import { renderDryRun, renderForm, renderProblem } from "./render-dry-run.ts";
import { renderGlance } from "./render-glance.ts";
import { renderInvalidations } from "./render-invalidations.ts";
import { renderReleases } from "./render-releases.ts";
import { renderTraffic } from "./render-traffic.ts";
import type { OperatorSources } from "./sources.ts";
import { plainText, sendViewAnswer, type ViewAnswer } from "./view-answer.ts";

/** Where the view begins. The local edge serves no page of a site below it. */
const ROOT = "/__slipway";

export interface OperatorView {
  /** Answers a request for the view, and says whether it was one; all others are the viewer's. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

type Dependencies = OperatorSources & {
  /** Told of failures whose details the page does not show. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

/**
 * The operator's view of a running edge: one page, rendered here, that asks again for its sections
 * every second. It answers this machine only, reads only, and holds no connection open.
 */
export async function createOperatorView(dependencies: Dependencies): Promise<OperatorView> {
  const { live, traffic, clock, onFault } = dependencies;
  const files = await readFiles();
  const history = createReleaseHistory(dependencies.records);

  async function answer(path: string, parameters: URLSearchParams): Promise<ViewAnswer> {
    const file = files.assets.get(path);
    if (file !== undefined) return { status: 200, ...file };
    switch (path) {
      case "":
        return { status: 200, type: HTML, body: await renderPage(typedQuestion(parameters)) };
      case "/":
        return plainText(308, `The view is at ${ROOT}.`, { location: ROOT });
      case "/live.json":
        return { status: 200, type: JSON_TYPE, body: await liveDocument() };
      case "/try":
        return { status: 200, type: HTML, body: (await outcomeOf(typedQuestion(parameters))).text };
      default:
        return plainText(404, `The operator's view has nothing here; it begins at ${ROOT}.`);
    }
  }

  async function renderPage(typed: TypedQuestion | undefined): Promise<string> {
    const { domainName, id } = live();
    const slots: Readonly<Record<string, Html>> = {
      ...(await renderSections()),
      host: html`${domainName}`,
      distribution: html`${id}`,
      form: renderForm(typed, domainName),
      outcome: await outcomeOf(typed),
    };
    return files.page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => slots[name]?.text ?? "");
  }

  async function liveDocument(): Promise<string> {
    const sections = Object.entries(await renderSections());
    const texts = Object.fromEntries(sections.map(([name, { text }]) => [name, text]));
    return JSON.stringify({ version: 1, sections: texts });
  }

  async function renderSections() {
    const now = clock.now();
    const invalidations = dependencies.invalidations();
    const counts = traffic.snapshot();
    const known = await readHistory(now);
    return {
      glance: renderGlance({ history: known, traffic: counts, invalidations, now }),
      traffic: renderTraffic(counts, now),
      releases: known === undefined ? UNREADABLE : renderReleases(known, now),
      changes: known === undefined ? UNREADABLE : renderChanges(known, invalidations),
      invalidations: renderInvalidations(invalidations, now),
      bus: renderBus(dependencies.bus?.() ?? NO_BUS, now),
    };
  }

  /** The page is useful without its records too. */
  async function readHistory(now: Date): Promise<ReleaseHistory | undefined> {
    try {
      return await history(now);
    } catch (error) {
      onFault?.(error);
      return undefined;
    }
  }

  async function outcomeOf(typed: TypedQuestion | undefined): Promise<Html> {
    if (typed === undefined) return html``;
    const read = readQuestion(typed, live().domainName);
    if (read.kind === "problem") return renderProblem(read.message);
    return renderDryRun(await dryRun(read.question, dependencies));
  }

  return {
    handle(request, response) {
      const asked = targetOf(request.url ?? "");
      if (asked === undefined) return false;
      const refusal = refusalOf(request);
      const answering =
        refusal === undefined ? answer(asked.path, asked.parameters) : Promise.resolve(refusal);
      answering
        .catch((error: unknown) => {
          onFault?.(error);
          return plainText(500, "The operator's view failed; slipway edge --verbose says more.");
        })
        .then((given) => sendViewAnswer(request, response, given))
        .catch(() => response.destroy());
      return true;
    },
  };
}

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";
const NO_BUS = { kind: "absent", outbox: { kind: "absent" } } as const;
const UNREADABLE = html`<p class="note">The records in the bucket cannot be read.</p>`;

function refusalOf(request: IncomingMessage): ViewAnswer | undefined {
  if (!isLocalRequest(request)) {
    return plainText(
      403,
      `The operator's view answers this machine only, as http://localhost:PORT${ROOT}.`,
    );
  }
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const message = "The operator's view is read only: GET and HEAD.";
  return plainText(405, message, { allow: "GET, HEAD", connection: "close" });
}

/** What follows the view's root, and the query; undefined for what is not below it. */
function targetOf(url: string) {
  const [, path, query] = /^\/__slipway(\/[^?]*)?(?:\?(.*))?$/s.exec(url) ?? [];
  if (!/^\/__slipway(?:[/?]|$)/.test(url)) return undefined;
  return { path: path ?? "", parameters: new URLSearchParams(query ?? "") };
}

async function readFiles() {
  const read = (name: string) => readFile(new URL(name, import.meta.url), "utf8");
  const [page, style, script, icon] = await Promise.all([
    read("page.html"),
    read("view.css"),
    read("view.js"),
    read("icon.svg"),
  ]);
  const assets = new Map([
    ["/view.css", { type: "text/css; charset=utf-8", body: style }],
    ["/view.js", { type: "text/javascript; charset=utf-8", body: script }],
    ["/icon.svg", { type: "image/svg+xml", body: icon }],
  ]);
  return { page, assets };
}
