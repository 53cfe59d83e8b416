import type { Fault } from "./fault.ts";
import { readHtml, type Start } from "./html-reader.ts";
import {
  BOOLEAN,
  CHILDREN,
  ENDS,
  ENDS_PARAGRAPH,
  INTERACTIVE,
  isKnownElement,
  MAY_STAY_OPEN,
  NEVER_IN,
  NUMBERS,
  OBSOLETE,
  OBSOLETE_ATTRIBUTES,
  OF_THE_PAGE,
  ONCE,
  PARENTS,
  PHRASING_ONLY,
  VALUES,
  VOID,
} from "./html-words.ts";

/** A tag as it stands in the page: the text from `offset` to `end`. */
type Tag = { readonly tag: string; readonly offset: number; readonly end: number };

/** An element that is open; `only` is the child that it may have once, when it came. */
type Open = Tag & { only?: string };

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
    unfinished: (kind, offset) => structure.unfinished(kind, offset),
  });
  structure.finish();
  return faults;
}

/** Follows which elements of one page are open, and reports what is not HTML as it should be written. */
export class Structure {
  readonly #source: string;
  readonly #report: (fault: Fault) => void;
  readonly #open: Open[] = [];
  /** End tags that come too late: their element was reported already. */
  readonly #late: string[] = [];
  #foreign = 0;
  #inBody = false;

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
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      this.#checkPlace(element, parent.tag);
      if (ONCE.get(parent.tag) === tag) this.#checkOnce(element, parent);
    }
    if (tag === "body") this.#inBody = true;
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
    const ended = this.#pop();
    if (ended?.tag === "details" && ended.only === undefined) {
      this.#tell(ended, "has no <summary>", "Begin it with <summary>, which says what opens.");
    }
  }

  /** Reports a tag or a comment that takes the rest of the page. */
  unfinished(kind: "tag" | "comment", offset: number): void {
    const line = /^[^\n]*/.exec(this.#source.slice(offset))?.[0] ?? "";
    const what: Tag = { tag: "", offset, end: offset + line.length };
    const [sign, fix] =
      kind === "tag" ? [">", "Look for a quote or a > that is missing."] : ["-->", "Write -->."];
    this.#tell(what, `has no ${sign}, so all that follows is part of it`, fix, UNBALANCED);
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

  #pop(): Open | undefined {
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
    const children = CHILDREN.get(parent);
    if (this.#inBody && OF_THE_PAGE.has(tag)) {
      this.#tell(what, "stands in the text of the page", "Remove it: the layout has it.");
    } else if (parents && !parents.has(parent) && parent !== "template") {
      this.#tell(what, `stands in <${parent}>`, `It belongs directly in ${listed(parents)}.`);
    } else if (children && !children.has(tag) && !FREE.test(tag)) {
      const message = `stands in <${parent}>, which holds only ${listed(children)}`;
      this.#tell(what, message, "Put it into one of those.");
    } else if (PHRASING_ONLY.has(parent) && ENDS_PARAGRAPH.has(tag)) {
      const mayHold = /^h[1-6]$/.test(tag) && (parent === "summary" || parent === "legend");
      const fix = "Move it out, or use <span>.";
      if (!mayHold) this.#tell(what, `stands in <${parent}>, which holds only words`, fix);
    } else {
      this.#checkAround(what);
    }
  }

  /** What an element may not stand in, however deep. */
  #checkAround(what: Tag): void {
    const { tag } = what;
    if (INTERACTIVE.has(tag)) {
      const around = this.#open.findLast((element) => /^(a|button)$/.test(element.tag));
      if (around) this.#tell(what, `stands in <${around.tag}>`, "Put one behind the other.");
    }
    const never = NEVER_IN.get(tag);
    const around = never && this.#open.findLast((element) => never.has(element.tag));
    if (around) {
      const other = around.tag === tag ? "another " : "";
      this.#tell(what, `stands in ${other}<${around.tag}>`, "End that one before it.");
    }
    if (tag === "area" && !this.#open.some((element) => element.tag === "map")) {
      this.#tell(what, "stands in no <map>", "Put it into one.");
    }
  }

  #checkOnce(what: Tag, parent: Open): void {
    if (parent.only !== undefined) {
      this.#tell(what, `is the second one of a <${parent.tag}>`, "Keep one of them.");
    }
    parent.only = what.tag;
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
    if (tag === "meta" && this.#inBody && attributes.itemprop === undefined) {
      this.#tell(element, "stands in the text of the page", "Remove it: it belongs into the head.");
    }
    if (tag === "iframe" && !attributes.title) {
      this.#tell(element, "has no title, so nobody hears what it is", 'Write title="…".');
    }
    for (const name in attributes) {
      if (!ATTRIBUTE_NAME.test(name)) {
        // A tag without an end reads what follows as such, in the layout too.
        const message = `has something that is no attribute: ${name}`;
        this.#tell(element, message, "Check the quotes.", UNBALANCED);
      }
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

const ATTRIBUTE_NAME = /^[a-z_:@][\w:.@-]*$/i;

/** What may stand everywhere. */
const FREE = /^(?:script|template)$/;

function listed(tags: ReadonlySet<string>): string {
  return [...tags].map((tag) => `<${tag}>`).join(" or ");
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
  if (NUMBERS.has(name) && !/^\d+$/.test(value)) {
    return [`has a ${name} that is no whole number`, `Write ${name}="2" for two.`];
  }
  const values = VALUES.get(name) ?? VALUES.get(`${tag} ${name}`);
  if (values && value !== "" && !values.has(value.toLowerCase())) {
    return [
      `has the ${name} "${value}", which is none`,
      `Write one of: ${[...values].join(", ")}.`,
    ];
  }
  if (BOOLEAN.has(name) && value !== "" && value.toLowerCase() !== name) {
    return [`has a value for ${name}, which has none`, `Write ${name} alone, or leave it out.`];
  }
  return undefined;
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
