import { type DomainDeed, type DomainEvent, WAITS } from "../core/domain/results.ts";
import { renderRecords } from "./render-domain-records.ts";

const DEEDS: Readonly<Record<DomainDeed, string>> = {
  "certificate-requested": "Requested the certificate",
  "validation-written": "Wrote the validation records",
  "certificate-issued": "The certificate is issued",
  "names-attached": "Gave names and certificate to the distribution",
  "addresses-written": "Wrote the A and AAAA records",
  "addresses-removed": "Removed the records that led to the distribution",
  "names-detached": "Took the names away from the distribution",
};

/** What a person reads of an event. A wait is told anew each minute: the same text is said once. */
export function renderDomainEvent(event: DomainEvent): string {
  switch (event.kind) {
    case "domain-done":
      return DEEDS[event.deed];
    case "domain-enter":
      return [
        "Enter these records where the domain's DNS is:",
        ...renderRecords(event.records),
      ].join("\n");
    case "domain-leave":
      return [
        "Remove these records where the domain's DNS is; the names are given up after that:",
        ...renderRecords(event.records),
      ].join("\n");
    case "domain-wait": {
      const { what, usually } = WAITS[event.for];
      const minutes = Math.floor(event.seconds / 60);
      const so = minutes === 0 ? "" : `, for ${minutes} min now`;
      return `Waiting for ${what} (usually ${usually})${so} …`;
    }
  }
}
