/** Somebody who writes here. `motif` picks the drawing beside the name. */
export type Author = {
  readonly name: string;
  readonly initials: string;
  readonly role: string;
  readonly bio: string;
  readonly motif: "grid" | "arcs" | "steps" | "waves";
};

export type AuthorKey = "mira" | "jonas" | "adaeze" | "teo";

const authors: Readonly<Record<AuthorKey, Author>> = {
  mira: {
    name: "Mira Castellan",
    initials: "MC",
    role: "Founder, back end and messaging",
    bio: "Mira started the company after ten years of repairing systems that lost orders at night. She designs databases, events and the code between them.",
    motif: "grid",
  },
  jonas: {
    name: "Jonas Wexler",
    initials: "JW",
    role: "Front end and accessibility",
    bio: "Jonas builds pages that work with a keyboard, with a screen reader and on a slow train. He removes more JavaScript than he writes.",
    motif: "arcs",
  },
  adaeze: {
    name: "Adaeze Okoro",
    initials: "AO",
    role: "Infrastructure and operations",
    bio: "Adaeze makes releases boring. She looks after accounts, pipelines, backups and alarms, and tests all of them by breaking them.",
    motif: "steps",
  },
  teo: {
    name: "Teo Lindqvist",
    initials: "TL",
    role: "Product and delivery",
    bio: "Teo finds out what is really needed, and what is not. He writes the estimates and keeps the decisions on paper.",
    motif: "waves",
  },
};

export default authors;
