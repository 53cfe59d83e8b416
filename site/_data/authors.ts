/** Somebody who writes here. `motif` picks the drawing beside the name. */
export type Author = {
  readonly name: string;
  readonly initials: string;
  readonly role: string;
  readonly bio: string;
  readonly motif: "grid" | "arcs" | "steps" | "waves";
};

export type AuthorKey = "mira" | "jonas" | "adaeze" | "teo";

export const authors: Readonly<Record<AuthorKey, Author>> = {
  mira: {
    name: "Mira Castellan",
    initials: "MC",
    role: "Founder, backend",
    bio: "Mira wrote billing software for twelve years and started the company to show clients the part they never got to see. She answers the first mail of every project.",
    motif: "grid",
  },
  jonas: {
    name: "Jonas Wexler",
    initials: "JW",
    role: "Infrastructure",
    bio: "Jonas moves systems onto machines their owners control, and writes down how to move them off again. Carries a paper notebook to every outage.",
    motif: "steps",
  },
  adaeze: {
    name: "Adaeze Okoro",
    initials: "AO",
    role: "Design and frontend",
    bio: "Adaeze designs the screens and the sentences on them. She tests every form with a keyboard, a slow phone and somebody who has never seen it.",
    motif: "arcs",
  },
  teo: {
    name: "Teo Lindqvist",
    initials: "TL",
    role: "Testing and data",
    bio: "Teo breaks things before clients can. He keeps the measurements, and the list of the times we were wrong.",
    motif: "waves",
  },
};

export default authors;
