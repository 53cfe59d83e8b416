import type { Fault } from "./fault.ts";
import { readHtml, type Start } from "./html-reader.ts";
import {
  ENDS,
  ENDS_PARAGRAPH,
  INTERACTIVE,
  isKnownElement,
  MAY_STAY_OPEN,
  OBSOLETE,
  OBSOLETE_ATTRIBUTES,
  PARENTS,
  PHRASING_ONLY,
  VOID,
} from "./html-words.ts";

/** A tag as it stands in the page: the text from `offset` to `end`. */
type Tag = { readonly tag: string; readonly offset: number; readonly end: number };

const UNBALANCED = { unbalanced: true } as const;

/** What begins and ends in different places within a piece of HTML, with offsets into it. */
export function imbalanceOf(html: string): readonly Fault[] {
  const faults: Fault[] = [];
  const structure = new Structure(html, (fault) => {
    if (fault.unbalanced) faults.push(fault);
  });
  readHtml(html, {
    start: (element) => structure.start(element),
    end: (tag, offset) => structure.end(tag, offset),
    text: () => {},
  });
  structure.finish();
  return faults;
}

/** Follows which elements of one page are open, and reports what is not HTML as it should be written. */
export class Structure {
  readonly #source: string;
  readonly #report: (fault: Fault) => void;
  readonly #open: Tag[] = [];
  /** End tags that come too late: their element was reported already. */
  readonly #late: string[] = [];
  #foreign = 0;

  /** `source` is the page's text, to quote from. */
  constructor(source: string, report: (fault: Fault) => void) {
    this.#source = source;
    this.#report = report;
  }

  start(element: Start): void {
    const { tag, closed, repeated } = element;
    if (repeated !== undefined) {
      this.#tell(element, `has the attribute ${repeated} twice`, "Keep one of them.");
    }
    if (this.#foreign > 0) {
      if (!closed) this.#push(element);
      return;
    }
    this.#endImplied(tag);
    const parent = this.#open.at(-1)?.tag;
    if (parent !== undefined) this.#checkPlace(element, parent);
    this.#checkElement(element);
    if (!VOID.has(tag) && !(isForeign(tag) && closed)) this.#push(element);
  }

  end(tag: string, offset: number): void {
    const what: Tag = { tag, offset, end: offset + tag.length + 3 };
    if (VOID.has(tag)) {
      this.#tell(what, "ends an element that has no end tag", "Remove it.");
      return;
    }
    const at = this.#open.findLastIndex((element) => element.tag === tag);
    if (at < 0) {
      const wasLate = this.#late.indexOf(tag);
      if (wasLate >= 0) this.#late.splice(wasLate, 1);
      else this.#tell(what, "ends nothing that is open", hintForStray(tag), UNBALANCED);
      return;
    }
    while (this.#open.length > at + 1) {
      const inner = this.#pop();
      if (!inner || MAY_STAY_OPEN.has(inner.tag)) continue;
      const fix = `Write </${inner.tag}> first.`;
      this.#tell(inner, `is not ended before </${tag}>`, fix, UNBALANCED);
      this.#late.push(inner.tag);
    }
    this.#pop();
  }

  /** Reports what is still open when the page ends. */
  finish(): void {
    for (const element of this.#open.splice(0)) {
      if (MAY_STAY_OPEN.has(element.tag)) continue;
      const fix = `Write </${element.tag}> where it ends.`;
      this.#tell(element, "is never ended", fix, UNBALANCED);
    }
  }

  #push(what: Tag): void {
    if (isForeign(what.tag)) this.#foreign += 1;
    this.#open.push(what);
  }

  #pop(): Tag | undefined {
    const last = this.#open.pop();
    if (last && isForeign(last.tag)) this.#foreign -= 1;
    return last;
  }

  #endImplied(tag: string): void {
    if (ENDS_PARAGRAPH.has(tag) && this.#open.at(-1)?.tag === "p") this.#pop();
    const ended = ENDS.get(tag);
    while (ended?.has(this.#open.at(-1)?.tag ?? "")) this.#pop();
  }

  #checkPlace(what: Tag, parent: string): void {
    const { tag } = what;
    const parents = PARENTS.get(tag);
    if (parents && !parents.has(parent) && parent !== "template") {
      const names = [...parents].map((name) => `<${name}>`).join(" or ");
      this.#tell(what, `stands in <${parent}>`, `It belongs directly in ${names}.`);
    } else if (PHRASING_ONLY.has(parent) && ENDS_PARAGRAPH.has(tag)) {
      const mayHold = /^h[1-6]$/.test(tag) && (parent === "summary" || parent === "legend");
      const fix = "Move it out, or use <span>.";
      if (!mayHold) this.#tell(what, `stands in <${parent}>, which holds only words`, fix);
    } else if (INTERACTIVE.has(tag)) {
      const around = this.#open.findLast((element) => /^(a|button)$/.test(element.tag));
      if (around) this.#tell(what, `stands in <${around.tag}>`, "Put one behind the other.");
    } else if (tag === "form" && this.#open.some((element) => element.tag === "form")) {
      this.#tell(what, "stands in another <form>", "End the first one before it.");
    }
  }

  #checkElement(element: Start): void {
    const { tag, attributes, closed } = element;
    if (!isKnownElement(tag)) {
      this.#tell(element, "is no element of HTML", "Correct its name, or write &lt; for the sign.");
      return;
    }
    const instead = OBSOLETE.get(tag);
    if (instead) this.#tell(element, "is an element that HTML no longer has", instead);
    if (closed && !VOID.has(tag) && !isForeign(tag)) {
      this.#tell(element, "is not ended by its slash", `Write </${tag}> behind it.`);
    }
    for (const name in attributes) {
      const wrong = whatIsWrong(tag, name, attributes[name] ?? "");
      if (wrong) this.#tell(element, ...wrong);
    }
  }

  #tell(what: Tag, message: string, fix: string, more: Pick<Fault, "unbalanced"> = {}): void {
    const text = this.#source.slice(what.offset, what.end);
    const clue = { kind: "html", text, offset: what.offset } as const;
    this.#report({ field: shortened(text), message, fix, clue, ...more });
  }
}

function isForeign(tag: string): boolean {
  return tag === "svg" || tag === "math";
}

function whatIsWrong(
  tag: string,
  name: string,
  value: string,
): readonly [message: string, fix: string] | undefined {
  if (OBSOLETE_ATTRIBUTES.has(name)) {
    return [`has the attribute ${name}, which HTML no longer has`, "Use a class."];
  }
  if (name === "id" && !/^\S+$/.test(value)) {
    return ["has an id that is empty or has a space in it", "Write one word with dashes."];
  }
  if ((name === "width" || name === "height") && tag !== "svg" && !/^\d+$/.test(value)) {
    return [`has a ${name} that is no whole number`, `Write ${name}="640" for 640 pixels.`];
  }
  return /^[a-z_:@][\w:.@-]*$/i.test(name)
    ? undefined
    : [`has something that is no attribute: ${name}`, "Check the quotes."];
}

function hintForStray(tag: string): string {
  return tag === "p"
    ? "Remove it: a block, such as <div>, ended the paragraph before."
    : `Remove it, or write <${tag}> where it begins.`;
}

/** Text to quote in a message. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}…>` : line;
}
