import type { BrokerStatus, BusGlance, ErrorQueue, OutboxState } from "../../../core/messages.ts";
import { type Html, html } from "./html.ts";
import { bytes, counted, grouped, moment } from "./wording.ts";

/** The message bus and the API's outbox, as they were a few seconds ago. */
export function renderBus(glance: BusGlance, now: Date): Html {
  switch (glance.kind) {
    case "absent":
      return html`<p class="empty">No broker: <code>AMQP_URL</code> was not set when this edge was started.</p>
${renderOutbox(glance.outbox, now)}`;
    case "looking":
      return html`<p class="empty">Looking …</p>`;
    case "failed":
      return html`<p class="problem">${glance.why}</p>
${renderOutbox(glance.outbox, now)}`;
    case "seen":
      return html`${renderBroker(glance.broker, now)}
${renderOutbox(glance.outbox, now)}
<p class="note">Read only; <code>slipway events</code> shows and replays messages.</p>`;
  }
}

function renderBroker({ host, management, blocked, queues }: BrokerStatus, now: Date): Html {
  const isHeldUp =
    blocked !== undefined || (management.kind === "asked" && management.alarms.length > 0);
  return html`<p class="note mono">${host}</p>
${isHeldUp ? html`<p class="problem">An alarm holds every publisher up.</p>` : undefined}
<p class="note">${modeText(management)}</p>
<ul>${queues.map((queue) => html`<li data-key="${queue.name}"><code>${queue.name}</code> ${queueText(queue, now)}</li>`)}</ul>`;
}

function modeText(management: BrokerStatus["management"]): string {
  if (management.kind === "absent") return "Keep or discard: unknown without AMQP_ADMIN_URL.";
  if (management.kind === "failed") return `Keep or discard: unknown. ${management.what}.`;
  switch (management.unroutable.mode) {
    case "keep":
      return "Messages that no queue is bound for are kept.";
    case "discard":
      return "Messages that no queue is bound for are dropped.";
    case "unknown":
      return `A policy ${management.unroutable.policy} says whether unroutable messages are kept.`;
    case "broken":
      return `Unroutable messages are dropped: the policy ${management.unroutable.policy} cannot keep them.`;
  }
}

function queueText(queue: ErrorQueue, now: Date): Html {
  if (queue.kind === "missing") return html`is missing`;
  const { ready, bytes: size, oldest } = queue;
  const age =
    oldest === undefined
      ? undefined
      : html`, the oldest of ${moment(oldest.getTime(), now.getTime())}`;
  return html`<strong>${grouped(ready)}</strong>${size === undefined || size === 0 ? "" : `, ${bytes(size)}`}${age}`;
}

function renderOutbox(outbox: OutboxState, now: Date): Html {
  switch (outbox.kind) {
    case "absent":
      return html`<p class="note">Outbox: the API has kept nothing here yet.</p>`;
    case "failed":
      return html`<p class="problem">The outbox cannot be read: ${outbox.why}</p>`;
    case "read": {
      const { pending, failing, oldestPending, unroutable, lastError } = outbox;
      const since =
        oldestPending === undefined
          ? undefined
          : html`, the oldest of ${moment(oldestPending.getTime(), now.getTime())}`;
      return html`<p>Outbox: <strong>${counted(pending, "event")}</strong> waiting${since}${failing === 0 ? "" : `, ${grouped(failing)} failing`}${unroutable === 0 ? "" : `, ${grouped(unroutable)} dropped as unroutable`}.</p>
${lastError === undefined ? undefined : html`<p class="note">Last error: ${lastError}</p>`}`;
    }
  }
}
