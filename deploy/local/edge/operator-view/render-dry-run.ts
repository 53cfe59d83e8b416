import { STATUS_CODES } from "node:http";
import type { DryRun } from "./dry-run/dry-run.ts";
import { DEFAULT_ACCEPT_ENCODING, METHODS, type TypedQuestion } from "./dry-run/question.ts";
import type { ExpectedAnswer, Fact, Step } from "./dry-run/steps.ts";
import { type Html, html } from "./html.ts";

/** The form, with what was typed. Without JavaScript it asks for the whole page. */
export function renderForm(typed: TypedQuestion | undefined, host: string): Html {
  const method = typed?.method ?? METHODS[0];
  const options = METHODS.map(
    (name) => html`<option${name === method ? html` selected` : undefined}>${name}</option>`,
  );
  const encoding = typed?.acceptEncoding ?? DEFAULT_ACCEPT_ENCODING;
  return html`<form id="ask" action="/__slipway#try" method="get">
<div class="field field-url"><label for="ask-url">URL or path</label>
<input id="ask-url" name="url" value="${typed?.url ?? ""}" placeholder="/blog/hello" required autocomplete="off" autocapitalize="none" spellcheck="false"></div>
<div class="field"><label for="ask-method">Method</label><select id="ask-method" name="method">${options}</select></div>
<div class="field"><label for="ask-host">Host</label>
<input id="ask-host" name="host" value="${typed?.host ?? ""}" placeholder="${host}" autocomplete="off" autocapitalize="none" spellcheck="false"></div>
<div class="field"><label for="ask-encoding">Accept-Encoding</label>
<input id="ask-encoding" name="accept-encoding" value="${encoding}" autocomplete="off" autocapitalize="none" spellcheck="false"></div>
<button type="submit">Ask</button>
</form>
<p class="note">A dry run: no request is sent, nothing is cached and nothing is counted.</p>`;
}

/** The way the request would go, and what the viewer would get. */
export function renderDryRun({ question, steps, answer }: DryRun): Html {
  const query = question.query === "" ? "" : `?${question.query}`;
  return html`<h3 class="asked"><span class="mono">${question.method} ${question.uri}${query}</span> <span class="note">on ${question.host}</span></h3>
${renderAnswer(answer)}
<ol class="steps">${steps.map(renderStep)}</ol>`;
}

export function renderProblem(message: string): Html {
  return html`<p class="problem" role="alert">${message}</p>`;
}

function renderAnswer(answer: ExpectedAnswer): Html {
  switch (answer.kind) {
    case "origin-decides":
      return html`<div class="answer"><p class="verdict">The origin decides</p><p class="note mono">${answer.url}</p></div>`;
    case "known": {
      const { status, cache, headers } = answer;
      const lines = Object.entries(headers)
        .map(([name, value]) => ({ name, value }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return html`<div class="answer answer-${Math.floor(status / 100)}"><p class="verdict"><strong>${status}</strong> ${STATUS_CODES[status] ?? ""}</p>
<p class="note">X-Cache: ${cache}</p>
${lines.length === 0 ? undefined : renderFacts(lines)}</div>`;
    }
  }
}

function renderStep({ title, says, tone, facts }: Step): Html {
  const details =
    facts.length === 0
      ? undefined
      : html`<details><summary>Details</summary>${renderFacts(facts)}</details>`;
  return html`<li class="step step-${tone}"><h4>${title}</h4><p>${says}</p>${details}</li>`;
}

function renderFacts(facts: readonly Fact[]): Html {
  return html`<dl class="facts">${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd class="mono">${value}</dd></div>`)}</dl>`;
}
